"""Whether the box keeps up with its cameras: of the pictures that came, how many were judged.

Judging takes the newest picture of each camera in turn, so too many cameras slow all of them alike. That is fair,
and it is said: nobody may find out after an accident that "five times a second" was once. And it is watched: a
camera that gets no turn while the others do is a defect, not a load.
"""

from collections import deque

from edge_agent.domain.words import Words
from edge_agent.sense.camera.limits import VisionLimits

TOO_SELDOM = Words(
    "本机识别过慢（每秒 {judged} 帧，应为 {come} 帧），请减少摄像机或降低 fps",
    "this box judges {judged} of its {come} pictures a second: take cameras off, or lower their fps",
)

OVERLOADED = Words(
    "处理器过载：程序分不到运行时间，请停用其他程序、减少摄像机或降低 fps",
    "the processor is overloaded, its program is not let run: end other programs, take cameras off, or lower "
    "their fps",
)


class Turns:
    """Whether every camera gets its turn. Cameras are known by name."""

    def __init__(self, cameras: int, limits: VisionLimits) -> None:
        """So many `cameras` are judged in turn."""
        self._most = limits.turns_missed * cameras
        self._judged = 0
        self._waits_from: dict[str, int] = {}

    def begin(self) -> None:
        """Another program judges from now on."""
        self._waits_from.clear()

    def hear(self, camera: str) -> None:
        """A picture of `camera` was judged."""
        self._judged += 1
        self._waits_from.pop(camera, None)

    def look(self, camera: str, *, waits: bool) -> None:
        """Whether `camera` has a picture that is not judged yet."""
        if waits:
            self._waits_from.setdefault(camera, self._judged)
        else:
            self._waits_from.pop(camera, None)

    def missed(self) -> str | None:
        """A camera that waits while the others were judged again and again."""
        return next((name for name, since in self._waits_from.items() if self._judged - since > self._most), None)


class Load:
    """One camera's pictures, counted over some seconds. `look` is called at least once a second."""

    def __init__(self, limits: VisionLimits) -> None:
        """Nothing is known yet."""
        self._limits = limits
        self._judged = 0
        self._looks: deque[tuple[float, int, int]] = deque()  # when, pictures come, pictures judged
        self._behind = False

    def hear(self) -> None:
        """A picture was judged."""
        self._judged += 1

    def begin(self) -> None:
        """Another program judges or captures from now on: what it has not seen it cannot have missed."""
        self._looks.clear()
        self._behind = False

    def look(self, now_s: float, come: int) -> None:
        """`come` counts the camera's pictures since it was first watched."""
        if self._looks and now_s - self._looks[-1][0] < self._limits.load_every_s:
            return
        if self._looks and come < self._looks[-1][1]:
            self.begin()
        self._looks.append((now_s, come, self._judged))
        while now_s - self._looks[0][0] > self._limits.load_window_s + self._limits.load_every_s:
            self._looks.popleft()

    def behind(self) -> tuple[float, float] | None:
        """Pictures a second that were judged, and that came, where too few were judged; else None."""
        if not self._looks:
            return None
        (began_s, come_0, judged_0), (now_s, come, judged) = self._looks[0], self._looks[-1]
        span_s, due = now_s - began_s, come - come_0
        if span_s < self._limits.load_window_s or due <= 0:
            return None
        share = (judged - judged_0) / due
        self._behind = share < (self._limits.load_leave if self._behind else self._limits.load_share)
        return ((judged - judged_0) / span_s, due / span_s) if self._behind else None


def too_seldom(judged_hz: float, come_hz: float) -> Words:
    """Why a camera has no word young enough although its model answers."""
    return TOO_SELDOM.filled(judged=f"{judged_hz:.1f}", come=f"{come_hz:.1f}")


def read_late(camera: str, queued_s: float) -> Words:
    """The sentence about a camera whose program does not get to its pictures in time."""
    return Words(
        f"{camera} 的画面积压，已 {queued_s:.0f} 秒读不完",
        f"{camera}: its pictures have been waiting to be read for {queued_s:.0f} s",
    )


def not_let_run(camera: str, silent_s: float) -> Words:
    """The sentence about a camera whose program would bring pictures if it got processor time."""
    return Words(
        f"{camera} 的取流程序 {silent_s:.0f} 秒无画面，{OVERLOADED.zh}",
        f"{camera}: no picture from its program for {silent_s:.0f} s; {OVERLOADED.en}",
    )


def words(camera: str, judged_hz: float, come_hz: float) -> Words:
    """One camera's sentence."""
    return Words(
        f"{camera} 每秒识别 {judged_hz:.1f} 帧，应为 {come_hz:.1f} 帧",
        f"{camera}: {judged_hz:.1f} of {come_hz:.1f} pictures a second are judged",
    )
