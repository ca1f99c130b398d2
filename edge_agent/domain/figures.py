"""The figures of one local day, as they add up (ledger 4-35 to 4-41)."""

from msgspec import Struct


class Ppe(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Protective equipment as one camera saw it in one shift: persons looked at, once a sampling period.

    What could not be assessed is told beside the others: it is neither worn nor missing.
    """

    camera: str
    shift: str
    compliant: int = 0
    missing: int = 0
    not_assessable: int = 0


class Times(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How many durations were measured, their sum and their longest."""

    count: int = 0
    sum_s: float = 0.0
    longest_s: float = 0.0


class Tries(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How often somebody was to be shown in one way, and how often that worked at once (ledger 4-28)."""

    tried: int = 0
    held: int = 0

    def __add__(self, other: "Tries") -> "Tries":
        return Tries(tried=self.tried + other.tried, held=self.held + other.held)


class Day(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One local day so far, as far as the box was up to count it.

    `since` is the site's time of day at which counting began; `down_s` and `restarts` tell of what is
    missing after that.
    """

    date: str = ""
    since: str = ""
    since_utc: float = 0.0
    restarts: int = 0
    down_s: float = 0.0  # at least: without a journal nobody knows how long the box was down
    ppe: dict[str, Ppe] = {}
    ppe_s: float | None = None  # when people were last looked at
    starts: int = 0
    starts_on_time: int = 0
    near_misses: dict[str, int] = {}
    stops_by_blame: dict[str, int] = {}
    stops_by_rule: dict[str, int] = {}
    acknowledged: Times = Times()
    decided: Times = Times()  # from the first sample of a danger to the decision
    drills: int = 0
    ways: dict[str, Tries] = {}  # "log_in/badge", "check_in/tag"


class Figures(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The day, what repeated itself ("area/rule" -> when it was raised lately), how each way of showing works."""

    day: Day = Day()
    repeats: dict[str, tuple[float, ...]] = {}
    ways: dict[str, tuple[tuple[int, Tries], ...]] = {}  # by way: (day, tries) of the last weeks


class Counts(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything that is counted over days, and so must outlive a restart."""

    figures: Figures = Figures()
    gas_alarms: dict[str, tuple[tuple[int, int], ...]] = {}  # "gas/area" -> (day, episodes), 30 days (4-18)
