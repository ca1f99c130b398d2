"""An H.264 or H.265 film as access units ready for RTP: packets are copied, nothing is encoded again."""

from collections.abc import Iterator
from pathlib import Path

import av
from av.bitstream import BitStreamFilterContext
from msgspec import Struct, structs

CLOCK_HZ = 90_000  # RTP clock of video, RFC 6184 5.1
SPS, PPS, IDR = 7, 8, 5  # NAL unit types, H.264 table 7-1
VPS_265, SPS_265, PPS_265 = 32, 33, 34  # H.265 table 7-1


class AccessUnit(Struct, frozen=True, kw_only=True):
    """One coded picture: its NAL units without start codes, decoded at `dts` and shown at `pts` (90 kHz)."""

    nals: tuple[bytes, ...]
    pts: int
    dts: int
    key: bool


class Film(Struct, frozen=True, kw_only=True):
    """A film that starts with a key frame at dts 0 and lasts `period` ticks when looped."""

    units: tuple[AccessUnit, ...]
    period: int
    size_px: tuple[int, int]
    codec: str = "h264"

    @property
    def frame_ticks(self) -> int:
        """The usual distance of two pictures."""
        return max(1, self.period // len(self.units))

    @property
    def rate_hz(self) -> float:
        """Pictures per second."""
        return CLOCK_HZ / self.frame_ticks

    def parameter_set(self, kind: int) -> bytes:
        """The first VPS, SPS or PPS."""
        return next(nal for nal in self.units[0].nals if self._kind(nal) == kind)

    def _kind(self, nal: bytes) -> int:
        """The type of a NAL unit: five bits in H.264, six in H.265, which has a header of two bytes."""
        return nal[0] & 0x1F if self.codec == "h264" else nal[0] >> 1 & 0x3F

    def key_at(self, dts: int) -> int:
        """The index of the last key frame that is not later than `dts`."""
        return max((n for n, unit in enumerate(self.units) if unit.key and unit.dts <= dts), default=0)

    def key_after(self, index: int) -> int:
        """The index of the next key frame, from the beginning again after the last."""
        return next((n for n in range(index, len(self.units)) if self.units[n].key), 0)


def read_film(path: Path) -> Film:
    """Every picture of an H.264 or H.265 film. ValueError when it is of another kind, OSError when unreadable."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        codec = stream.codec_context.name
        if codec not in ("h264", "hevc"):
            raise ValueError(f"{path} is {codec}: transcode it to H.264 first")
        base = stream.time_base
        if base is None:
            raise ValueError(f"{path} has no time base")
        ticks = float(base) * CLOCK_HZ
        raw = [
            AccessUnit(
                nals=tuple(_nals(bytes(packet))),
                pts=round(packet.pts * ticks),
                dts=round(packet.dts * ticks),
                key=packet.is_keyframe,
            )
            for packet in _annex_b(container, stream)
            if packet.pts is not None and packet.dts is not None
        ]
        size_px = (stream.codec_context.width, stream.codec_context.height)
    return structs.replace(_from_first_key(raw, path, size_px), codec=codec)


def _annex_b(
    container: av.container.InputContainer, stream: av.video.stream.VideoStream
) -> "Iterator[av.packet.Packet[av.video.stream.VideoStream]]":
    """Packets with start codes and with parameter sets before every IDR."""
    copy = BitStreamFilterContext(f"{stream.codec_context.name}_mp4toannexb", stream)
    for packet in container.demux(stream):
        if packet.size:
            yield from copy.filter(packet)
    yield from copy.filter(None)


def _from_first_key(raw: list[AccessUnit], path: Path, size_px: tuple[int, int]) -> Film:
    first = next((n for n, unit in enumerate(raw) if unit.key), None)
    if first is None or len(raw) - first < 2:  # noqa: PLR2004 - a film has at least two pictures
        raise ValueError(f"{path} holds no key frame with pictures after it")
    units = [
        AccessUnit(nals=unit.nals, pts=unit.pts - raw[first].dts, dts=unit.dts - raw[first].dts, key=unit.key)
        for unit in raw[first:]
    ]
    period = round(units[-1].dts * len(units) / (len(units) - 1))
    return Film(units=tuple(units), period=period, size_px=size_px)


def _nals(stream: bytes) -> Iterator[bytes]:
    """NAL units of an Annex B byte stream (start codes 00 00 01, trailing zeros belong to no unit)."""
    for part in stream.split(b"\x00\x00\x01"):
        nal = part.rstrip(b"\x00")
        if nal:
            yield nal
