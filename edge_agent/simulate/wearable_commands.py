"""What the wearables can be told to do; the vocabulary is explained in `wearables.py`."""

import math
from typing import Annotated, Literal

from msgspec import Meta

from edge_agent.simulate.control import Command
from edge_agent.simulate.tag import Malformed

Gaps = Literal["steady", "real"]


class OfTag(Command, frozen=True, kw_only=True):
    """A command to one tag."""

    tag: str


class AddTag(Command, frozen=True, kw_only=True, tag="tag"):
    """One more tag; the fields of TagSpec."""

    provider_id: str
    x: float
    y: float
    z: float | None = None
    roam_m: float = 1.0
    accuracy_m: float = 0.3
    floor: float = 0.0
    battery_pct: float = 87.0
    source: str = "site"
    provider_type: str = "uwb"
    held_s: float = 0.0


class Move(OfTag, frozen=True, kw_only=True, tag="move"):
    """Walk to another place and stay about there."""

    x: float
    y: float
    speed: Annotated[float, Meta(gt=0)] = 1.3


class Simple(OfTag, frozen=True, kw_only=True):
    """A command with no more than its tag."""


class Still(Simple, frozen=True, kw_only=True, tag="still"):
    """No motion at all."""


class Stir(Simple, frozen=True, kw_only=True, tag="stir"):
    """Move about the post again."""


class TakeOff(Simple, frozen=True, kw_only=True, tag="take_off"):
    """Nobody wears it."""


class PutOn(Simple, frozen=True, kw_only=True, tag="put_on"):
    """Worn again."""


class Speak(Simple, frozen=True, kw_only=True, tag="speak"):
    """Publish again."""


class ClearRetained(Simple, frozen=True, kw_only=True, tag="clear_retained"):
    """Remove the retained message."""


class Duplicate(Simple, frozen=True, kw_only=True, tag="duplicate"):
    """The last message once more."""


class Silent(OfTag, frozen=True, kw_only=True, tag="silent"):
    """Publish nothing."""

    for_s: float = math.inf


class Sos(OfTag, frozen=True, kw_only=True, tag="sos"):
    """The emergency button."""

    on: bool = True


class Fall(OfTag, frozen=True, kw_only=True, tag="fall"):
    """The wearer falls and lies still; off again when he is up."""

    on: bool = True


class Press(OfTag, frozen=True, kw_only=True, tag="press"):
    """The side button, held down for a while."""

    for_s: Annotated[float, Meta(gt=0)] = 1.5


class Pulse(OfTag, frozen=True, kw_only=True, tag="pulse"):
    """What the heart-rate sensor says; null means no measurement."""

    bpm: float | None = None


class Battery(OfTag, frozen=True, kw_only=True, tag="battery"):
    """Set the charge."""

    pct: float


class Accuracy(OfTag, frozen=True, kw_only=True, tag="accuracy"):
    """The platform is less sure of the place, which is measured as before."""

    m: Annotated[float, Meta(gt=0)]


class LoseFix(OfTag, frozen=True, kw_only=True, tag="lose_fix"):
    """The tag sees no satellite, or sees them again."""

    on: bool = True


class HoldFix(OfTag, frozen=True, kw_only=True, tag="hold_fix"):
    """The platform goes on sending a fix that is so old; 0 ends it."""

    age_s: Annotated[float, Meta(ge=0)] = 1800.0


class Beacons(OfTag, frozen=True, kw_only=True, tag="beacons"):
    """Of how many beacons the next fixes are made."""

    count: Annotated[int, Meta(ge=0, le=10)]


class RetainedStale(OfTag, frozen=True, kw_only=True, tag="retained_stale"):
    """Leave a retained message with an old fix at the broker."""

    age_s: float = 3600.0


class OutOfOrder(OfTag, frozen=True, kw_only=True, tag="out_of_order"):
    """Publish an older fix after a newer one."""

    age_s: float = 30.0


class Malform(OfTag, frozen=True, kw_only=True, tag="malformed"):
    """Publish what is not a Location."""

    kind: Malformed


class Raw(Command, frozen=True, kw_only=True, tag="raw"):
    """Publish any text to any topic."""

    topic: str
    payload: str
    retain: bool = False


class Pace(Command, frozen=True, kw_only=True, tag="pace"):
    """How often tags publish."""

    gaps: Gaps
    interval_s: float = 1.0


class Status(Command, frozen=True, kw_only=True, tag="status"):
    """Tell the state of every tag."""


TagCommand = (
    Move | Still | Stir | TakeOff | PutOn | Speak | ClearRetained | Duplicate | Silent | Sos | Fall | Press
    | Pulse | Battery | Accuracy | LoseFix | HoldFix | Beacons
    | RetainedStale | OutOfOrder | Malform
)  # fmt: skip
