"""What is vouched for of the devices, for people: records, and a bump test under way."""

from msgspec import Struct

from edge_agent.domain.words import Words


class LiveRecord(Struct, frozen=True, kw_only=True):
    """What is vouched for of a detector. Times are UTC seconds; None: nobody has said so."""

    status: str
    calibration_due_utc: float | None = None
    bump_tested_utc: float | None = None
    bump_due: bool = False  # the rulebook asks for a bump test each day, and today there was none
    self_test_ok: bool | None = None
    valid_until_utc: float | None = None
    bump_failed_utc: float | None = None


class LiveBump(Struct, frozen=True, kw_only=True):
    """A bump test under way: what the bottle says, what the detector came to, and until when it has time."""

    by: str
    level: float
    unit: str
    within_pct: float
    nearest: float | None
    met: int  # so many words in a row that show the gas; three are enough
    left_s: float
    over: bool = False  # ... and it has passed or failed: the bottle's gas has to leave the detector
    alarms: bool = False  # people are at work there: its gas is an alarm like any other


class LiveDevice(Struct, frozen=True, kw_only=True):
    """Any other device of the site, and what is vouched for of it."""

    id: str
    name: Words
    kind: str
    record: LiveRecord | None
    wanted: bool  # the rulebook asks for a record, and there is none that holds
