"""Floods: many alarms of one permit within a short time are told as one, first-out first. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct, to_builtins

from edge_agent.domain.outcome import Alarm, Effect, Priority
from edge_agent.domain.rulebook import AlarmLimits
from edge_agent.domain.words import Words


class Heard(Struct, frozen=True, kw_only=True):
    """One alarm that was raised lately."""

    at_s: float
    code: str
    subject: str
    title: Words
    priority: Priority
    effect: Effect


class Flood(Struct, frozen=True, kw_only=True):
    """What one permit's alarms were lately; `running` while they are a flood."""

    heard: tuple[Heard, ...]
    running: bool = False


def advance(
    before: Mapping[str, Flood], raised: Iterable[Alarm], limits: AlarmLimits, now_s: float
) -> dict[str, Flood]:
    """Each permit's recent alarms after this step."""
    fresh: dict[str, list[Heard]] = {}
    for alarm in raised:
        fresh.setdefault(alarm.verdict.finding.permit, []).append(_heard(alarm, now_s))
    after: dict[str, Flood] = {}
    for permit in (*before, *(permit for permit in fresh if permit not in before)):
        known = before[permit].heard if permit in before else ()
        lately = tuple(one for one in known if now_s - one.at_s < limits.flood_s.value)
        heard = (*lately, *fresh.get(permit, ()))
        if heard:
            after[permit] = Flood(heard=heard, running=len(heard) >= limits.flood_alarms.value)
    return after


def _heard(alarm: Alarm, now_s: float) -> Heard:
    verdict = alarm.verdict
    return Heard(
        at_s=now_s,
        code=verdict.code,
        subject=verdict.finding.subject,
        title=verdict.title,
        priority=verdict.priority,
        effect=verdict.effect,
    )


def begun(before: Mapping[str, Flood], after: Mapping[str, Flood]) -> tuple[str, ...]:
    """Permits whose alarms have just become a flood."""
    return tuple(p for p, now in after.items() if now.running and not (p in before and before[p].running))


def told(flood: Flood) -> dict[str, object]:
    """The flood in one event: what came first, then how many of each cause, and the worst of them."""
    first = flood.heard[0]
    counts = Counter(one.code for one in flood.heard)
    titles = {one.code: one.title for one in flood.heard}
    groups = [
        {"code": code, "title": to_builtins(titles[code]), "count": count} for code, count in counts.most_common()
    ]
    many = len(flood.heard)
    return {
        "first_out": {"code": first.code, "source": first.subject, "title": to_builtins(first.title)},
        "groups": groups,
        "effect": max(one.effect for one in flood.heard).name.lower(),
        "words": to_builtins(
            Words(f"{many} 条报警，首发：{first.title.zh}", f"{many} alarms; the first: {first.title.en}")
        ),
    }


def worst(flood: Flood) -> Priority:
    """The most urgent priority among them."""
    return min(one.priority for one in flood.heard)
