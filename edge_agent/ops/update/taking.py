"""From a bundle to a staged version: the seal first, and all that can be refused before anybody is disturbed."""

import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from msgspec import Struct

from edge_agent.domain.words import Words
from edge_agent.ops.release.contents import LIB, unpacked
from edge_agent.ops.release.manifest import (
    MOST_SEAL,
    SEAL,
    BadRelease,
    Release,
    ReleaseFile,
    number,
    opened,
    proved,
)
from edge_agent.ops.update.versions import Versions, version_of
from edge_agent.store.tables import AGENT, HISTORY

KEYS = Path("/etc/edge-agent-release")
OWN_KEY = "release-key.pem"  # in the folder of a version: its maker's
RECORDS = {"agent": AGENT.schema, "history": HISTORY.schema}
ROOM = 6  # times the package's size: it is packed by a third, and the old version stays


class Rules(Struct, frozen=True, kw_only=True):
    """What a bundle is judged by."""

    keys: tuple[OKPKey, ...]
    machine: str  # uname -m
    system: str  # ops/release/system.py, of the package that is installed; empty: not known


def known_keys(versions: Versions, folder: Path = KEYS) -> tuple[OKPKey, ...]:
    """The makers whom this box trusts: that of the version that counts, and root's own list."""
    files = [versions.chosen() / OWN_KEY, *sorted(folder.glob("*.pem"))]
    return tuple(_keys(path for path in files if path.is_file()))


def _keys(files: Iterator[Path]) -> Iterator[OKPKey]:
    for path in files:
        try:
            yield OKPKey.import_key(path.read_bytes())
        except (JoseError, ValueError) as fault:
            raise BadRelease(Words(f"{path} 不是公钥：{fault}", f"{path} is no public key: {fault}")) from fault


def taken(bundle: Path, versions: Versions, rules: Rules) -> Release:
    """Stage what a bundle holds, if it may be taken. Raises BadRelease, OSError."""
    scratch = versions.base / ".taking"
    versions.disk.remove(scratch)
    versions.disk.make_folder(scratch)
    try:
        release = opened(_seal(bundle), rules.keys)
        file = release.package(rules.machine)
        refuse(release, version_of(versions.chosen()), rules)
        if shutil.disk_usage(versions.base).free < ROOM * file.size:
            raise _no(f"{versions.base} 所在磁盘空间不足", f"the disk of {versions.base} lacks room")
        package = scratch / file.name
        _fetch(bundle, file, package)
        proved(package, file)
        versions.stage(release.version, lambda into: _unpack(package, into))
    finally:
        versions.disk.remove(scratch)
    return release


def refuse(release: Release, running: str, rules: Rules) -> None:
    """Raise BadRelease where a good signature is not enough."""
    new = number(release.version)
    if new == number(running):
        raise _no(f"已在运行 {running}", f"{running} runs already")
    if new < number(running) and not release.downgrade:
        zh = f"{release.version} 比现用的 {running} 旧，且未签为允许降级"
        raise _no(zh, f"{release.version} is older than {running}, and not signed as a downgrade")
    other = {name: schema for name, schema in release.records.items() if RECORDS.get(name, schema) != schema}
    if other:
        zh = f"{release.version} 写入的记录格式 {other} 现用版本无法读取，失败后无法回退：请先升级到中间版本"
        en = (
            f"{release.version} writes records ({other}) that {running} could not open after a roll-back: "
            "take the version in between first"
        )
        raise _no(zh, en)
    if rules.system and release.system != rules.system:
        zh = f"{release.version} 需要新的系统服务文件：请用 apt install ./edge-agent_{release.version}_*.deb 安装"
        en = f"{release.version} needs other units: apt install ./edge-agent_{release.version}_*.deb on it"
        raise _no(zh, en)


def _no(zh: str, en: str) -> BadRelease:
    return BadRelease(Words(zh, en))


def _seal(bundle: Path) -> bytes:
    try:
        if bundle.is_dir():
            return (bundle / SEAL).read_bytes()[:MOST_SEAL]
        with tarfile.open(bundle, "r:") as tar:
            first = tar.next()
            content = None if first is None or first.name != SEAL else tar.extractfile(first)
            if content is not None:
                return content.read(MOST_SEAL)
    except tarfile.TarError as fault:
        raise _no(f"{bundle} 不是发布包：{fault}", f"{bundle} is no release: {fault}") from fault
    except OSError as fault:
        raise _no(f"读不到 {bundle}：{fault}", f"{bundle} cannot be read: {fault}") from fault
    raise _no(f"{bundle} 中没有 {SEAL}", f"{bundle} has no {SEAL} at its beginning")


def _fetch(bundle: Path, file: ReleaseFile, into: Path) -> None:
    """The package, and no more of it than was signed for."""
    try:
        if bundle.is_dir():
            with (bundle / file.name).open("rb") as content:
                _copied(content.read, into, file.size)
            return
        with tarfile.open(bundle, "r:") as tar:
            member = tar.extractfile(file.name)
            _copied(member.read if member is not None else BytesIO().read, into, file.size)
    except (KeyError, tarfile.TarError, FileNotFoundError) as fault:
        raise _no(
            f"{bundle} 中没有 {file.name}，或已损坏", f"{bundle} lacks {file.name}, or is cut short"
        ) from fault


def _copied(read: Callable[[int], bytes], into: Path, size: int) -> None:
    with into.open("wb") as target:
        left = size + 1
        while left and (some := read(min(left, 1 << 20))):
            target.write(some)
            left -= len(some)


def _unpack(package: Path, into: Path) -> None:
    """What of a package counts as the version: its own folder. Raises BadRelease."""
    tree = into / ".tree"
    try:
        unpacked(package, tree)
        for path in (tree / LIB).iterdir():
            path.rename(into / path.name)
    except (subprocess.CalledProcessError, FileNotFoundError) as fault:
        raise _no(f"{package.name} 无法解包：{fault}", f"{package.name} cannot be unpacked: {fault}") from fault
    shutil.rmtree(tree)


def accepts(lib: Path, site: Path) -> Words | None:
    """What the version in `lib` says against this site's settings; None: it can go on with them."""
    path = f"{lib}:{lib / 'site-packages'}"
    kept = {name: text for name, text in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(  # noqa: S603 (the version whose seal held)
        [sys.executable, "-P", "-m", "edge_agent", "check", str(site)],
        env=kept | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONNOUSERSITE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if done.returncode == 0:
        return None
    said = (done.stdout + done.stderr).strip()[-1500:]
    return Words(f"新版本不接受本站的设置：{said}", f"the new version refuses this site's settings: {said}")
