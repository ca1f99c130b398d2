"""A permit that ended while work was under way: its people are looked after until everybody is known to be out."""

from collections.abc import Iterator

from edge_agent.decide.consent import person_of
from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.words import Words
from edge_agent.fuse.world import World


def people_not_out(world: World) -> Iterator[Finding]:
    """The permit is over, and somebody who was counted in has not come out."""
    for job in world.leaving:
        inside = job.permit.inside
        if inside:
            names = [person_of(world.persons, one.person) for one in inside]
            listed = f"作业票已结束，{len(names)} 人未登记出来：{'、'.join(names)}"
            words = Words(listed, f"the permit is over, {len(names)} not counted out: {', '.join(names)}")
            yield Finding(job.permit.ticket.id, "inside", words)


def end_not_confirmed(world: World) -> Iterator[Finding]:
    """The permit is over, and nobody has said that everybody is out."""
    for job in world.leaving:
        if not job.permit.inside:
            words = Words(
                "作业票已结束，尚无人确认人员全部撤出",
                "the permit is over, and nobody has confirmed that all are out",
            )
            yield Finding(job.permit.ticket.id, "people", words)


def not_cleared(world: World) -> Iterator[Finding]:
    """Work that is to begin where the people of an ended permit may still be, or with the power that they had."""
    ended = [job.permit.ticket for job in world.leaving]
    for job in world.waiting if ended else ():
        ticket = job.permit.ticket
        relays = {relay.device.id for relay in job.relays}
        for other in ended:
            if other.area == ticket.area or not relays.isdisjoint(other.devices):
                words = Words(
                    f"作业票 {other.id} 已结束，尚未确认人员全部撤出",
                    f"permit {other.id} is over, and nobody has confirmed that its people are out",
                )
                yield Finding(ticket.id, other.id, words)


RULES = (
    Rule(
        name="people_not_out_at_the_end",
        code="PPL-13",
        find=people_not_out,
        effect=Effect.EVACUATE,
        pause_class=PauseClass.EMERGENCY,
        priority=Priority.CRITICAL,
        blame=Blame.PERSON,
        after_end=True,
        on_delay=lambda book, _: book.entry.still_inside_s.value,
        latch=True,
        act_within_s=30,
        clause="GB 30871-2022 4.16, 6.8; docs/domain.md 2.6: count in = count out",
        ledger="0-35, 2-56",
        text=Text(
            title=Words("作业票已结束仍有人在内", "People inside after the permit's end"),
            cause=Words(
                "许可到期或被收回时有人在内，未登记出来",
                "it ended with people inside, and they were not counted out",
            ),
            consequence=Words("有人可能受困，且已无人监护", "somebody may be trapped, and nobody guards him"),
            action=Words(
                "叫他们出来并登记；无应答即组织救援", "Call them out and count them; no answer: start the rescue"
            ),
        ),
    ),
    Rule(
        name="end_not_confirmed",
        code="PPL-14",
        find=end_not_confirmed,
        effect=Effect.WARN,
        pause_class=PauseClass.RULE,
        priority=Priority.MEDIUM,
        blame=Blame.PERSON,
        after_end=True,
        on_delay=lambda book, _: book.entry.still_inside_s.value,
        act_within_s=600,
        clause="GB 30871-2022 4.16, 5.2.14; docs/domain.md 2.6: count in = count out",
        ledger="0-35",
        text=Text(
            title=Words("请确认人员已全部撤出", "Confirm that everybody is out"),
            cause=Words("作业票在作业期间结束", "the permit ended while work was under way"),
            consequence=Words(
                "可能还有人在作业点，或有余火", "somebody may still be there, or something may burn"
            ),
            action=Words(
                "清点人数、检查余火，然后确认关闭（0 人）", "Count people, look for fire, then confirm (0 people)"
            ),
        ),
    ),
    Rule(
        name="not_cleared",
        code="PPL-15",
        find=not_cleared,
        effect=Effect.BLOCK_START,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.RULE,
        before_start=True,
        act_within_s=600,
        clause="GB 30871-2022 4.16, 6.8",
        ledger="0-35, 2-21",
        text=Text(
            title=Words("上一张票的人员尚未确认撤出", "The people of an ended permit are not known to be out"),
            cause=Words(
                "同一地点或同一电源的作业票在作业期间结束",
                "a permit for the same place or power ended during its work",
            ),
            consequence=Words("开工可能危及仍在那里的人", "a start may endanger whoever is still there"),
            action=Words("先清点并确认上一张票的人员", "Count and confirm the people of that permit first"),
        ),
    ),
)
