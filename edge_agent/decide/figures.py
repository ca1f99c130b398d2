"""The figures of the day: counted from the box's own events and pictures, told at local midnight.

Nothing here stops or permits anything, with one exception that makes things more urgent: what was raised
at one place for the third time within the rulebook's window is told one priority higher (ledger 2-58, 3-10).
Drills and shadow mode are not counted: they did not happen.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import assert_never

from msgspec import Struct, to_builtins
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.decide.figures_told import told
from edge_agent.decide.state import Draft, State
from edge_agent.domain.figures import Counts, Day, Figures, Ppe, Times, Tries
from edge_agent.domain.local_time import LocalTime
from edge_agent.domain.observation import View, Worn
from edge_agent.domain.outcome import Event, Priority, Verdict
from edge_agent.domain.permit import Permit
from edge_agent.domain.rulebook import FigureLimits
from edge_agent.domain.words import Words
from edge_agent.fuse.ppe import overall
from edge_agent.fuse.ppe_asked import asked_of
from edge_agent.fuse.world import World

WAY_DAYS = 30  # as long as the repeated gas alarms of an area are remembered
MOST_KEYS = 500  # memory only: places and rules, cameras and shifts
STOPS = frozenset({"permit.paused", "permit.cause_added", "permit.stopped"})


class Near(Struct, frozen=True, kw_only=True):
    """One sign that something nearly happened: an event, of which family of codes, with which effects."""

    name: str
    event: str
    code: str = ""
    effects: frozenset[str] = frozenset()


WARNED = frozenset({"warn", "block_start"})
# Candidates only: whether it was a near miss, people decide (ledger 4-40).
NEAR_MISSES = (
    Near(name="gas_approached_its_limit", event="alarm.raised", code="GAS-", effects=frozenset({"warn"})),
    Near(name="guard_came_back_in_time", event="alarm.returned", code="GRD-", effects=WARNED),
    Near(name="somebody_stopped_the_work", event="permit.stopped"),
    Near(name="a_start_was_refused", event="permit.start_refused"),
    Near(name="somebody_called_for_help", event="alarm.raised", code="PTW-04"),
)


def risen(
    verdicts: Iterable[Verdict],
    before: Figures,
    permits: Mapping[str, Permit],
    limits: FigureLimits,
    now_utc: float,
) -> list[Verdict]:
    """The verdicts, one priority higher where the same thing at the same place has repeated itself."""
    often = {
        key
        for key, raised in before.repeats.items()
        if sum(now_utc - at_utc <= limits.repeat_s.value for at_utc in raised) >= limits.repeat_times.value
    }
    if not often:
        return list(verdicts)
    return [_raised(verdict) if _place(verdict, permits) in often else verdict for verdict in verdicts]


def _raised(verdict: Verdict) -> Verdict:
    return replace(verdict, priority=Priority(max(Priority.CRITICAL, verdict.priority - 1)))


def _place(verdict: Verdict, permits: Mapping[str, Permit]) -> str:
    permit = permits.get(verdict.finding.permit)
    return "" if permit is None else f"{permit.ticket.area}/{verdict.rule}"


def advance(draft: Draft, before: Figures, world: World, local: LocalTime, limits: FigureLimits) -> Figures:
    """The figures after this step's events; a day that is over is told first."""
    now = local.local(draft.instant.utc)
    today = now.date().isoformat()
    after = before
    if draft.instant.trusted and before.day.date != today:
        if before.day.date:
            draft.event("figures.day", "unit", Priority.LOW, told(before.day))
        after = replace(before, day=Day(date=today, since=f"{now:%H:%M}", since_utc=draft.instant.utc))
    for event in tuple(draft.events):
        if not event.data.get("drill") and not event.data.get("shadow"):
            after = replace(after, day=_counted(after.day, event, draft.permits, limits))
            after = _repeated(draft, after, event, limits)
        elif event.type == "drill.report":
            after = replace(after, day=replace(after.day, drills=after.day.drills + 1))
    return _seen(draft, _shown(draft, after, now.date().toordinal()), world, limits)


def _shown(draft: Draft, figures: Figures, today: int) -> Figures:
    """Who showed himself how, today and over the last weeks (ledger 4-28)."""
    if not draft.ways:
        return figures
    ways, lately = dict(figures.day.ways), dict(figures.ways)
    for way, tries in draft.ways.items():
        ways[way] = ways.get(way, Tries()) + tries
        known = {day: told for day, told in lately.get(way, ()) if abs(today - day) < WAY_DAYS}
        known[today] = known.get(today, Tries()) + tries
        lately[way] = tuple(known.items())
    return replace(figures, day=replace(figures.day, ways=ways), ways=lately)


def kept(state: State) -> Counts:
    """What of this state must outlive the process; nothing that means only this boot's clock."""
    day = replace(state.figures.day, ppe_s=None)
    return Counts(figures=replace(state.figures, day=day), gas_alarms=state.memory.gas_alarms)


