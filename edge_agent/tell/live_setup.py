"""What a new device says before it is entered into the settings, for whoever fits it: probes and searches as JSON.

Nothing here is a value that guards anybody: it is what stood on the wire at one look.
"""

from typing import Literal

from msgspec import Struct

from edge_agent.domain.words import NOTHING, Words


class RawRegister(Struct, frozen=True, kw_only=True):
    """One register as it came, and what the profile takes it for."""

    register: int
    word: int  # 16 bits
    means: Words = NOTHING


class ProfileFit(Struct, frozen=True, kw_only=True):
    """How well one profile explains the detector; `proofs`: how many of its words could only be its own."""

    profile: str
    title: Words
    fits: bool
    proofs: int
    says: Words


class Probed(Struct, frozen=True, kw_only=True):
    """One look at one detector. `level` None: its quality carries no number. `failed`: why there is nothing.

    `profile` is the one that was asked for, or the one that stands out among `fits`; "" where none does.
    """

    profile: str = ""
    title: Words = NOTHING
    gas: str = ""  # what the wire says, or what was asked for; "?" where nothing says it
    gases: tuple[str, ...] = ()  # what this family measures
    registers: tuple[RawRegister, ...] = ()
    level: float | None = None
    unit: str = ""
    quality: str = ""
    device_alarm: bool = False
    verdict: Words = NOTHING
    notes: tuple[Words, ...] = ()
    fits: tuple[ProfileFit, ...] = ()  # of all that were tried, the best first
    suggestion: Words = NOTHING
    failed: Words = NOTHING


class CameraStream(Struct, frozen=True, kw_only=True):
    """One stream that a camera offers; `best`: the one to enter."""

    url: str  # without user and password
    name: str
    says: Words  # codec, size, rate
    best: bool


class CameraFound(Struct, frozen=True, kw_only=True):
    """One camera of this network, by its own word. `failed`: why it told no streams."""

    host: str
    name: str
    streams: tuple[CameraStream, ...] = ()
    notes: tuple[Words, ...] = ()
    failed: Words = NOTHING


class CamerasFound(Struct, frozen=True, kw_only=True):
    """Everybody who answered."""

    cameras: tuple[CameraFound, ...] = ()
    failed: Words = NOTHING


class StreamSeen(Struct, frozen=True, kw_only=True):
    """One look at one stream: what to know of it, what to mend; with a log-in: what the camera says to that.

    `login`: "" where none was tried, or where it never came to that; "unproven": it opens to everybody.
    """

    says: tuple[Words, ...] = ()
    failed: Words = NOTHING
    login: Literal["", "good", "unproven", "refused"] = ""


class Try(Struct, frozen=True, kw_only=True):
    """What somebody had looked at; `probed`, `cameras`, `stream` or `failed` says what came of it."""

    id: str
    person: str  # nobody else is told
    running: bool
    probed: Probed | None = None
    cameras: CamerasFound | None = None
    stream: StreamSeen | None = None
    failed: Words = NOTHING
