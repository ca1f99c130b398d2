"""Writes a camera's films beside its capture: a disk that hangs or is full never holds up a picture."""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from edge_agent.domain.words import NOTHING, Words
from edge_agent.field import system_words
from edge_agent.field.film.parts import Codec
from edge_agent.sense.camera.filming.orders import FilmDone, FilmLine, FilmOrder, Reel, Wanted
from edge_agent.sense.camera.filming.reel import Filmed
from edge_agent.sense.camera.filming.ring import Ring

EVERY_S = 1.0  # one chunk: what a program that is killed may lose
RETRY_S = 5.0  # after the disk has refused
END_S = 2.0  # an ended program waits so long for the disk
NO_ROOM = Words(
    "磁盘空间不足，已停止录像以保证安全记录，请清理或扩大磁盘，或减小 [recording] quota_gb",
    "the disk is nearly full: recording stopped so that the records keep their room; "
    "make room, fit a larger disk, or lower [recording] quota_gb",
)
SLOW = Words("磁盘过慢，录像有缺口", "the disk is too slow: the recording has gaps")
NO_KEY_PICTURE = Words(
    "尚无关键帧，请在摄像机中缩短关键帧间隔", "no key picture yet: shorten the camera's key picture interval"
)
NO_CODEC = Words("该编码不能录像", "recording of this codec is not supported: choose H.264 or H.265 in the camera")
CODECS = frozenset({"h264", "hevc", "mjpeg"})


class Filmer:
    """One per open stream."""

    def __init__(self, order: FilmOrder, codec: Codec, say: Callable[[FilmLine], None]) -> None:
        """`say` tells the agent."""
        self.ring = Ring()
        self._order, self._codec, self._say = order, codec, say
        self._wanted: tuple[Reel, ...] = ()
        self._filmed: dict[str, Filmed] = {}
        self._over: set[str] = set()  # clips that are done, though they are still wanted
        self._refused_s = float("-inf")
        self._fault = NOTHING
        self._gaps = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="films", daemon=True)
        self._thread.start()

    def want(self, wanted: Wanted) -> None:
        """Everything that is to be filmed from now on."""
        self._wanted = wanted.reels

    def end(self) -> None:
        """End every film as whole, if the disk lets us soon enough."""
        self._ended.set()
        self._thread.join(END_S)

    def _run(self) -> None:
        while not self._ended.wait(EVERY_S):
            self.look(time.monotonic())
        self._wanted = ()
        self.look(time.monotonic())

    def look(self, now_s: float) -> None:
        """Write what has come, begin and end films, say how it stands."""
        done: list[FilmDone] = []
        waiting = False
        try:
            if self._room():
                waiting = self._begin(now_s)
                for filmed in tuple(self._filmed.values()):
                    done += filmed.write(self.ring)
                self._count_gaps()
            done += self._end(now_s)
        except OSError as fault:
            self._refuse(now_s, fault)
        self._say(
            FilmLine(
                detail=self._fault or (NO_KEY_PICTURE if waiting else NOTHING),
                running=tuple(key for key, filmed in self._filmed.items() if filmed.path),
                open=tuple(filmed.path for filmed in self._filmed.values() if filmed.path),
                done=tuple(done),
            )
        )

    def _room(self) -> bool:
        """Whether films may be written now. What is open ends in good order while there is room for that."""
        if self._codec.name not in CODECS:
            self._fault = NO_CODEC
            return False
        folder = Path(self._order.folder)
        folder.mkdir(parents=True, exist_ok=True)
        disk = os.statvfs(folder)
        if disk.f_bavail * disk.f_frsize < self._order.reserve_bytes:
            self._fault = NO_ROOM
            return False
        if not os.access(folder, os.W_OK):
            raise PermissionError(13, os.strerror(13), str(folder))
        return True

    def _begin(self, now_s: float) -> bool:
        """Begin what is wanted and not open; returns whether something waits for a key picture."""
        if now_s - self._refused_s < RETRY_S:
            return False
        if self._fault is not SLOW:
            self._fault = NOTHING
        waiting = False
        for reel in self._wanted:
            if reel.key in self._filmed or reel.key in self._over:
                continue
            number = self.ring.begin(reel.from_s)
            if number is None:
                waiting = True
            else:
                self._filmed[reel.key] = Filmed(reel, self._order, self._codec, number)
        return waiting

    def _end(self, now_s: float) -> list[FilmDone]:
        """End what is not wanted any more, what is over, and everything where there is no room."""
        done: list[FilmDone] = []
        wanted = {reel.key: reel for reel in self._wanted}
        no_room = self._fault in (NO_ROOM, NO_CODEC)
        for key, filmed in tuple(self._filmed.items()):
            if key in wanted:
                filmed.reel = wanted[key]
            over = filmed.over(self.ring, now_s)
            if over:
                self._over.add(key)
            if over or no_room or key not in wanted:
                del self._filmed[key]
                done += filmed.end()
        self._over &= set(wanted)
        return done

    def _count_gaps(self) -> None:
        gaps = sum(filmed.gaps for filmed in self._filmed.values())
        if gaps > self._gaps:
            self._fault = SLOW
        elif self._fault is SLOW:
            self._fault = NOTHING
        self._gaps = gaps

    def _refuse(self, now_s: float, fault: OSError) -> None:
        self._refused_s = now_s
        why, where = system_words.of(fault), fault.filename or self._order.folder
        self._fault = Words(f"录像写不下：{why.zh}（{where}）", f"films cannot be written: {why.en} ({where})")
        for filmed in self._filmed.values():
            filmed.give_up()
        self._filmed.clear()
