"""To whom the site's passwords and keys are shown: other settings must not show one of before to somebody else.

Whoever changes a table could name a file there that was entered for another one, or another host beside the same
file, and have a secret sent to a device of his own. So each stands for the way that it was entered for: the table,
and all that says who is spoken to and how he is known. What is entered anew with a change is his own to give who
makes it (docs/decisions/0018).
"""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from edge_agent.settings.camera_logins import Login, LoginsError, read
from edge_agent.settings.fault import dotted
from edge_agent.settings.site import Settings

FILES = ("password_file", "keys_file", "token_file")
# Who is spoken to, how the box knows him, and whether others can read along.
WHOM = ("host", "port", "url", "kind", "ca", "plain", "security", "server_certificate")
CAMERAS = "cameras"


class Way(Struct, frozen=True):
    """A secret (its file, or what a camera is told), for which table it is, and who is at the other end."""

    of: str
    secret: str | Login | None
    whom: tuple[str, ...]


def elsewhere(
    old: Settings | None, new: Settings, files: Iterable[Path] = (), cameras: Collection[str] = ()
) -> tuple[str, ...]:
    """Keys by which a secret of before would be shown to somebody else; `old` None: nobody knows to whom it was.

    With the same change `files` are entered, and the logins of `cameras`.
    """
    before: frozenset[Way] = frozenset()
    if old is not None:
        before = frozenset(way for _, way in (*_of_tables(old), *_of_cameras(old)))
    entered = {str(one.resolve()) for one in files}
    ways = [(key, way) for key, way in _of_tables(new) if way.secret not in entered]
    ways += _of_cameras(new, without=cameras)
    return tuple(key for key, way in ways if way.secret is None or way not in before)


def _of_tables(settings: Settings) -> Iterator[tuple[str, Way]]:
    site = settings.site
    tables: dict[str, Struct | None] = {
        "uplink": site.uplink,
        "second_uplink": site.second_uplink,
        "field_broker": site.field_broker,
        "field_http": site.field_http,
        "sparkplug": site.sparkplug,
        "upload": site.upload,
    }
    tables.update({dotted("opcua", id_): table for id_, table in site.opcua.items()})
    for key, table in tables.items():
        whom = tuple(f"{getattr(table, field, None)}" for field in WHOM)
        for field in FILES:
            named = getattr(table, field, None)
            if named is not None:
                yield f"{key}.{field}", Way(key, str((settings.folder / named).resolve()), whom)


def _of_cameras(settings: Settings, without: Collection[str] = ()) -> Iterator[tuple[str, Way]]:
    """A camera's login goes to its address, and to the service by which it is turned; None: it cannot be read."""
    named = {id_: table for id_, table in settings.site.cameras.items() if table.login and id_ not in without}
    known: dict[str, Login] = {}
    if named:
        try:
            known = read(settings.folder / settings.site.vision.logins_file)
        except LoginsError:
            known = {}  # which is told of anyway
    for id_, table in named.items():
        for url in (table.url, *(() if table.ptz is None else (table.ptz.service,))):
            end = urlsplit(url)
            whom = (end.scheme, end.netloc)
            yield f"{dotted(CAMERAS, id_)}.login", Way(CAMERAS, known.get(table.login or ""), whom)
