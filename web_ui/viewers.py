"""The stream to the viewers: newest picture when it changes, a heartbeat every second, all bounded.

waitress gives every open stream one of its threads, so the number of streams is bounded (`viewers`)
and the server has that many threads and `SPARE_THREADS` more for pages, stills and polling. A viewer
over the bound gets 503 and its page asks `/live.json` once a second instead: it is live all the same.

A viewer that stops reading costs no thread for ever: a stream ends after `lifetime_s` or `most_bytes`,
whichever is first, and the page opens the next one at once. `most_bytes` and one picture stay below
waitress's high-water mark (`HIGH_WATER_BYTES`), above which it would block the thread until the viewer
reads. The socket itself dies of TCP_USER_TIMEOUT (see __main__).
"""

from collections.abc import Iterator
from threading import BoundedSemaphore, Event
from typing import Any

import msgspec
from msgspec import Struct

from web_ui.picture import LARGEST_BYTES, Picture, Reader

SPARE_THREADS = 4
HIGH_WATER_BYTES = 8_000_000


class Bounds(Struct, frozen=True, kw_only=True):
    """What the viewers may cost: 8 streams are a panel, a control room and a few phones."""

    viewers: int = 8
    lifetime_s: float = 30.0
    most_bytes: int = HIGH_WATER_BYTES - 2 * LARGEST_BYTES
    look_s: float = 0.2  # how often live.json is looked at; it is written about twice a second
    beat_s: float = 1.0


class Viewers:
    """Hands out the bounded number of streams. `closing` ends them all within one look."""

    def __init__(self, reader: Reader, bounds: Bounds, closing: Event) -> None:
        """`closing` is set when the service stops."""
        self.bounds = bounds
        self._reader = reader
        self._closing = closing
        self._free = BoundedSemaphore(bounds.viewers)

    def admit(self) -> bool:
        """Take a place if there is one; whoever was admitted must `leave` exactly once."""
        return self._free.acquire(blocking=False)

    def leave(self) -> None:
        """Give the place back."""
        self._free.release()

    def stream(self) -> Iterator[bytes]:
        """Server-sent events: live, beat, fault, and bye before a planned end."""
        bounds = self.bounds
        yield b"retry: 500\n\n"
        sent, version, since_beat_s = 0, None, 0.0
        for _ in range(max(1, round(bounds.lifetime_s / bounds.look_s))):
            picture = self._reader.look()
            since_beat_s += bounds.look_s
            if picture.version != version or since_beat_s >= bounds.beat_s:
                message = self._news(picture) if picture.version != version else self._beat(picture)
                version, since_beat_s = picture.version, 0.0
                sent += len(message)
                yield message
            if sent > bounds.most_bytes or self._closing.wait(bounds.look_s):
                break
        yield _message("bye", {})

    def _news(self, picture: Picture) -> bytes:
        if picture.live is None:
            return _message("fault", {"fault": picture.fault})
        age_s = self._reader.age_s(picture.live, picture.seen_s)
        return _message("live", {"age_s": age_s, "live": picture.live})

    def _beat(self, picture: Picture) -> bytes:
        age_s = self._reader.age_s(picture.live, picture.seen_s) if picture.live else None
        return _message("beat", {"age_s": age_s})


def _message(event: str, data: Any) -> bytes:
    """One server-sent event; JSON has no line break outside its strings and escapes those inside."""
    return b"event: " + event.encode() + b"\ndata: " + msgspec.json.encode(data) + b"\n\n"
