"""The stream to the viewers: the newest picture as soon as it changes, a beat every second, all bounded.

Every open stream holds one thread, so their number is bounded (`viewers`); the server has threads of their own
for them (web_ui/lanes.py), so that no viewer can take one from a stop. A viewer over the bound gets 503 and its
page asks for the picture once a second instead: it is live all the same. A stream ends after `lifetime_s` and
the page opens the next one at once.

Before each frame it is asked whether the viewer may still watch (web_ui/standing.py): a log-out, an end of the
session, a denial or other roles end his stream before the next word. A stream begins by saying to whom it speaks:
a page that takes him for somebody else, or with other roles, asks who he is.

One thread looks at the file for all of them and wakes them, so that an event is on its way to twenty screens
within `look_s`.
"""

from collections.abc import Callable, Iterator
from threading import Condition, Event

import msgspec
from msgspec import Struct

from edge_agent.tell.who.who import Who
from web_ui.picture import Picture, Reader
from web_ui.standing import Standings, Stands


class Bounds(Struct, frozen=True, kw_only=True):
    """What the viewers may cost: 24 streams are a panel, a control room and twenty phones."""

    viewers: int = 24
    lifetime_s: float = 30.0
    look_s: float = 0.05  # how often files and sessions are looked at; live.json is written when something happens
    beat_s: float = 1.0


class Viewers:
    """Hands out the bounded number of streams. `closing` ends them all at once."""

    def __init__(
        self,
        reader: Reader,
        standings: Standings,
        bounds: Bounds,
        closing: Event,
        monotonic: Callable[[], float],
    ) -> None:
        """`closing` is set when the service stops; `monotonic` gives seconds. `watch` must run beside it."""
        self.bounds = bounds
        self.standings = standings
        self._reader = reader
        self._closing = closing
        self._monotonic = monotonic
        self._changed = Condition()
        self._picture = reader.look()
        self._mark = standings.mark()
        self._open = 0

    @property
    def open(self) -> int:
        """How many watch now."""
        return self._open

    def watch(self) -> None:
        """Look at what changes until closing, and wake the streams; belongs to a thread of its own."""
        while not self._closing.wait(self.bounds.look_s):
            picture, mark = self._reader.look(), self.standings.mark()
            if picture.version != self._picture.version or mark != self._mark:
                with self._changed:
                    self._picture, self._mark = picture, mark
                    self._changed.notify_all()
        with self._changed:
            self._changed.notify_all()

    def admit(self) -> bool:
        """Take a place if there is one; whoever was admitted must `leave` exactly once."""
        with self._changed:
            if self._open >= self.bounds.viewers:
                return False
            self._open += 1
            return True

    def leave(self) -> None:
        """Give the place back."""
        with self._changed:
            self._open -= 1

    def stream(self, who: Who | None, stands: Stands) -> Iterator[bytes]:
        """Server-sent events: who, picture, fault, beat, and bye before a planned end; `stands`: may he watch."""
        until_s = self._monotonic() + self.bounds.lifetime_s
        version: int | None = None
        yield b"retry: 500\n\n" + _message("who", msgspec.json.encode(who))
        while self._monotonic() < until_s and not self._closing.is_set():
            picture, mark = self._picture, self._mark
            if not stands():
                break
            news = b"" if picture.version == version else _news(picture)
            version = picture.version
            yield news + self._beat(picture)
            self._wait(version, mark)
        yield _message("bye", b"{}")

    def _wait(self, version: int, mark: object) -> None:
        """Until the picture is another, somebody may have to go, the end comes, or a beat is due."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._closing.is_set() or self._picture.version != version or self._mark != mark,
                self.bounds.beat_s,
            )

    def _beat(self, picture: Picture) -> bytes:
        """How old the picture is, by this machine's clock: the viewer's may differ by hours."""
        age_s = self._reader.age_s(picture.live, picture.seen_s) if picture.live else None
        return _message("beat", msgspec.json.encode({"age_s": age_s}))


def _news(picture: Picture) -> bytes:
    if picture.live is None:
        return _message("fault", msgspec.json.encode({"fault": picture.fault}))
    return _message("picture", picture.text)


def _message(event: str, data: bytes) -> bytes:
    """One server-sent event; JSON has no line break outside its strings and escapes those inside."""
    return b"event: " + event.encode() + b"\ndata: " + data + b"\n\n"
