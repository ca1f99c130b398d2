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
    """Puts each packet of one open stream into a ring."""

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

    def put(self, packet: "av.Packet[av.VideoStream]", arrived_s: float, ring: Ring) -> None:
        """The packet itself is left as it is: it will be decoded."""
        data = bytes(packet)
        if not data:
            return
        if self._filter is not None:
            copy = av.Packet(data)
            copy.pts, copy.dts, copy.is_keyframe = packet.pts, packet.dts, packet.is_keyframe
            data = b"".join(bytes(one) for one in self._filter.filter(copy))
        ring.put(data, packet.pts, packet.dts, key=packet.is_keyframe, arrived_s=arrived_s)
