"""Checks of files that site.toml names: there, and what is secret readable by the agent alone.

What such a file holds is sent away where it is a password or a token: to whatever broker, server or store the
same table names. So those lie in the site's folder `secrets` (or where systemd hands over credentials) and
nowhere else: nobody who changes the settings can have the unit's own key, or the films', sent where he likes.
"""

import os.path
from collections.abc import Iterator
from pathlib import Path

from edge_agent.domain.words import Words
from edge_agent.settings.bundle import Bundle, fault
from edge_agent.settings.fault import Fault

SECRETS = "secrets"  # beside site.toml, closed to everybody else; the pages put there what is entered in a form
CREDENTIALS = Path("/run/credentials/edge-agent.service")  # systemd.exec(5): LoadCredential


def sent(bundle: Bundle, key: str, name: str | None) -> Iterator[Fault]:
    """A file whose content is shown to somebody else, if a key names one. Of others it says not if they exist."""
    if name is None or _apart(bundle.folder, name):
        yield from usable(bundle, key, name, secret=True)
        return
    problem = Words(f"不在 {SECRETS}/ 文件夹中", f"does not lie in the folder {SECRETS}/")
    own = f"{SECRETS}/{Path(name).name}"
    move = f"mkdir -m 700 -p {SECRETS} && mv {Path(name).name} {own}"
    remedy = Words(
        f"密码和令牌文件只能放在 site.toml 旁的 {SECRETS}/：{move}，并填写 {own}",
        f"passwords and tokens lie beside site.toml in {SECRETS}/ alone: {move}, and write {own}",
    )
    yield fault(bundle.names.site, key, name, problem, remedy)


def _apart(folder: Path, name: str) -> bool:
    """By its name alone: a link that somebody laid there with the rights of the box is his decision."""
    path = Path(os.path.normpath(folder / name))
    return any(one in path.parents for one in (Path(os.path.normpath(folder / SECRETS)), CREDENTIALS))


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
