"""From a sealed film to one that any player shows: the camera's own packets, repacked, nothing encoded anew."""

import io
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import chain, islice
from pathlib import Path

import av
from av.error import FFmpegError

from edge_agent.domain.words import Words, WordsError
from edge_agent.field.film.parts import Packet
from edge_agent.field.film.reader import Film

FORMATS = {"h264": "h264", "hevc": "hevc", "mjpeg": "mjpeg"}  # of the bare stream, by codec
PROBED = 60  # packets that are looked at to learn what the stream is
TITLE = "edge-agent"


class RemuxError(WordsError):
    """The packets are none that a player could show."""


def remux(film: Film, target: Path) -> int:
    """Write what is sound into `target` (.mkv, .mp4); returns how many packets. `film.fault` tells of the rest."""
    packets = film.packets()
    first = list(islice(packets, PROBED))
    if not first:
        raise RemuxError(Words("录像中没有画面", "there is no picture in it"))
    codec = film.head.codec
    bare = io.BytesIO(codec.extradata + b"".join(packet.data for packet in first))
    count = 0
    try:
        with (
            av.open(bare, format=FORMATS[codec.name]) as like,
            av.open(str(target), "w") as container,
        ):
            container.metadata.update(_told(film))
            stream = container.add_stream_from_template(like.streams.video[0])
            base = Fraction(*codec.time_base)
            for kept, pts, dts in _in_order(chain(first, packets)):
                packet = av.Packet(kept.data)
                packet.pts, packet.dts, packet.time_base, packet.stream = pts, dts, base, stream
                packet.is_keyframe = kept.key
                container.mux(packet)
                count += 1
    except FFmpegError as fault:
        target.unlink(missing_ok=True)
        raise RemuxError(Words(f"无法转封装：{fault}", f"cannot be repacked: {fault}")) from None
    return count


def _told(film: Film) -> dict[str, str]:
    """What the file itself says: whose it is. Times are UTC seconds; the clock's trust stands beside them."""
    head, stamp = film.head, film.head.stamp
    return {
        "title": f"{TITLE} {stamp.site}/{stamp.unit} {stamp.camera}",
        "comment": f"permit={stamp.permit} area={stamp.area} began_utc={head.began_utc:.3f} "
        f"clock={'trusted' if stamp.clock_trusted else 'untrusted'}",
    }


def _in_order(packets: Iterable[Packet]) -> Iterator[tuple[Packet, int, int]]:
    """With times as a container wants them: from 0, none missing, each decoding time later than the one before.

    Where the camera's own time goes back (it was set, or restarted), what follows is put behind what was.
    """
    shift, last = 0, -1
    for packet in packets:
        dts = packet.dts if packet.dts is not None else packet.pts
        if dts is None:
            dts = last + 1 - shift
        if last < 0:
            shift = -dts
        elif dts + shift <= last:
            shift = last + 1 - dts
        last = dts + shift
        pts = dts if packet.pts is None else max(packet.pts, dts)
        yield packet, pts + shift, last
