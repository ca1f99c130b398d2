"""H.264 pictures as RTP packets (RFC 6184: single NAL units and FU-A), interleaved in RTSP (RFC 2326 10.12)."""

import struct
from collections.abc import Iterable, Iterator

PAYLOAD_TYPE = 96
LONGEST = 1400  # bytes of payload, so that a packet fits an Ethernet frame
FU_A = 28
VERSION = 0x80


class Sender:
    """One RTP stream: numbers its packets and stamps them from `base` on."""

    def __init__(self, ssrc: int, sequence: int, base: int) -> None:
        """Random starts, as RFC 3550 5.1 asks."""
        self.ssrc = ssrc
        self.sequence = sequence
        self.base = base

    def stamp(self, ticks: int) -> int:
        """The RTP time of a tick of the stream."""
        return (self.base + ticks) & 0xFFFFFFFF

    def picture(self, nals: Iterable[bytes], ticks: int) -> bytes:
        """All interleaved packets of one picture; the last carries the marker bit."""
        payloads = [payload for nal in nals for payload in split(nal)]
        last = len(payloads) - 1
        return b"".join(self._packet(payload, ticks, marker=n == last) for n, payload in enumerate(payloads))

    def _packet(self, payload: bytes, ticks: int, *, marker: bool) -> bytes:
        kind = PAYLOAD_TYPE | (0x80 if marker else 0)
        header = struct.pack(">BBHII", VERSION, kind, self.sequence, self.stamp(ticks), self.ssrc)
        self.sequence = (self.sequence + 1) & 0xFFFF
        return struct.pack(">cBH", b"$", 0, len(header) + len(payload)) + header + payload


def split(nal: bytes) -> Iterator[bytes]:
    """One NAL unit as payloads: itself if it fits, else fragments (FU-A)."""
    if len(nal) <= LONGEST:
        yield nal
        return
    indicator = (nal[0] & 0xE0) | FU_A
    body, room = nal[1:], LONGEST - 2
    for at in range(0, len(body), room):
        start, end = at == 0, at + room >= len(body)
        yield bytes((indicator, start << 7 | end << 6 | nal[0] & 0x1F)) + body[at : at + room]
