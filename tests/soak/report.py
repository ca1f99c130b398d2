"""What a soak found: how often ordinary work was stopped, by which rule, and what was missed."""

import math
from collections import Counter

from msgspec import Struct

from tests.soak.crew import Pause
from tests.soak.dangers import Missed, Planted
from tests.soak.ordinary import Ordinary

BUDGET_PER_HOUR = 0.01
STEADY = 1.0  # alarms in ten minutes, of one box (ISA-18.2: docs/domain.md 2.6)
CERTAINTY = 0.95
SHOWN = 20


class Report(Struct, kw_only=True):
    """Everything that ran, and what came of it."""

    seed: str
    workers: int
    version: str
    machine: list[str]
    took_s: float = 0.0
    hours: float = 0.0
    box_hours: float = 0.0
    steps: int = 0
    kinds: dict[str, float] = {}
    pauses: list[tuple[str, Pause]] = []  # with the seed of its play
    not_begun: dict[str, int] = {}
    alarms: dict[str, int] = {}
    refused: dict[str, int] = {}
    planted: int = 0
    danger_steps: int = 0
    missed: list[Missed] = []
    worst_s: dict[str, float] = {}

    def add_ordinary(self, one: Ordinary) -> None:
        """One play more."""
        self.hours += one.hours
        self.box_hours += one.box_hours
        self.steps += one.steps
        self.pauses += [(one.seed, pause) for pause in one.pauses]
        self.not_begun = dict(Counter(self.not_begun) + Counter(one.not_begun))
        self.kinds = {
            kind: self.kinds.get(kind, 0.0) + one.kinds.get(kind, 0.0) for kind in self.kinds | one.kinds
        }
        self.alarms = dict(Counter(self.alarms) + Counter(one.alarms))
        self.refused = dict(Counter(self.refused) + Counter(one.refused))

    def add_planted(self, many: Planted) -> None:
        """Some dangers more."""
        self.planted += many.played
        self.danger_steps += many.steps
        self.missed += many.missed
        for name, took_s in many.worst_s.items():
            self.worst_s[name] = max(took_s, self.worst_s.get(name, 0.0))

    @property
    def alarms_in_ten_minutes(self) -> float:
        """Of all permits of one box together."""
        return sum(self.alarms.values()) / (6 * self.box_hours) if self.box_hours else 0.0

    @property
    def most_per_hour(self) -> float:
        """The rate of false pauses that is not exceeded with 95 % certainty."""
        return upper_bound(len(self.pauses)) / self.hours if self.hours else math.inf


def upper_bound(count: int, certainty: float = CERTAINTY) -> float:
    """The mean of a Poisson law that gives more than `count` with this probability: the exact one-sided bound."""
    low, high = 0.0, 10.0 + 4.0 * count
    while high - low > 1e-9:
        mean = (low + high) / 2
        term, total = math.exp(-mean), 0.0
        for at in range(count + 1):
            total += term
            term *= mean / (at + 1)
        low, high = (mean, high) if total > 1 - certainty else (low, mean)
    return high


def verdict(report: Report) -> bool:
    """Whether the budget holds, nothing was missed, alarms were few, and every ordinary job could begin."""
    calm = not report.hours or report.most_per_hour <= BUDGET_PER_HOUR
    calm = calm and report.alarms_in_ten_minutes <= STEADY
    return calm and not report.missed and not report.not_begun


def text(report: Report) -> str:
    """For people."""
    ran = (
        f"ordinary work: {report.hours:.1f} permit-hours in {report.steps} steps, one a second and at urgent words"
    )
    bound = f"with 95 % certainty at most {report.most_per_hour:.4f} a permit-hour (budget {BUDGET_PER_HOUR})"
    took = f"{report.workers} processes, {report.took_s:.0f} s"
    lines = [
        f"soak: seed {report.seed}, edge-agent {report.version}, {took}",
        *report.machine,
        "",
        ran,
        *(f"  {kind}: {hours:.1f} h" for kind, hours in sorted(report.kinds.items())),
        f"  false pauses: {len(report.pauses)}; {bound}",
        *(f"    {many} x {what}" for what, many in _causes(report)),
        *(
            f"    e.g. seed {seed}: {one.permit} at {one.at_s:.0f} s: {one.words}"
            for seed, one in report.pauses[:SHOWN]
        ),
        *(f"  COULD NOT BEGIN ({many}): {why}" for why, many in report.not_begun.items()),
        f"  alarms of a box in ten minutes: {report.alarms_in_ten_minutes:.2f} (at most {STEADY:g})",
        "  alarms a permit-hour: "
        + ", ".join(f"{code} {many / report.hours:.2f}" for code, many in sorted(report.alarms.items())),
        "",
        f"planted dangers: {report.planted} in {report.danger_steps} steps; missed {len(report.missed)}",
        *(f"  {name}: found after at most {took_s:.1f} s" for name, took_s in sorted(report.worst_s.items())),
        *(f"  MISSED {one.danger} (seed {one.seed}): {one.why}" for one in report.missed[:SHOWN]),
        "",
        f"soak: {'passed' if verdict(report) else 'FAILED'}",
    ]
    return "\n".join(lines) + "\n"


def _causes(report: Report) -> list[tuple[str, int]]:
    return Counter(f"{one.code} {one.rule} ({one.blame}), {one.kind}" for _, one in report.pauses).most_common()
