"""What a week came to: its samples, its verdict, and both in words."""

from msgspec import Struct

from tests.soak.report import BUDGET_PER_HOUR, upper_bound
from tests.soak.week.box import JOURNAL_BYTES
from tests.soak.week.days import Found
from tests.soak.week.growth import Bound, Grown, lines

MB = 1e6
# What may come each day to a box that runs for years. Below `noise` in all it is the allocator, or mere spread.
BOUNDS = {
    "pss_mb": Bound(per_day=1.0, noise=4.0),
    "open_files": Bound(per_day=0.2),
    "threads": Bound(per_day=0.2),
    "objects": Bound(per_day=2000, noise=8000),
    "state_kb": Bound(per_day=20.0),
    "step_floors": Bound(per_day=0.02, noise=0.2),
    "step_p99_floors": Bound(per_day=0.1, noise=1.0),
    "journal_mb": Bound(per_day=JOURNAL_BYTES / MB),  # its quota is judged instead
    "database_mb": Bound(per_day=20.0),  # the records are never thrown away: years of them must fit
    "waiting": Bound(per_day=50),
}


class Sample(Struct, frozen=True, kw_only=True):
    """The box after so many hours."""

    hour: int
    pss_mb: float
    open_files: int
    threads: int
    objects: int
    state_kb: float
    step_ms: float  # median of the hour, of the processor's time
    step_p99_ms: float
    floor_ms: float  # median of what a fixed piece of work took in that hour
    steps: int
    waiting: int
    disk_mb: dict[str, float]

    def figure(self, name: str) -> float:
        """One of those that are judged."""
        if name in {"journal_mb", "database_mb"}:
            return self.disk_mb[name.removesuffix("_mb")]
        if name.endswith("_floors"):
            return float(getattr(self, name.replace("_floors", "_ms"))) / self.floor_ms
        return float(getattr(self, name))


class Week(Struct, kw_only=True):
    """What came of it."""

    seed: str
    hours: float
    took_s: float = 0.0
    steps: int = 0
    permit_hours: float = 0.0
    tickets: int = 0
    cuts: int = 0
    ends: int = 0
    machine: list[str] = []
    samples: list[Sample] = []
    grown: dict[str, Grown] = {}
    over_quota: list[str] = []
    found: list[Found] = []
    false_pauses: list[str] = []
    not_begun: list[str] = []
    events: dict[str, int] = {}
    rows: int = 0
    untold: list[int] = []
    chain: str = "not looked at"

    @property
    def missed(self) -> list[Found]:
        """Dangers that did not stop the work."""
        return [one for one in self.found if one.took_s is None]

    @property
    def calm(self) -> bool:
        """Whether the false pauses are no more than the budget lets expect, with 95 % certainty."""
        most = BUDGET_PER_HOUR * self.permit_hours
        return not self.false_pauses or upper_bound(len(self.false_pauses) - 1, 0.05) <= most

    @property
    def passed(self) -> bool:
        """The verdict."""
        grew = [name for name, one in self.grown.items() if one.grew]
        holds = self.chain == "holds" and not self.untold
        return holds and self.calm and not (grew or self.over_quota or self.missed or self.not_begun)


def said(one: Sample) -> str:
    disk = ", ".join(f"{name} {size:.1f}" for name, size in one.disk_mb.items() if size >= 0.1)
    return (
        f"{one.pss_mb:.1f} MB, {one.open_files} files, {one.threads} threads, state {one.state_kb:.0f} kB, "
        f"step {one.step_ms:.2f}/{one.step_p99_ms:.2f} ms ({one.figure('step_floors'):.2f} floors), "
        f"{one.waiting} wait; on the disk {disk} MB"
    )


def text(week: Week) -> str:
    """For people."""
    slowest = max((one.took_s or 0.0 for one in week.found), default=0.0)
    out = [
        f"week: seed {week.seed}, {week.hours:g} h in {week.took_s:.0f} s, {week.steps} steps",
        *week.machine,
        f"  {week.permit_hours:.1f} permit-hours, {week.tickets} tickets closed",
        f"  power cuts: {week.cuts}, orderly ends: {week.ends}",
        f"  {sum(week.events.values())} events, {week.rows} rows of the chain, which {week.chain}",
        f"  events that the centre lacks: {len(week.untold)}",
        f"  dangers planted: {len(week.found)}, missed {len(week.missed)}, stopped after at most {slowest:.1f} s",
        f"  false pauses: {len(week.false_pauses)}",
        *(f"    {one}" for one in week.false_pauses),
        *(f"  COULD NOT BEGIN: {one}" for one in week.not_begun),
        *(f"  NOT AS IT SHOULD BE: {one}" for one in week.over_quota[:20]),
        *lines(week.grown),
        f"week: {'passed' if week.passed else 'FAILED'}",
    ]
    return "\n".join(out) + "\n"
