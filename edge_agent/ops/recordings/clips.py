"""The clips that are being filmed: ten seconds before an event, twenty after; events in a row share one. Pure."""

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.field.film.parts import Stamp
from edge_agent.sense.camera.filming.orders import Reel

BEFORE_S = 10.0
AFTER_S = 20.0
MOST_S = 120.0  # a clip of events that do not end; then the next one begins
LINGER_S = 30.0  # a clip stays wanted so long behind its end: a camera that came back late ends it too


class Clip(Struct, frozen=True, kw_only=True):
    """One clip of one camera, and the events that it is about."""

    about: str
    stamp: Stamp
    events: tuple[int, ...]
    from_s: float
    until_s: float

    @property
    def reel(self) -> Reel:
        """What the camera is told."""
        return Reel(kind="clip", about=self.about, stamp=self.stamp, from_s=self.from_s, until_s=self.until_s)


class Clips:
    """Those of all cameras."""

    def __init__(self) -> None:
        """None yet."""
        self._clips: list[Clip] = []

    def add(self, seq: int, at_s: float, stamps: Iterable[Stamp]) -> None:
        """An event happened that concerns these cameras."""
        for stamp in stamps:
            at = self._running(stamp, at_s)
            if at is None:
                from_s = max([at_s - BEFORE_S, *(c.until_s for c in self._clips if _same(c, stamp))])
                clip = Clip(
                    about=f"{seq}-{stamp.camera}",
                    stamp=stamp,
                    events=(seq,),
                    from_s=from_s,
                    until_s=at_s + AFTER_S,
                )
                self._clips.append(clip)
            else:
                clip = self._clips[at]
                until_s = min(clip.from_s + MOST_S, max(clip.until_s, at_s + AFTER_S))
                self._clips[at] = replace(clip, events=(*clip.events, seq), until_s=until_s)

    def _running(self, stamp: Stamp, at_s: float) -> int | None:
        """The clip in which an event at this second will be seen to its end, or nearly so."""
        for at, clip in enumerate(self._clips):
            if _same(clip, stamp) and at_s < clip.until_s and at_s - clip.from_s < MOST_S - AFTER_S:
                return at
        return None

    def wanted(self, now_s: float) -> Iterator[Clip]:
        """Those that are not over for long."""
        self._clips = [clip for clip in self._clips if now_s < clip.until_s + LINGER_S]
        yield from self._clips

    def events(self, about: str) -> tuple[int, ...]:
        """What a clip is about; nothing is known of one of an earlier start."""
        return next((clip.events for clip in self._clips if clip.about == about), ())


def _same(clip: Clip, stamp: Stamp) -> bool:
    return (clip.stamp.camera, clip.stamp.permit) == (stamp.camera, stamp.permit)
