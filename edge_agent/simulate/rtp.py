"""H.264 and H.265 pictures as RTP packets, interleaved in RTSP (RFC 2326 10.12).

Single NAL units and fragments only (RFC 6184, RFC 7798).
"""

import struct
from collections.abc import Iterable, Iterator

PAYLOAD_TYPE = 96
LONGEST = 1400  # bytes of payload, so that a packet fits an Ethernet frame
FU_A = 28
FU_265 = 49
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

    def picture(self, nals: Iterable[bytes], ticks: int, codec: str = "h264") -> bytes:
        """All interleaved packets of one picture; the last carries the marker bit."""
        payloads = [payload for nal in nals for payload in (split(nal) if codec == "h264" else split_265(nal))]
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


def split_265(nal: bytes) -> Iterator[bytes]:
    """One H.265 NAL unit as payloads (RFC 7798 4.4.3): its header has two bytes, the type in bits 1 to 6."""
    if len(nal) <= LONGEST:
        yield nal
        return
    header = bytes((nal[0] & 0x81 | FU_265 << 1, nal[1]))
    body, room = nal[2:], LONGEST - 3
    for at in range(0, len(body), room):
        start, end = at == 0, at + room >= len(body)
        yield header + bytes((start << 7 | end << 6 | nal[0] >> 1 & 0x3F,)) + body[at : at + room]
