"""What a film is made of; here, so that who only speaks of films needs no cryptography in its memory."""

from msgspec import Struct


class Codec(Struct, frozen=True, kw_only=True):
    """How the packets are to be read: FFmpeg's name of the codec, its extra data, the stream's unit of time."""

    name: str
    extradata: bytes
    width: int
    height: int
    time_base: tuple[int, int]


class Stamp(Struct, frozen=True, kw_only=True):
    """What a film or a picture says of itself; written with it, and bound to it."""

    site: str
    unit: str
    camera: str
    area: str = ""
    permit: str = ""
    point_m: tuple[float, float] | None = None  # the work point, in site metres
    origin: tuple[float, float] | None = None  # where the site's metres begin: latitude, longitude
    clock_trusted: bool = False


class Head(Struct, frozen=True, kw_only=True):
    """The first part of a film, in the clear. `began_utc` is when its first packet came."""

    kind: str  # "permit": all that was seen of a job; "clip": what stood around an event
    about: str  # the permit, or the event's number
    stamp: Stamp
    codec: Codec
    began_utc: float
    salt: bytes
    key: str  # which key: `name_of`


class Packet(Struct, frozen=True, array_like=True):
    """One packet as the camera sent it; `at_s` is its arrival, in seconds since the film began."""

    data: bytes
    pts: int | None
    dts: int | None
    key: bool
    at_s: float


class Chunk(Struct, frozen=True, kw_only=True):
    """Some packets; `last` in a film that was ended, and not cut off."""

    packets: tuple[Packet, ...]
    last: bool = False
