"""The shapes of the first setting-up: what is tried before it is entered, and what is still open."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from edge_agent.domain.words import NOTHING, Words
from edge_agent.tell.live_setup import CamerasFound, Probed, StreamSeen
from web_ui.shapes import Form, Secret

# A host, or host:port, of a gateway (Modbus TCP) or a serial server (RTU over TCP): never a file or an option.
Where = Annotated[str, Meta(pattern=r"^(rtu-tcp://)?[A-Za-z0-9\[][A-Za-z0-9.:\[\]-]{0,254}$")]
Profile = Annotated[str, Meta(pattern=r"^([a-z0-9][a-z0-9_.-]{0,62})?$")]
Gas = Annotated[str, Meta(pattern=r"^([a-z][a-z0-9_-]{0,31})?$")]
Unit = Literal["", "ppm", "%LEL", "%vol", "mg/m3"]
User = Annotated[str, Meta(pattern=r"^[^\s/:@-][^\s/:@]{0,63}$")]


class DetectorTry(Form, frozen=True, kw_only=True):
    """One detector to look at; what is empty the box finds out."""

    where: Where
    unit: Annotated[int, Meta(ge=0, le=247)]
    profile: Profile = ""
    gas: Gas = ""
    channel: Annotated[int, Meta(ge=1, le=999)] | None = None
    range: Annotated[float, Meta(gt=0, le=1_000_000)] | None = None
    in_unit: Unit = ""


class CamerasTry(Form, frozen=True, kw_only=True):
    """Which cameras are here; with a user also their streams."""

    user: User | None = None
    password: Secret | None = None


class StreamTry(Form, frozen=True, kw_only=True):
    """One stream to open."""

    url: Annotated[str, Meta(pattern=r"^rtsps?://[^\s@]+$", max_length=400)]
    user: User | None = None
    password: Secret | None = None


class Try(Struct, frozen=True, kw_only=True):
    """What was tried; `probed`, `cameras`, `stream` or `failed` says what came of it."""

    id: str
    running: bool
    probed: Probed | None = None
    cameras: CamerasFound | None = None
    stream: StreamSeen | None = None
    failed: Words = NOTHING


StepId = Literal["site", "time", "uplink", "camera", "detector", "zone", "relay", "wearable", "people", "trial"]


class SetupStep(Struct, frozen=True, kw_only=True):
    """One thing that a new box needs. `says`: what is known of it now; `to`: the page where it is done."""

    id: StepId
    standing: Literal["done", "open", "fault", "unknown"]
    says: Words
    to: str


class Setup(Struct, frozen=True, kw_only=True):
    """Everything that a new box needs, in the order in which it is done."""

    steps: tuple[SetupStep, ...]
