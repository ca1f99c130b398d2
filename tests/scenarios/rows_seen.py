"""Watches, row by row, how near a scenario comes to what a row says, on either side."""

from collections.abc import Iterable, Iterator

from msgspec import Struct, to_builtins
from msgspec.structs import replace

from edge_agent.decide.alarms import ACTIVE
from edge_agent.decide.consent import alarm_words
from edge_agent.decide.rules.rule import Rule, run
from edge_agent.decide.state import Decision, Inputs
from edge_agent.decide.step import begin, step
from edge_agent.domain.observation import Observation
from edge_agent.domain.outcome import Finding, Verdict
from edge_agent.domain.permit import TERMINAL, State
from edge_agent.domain.request import Request
from edge_agent.fuse.world import World
from edge_agent.ops.replay import line
from tests.scenarios.scenario import BEFORE_THE_FIRST_STEP, Scenario
from tests.scenarios.stories import site_of

ENOUGH_PCT = 50.0  # of its delay
NEARLY_S = 2.0


class Seen(Struct, frozen=True, kw_only=True):
    """One step: the World that was judged, what every row said of it, and what was told."""

    world: World
    verdicts: dict[str, Verdict]
    decision: Decision
    differs: int  # in how much this World's inputs differ from those of the one before, beside the time

    @property
    def active(self) -> set[str]:
        """Verdicts that have an alarm."""
        alarms = self.decision.state.alarms
        return {key for key in self.verdicts if key in alarms and alarms[key].state in ACTIVE}

    @property
    def refused(self) -> set[str]:
        """Verdicts for which somebody's request was refused."""
        told = [reason for event in self.decision.events for reason in event.data.get("reasons", ())]
        alarms = self.decision.state.alarms
        return {
            key
            for key in (self.verdicts if told else ())
            if key in alarms and to_builtins(alarm_words(alarms[key], self.world)) in told
        }

    def state(self, permit: str) -> State | None:
        """Where a permit stands; none where it is none of the site's, or the finding is the whole unit's."""
        jobs = (job.permit for job in self.world.jobs if job.permit.ticket.id == permit)
        return next((permit.state for permit in jobs), None)


def seen(scenario: Scenario, rules: Iterable[Rule], asked: set[object]) -> Iterator[Seen]:
    """Plays it, step by step; the scenario keeps what was told, and what each step asked the tables for."""
    looked: dict[int, _Looked] = {}  # of each step: a drill asks the rows about a pretended World too
    rows = tuple(_once_each(rule, looked) for rule in rules)
    site = site_of(scenario.name)
    asked.clear()
    decision = begin(site, scenario.start.instant, scenario.start.kept)
    scenario.note(BEFORE_THE_FIRST_STEP, asked)
    scenario.told += [line(event) for event in decision.events]
    before: Inputs | None = None
    for at, inputs in enumerate(scenario.steps):
        looked.clear()
        scenario.before.append((decision.state, len(scenario.told)))
        decision = step(site, decision.state, inputs, rows)
        scenario.told += [line(event) for event in decision.events]
        world = next(iter(looked.values())).world
        verdicts = {verdict.key: verdict for verdict in run(rows, world)}
        scenario.note(at, asked)
        yield Seen(world=world, verdicts=verdicts, decision=decision, differs=_differs(before, inputs))
        before = inputs


class _Looked(Struct, frozen=True):
    """A World that the rows were asked about, and what each found."""

    world: World
    found: dict[str, tuple[Finding, ...]] = {}


def _once_each(rule: Rule, looked: dict[int, _Looked]) -> Rule:
    """The rule, which notes the World, and need not look at it twice."""

    def find(world: World) -> tuple[Finding, ...]:
        known = looked.setdefault(id(world), _Looked(world)).found
        if rule.name not in known:
            known[rule.name] = tuple(rule.find(world))
        return known[rule.name]

    return replace(rule, find=find)


def _differs(before: Inputs | None, now: Inputs) -> int:
    """Sources that say something else, or nothing; what was brought, what was asked; a moved clock."""
    if before is None:
        return len(now.observations) + len(now.asked)
    was, is_ = _said(before), _said(now)
    sources = {source for source, of in {*was, *is_} if was.get((source, of)) != is_.get((source, of))}
    asked = [one for one in before.asked if isinstance(one, Request)]  # answered after its own step's World
    brought = [one for one in now.asked if not isinstance(one, Request)]
    return len(sources) + len(asked) + len(brought) + (_clock(before) != _clock(now))


def _said(inputs: Inputs) -> dict[tuple[str, str], Observation]:
    return {
        (one.source, f"{type(one).__name__} {getattr(one, 'channel', '')}"): replace(one, at_s=0.0)
        for one in inputs.observations
    }


def _clock(inputs: Inputs) -> tuple[float, bool]:
    return round(inputs.instant.utc - inputs.instant.now_s, 3), inputs.instant.trusted


def turned(before: Seen, now: Seen) -> Iterator[str]:
    """Rules whose finding comes or goes between two steps that are the same but for one thing, or one second."""
    if now.differs <= 1:
        for key in before.verdicts.keys() ^ now.verdicts.keys():
            verdict = now.verdicts.get(key) or before.verdicts[key]
            permit = verdict.finding.permit
            if before.state(permit) == now.state(permit) and (not permit or now.state(permit) is not None):
                yield verdict.rule


def just_short(stood_s: float, delay_s: float) -> bool:
    """Whether a finding that went before its delay was up had stood for most of it."""
    return stood_s < delay_s and (delay_s - stood_s <= NEARLY_S or stood_s >= delay_s * ENOUGH_PCT / 100)


class Standing:
    """Findings that stand against work under way and have no alarm yet: how long, and which were gone in time."""

    def __init__(self) -> None:
        self._since_s: dict[str, tuple[float, float]] = {}  # first and last seen
        self._last: Seen | None = None

    def gone(self, now: Seen) -> Iterator[tuple[str, float, float]]:
        """Rules whose finding went without an alarm: for how long it stood, and how long it may."""
        at_s, active, last = now.world.now_s, now.active, self._last
        for key, (first_s, last_s) in list(self._since_s.items()):
            if key in now.verdicts and key not in active:
                continue
            del self._since_s[key]
            verdict = last.verdicts[key] if last is not None else None
            if last is not None and verdict is not None and key not in now.verdicts:
                permit = verdict.finding.permit
                if last.state(permit) in {now.state(permit), *TERMINAL}:  # what has ended may be over by now
                    yield verdict.rule, last_s - first_s, verdict.on_delay_s
        for key, verdict in now.verdicts.items():
            if key not in active and not verdict.quiet:
                self._since_s[key] = (self._since_s.get(key, (at_s, at_s))[0], at_s)
        self._last = now
