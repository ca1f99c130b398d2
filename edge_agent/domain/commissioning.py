"""The commissioning record: what was tried when a box was set up, by whom, what came of it, its certificate."""

from enum import StrEnum
from typing import Literal

from msgspec import Struct

from edge_agent.domain.words import Words


class TrialKind(StrEnum):
    """What is tried."""

    BUMP = "bump"  # a gas channel meets a known gas
    SURVEY = "survey"  # a wearable stands at a surveyed point of an area
    WALK = "walk"  # somebody walks before a camera
    SIREN = "siren"  # it is heard, and a second person says so
    RELAY = "relay"  # an output is seen to fall, by its mirror contact
    UPLINK = "uplink"  # the way to the centre is cut, and comes back
    POWER = "power"  # the box loses its power and guards again
    UPS = "ups"  # the back-up supply carries the box


Outcome = Literal["passed", "failed", "not_done"]
# "except" is a safety officer's word about a measured failure; "agree" is his word that work opens once more.
# "take" measures now (bump, survey); "enter" is a person's own figure where the box measures none;
# "heard" is the second person's word about a siren; "skip" says why something is not done.
Do = Literal["begin", "agree", "take", "enter", "heard", "skip", "except", "finish", "drop"]


class Act(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What somebody does for the record. `of` is an item's key ("bump/gas-ch4")."""

    do: Do
    of: str = ""
    value: float | None = None  # of the gas in the bottle; a figure that is entered
    x_m: float | None = None  # of the surveyed point, on the site's plan
    y_m: float | None = None
    wearable: str = ""  # that stands there
    passed: bool | None = None  # of a figure that is entered
    days: float | None = None  # how long an exception lasts
    note: str = ""


class Excepted(Struct, frozen=True, kw_only=True):
    """A safety officer lets a measured failure be: why, and until when. It stays a failure."""

    by: str
    reason: str
    at_utc: float
    until_utc: float


class Trial(Struct, frozen=True, kw_only=True):
    """One item as it was tried. `covers` is the hash of what the settings said of the device then."""

    key: str
    kind: TrialKind
    of: str  # device, area, "module/output", or "unit"
    covers: str
    outcome: Outcome
    by: str
    second: str = ""  # who heard the siren
    at_utc: float
    measured: bool = False  # by the box itself; else a person's word
    value: float | None = None
    unit: str = ""
    limit: float | None = None
    clause: str = ""
    note: str = ""
    files: dict[str, str] = {}  # pictures of it by name: SHA-256
    excepted: Excepted | None = None


class Sight(Struct, frozen=True, kw_only=True):
    """Somebody saw or heard an output go on that no contact reads back: his word, and no measurement.

    `covers` is the hash of what the settings said of the output then.
    """

    by: str
    at_utc: float
    covers: str


class Session(Struct, frozen=True, kw_only=True):
    """A commissioning under way, and what the box has seen since it began."""

    by: str
    begun_utc: float
    sounded: dict[str, float] = {}  # by siren: when it last had to sound
    powered: tuple[str, ...] = ()  # outputs that were seen to be on: only those can be seen to fall
    cut_utc: float | None = None  # since when the way to the centre is cut
    opened_utc: float | None = None  # since when it lets work start without a certificate; None: it does not


class Grace(Struct, frozen=True, kw_only=True):
    """Once, a commissioning let work start before there was a certificate. `officer`: who agreed to one more."""

    at_utc: float
    by: str
    officer: str = ""
    reason: str = ""


class Certificate(Struct, frozen=True, kw_only=True):
    """What was shown, by whom, until when it holds. Signed by the unit's key when it is written out."""

    number: str
    site: str
    unit: str
    by: str
    issued_utc: float
    valid_until_utc: float
    settings: str  # their digest then: for people; what counts is each trial's own `covers`
    trials: tuple[Trial, ...]


class Commissioning(Struct, frozen=True, kw_only=True):
    """All that is kept: the newest trial of each item, and the last certificate."""

    session: Session | None = None
    trials: dict[str, Trial] = {}
    certificate: Certificate | None = None
    graces: tuple[Grace, ...] = ()  # of the last 30 days
    seen: dict[str, Sight] = {}  # by output, "module/output": the set-up's own, of no certificate


NOT_COMMISSIONED = Commissioning()


class Item(Struct, frozen=True, kw_only=True):
    """Something that a commissioning of this site has to try."""

    key: str
    kind: TrialKind
    of: str
    device: str  # whose change makes the trial void; "" for the unit's own
    name: Words
    covers: str
    formerly: str = ""  # what `covers` was of the same device before it was made of its meaning alone
    limit: float | None = None
    unit: str = ""
    clause: str = ""

    def covered_by(self, made: Trial) -> bool:
        """Whether a trial was made of what there is now."""
        return made.covers in {self.covers, self.formerly} - {""}
