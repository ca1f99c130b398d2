"""Checks of files that site.toml names: there, and what is secret readable by the agent alone."""

from collections.abc import Iterator
from pathlib import Path

from edge_agent.domain.words import Words
from edge_agent.settings.bundle import Bundle, fault
from edge_agent.settings.fault import Fault


def usable(bundle: Bundle, key: str, name: str | None, *, secret: bool) -> Iterator[Fault]:
    """A file that a key names, if it names one."""
    if name is None:
        return
    path = bundle.folder / name
    if not path.is_file():
        remedy = Words("路径从 site.toml 所在文件夹算起", "a relative path begins at the folder of site.toml")
        yield fault(bundle.names.site, key, name, Words("没有这个文件", "no such file"), remedy)
    elif secret and path.stat().st_mode & 0o077:
        problem = Words("密钥文件可被他人读取", "the file is open to others")
        yield fault(bundle.names.site, key, name, problem, chmod(path, "600"))


def chmod(path: Path, mode: str) -> Words:
    """The remedy for a file that is open to others."""
    return Words(f"chmod {mode} {path.name}", f"chmod {mode} {path.name}")
