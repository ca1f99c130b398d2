"""A camera's log-in as somebody gives it on a page: into a file of its own, closed to others, never read back.

The whole file of logins is written anew under a new name, which site.toml then names: so it is taken or not by the
same rename as the rest, no record holds a hash of it that somebody could guess at, and what was before stays with
the last good settings. Nothing is taken that the camera has not lately let in.
"""

import re
import secrets
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import tomlkit
from msgspec import Struct

from edge_agent.domain.words import Words, WordsError
from edge_agent.ops.bundle_files import CLOSED
from edge_agent.settings.camera_logins import Login, read
from edge_agent.settings.edits import Edit, edited
from edge_agent.settings.secret_files import SECRETS
from edge_agent.settings.site_cameras import VisionTable

AT = 3  # steps: cameras, its id, login
NAMED = re.compile(r"camera-logins-[0-9a-f]{8}\.toml")
NO_CAMERA = Words("没有这个摄像机", "there is no such camera")
BAD = Words("用户名或密码为空，或太长", "user or password is empty, or too long")
UNTRIED = Words(
    "{camera}：请先用该用户名和密码试连摄像机，成功后 15 分钟内保存",
    "{camera}: try this user and password at the camera first, and save within 15 minutes",
)


class _Vision(Struct, frozen=True):
    logins_file: str = VisionTable().logins_file


class _Camera(Struct, frozen=True):
    url: str
    login: str | None = None


class _Site(Struct, frozen=True):
    """What of site.toml the logins need, whatever else is wrong with it."""

    cameras: dict[str, _Camera] = {}
    vision: _Vision = _Vision()


def untried(_url: str, _login: Login) -> bool:
    """Where nobody looks at cameras, none has taken anything."""
    return False


class CameraLogins:
    """The logins of one site. Raises WordsError, without what was typed."""

    def __init__(self, folder: Path, took: Callable[[str, Login], bool]) -> None:
        """`took`: whether the camera at an address has lately let somebody in with this."""
        self._folder, self._took = folder, took

    def put(self, text: str, edits: tuple[Edit, ...], hidden: dict[str, bytes]) -> str:
        """The text of site.toml with the new log-ins named; their file is added to `hidden`."""
        site = _read(text)
        known, named = self._known(site), list[Edit]()
        for one in edits:
            camera = self._camera(one, site)
            login = _login(one.value)
            if not self._took(camera.url, login):
                raise WordsError(UNTRIED.filled(camera=one.at[1]))
            called = _called(str(one.at[1]), site)
            known[called] = login
            named.append(Edit(do="set", at=one.at, value=called))
        name = f"{SECRETS}/{_fresh_name()}"
        after = edited(text, (*named, Edit(do="set", at=("vision", "logins_file"), value=name)))
        used = {camera.login for camera in _read(after).cameras.values()}
        hidden[name] = _written({id_: login for id_, login in known.items() if id_ in used})
        return after

    def _known(self, site: _Site) -> dict[str, Login]:
        """Those of now. One that cannot be read must not be lost by being written anew."""
        file = self._folder / site.vision.logins_file
        if not file.exists() and all(camera.login is None for camera in site.cameras.values()):
            return {}
        return dict(read(file))

    def _camera(self, edit: Edit, site: _Site) -> _Camera:
        fits = len(edit.at) == AT and edit.at[0] == "cameras" and edit.at[2] == "login"
        camera = site.cameras.get(str(edit.at[1])) if fits else None
        if camera is None:
            raise WordsError(NO_CAMERA)
        return camera


def _fresh_name() -> str:
    """Of another file of log-ins; NAMED knows each."""
    return f"camera-logins-{secrets.token_hex(4)}.toml"


def made(folder: Path) -> Iterator[Path]:
    """The files of log-ins that the box has made; a link, or what others may read, is somebody else's."""
    for one in sorted((folder / SECRETS).glob("*")):
        ours = NAMED.fullmatch(one.name) and one.is_file() and not one.is_symlink()
        if ours and one.stat().st_mode & 0o777 == CLOSED:
            yield one


def _called(id_: str, site: _Site) -> str:
    """The login's name is the camera's, unless others go by that one."""
    others = {camera.login for other, camera in site.cameras.items() if other != id_}
    return next(name for name in (id_, *(f"{id_}-{number}" for number in range(2, 999))) if name not in others)


def _login(value: object) -> Login:
    try:
        return msgspec.convert(value, Login)
    except msgspec.ValidationError:
        raise WordsError(BAD) from None


def _read(text: str) -> _Site:
    try:
        return msgspec.convert(tomllib.loads(text), _Site)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError):
        raise WordsError(
            Words("site.toml 中摄像机写错", "site.toml: its cameras are not as they must be")
        ) from None


def _written(logins: dict[str, Login]) -> bytes:
    document = tomlkit.document()
    document.add("schema", 1)
    table = tomlkit.table(is_super_table=True)
    for id_, login in logins.items():
        row = tomlkit.table()
        row.add("user", login.user)
        row.add("password", login.password)
        table.add(id_, row)
    document.add("logins", table)
    return tomlkit.dumps(document).encode()
