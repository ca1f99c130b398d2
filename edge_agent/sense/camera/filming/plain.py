"""A stream's packets as any reader takes them: H.264 and H.265 in Annex B, whatever container they came in."""

from fractions import Fraction

import av
from av.bitstream import BitStreamFilterContext
from av.container import InputContainer

from edge_agent.field.film.parts import Codec
from edge_agent.sense.camera.filming.ring import Ring

_IN_BOXES = b"\x01"  # how the extra data of MP4 and Matroska begins; a stream's own begins with a start code
_FILTERS = {"h264": "h264_mp4toannexb", "hevc": "hevc_mp4toannexb"}


class Plain:
    """One open stream's packets, for films and for decoders outside this process."""

    def __init__(self, container: InputContainer) -> None:
        """The codec is read from the container."""
        stream = container.streams.video[0]
        context = stream.codec_context
        extradata = context.extradata or b""
        boxed = context.name in _FILTERS and extradata.startswith(_IN_BOXES)
        self._filter = BitStreamFilterContext(_FILTERS[context.name], stream) if boxed else None
        base = stream.time_base or Fraction(1, 90_000)
        self.codec = Codec(
            name=context.name,
            extradata=b"" if boxed else extradata,
            width=context.width,
            height=context.height,
            time_base=(base.numerator, base.denominator),
        )

    def annex_b(self, packet: "av.Packet[av.VideoStream]") -> bytes:
        """The packet's bytes; it is itself left as it is: it will be decoded. Nothing at the end of a stream."""
        data = bytes(packet)
        if self._filter is None or not data:
            return data
        copy = av.Packet(data)
        copy.pts, copy.dts, copy.is_keyframe = packet.pts, packet.dts, packet.is_keyframe
        return b"".join(bytes(one) for one in self._filter.filter(copy))

    def put(self, packet: "av.Packet[av.VideoStream]", arrived_s: float, ring: Ring) -> None:
        """Keep the packet for films that begin later."""
        data = self.annex_b(packet)
        if data:
            ring.put(data, packet.pts, packet.dts, key=packet.is_keyframe, arrived_s=arrived_s)
