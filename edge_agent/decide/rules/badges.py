"""Who wears what: a wearable under two names tells nobody's place, fall or call, an empty one soon none."""

from collections.abc import Iterator, Mapping

from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.person import Person
from edge_agent.domain.words import Words
from edge_agent.fuse.same import Same
from edge_agent.fuse.world import World


def of_two(world: World) -> Iterator[Finding]:
    """Somebody of this permit whose wearable somebody else has too, by the list of people."""
    shared = _shared("all", world.persons)
    for job in world.jobs if shared else ():
        for person, tag in job.tags:
            others = [other.name for other in shared.get(tag.device.id, ()) if other.id != person.id]
            if others:
                name, both = tag.device.name, (person.name, *others)
                zh, en = "、".join(both), " and ".join(both)
                words = Words(f"{name.zh} 同时登记在{zh}名下", f"{name.en} stands under {en}")
                yield Finding(job.permit.ticket.id, person.id, words)


def low(world: World) -> Iterator[Finding]:
    """Somebody of this permit whose wearable will soon be silent; one that does not say its charge is let be."""
    limit_pct = world.rulebook.guard.battery_warn_pct.value
    for job in world.jobs:
        for person, tag in job.tags:
            if tag.battery_pct is not None and tag.battery_pct <= limit_pct:
                name, pct = tag.device.name, tag.battery_pct
                zh = f"{person.name} 的 {name.zh} 电量 {pct:g} %（提醒值 {limit_pct:g} %）"
                en = f"{person.name}: {name.en} has {pct:g} % of its charge left (warned at {limit_pct:g} %)"
                yield Finding(job.permit.ticket.id, person.id, Words(zh, en))


@Same
def _shared(persons: Mapping[str, Person]) -> Mapping[str, tuple[Person, ...]]:
    """By wearable: everybody who has it, where there are several."""
    wearers: dict[str, list[Person]] = {}
    for person in persons.values():
        if person.tag:
            wearers.setdefault(person.tag, []).append(person)
    return {tag: tuple(several) for tag, several in wearers.items() if len(several) > 1}


RULES = (
    Rule(
        name="badge_of_two",
        code="GRD-28",
        find=of_two,
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.PERSON,
        clause="GB 30871-2022 4.10",
        ledger="0-10, 2-13",
        text=Text(
            title=Words("一个手环登记给两个人", "One wearable, two people"),
            cause=Words("人员名册中两人登记了同一个手环", "the list of people gives one wearable to two"),
            consequence=Words("位置和求救无法确定是谁的", "nobody knows whose place or call for help it is"),
            action=Words("改正名册，给其中一人另一个手环", "Correct the list: give one of them another wearable"),
        ),
    ),
    Rule(
        name="battery_low",
        heralds=("guard_lost",),
        signal=("vibrate",),
        code="PPL-30",
        find=low,
        effect=Effect.WARN,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.MEDIUM,
        blame=Blame.DEVICE,
        act_within_s=600,
        clause="docs/domain.md 4.2: warn 20 %",
        ledger="2-24, 2-36",
        text=Text(
            title=Words("手环电量低", "A wearable is nearly empty"),
            cause=Words("手环电量不足", "its battery has little charge left"),
            consequence=Words(
                "没电后无法确认此人在何处、是否安全", "once empty, nobody knows where he is and how"
            ),
            action=Words("趁未断电更换手环", "Change the wearable before it is silent"),
        ),
    ),
)
