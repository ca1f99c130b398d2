"""What runs here, for whoever has to know before he mends: programs, schema of settings, rulebook, models."""

import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import apsw
import msgspec

from edge_agent.domain.words import Words, same
from edge_agent.ops.doctor.finding import Finding, Layer, fault, fine
from edge_agent.settings.site import Settings
from edge_agent.store.connect import sqlite_fault
from edge_agent.store.tables import AGENT

PART = "versions"
SHOWN = 12  # hex digits of a hash
ROTTEN = Words("请重新安装同一版本的软件包", "install the package of the same version again")


def look(settings: Settings, root: Path) -> Iterator[Finding]:
    """The versions in one line; a library that is known to spoil records is a fault."""
    bad = sqlite_fault()
    if bad is not None:
        yield fault(PART, Layer.PROFILE, "sqlite_unsound", same(bad), ROTTEN)
        return
    models = ", ".join(sorted(f"{name} {_short(one)}" for name, one in _models(settings, root)))
    rest = (
        f"SQLite {apsw.sqlite_lib_version()}; Python {platform.python_version()}; "
        f"{platform.system()} {platform.release()} {platform.machine()}"
    )
    schema, digest, book = settings.site.schema, settings.digest[:SHOWN], settings.rulebook.name
    yield fine(
        PART,
        Words(
            f"程序 {package()}；设置格式 {schema}（{digest}）；规则 {book}；记录格式 {AGENT.schema}；"
            f"模型 {models or '-'}；{rest}",
            f"edge-agent {package()}; settings schema {schema} ({digest}); rulebook {book}; "
            f"records schema {AGENT.schema}; models {models or '-'}; {rest}",
        ),
    )


def package() -> str:
    """The version that is installed; of a source tree that nobody installed, that."""
    try:
        return version("edge-agent")
    except PackageNotFoundError:
        return "source"


def _models(settings: Settings, root: Path) -> Iterator[tuple[str, str]]:
    wanted = {table.model for table in settings.site.cameras.values()}
    entries = msgspec.toml.decode((root / "models" / "manifest.toml").read_bytes())
    for name in wanted & entries.keys():
        yield name, str(entries[name].get("sha256", "?"))


def _short(digest: str) -> str:
    return digest[:SHOWN]
