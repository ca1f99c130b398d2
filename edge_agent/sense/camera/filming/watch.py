"""One camera's films as the agent sees them: what it has been told to film, and how that stands."""

from edge_agent.domain.observation import Filming
from edge_agent.domain.words import NOTHING, Words
from edge_agent.sense.camera.filming.orders import FilmDesk, FilmLine, FilmOrder, Wanted
from edge_agent.sense.camera.keeper import Keeper
from edge_agent.sense.camera.lines import CaptureSays

NO_FILMER = Words("录像程序无应答", "the recording does not answer")
NOT_YET = Words("录像尚未开始", "the recording has not begun")


class FilmWatch:
    """Passes orders on and hears how they are carried out. Used by the cameras' worker alone."""

    def __init__(self, camera: str, desk: FilmDesk | None, silent_s: float) -> None:
        """Without a desk nothing is ever filmed. Silence longer than `silent_s` is a failure."""
        self._camera, self._desk, self._silent_s = camera, desk, silent_s
        self._wanted = Wanted()
        self._line: FilmLine | None = None
        self._heard_s = float("-inf")

    @property
    def order(self) -> FilmOrder | None:
        """What a capture program is started with."""
        return None if self._desk is None else self._desk.order

    def begin(self) -> None:
        """A new capture program: it has been told nothing yet."""
        self._wanted = Wanted()

    def hear(self, line: FilmLine, now_s: float) -> None:
        """The capture program has spoken of its films."""
        self._line, self._heard_s = line, now_s
        if self._desk is not None:
            self._desk.tell(self._camera, line)

    def care(self, capture: Keeper[CaptureSays]) -> None:
        """Tell it what is wanted now, if that is news."""
        if self._desk is None or not capture.running:
            return
        wanted = self._desk.wanted(self._camera)
        if wanted != self._wanted and capture.tell(wanted):
            self._wanted = wanted

    def stand(self, now_s: float) -> tuple[Filming, Words]:
        """Whether everything that is to be kept of a job is being kept."""
        if self._desk is None:
            return Filming.OFF, NOTHING
        if self._line is None or now_s - self._heard_s > self._silent_s:
            return Filming.FAILED, NO_FILMER
        if self._line.detail:
            return Filming.FAILED, self._line.detail
        jobs = {reel.key for reel in self._wanted.reels if reel.kind == "permit"}
        if not jobs <= set(self._line.running):
            return Filming.FAILED, NOT_YET
        return (Filming.RUNNING if jobs else Filming.READY), NOTHING
