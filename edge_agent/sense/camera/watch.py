"""One camera as the agent sees it: its capture program, and what may be said about its picture now."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from msgspec.structs import replace

from edge_agent.domain.observation import Sighting, View
from edge_agent.domain.words import NOTHING, Words, joined
from edge_agent.sense.camera import load
from edge_agent.sense.camera.child import masked
from edge_agent.sense.camera.decoding.watch import DecoderWatch
from edge_agent.sense.camera.filming.orders import FilmDesk, FilmLine
from edge_agent.sense.camera.filming.watch import FilmWatch
from edge_agent.sense.camera.frames import FrameReader
from edge_agent.sense.camera.keeper import Keeper, Silence
from edge_agent.sense.camera.limits import VisionLimits
from edge_agent.sense.camera.lines import CaptureLine, CaptureOrder, CaptureSays, Judged
from edge_agent.sense.camera.load import Load
from edge_agent.sense.camera.process import Hear, Program
from edge_agent.settings.site_cameras import CameraTable

CAPTURE = "edge_agent.sense.camera.capture"
LOADING = Words("模型加载中", "the model is being loaded")
NO_VERDICT = Words("有画面但模型无应答", "pictures arrive, but the model does not answer")
DAMAGED = Words(
    "{count} 帧损坏，请检查线缆、网络和摄像机码率",
    "{count} damaged pictures: check cable, network and the camera's bit rate",
)

DROPPING = Words(
    "最近缺失 {share}% 的画面，请检查线缆、网络带宽和摄像机码率",
    "{share} % of the latest pictures are missing: check cable, network and the camera's bit rate",
)
DROPPED_HERE = Words(
    "本机来不及读取，最近缺失 {share}% 的画面，请减少摄像机或降低其帧率",
    "{share} % of the latest pictures are missing, because this box reads too slowly: take cameras off, or lower "
    "the rate at which they send",
)


class Watch:
    """Care for one camera's capture program, and the words about its picture."""

    def __init__(  # noqa: PLR0913, PLR0917 (what it looks after, and by what it judges)
        self, name: str, camera: CameraTable, frames_fd: int, limits: VisionLimits, began_s: float,
        films: FilmDesk | None = None,
    ) -> None:  # fmt: skip
        """`frames_fd` is the camera's frame buffer; `began_s` when watching began."""
        self._films = FilmWatch(name, films, limits.film_silent_s)
        self.name = name
        self.camera = camera
        self.frames_fd = frames_fd
        self.judged: Judged | None = None
        self.told_s = float("-inf")
        self.unjudged_since_s: float | None = None
        self._limits = limits
        self._began_s = began_s
        self._reader = FrameReader(frames_fd)
        self._seq_at_start = 0
        self._held_up_at_s, self._held_up_for_s = float("-inf"), 0.0
        self._words: CaptureLine | None = None
        self.load = Load(limits)
        self._decoders = DecoderWatch(limits.decoder_again_s)

    def starter(
        self, bell_fd: int, parent: int, pipeline: str = "", decoders: Mapping[str, str] = MappingProxyType({})
    ) -> Callable[[Hear], Program]:
        """How this camera's capture program is started. `decoders` are the board's, by codec."""
        order = CaptureOrder(
            camera=self.name, url=self.camera.url, fps=self.camera.fps, frames_fd=self.frames_fd,
            bell_fd=bell_fd, parent=parent, limits=self._limits, pipeline=pipeline,
            films=self._films.order,
        )  # fmt: skip

        def start(hear: Hear) -> Program:
            self._films.begin()
            self._seq_at_start = self._reader.newest().seq
            wanted = {} if self._decoders.doubted else dict(decoders)
            self._decoders.begin(by_board=bool(wanted))
            return Program(CAPTURE, replace(order, decoders=wanted), (self.frames_fd, bell_fd), hear)

        return start

    def care(self, capture: Keeper[CaptureSays], now_s: float) -> None:
        """Keep the capture program running; kill one that delivers nothing new."""
        self.listen(capture, now_s)
        self._decoders.look(now_s)
        capture.care(now_s)
        self._films.care(capture)
        newest = self._reader.newest()
        delivered = newest.seq != self._seq_at_start
        silent_s = now_s - (newest.arrived_s if delivered else capture.started_s)
        limit = self._limits.silent_after_s if delivered else self._limits.start_after_s
        silence = capture.silent(silent_s, limit(self.camera.fps), now_s)
        if silence is Silence.HELD_UP:
            self._held_up_at_s, self._held_up_for_s = now_s, silent_s
        elif now_s - self._held_up_at_s > self._limits.load_window_s:
            self._held_up_for_s = 0.0
        if silence is Silence.HANGS:
            self._decoders.silent(now_s)
            capture.restart(now_s)
        self.load.look(now_s, newest.seq)
        judged_seq = 0 if self.judged is None else self.judged.seq
        if newest.seq in {0, judged_seq}:
            self.unjudged_since_s = None
        elif self.unjudged_since_s is None:
            self.unjudged_since_s = now_s

    def listen(self, capture: Keeper[CaptureSays], now_s: float) -> None:
        """What the capture program has said."""
        for line in capture.heard():
            match line:
                case CaptureLine():
                    self._words = line
                    self._decoders.hear(line.decoder, now_s, running=line.state == "running")
                case FilmLine():
                    self._films.hear(line, now_s)

    def hear(self, judged: Judged) -> None:
        """A picture of this camera was judged."""
        self.judged = judged
        self.load.hear()
        self.unjudged_since_s = None

    def sighting(self, now_s: float, inference_fault: Words) -> Sighting:
        """What may be said at `now_s` of the picture, and of the film."""
        filming, why = self._films.stand(now_s)
        return replace(self._seen(now_s, inference_fault), filming=filming, filming_detail=why)

    def _seen(self, now_s: float, inference_fault: Words) -> Sighting:
        """The last verdict while it is young, or why there is none."""
        age_s = now_s - self._reader.newest().arrived_s
        starting = now_s - self._began_s <= self._limits.start_after_s(self.camera.fps)
        if self._reader.newest().seq == 0 or age_s > self._limits.gone_after_s(self.camera.fps):
            return self._without_picture(now_s, starting=starting)
        if self.judged is not None:
            verdict_s = now_s - self.judged.arrived_s
            if verdict_s <= self._limits.gone_after_s(self.camera.fps):
                if self.judged.view is View.CLEAR and self._missing > self._limits.dropping_share:
                    why = DROPPED_HERE if self.queued_s else DROPPING
                    return self._no(now_s, View.DROPPING, why.filled(share=round(100 * self._missing)))
                return Sighting(
                    source=self.name, at_s=now_s, view=self.judged.view, persons=self.judged.persons,
                    age_s=max(0.0, verdict_s), detail=self.judged.detail,
                )  # fmt: skip
        if self.judged is None and not inference_fault and now_s - self._began_s <= self._limits.inference_start_s:
            return self._no(now_s, View.STARTING, LOADING)
        behind = self.load.behind()
        why = NO_VERDICT if behind is None or not behind[0] else load.too_seldom(*behind)
        return self._no(now_s, View.UNJUDGED, inference_fault or why)

    @property
    def _missing(self) -> float:
        """Share of the pictures due lately that did not come; 0 while nothing is known of it."""
        return 0.0 if self._words is None else self._words.missing

    @property
    def queued_s(self) -> float:
        """For how long its program has not got to the pictures in time; 0 while that is nothing to speak of."""
        queued_s = 0.0 if self._words is None else self._words.queued_s
        return queued_s if queued_s >= self._limits.queued_s else 0.0

    @property
    def decoder(self) -> Words:
        """Why the processor decodes this camera's stream where the board should; nothing while all is well."""
        why = self._decoders.why
        return Words(f"{self.name} {why.zh}", f"{self.name}: {why.en}") if why else NOTHING

    @property
    def held_up(self) -> bool:
        """Whether its program lately brought no picture because the processor was given to others."""
        return self._held_up_for_s > 0

    def behind(self) -> Words:
        """What to say of this box where it does not keep up with the camera; nothing where it does."""
        if self.held_up:
            return load.not_let_run(self.name, self._held_up_for_s)
        rates = self.load.behind()
        judged = NOTHING if rates is None else load.words(self.name, *rates)
        return judged or (load.read_late(self.name, self.queued_s) if self.queued_s else NOTHING)

    def _without_picture(self, now_s: float, *, starting: bool) -> Sighting:
        """No picture young enough: still starting, or gone, with what the capture program said last."""
        words = self._words
        seq = self._reader.newest().seq
        since_s = now_s - (self._reader.newest().arrived_s if seq else self._began_s)
        detail = Words(f"{since_s:.0f} 秒无新画面", f"no new picture for {since_s:.0f} s")
        if words is not None and words.state in ("failed", "ended"):
            return self._no(now_s, View.GONE, joined((detail, words.detail)))
        if self.held_up:
            return self._no(now_s, View.GONE, joined((detail, load.OVERLOADED)))
        if words is not None and words.damaged:
            detail = joined((detail, DAMAGED.filled(count=words.damaged)))
        elif words is not None and words.state == "opening":
            where = masked(self.camera.url)
            detail = joined((detail, Words(f"正在连接 {where}", f"connecting to {where}")))
        if starting and seq == 0:
            return self._no(now_s, View.STARTING, detail)
        return self._no(now_s, View.GONE, detail)

    def _no(self, now_s: float, view: View, detail: Words) -> Sighting:
        """A sighting of nobody, because nothing may be concluded; as old as the newest picture."""
        newest = self._reader.newest()
        age_s = now_s - (newest.arrived_s if newest.seq else self._began_s)
        return Sighting(source=self.name, at_s=now_s, view=view, age_s=max(0.0, age_s), detail=detail)

    def close(self) -> None:
        """Give the mapping back."""
        self._reader.close()
