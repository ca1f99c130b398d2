"""One camera for those who look on: each picture is shown with what was concluded from that very picture.

A face is hidden where it was found in the picture that is shown, never where it was in another one: a picture
whose verdict does not come is not shown at all.
"""

from collections import deque

import cv2
from msgspec import Struct

from edge_agent.domain.observation import View
from edge_agent.field.onlookers import Shown
from edge_agent.sense.camera import hiding
from edge_agent.sense.camera.frames import Frame, FrameReader, Picture
from edge_agent.sense.camera.onlookers.seen import Seen, SeenReader

LONG_SIDE = 960  # pixels: enough for a screen, a third of the bytes of the picture that is judged
QUALITY = 70  # JPEG: 960 x 540 in about 50 kB
MOST_HZ = 5.0
KEPT = 8  # pictures that wait for their verdict, 1.5 MB each


class Made(Struct, frozen=True, kw_only=True):
    """A picture that may be shown, as JPEG, with what is said of it but its age."""

    shown: Shown
    arrived_s: float
    jpeg: bytes


class Gallery:
    """Belongs to one thread. Nothing is copied or painted but in `look`."""

    def __init__(self, camera: str, frames_fd: int, seen_fd: int) -> None:
        """Nothing is made yet."""
        self._camera = camera
        self._frames, self._seen = FrameReader(frames_fd), SeenReader(seen_fd)
        self._waiting: deque[tuple[int, Picture]] = deque(maxlen=KEPT)
        self._copied = 0
        self._painted_s = float("-inf")
        self.made: Made | None = None

    def look(self, now_s: float) -> bool:
        """Take over what is new; returns whether there was anything to do."""
        return any((self._copy(), self._paint(now_s)))

    def forget(self) -> None:
        """Nobody looks on any more."""
        self._waiting.clear()
        self.made = None

    def _copy(self) -> bool:
        frame = self._frames.unseen(self._copied)
        if frame is None:
            return False
        small = _small(frame)
        if self._frames.held(frame):
            self._waiting.append((frame.seq, small))
        self._copied = frame.seq
        return True

    def _paint(self, now_s: float) -> bool:
        if now_s - self._painted_s < 1 / MOST_HZ or not self._waiting:
            return False
        seen = self._seen.newest()
        if seen is None or (self.made is not None and self.made.shown.seq == seen.seq):
            return False
        picture = next((one for seq, one in self._waiting if seq == seen.seq), None)
        if picture is None:
            return False
        while self._waiting and self._waiting[0][0] != seen.seq:  # the verdict of those before it has gone by
            self._waiting.popleft()
        self.made = made(self._camera, picture, seen)
        self._painted_s = now_s
        return True


def made(camera: str, picture: Picture, seen: Seen) -> Made:
    """The picture with every head hidden; all of it where nobody could tell where people are."""
    whole = seen.hidden is None or seen.view is not View.CLEAR
    hidden = hiding.EVERYTHING if seen.hidden is None or whole else hiding.Hidden(parts=seen.hidden)
    done, jpeg = cv2.imencode(".jpg", hiding.masked(picture, hidden), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not done:
        raise ValueError(f"{camera}: the picture could not be made into a JPEG")
    data = jpeg.tobytes()
    shown = Shown(
        camera=camera, seq=seen.seq, size=len(data), view=seen.view.value, whole=whole,
        persons=() if whole else seen.persons, things=() if whole else seen.things,
    )  # fmt: skip
    return Made(shown=shown, arrived_s=seen.arrived_s, jpeg=data)


def _small(frame: Frame) -> Picture:
    """A copy, at most LONG_SIDE long."""
    height, width = frame.picture.shape[:2]
    share = min(1.0, LONG_SIDE / max(width, height))
    if share == 1.0:
        return frame.picture.copy()
    size = max(1, round(width * share)), max(1, round(height * share))
    small: Picture = cv2.resize(frame.picture, size, interpolation=cv2.INTER_AREA).astype("uint8", copy=False)
    return small
