"""Logins of cameras: in a file of their own that nobody else can read, never in site.toml or in an address there.

camera-logins.toml beside site.toml, mode 0600: `[logins.<name>]` with `user` and `password`; a camera names one by
`login`. It is put into the address only for the program that opens it, which is told over a pipe: where the
address has `{user}` and `{password}` in it, as some cameras want, else before the host.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated
from urllib.parse import quote, urlsplit

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from edge_agent.domain.words import Words, WordsError
from edge_agent.settings.bundle import Bundle, fault, no_such
from edge_agent.settings.fault import Fault, dotted
from edge_agent.settings.hole import judged
from edge_agent.settings.site import Site
from edge_agent.settings.site_cameras import CameraTable
from edge_agent.settings.site_values import Id

LOGIN = Words("登录", "login")
OVER_THE_NET = ("rtsp", "rtsps")
ASKED = {"{user}", "{password}"}
# Behind the host: "?user=a&password=b", and as many cameras write it, "/user=a&password=b&channel=1" or
# "/user=a_password=b_channel=1". What stands in braces is filled in later.
TELLS = re.compile(r"(?i)(?:^|[/?&;_])[a-z]*(?:user|pass|pwd|token|auth|key)[a-z]*=(?!\{)[^&;/?_]")
Text = Annotated[str, Meta(min_length=1, max_length=256)]


class Login(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who asks a camera for its stream. It never prints what it holds."""

    user: Text
    password: Text

    def __repr__(self) -> str:
        """Nothing of it."""
        return "Login(...)"


class _File(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    schema: int = 1
    logins: dict[Id, Login] = {}


class LoginsError(WordsError):
    """The file cannot be used; nothing of what it holds."""


def read(path: Path) -> dict[str, Login]:
    """The logins by name. Raises LoginsError."""
    name = path.name
    try:
        mode, raw = path.stat().st_mode, path.read_bytes()
    except FileNotFoundError:
        raise LoginsError(Words(f"没有 {name}", f"there is no {name}")) from None
    except OSError as trouble:
        why = trouble.strerror or "?"
        words = Words(f"{name} 读不出（{why}）", f"{name} cannot be read ({why})")
        raise LoginsError(words) from None
    if mode & 0o077:
        words = Words(f"{name} 可被他人读取", f"{name} is open to others")
        raise LoginsError(words)
    try:
        return msgspec.convert(tomllib.loads(raw.decode("utf-8")), _File).logins
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as trouble:
        at = re.search(r"line \d+", str(trouble))  # the place alone: the text may be the password
        where = at[0] if at else "?"
        words = Words(f"{name} 不是 TOML（{where}）", f"{name} is no TOML ({where})")
        raise LoginsError(words) from None
    except msgspec.ValidationError as trouble:
        at = re.search(r"`(\$[^`]*)`$", str(trouble))
        where = at[1].removeprefix("$.") if at else "?"
        words = Words(f"{name} 的 {where} 写错", f"{name}: {where} is not as it must be")
        raise LoginsError(words) from None


def _how(name: str) -> Words:
    return Words(
        f"在 site.toml 旁建 {name}，写入 [logins.<名称>]、user、password，再 chmod 600 {name}",
        f"beside site.toml make {name} with [logins.<name>], user and password in it, then chmod 600 {name}",
    )


def tables(folder: Path, site: Site) -> dict[str, CameraTable]:
    """Every camera with its login in the address: for the program that opens it, and nobody else.

    Raises LoginsError.
    """
    if all(table.login is None for table in site.cameras.values()):
        return site.cameras
    known = read(folder / site.vision.logins_file)
    found = {}
    for id_, table in site.cameras.items():
        if table.login is not None and table.login not in known:
            raise LoginsError(Words(f"没有登录 {table.login}", f"there is no login {table.login}"))
        found[id_] = table if table.login is None else replace(table, url=opened(table.url, known[table.login]))
    return found


def opened(url: str, login: Login) -> str:
    """The address with its login, for whoever opens it."""
    user, password = quote(login.user, safe=""), quote(login.password, safe="")
    if set(re.findall(r"\{[a-z]+\}", url)) >= ASKED:
        return url.replace("{user}", user).replace("{password}", password)
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{user}:{password}@{rest}"


def logins(bundle: Bundle) -> Iterator[Fault]:
    """No address carries a password; a login that is named is there, in a file that is closed to others."""
    known: dict[str, Login] | None = None
    named = [(name, table) for name, table in bundle.site.cameras.items() if table.login is not None]
    if named:
        file = bundle.site.vision.logins_file
        try:
            known = read(bundle.folder / file)
        except LoginsError as trouble:
            yield fault(bundle.names.site, "vision.logins_file", None, trouble.words, _how(file))
    for name, table in bundle.site.cameras.items():
        yield from judged(_camera(bundle, dotted("cameras", name), table, known))


def _camera(bundle: Bundle, key: str, table: CameraTable, known: dict[str, Login] | None) -> Iterator[Fault]:
    url, site, file = str(table.url), bundle.names.site, bundle.site.vision.logins_file
    if carries_password(url):
        problem = Words("地址中带有用户名或密码", "carries a user or a password")
        yield fault(site, f"{key}.url", None, problem, _moved(key, file))
    if table.login is None:
        return
    if urlsplit(url).scheme not in OVER_THE_NET:
        problem = Words("只有 rtsp:// 地址需要登录", "only an rtsp:// address takes a login")
        yield fault(site, f"{key}.login", table.login, problem, Words("请删去", "remove it"))
    elif known is not None and table.login not in known:
        yield no_such(site, f"{key}.login", table.login, LOGIN, known)


def _moved(key: str, file: str) -> Words:
    return Words(
        f'请移到 {file}：[logins.名称]、user = "…"、password = "…"，chmod 600 {file}；'
        f'此处只留 rtsp://主机/路径，并在 [{key}] 加 login = "名称"（摄像机要求写在地址里的，此处写 {{user}} 和 '
        "{password}）；原密码已外露，请更改",
        f'move them to {file}: [logins.NAME], user = "...", password = "...", chmod 600 {file}; leave '
        f'rtsp://host/path here and add login = "NAME" to [{key}] (where a camera wants them in its path, '
        "write {user} and {password} there); then change the password, which has stood in the open",
    )


def carries_password(url: str) -> bool:
    """Whether an address has a user or a secret in it, before its host or behind it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False  # which is told of anyway
    return "@" in parts.netloc or bool(TELLS.search(f"{parts.path}?{parts.query}"))


CHECKS = (logins,)
