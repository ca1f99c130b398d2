"""One film while it is being written: packets of the ring into chunks, cut into files of a few minutes."""

import os
import time
from pathlib import Path

from edge_agent.field.film import names
from edge_agent.field.film.parts import Codec, Head, Packet
from edge_agent.field.film.sealed import SALT_BYTES, name_of
from edge_agent.field.film.writer import FilmWriter
from edge_agent.sense.camera.filming.orders import FilmDone, FilmOrder, Reel
from edge_agent.sense.camera.filming.ring import Ring, Taken

CUT_S = 300.0  # a file of the whole job is as long as this: what is lost with one is no more
TAIL_S = 5.0  # a clip whose stream has gone silent is ended so long after its end


class Filmed:
    """A reel on its way to the disk. Every method may raise OSError; then it is given up."""

    def __init__(self, reel: Reel, order: FilmOrder, codec: Codec, number: int) -> None:
        """It begins with packet `number` of the ring."""
        self.reel = reel
        self._order, self._codec = order, codec
        self._next = number
        self._writer: FilmWriter | None = None
        self._zero_s = 0.0  # monotonic second at which the file begins
        self._last_s = 0.0  # arrival of the last packet in it
        self.gaps = 0  # times that the disk was slower than the ring is long

    @property
    def path(self) -> str | None:
        """The file that is open."""
        return None if self._writer is None else str(self._writer.path)

    def write(self, ring: Ring) -> list[FilmDone]:
        """What has come since; returns files that were ended by it."""
        done: list[FilmDone] = []
        batch: list[Taken] = []
        for packet in ring.since(self._next):
            if self.reel.until_s is not None and packet.arrived_s > self.reel.until_s:
                break
            if packet.number != self._next:
                self.gaps += 1
            if packet.key and (self._writer is None or packet.arrived_s - self._zero_s >= CUT_S):
                self._put(batch)
                batch = []
                done += self.end()
                self._begin(packet)
            self._next = packet.number + 1
            batch.append(packet)
        self._put(batch)
        return done

    def over(self, ring: Ring, now_s: float) -> bool:
        """Whether a clip has all that it should, or will get no more."""
        until_s = self.reel.until_s
        if until_s is None:
            return False
        return now_s > until_s + TAIL_S or any(p.arrived_s > until_s for p in ring.since(self._next))

    def _begin(self, first: Taken) -> None:
        began_utc = time.time() - (time.monotonic() - first.arrived_s)
        stamp = self.reel.stamp
        head = Head(
            kind=self.reel.kind, about=self.reel.about, stamp=stamp, codec=self._codec, began_utc=began_utc,
            salt=os.urandom(SALT_BYTES), key=name_of(self._order.key),
        )  # fmt: skip
        folder = Path(self._order.folder)
        path = names.path_of(folder, stamp.permit, stamp.camera, self.reel.kind, began_utc)
        self._writer = FilmWriter(path, head, self._order.key)
        self._zero_s = self._last_s = first.arrived_s

    def _put(self, batch: list[Taken]) -> None:
        if self._writer is None or not batch:
            return
        self._writer.add(
            tuple(Packet(p.data, p.pts, p.dts, p.key, round(p.arrived_s - self._zero_s, 3)) for p in batch)
        )
        self._last_s = batch[-1].arrived_s

    def end(self) -> list[FilmDone]:
        """End the open file as whole."""
        writer, self._writer = self._writer, None
        if writer is None:
            return []
        sha256, head = writer.end(), writer.head
        return [
            FilmDone(
                path=str(writer.path), kind=self.reel.kind, about=self.reel.about, camera=head.stamp.camera,
                permit=head.stamp.permit, sha256=sha256, size=writer.size, began_utc=head.began_utc,
                ended_utc=head.began_utc + self._last_s - self._zero_s, clock_trusted=head.stamp.clock_trusted,
            )
        ]  # fmt: skip

    def give_up(self) -> None:
        """The disk refuses."""
        if self._writer is not None:
            self._writer.give_up()
            self._writer = None
