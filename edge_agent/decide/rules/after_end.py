"""A permit that ended while work was under way: its people and its embers are looked after until both are safe."""

from collections.abc import Iterator

from msgspec.structs import replace

from edge_agent.decide.consent import person_of
from edge_agent.decide.rules import guard, guard_place
from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.words import Words, joined
from edge_agent.fuse.embers import near
from edge_agent.fuse.world import World

# What stops work that its guard does not watch breaks a fire watch too.
UNWATCHED = (
    guard.not_checked_in,
    guard.without_wearable,
    guard.lost,
    guard.tag_off,
    guard.still_too_long,
    guard_place.too_far,
    guard_place.perhaps_too_far,
    guard_place.off_level,
)


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


def embers_unwatched(world: World) -> Iterator[Finding]:
    """Hot work has ended before its fire watch was kept, and nobody shows that he keeps it."""
    if not world.smouldering:
        return
    there = replace(world, jobs=world.smouldering)
    found: dict[str, list[Finding]] = {}
    for find in UNWATCHED:
        for one in find(there):
            found.setdefault(one.permit, []).append(one)
    for permit, why in found.items():
        yield Finding(permit, why[0].subject, joined(dict.fromkeys(one.detail for one in why)))


def embers_beside(world: World) -> Iterator[Finding]:
    """Work that is to begin where hot work may have left embers: first the watch, or its own guard keeps it."""
    for job in world.waiting if world.embers else ():
        ticket, its_guard = job.permit.ticket, job.permit.guard
        for ended in world.embers:
            taken = bool(ended.watcher) and ended.watcher == its_guard
            if not taken and near(ticket, ended, world.rulebook.simops):
                words = Words(
                    f"动火作业票 {ended.name} 已结束，余火监护未完成；本票监护人可在该票上接手",
                    f"hot work {ended.name} has ended and its fire watch is not over; the guard of this permit "
                    "may take it over there",
                )
                yield Finding(ticket.id, ended.name, words)


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
    Rule(
        name="embers_unwatched",
        code="GRD-24",
        find=embers_unwatched,
        effect=Effect.WARN,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.PERSON,
        after_end=True,
        unwatched=True,
        on_delay=lambda book, _: book.guard.unwatched_s.value,
        signal=("vibrate",),
        act_within_s=300,
        clause="GB 30871-2022 5.2.14; 29 CFR 1910.252(a)(2)(iii)(B); docs/domain.md 2.6: fire watch after the end",
        ledger="2-21",
        text=Text(
            title=Words("无人余火监护", "Nobody keeps the fire watch"),
            cause=Words(
                "动火票已到期或被收回，监护人离开或无法确认在场",
                "the hot-work permit ran out or was withdrawn; its guard left, or nothing shows that he is there",
            ),
            consequence=Words("余火复燃时无人发现", "nobody would see it when something begins to burn"),
            action=Words(
                "监护人到作业点签到，守到余火监护结束；撤离期间不得返回",
                "A guard checks in at the point and stays until the watch is over; nobody returns while people "
                "must leave",
            ),
        ),
    ),
    Rule(
        name="embers_beside",
        code="SIM-04",
        find=embers_beside,
        effect=Effect.BLOCK_START,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.RULE,
        before_start=True,
        act_within_s=1800,
        clause="GB 30871-2022 5.2.14; 29 CFR 1910.252(a)(2)(iii); NFPA 51B",
        ledger="2-21",
        text=Text(
            title=Words("附近余火监护未完成", "A fire watch nearby is not over"),
            cause=Words(
                "此处动火作业刚结束，余火监护时间未满",
                "hot work ended here, and its fire watch has not been kept in full",
            ),
            consequence=Words(
                "新作业遮住余火，或把可燃物带到余火旁", "new work hides embers, or brings something that burns"
            ),
            action=Words(
                "等余火监护结束；或由本票监护人到该作业点接手余火监护",
                "Wait until it is over; or the guard of this permit takes it over at that point",
            ),
        ),
    ),
)
