"""A look at a device before it is entered: what somebody asks for at the desk, with the range of every field.

A password in it goes to the program that looks and nowhere else: the brain hears `place`, which has none.
"""

import re
from typing import Annotated, Literal

from msgspec import Meta, Struct

from edge_agent.tell.desk_types import Secret

# The name of its result's file; the page makes it up, and nobody can guess it.
Token = Annotated[str, Meta(pattern=r"^[a-z0-9]{16,40}$")]
# A host, or host:port, of a gateway (Modbus TCP) or a serial server (RTU over TCP): never a file or an option.
HOST = r"(rtu-tcp://)?[A-Za-z0-9\[][A-Za-z0-9.:\[\]-]{0,254}"
# A serial port of this box; nothing else of /dev, and nothing above it.
SERIAL = (
    r"/dev/(tty[A-Za-z]{0,4}[0-9]{1,3}|pts/[0-9]{1,6}|serial/by-(id|path)/[A-Za-z0-9_:-][A-Za-z0-9_.:-]{0,160})"
)
Where = Annotated[str, Meta(pattern=f"^({HOST}|{SERIAL})$")]
Profile = Annotated[str, Meta(pattern=r"^([a-z0-9][a-z0-9_.-]{0,62})?$")]
Gas = Annotated[str, Meta(pattern=r"^([a-z][a-z0-9_-]{0,31})?$")]
Unit = Literal["", "ppm", "%LEL", "%vol", "mg/m3"]
User = Annotated[str, Meta(pattern=r"^[^\s/:@-][^\s/:@]{0,63}$")]
Stream = Annotated[str, Meta(pattern=r"^rtsps?://[^\s@]+$", max_length=400)]


class Look(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """What every look has: where its result goes."""

    token: Token


class DetectorLook(Look, frozen=True, kw_only=True, tag="detector"):
    """One detector on a bus that no source of the box holds; what is empty the box finds out."""

    where: Where
    unit: Annotated[int, Meta(ge=0, le=247)]
    profile: Profile = ""
    gas: Gas = ""
    channel: Annotated[int, Meta(ge=1, le=999)] | None = None
    range: Annotated[float, Meta(gt=0, le=1_000_000)] | None = None
    in_unit: Unit = ""
    baud: Literal[1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200] = 9600
    parity: Literal["N", "E", "O"] = "N"
    stop_bits: Literal[1, 2] = 1

    @property
    def place(self) -> str:
        """For the record."""
        return f"{self.where} unit {self.unit}"


class CamerasLook(Look, frozen=True, kw_only=True, tag="cameras"):
    """Which cameras are here; with a user also their streams."""

    user: User | None = None
    password: Secret | None = None

    @property
    def place(self) -> str:
        """For the record."""
        return "network"


class StreamLook(Look, frozen=True, kw_only=True, tag="stream"):
    """One stream to open; with a user also whether the camera lets him in over ONVIF."""

    url: Stream
    user: User | None = None
    password: Secret | None = None
    # Its ONVIF service, where that stands elsewhere than with most cameras.
    service: Annotated[str, Meta(pattern=r"^(http://[^@/\s]+/\S*)?$", max_length=256)] = ""

    @property
    def place(self) -> str:
        """For the record, which everybody reads: cheap cameras have user and password in the path."""
        return re.split(r"(?<=[^:/])[/?#{]", self.url, maxsplit=1)[0][:200]


AnyLook = DetectorLook | CamerasLook | StreamLook
KIND: dict[type[Look], str] = {DetectorLook: "detector", CamerasLook: "cameras", StreamLook: "stream"}