def woken(before: Figures, instant: Instant, alive_utc: float | None, local: LocalTime) -> Figures:
    """The figures after a restart: the day goes on, and says what it has missed."""
    day = before.day
    if not day.date:
        return before
    missed_s = 0.0
    if instant.trusted and alive_utc is not None:
        midnight = datetime.combine(datetime.fromisoformat(day.date) + timedelta(days=1), time(), local.zone)
        missed_s = max(0.0, min(instant.utc, midnight.timestamp()) - alive_utc)
    return replace(before, day=replace(day, restarts=day.restarts + 1, down_s=round(day.down_s + missed_s, 1)))


def _counted(day: Day, event: Event, permits: Mapping[str, Permit], limits: FigureLimits) -> Day:
    data = event.data
    for near in NEAR_MISSES:
        if _matches(near, event):
            day = replace(day, near_misses=_more(day.near_misses, near.name))
    if event.type == "permit.started":
        late_s = event.at_utc - permits[event.subject].ticket.valid_from_utc
        punctual = late_s <= limits.on_time_s.value
        day = replace(day, starts=day.starts + 1, starts_on_time=day.starts_on_time + punctual)
    if event.type in STOPS and data["causes"]:
        newest = data["causes"][-1]
        by_blame, by_rule = _more(day.stops_by_blame, newest["blame"]), _more(day.stops_by_rule, newest["rule"])
        day = replace(day, stops_by_blame=by_blame, stops_by_rule=by_rule)
    if event.type == "alarm.acknowledged":
        for waited_s in data["waited_s"].values():
            day = replace(day, acknowledged=_longer(day.acknowledged, waited_s))
    if event.type == "alarm.raised" and "decided_after_ms" in data:
        day = replace(day, decided=_longer(day.decided, data["decided_after_ms"] / 1000))
    return day


def _matches(near: Near, event: Event) -> bool:
    code, effect = str(event.data.get("code", "")), event.data.get("effect")
    return event.type == near.event and code.startswith(near.code) and (not near.effects or effect in near.effects)


def _more(counts: dict[str, int], key: str) -> dict[str, int]:
    if key not in counts and len(counts) >= MOST_KEYS:
        return counts
    return {**counts, key: counts.get(key, 0) + 1}


def _longer(times: Times, spell_s: float) -> Times:
    return Times(
        count=times.count + 1,
        sum_s=round(times.sum_s + spell_s, 3),
        longest_s=round(max(times.longest_s, spell_s), 3),
    )


def _repeated(draft: Draft, figures: Figures, event: Event, limits: FigureLimits) -> Figures:
    """What was raised is remembered by place and rule; the one that makes it often is told."""
    permit = draft.permits.get(event.subject)
    if event.type != "alarm.raised" or permit is None:
        return figures
    key, now_utc, times = (
        f"{permit.ticket.area}/{event.data['rule']}",
        event.at_utc,
        int(limits.repeat_times.value),
    )
    known = figures.repeats.get(key, ())
    if known and known[-1] == now_utc:  # one thing, told to several permits of the place
        return figures
    lately = (*(at_utc for at_utc in known if 0 <= now_utc - at_utc <= limits.repeat_s.value), now_utc)[-times:]
    if len(lately) == times:
        days = limits.repeat_s.value / 86400
        words = Words(
            f"{days:g} 天内第 {times} 次及以上：{event.data['title']['zh']}",
            f"at least {times} times within {days:g} days: {event.data['title']['en']}",
        )
        data = {
            "area": permit.ticket.area,
            "rule": event.data["rule"],
            "code": event.data["code"],
            "times": times,
            "notify": ["safety_officer", "manager"],
            "words": to_builtins(words),
        }
        draft.event("alarm.repeated", event.subject, Priority.HIGH, data)
    return replace(figures, repeats=_bounded({**figures.repeats, key: lately}))


def _bounded(repeats: dict[str, tuple[float, ...]]) -> dict[str, tuple[float, ...]]:
    if len(repeats) <= MOST_KEYS:
        return repeats
    oldest = min(repeats, key=lambda key: repeats[key][-1])
    return {key: raised for key, raised in repeats.items() if key != oldest}


def _seen(draft: Draft, figures: Figures, world: World, limits: FigureLimits) -> Figures:
    """Who wears what is asked of him where he stands, once a period: one in fifty pictures is one looked at."""
    day, now_s = figures.day, draft.instant.now_s
    if day.ppe_s is not None and 0 <= now_s - day.ppe_s < limits.ppe_s.value:
        return figures
    counts = dict(day.ppe)
    for camera in world.cameras.values():
        if camera.view is not View.CLEAR:
            continue
        for person in camera.persons:
            asked = asked_of(person.zones, world.ppe_asked)
            key = f"{camera.device.id}|{draft.shift}"
            if asked and (key in counts or len(counts) < MOST_KEYS):
                count = counts.get(key, Ppe(camera=camera.device.id, shift=draft.shift))
                counts[key] = _looked_at(count, overall(asked, camera.equipment.told.get(person.track, {})))
    return replace(figures, day=replace(day, ppe=counts, ppe_s=now_s))


def _looked_at(count: Ppe, worn: Worn) -> Ppe:
    match worn:
        case Worn.WORN:
            return replace(count, compliant=count.compliant + 1)
        case Worn.MISSING:
            return replace(count, missing=count.missing + 1)
        case Worn.UNSURE:
            return replace(count, not_assessable=count.not_assessable + 1)
        case _:
            assert_never(worn)
