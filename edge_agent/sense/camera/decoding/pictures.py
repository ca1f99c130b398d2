"""What comes of a packet: pictures with their own times, from whatever decodes; the processor's way of it."""

from collections.abc import Callable
from typing import Protocol

import av
from msgspec import Struct

from edge_agent.domain.words import NOTHING, Words

Stamp = Callable[[float | None], float]  # a time of the stream (s) -> when that arrived (monotonic s)


class Decoded(Struct, frozen=True):
    """One sound picture: its time in the stream if it has one, and when the packet that it is made of arrived."""

    frame: av.VideoFrame
    pts_s: float | None
    arrived_s: float


class Decoder(Protocol):
    """Makes pictures of one stream's packets."""

    @property
    def damaged(self) -> int:
        """How many pictures were given up so far."""

    @property
    def fault(self) -> Words:
        """Why it is not what was wanted that decodes; nothing while it is."""

    def decode(self, packet: "av.Packet[av.VideoStream]", stamp: Stamp) -> list[Decoded]:
        """What can be shown after this packet, in the order in which it is shown."""

    def close(self) -> None:
        """End whatever runs for it."""


class Processor:
    """Decodes with FFmpeg, in this process: works for every stream that the box can read."""

    fault = NOTHING

    def __init__(self) -> None:
        """The packets bring their codec with them."""
        self.damaged = 0

    def decode(self, packet: "av.Packet[av.VideoStream]", stamp: Stamp) -> list[Decoded]:
        """Pictures of one packet; what the decoder calls damaged is no picture."""
        frames, damaged = sound(packet)
        self.damaged += damaged
        return [_stamped(frame, None if frame.pts is None else float(frame.time), stamp) for frame in frames]

    def close(self) -> None:
        """Nothing runs beside it."""


def sound(packet: "av.Packet[av.VideoStream]") -> tuple[list[av.VideoFrame], int]:
    """What FFmpeg makes of one packet: its sound pictures, and how many it calls damaged."""
    try:
        frames = packet.decode()
    except av.error.InvalidDataError:
        return [], 1
    whole = [frame for frame in frames if not frame.is_corrupt]
    return whole, len(frames) - len(whole)


def _stamped(frame: av.VideoFrame, pts_s: float | None, stamp: Stamp) -> Decoded:
    return Decoded(frame, pts_s, stamp(pts_s))
