"""`edge-agent site export` and `import`: a site's settings as one file, its secrets apart or left out.

A zip: `manifest.json` (whose, which schema, which secret files it lacks, a hash of each file), what people
write as it stands, and, if asked for, `secrets.sealed` for one key (ops/backup/sealed.py). The hashes
against the manifest show a file that suffered on its way; who may change settings is judged where they are
taken.
"""

import hashlib
import io
import json
import os
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from edge_agent.domain.words import Words, WordsError, same
from edge_agent.ops import checking
from edge_agent.ops.backup import sealed
from edge_agent.ops.settings_kept import texts
from edge_agent.ops.site_members import LARGEST, MANIFEST, SCHEMA, SECRETS, NotOneError, members
from edge_agent.settings.site import Settings

SUFFIX = ".edgesite"
EX_USAGE, EX_DATAERR, EX_CANTCREAT, EX_CONFIG = 64, 65, 73, 78  # sysexits.h


def secret_files(settings: Settings) -> Iterator[Path]:
    """Files beside site.toml that are closed to others: passwords, keys, logins."""
    own = {folder.resolve() for folder in (settings.state_folder, settings.runtime_folder)}
    web = (settings.folder / settings.site.folders.web).resolve()
    for path in sorted(settings.folder.rglob("*")):
        inside = any(path.resolve().is_relative_to(folder) for folder in (*own, web))
        if path.is_file() and not inside and path.stat().st_mode & 0o077 == 0 and path.stat().st_size < LARGEST:
            yield path


def export(settings: Settings, into: Path, recipient: str | None) -> int:
    """Write the file. Without a `recipient` it only names the secret files that go by another way."""
    named, secrets = texts(settings.folder), list(secret_files(settings))
    site = settings.site.site
    manifest = {
        "schema": SCHEMA,
        "program": version("edge-agent"),
        "site": site.id,
        "unit": site.unit,
        "settings": settings.digest,
        "files": {name: hashlib.sha256(text).hexdigest() for name, text in named.items()},
        "secret_files": [str(path.relative_to(settings.folder)) for path in secrets],
    }
    half = into.with_name(f".{into.name}.part")
    try:
        with (
            os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as raw,
            zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as file,
        ):
            file.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
            for name, text in named.items():
                file.writestr(name, text)
            if recipient is not None:
                file.writestr(SECRETS, _sealed(settings.folder, secrets, recipient))
        half.replace(into)
    except ValueError as fault:
        half.unlink(missing_ok=True)
        return _said(EX_USAGE, Words(f"--secrets-for 有误：{fault}", f"--secrets-for is no public key: {fault}"))
    except OSError as fault:
        half.unlink(missing_ok=True)
        return _said(EX_CANTCREAT, same(f"{into}: {fault.strerror}"))
    sys.stdout.write(f"{into}：{len(named)} 个文件 files\n")
    if secrets and recipient is None:
        listed = ", ".join(str(path.relative_to(settings.folder)) for path in secrets)
        sys.stdout.write(f"  密钥文件未包含，须另行传递 not in it, to go by another way: {listed}\n")
    return 0


def _sealed(folder: Path, secrets: list[Path], recipient: str) -> bytes:
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w") as file:
        for path in secrets:
            file.writestr(str(path.relative_to(folder)), path.read_bytes())
    sealer = sealed.Sealer(outer, b"{}", recipient)
    sealer.write(inner.getvalue())
    sealer.end()
    return outer.getvalue()


def unpacked(given: Path, into: Path) -> list[str]:
    """What people wrote, each file against its hash; the names of secret files. Raises NotOneError, OSError."""
    found = members(given.read_bytes())
    for name, text in found.texts.items():
        _lay(into, name, text, 0o640)
    return list(found.secret_files)


def _member(file: zipfile.ZipFile, name: str) -> bytes:
    if file.getinfo(name).file_size > LARGEST:
        raise ValueError(f"{name}: too large")
    return file.read(name)


def _lay(into: Path, name: str, text: bytes, mode: int) -> None:
    """Nothing is written outside of the folder, whatever its name says."""
    path = into / name
    if Path(name).is_absolute() or ".." in Path(name).parts:
        raise ValueError(f"{name}: not a name within the folder")
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        os.fchmod(file.fileno(), mode)  # before anything stands there: a secret is nobody else's for a moment
        file.write(text)


def take(given: Path, site: Path, key: Path | None, root: Path) -> int:
    """Put it into an empty folder, and say what is wrong with it there."""
    if (site / "site.toml").exists():
        words = Words(f"{site} 中已有 site.toml，未作改动", f"{site} has a site.toml already: nothing was changed")
        return _said(EX_USAGE, words)
    try:
        site.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".site-", dir=site.parent) as scratch:
            half = Path(scratch) / site.name
            lacks = unpacked(given, half)
            if key is not None:
                lacks = _opened(given, half, key, lacks)
            site.mkdir(exist_ok=True)
            for path in sorted(half.rglob("*")):
                if path.is_file():
                    _lay(site, str(path.relative_to(half)), path.read_bytes(), path.stat().st_mode & 0o777)
    except WordsError as fault:
        return _said(EX_DATAERR, fault.words)
    except OSError as fault:
        return _said(EX_CANTCREAT, same(f"{fault.filename or given}: {fault.strerror}"))
    sys.stdout.write(f"{site}\n")
    for name in lacks:
        sys.stdout.write(f"  缺密钥文件 lacks the secret file {name}\n")
    faults = checking.faults(site, root)
    for one in faults:
        sys.stdout.write(f"{one.line('zh')}\n{one}\n")
    return EX_CONFIG if faults else 0


def _opened(given: Path, into: Path, key: Path, lacks: list[str]) -> list[str]:
    """The secret files, if they are in it; gives those that are not."""
    with zipfile.ZipFile(given) as file:
        if SECRETS not in file.namelist():
            return lacks
        pieces = sealed.opened(
            io.BytesIO(file.read(SECRETS)), sealed.private_key(key.read_text("ascii", "replace"))
        )
        inner = io.BytesIO(b"".join(pieces))
    try:
        with zipfile.ZipFile(inner) as secrets:
            for name in secrets.namelist():
                _lay(into, name, _member(secrets, name), 0o600)
            return [name for name in lacks if name not in secrets.namelist()]
    except (zipfile.BadZipFile, KeyError, ValueError) as fault:
        raise NotOneError(Words(f"{given} 不是站点文件", f"{given} is no file of a site: {fault}")) from fault


def _said(code: int, words: Words) -> int:
    sys.stderr.write(f"{words.zh}\n{words.en}\n")
    return code
