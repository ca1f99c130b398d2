"""Gas of a whole area: confirmed danger clears it, doubt keeps it from opening, detectors must agree."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from edge_agent.decide.rules.gas import response_clock
from edge_agent.decide.rules.gas_words import figure
from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.gas_limits import GasTimes
from edge_agent.domain.observation import Quality
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.words import Words
from edge_agent.fuse.gas import Channel, least_told
from edge_agent.fuse.gas_site import Group
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.world import World

CONFIRMED = Words("证实有危险气体", "dangerous gas is confirmed")


def binds(job: Job, channels: Iterable[Channel]) -> bool:
    """Whether one of these detectors is the job's own: then its own rules speak."""
    own = {channel.device.id for channel in job.channels}
    return any(channel.device.id in own for channel in channels)


def confirmed(world: World) -> Iterator[Finding]:
    """Danger in an area, confirmed: everybody there leaves, whoever's detector it was (docs/domain.md 2.4)."""
    for group in world.gas_groups:
        if group.confirmed:
            for job in world.jobs_in.get(group.area, ()):
                if not binds(job, group.struck):
                    yield _of_group(job, group, group.struck, CONFIRMED)


def unattended(world: World) -> Iterator[Finding]:
    """The same where nobody works by permit: whoever passes there is told, and those who must know.

    A gas with response levels is told by those (gas_response.py).
    """
    for group in world.gas_groups:
        limits = group.members[0].limits
        if group.confirmed and group.area not in world.jobs_in and limits is not None and not limits.levels:
            told = {"gas": group.gas, "area": group.area, "notify": ["site_terminal", "emergency"]}
            clock = response_clock(group.struck[0].track.danger_clock)
            yield Finding("", f"{group.area}/{group.gas}", _said(group.struck, CONFIRMED), told | clock)


def doubtful(world: World) -> Iterator[Finding]:
    """A detector that cannot be trusted counts as one in alarm; asked before a start (docs/domain.md 2.4)."""
    for group in world.gas_groups if world.waiting else ():
        if group.doubtful and not group.confirmed:
            doubted = [c for c in group.members if c.danger or c.quality is not Quality.GOOD]
            for job in world.jobs_in.get(group.area, ()):
                if job.waiting and not binds(job, doubted):
                    yield _of_group(job, group, doubted, Words("无法确认安全", "cannot show that it is safe"))


def differ(world: World) -> Iterator[Finding]:
    """Two detectors of one gas in one area that do not agree: one of them is wrong, and nobody knows which."""
    for group in world.gas_groups:
        least = least_told(group.members[0].limits) * world.rulebook.gas.differ_counts.value
        if group.area not in world.jobs_in or group.apart <= least:
            continue  # nearly always: then no two of them are looked at
        good = [c for c in group.members if c.quality is Quality.GOOD and c.level is not None]
        for one, other in combinations(good, 2):
            if too_different(one, other, world.rulebook.gas):
                for job in world.jobs_in[group.area]:
                    subject = f"{one.device.id}/{other.device.id}"
                    yield Finding(job.permit.ticket.id, subject, _difference(one, other))


def too_different(one: Channel, other: Channel, times: GasTimes) -> bool:
    """Further apart than max(a share of the higher one, so many counts of their resolution)."""
    levels = one.level or 0.0, other.level or 0.0
    counts = least_told(one.limits) * times.differ_counts.value
    share = max(levels) * times.differ_pct.value / 100
    return abs(levels[0] - levels[1]) > max(share, counts)


def _difference(one: Channel, other: Channel) -> Words:
    a, b = one.device.name, other.device.name
    return Words(
        f"{a.zh} {figure(one.level)}，{b.zh} {figure(other.level)} {one.unit}",
        f"{a.en} {figure(one.level)}, {b.en} {figure(other.level)} {one.unit}",
    )


def _of_group(job: Job, group: Group, members: Sequence[Channel], what: Words) -> Finding:
    clock = response_clock(members[0].track.danger_clock)
    return Finding(job.permit.ticket.id, f"{group.area}/{group.gas}", _said(members, what), clock)


def _said(members: Sequence[Channel], what: Words) -> Words:
    names = [channel.device.name for channel in members]
    return Words(
        f"{'、'.join(name.zh for name in names)}：{what.zh}", f"{', '.join(name.en for name in names)}: {what.en}"
    )


RULES = (
    Rule(
        name="gas_area_dangerous",
        code="GAS-06",
        find=confirmed,
        effect=Effect.EVACUATE,
        pause_class=PauseClass.EMERGENCY,
        priority=Priority.CRITICAL,
        blame=Blame.RULE,
        off_delay=lambda book, _: book.gas.danger_off_s.value,
        latch=True,
        retest=True,
        act_within_s=10,
        clause="R: 2ooN, 1oo1 or over-range clears the area (docs/domain.md 2.4); GB 30871-2022 5.2.6, 6.5",
        ledger="1-29, 0-13",
        text=Text(
            title=Words("区域气体危险 撤离", "Dangerous gas in this area: evacuate"),
            cause=Words("同一区域的检测仪证实气体超限", "detectors of this area confirm gas beyond its limit"),
            consequence=Words("中毒、窒息或爆炸", "poisoning, suffocation or explosion"),
            action=Words(
                "该区域全体人员立即撤离到上风向，清点人数", "Everybody in this area leaves, upwind; count people"
            ),
        ),
    ),
    Rule(
        name="gas_area_dangerous_unattended",
        code="GAS-20",
        find=unattended,
        effect=Effect.WARN,
        pause_class=PauseClass.EMERGENCY,
        priority=Priority.CRITICAL,
        blame=Blame.RULE,
        off_delay=lambda book, _: book.gas.danger_off_s.value,
        latch=True,
        clears=True,
        act_within_s=30,
        clause="R: 2ooN, 1oo1 or over-range clears the area (docs/domain.md 2.4)",
        ledger="1-29, 0-13",
        text=Text(
            title=Words("无人作业区域气体危险", "Dangerous gas where nobody works"),
            cause=Words("该区域的检测仪证实气体超限", "detectors of this area confirm gas beyond its limit"),
            consequence=Words(
                "路过或进入的人可能中毒、窒息", "whoever passes or enters may be poisoned or suffocate"
            ),
            action=Words(
                "不得进入；确认区域内无人；查漏", "Keep out; make sure that nobody is there; find the leak"
            ),
        ),
    ),
    Rule(
        name="gas_area_doubtful",
        code="GAS-07",
        find=doubtful,
        effect=Effect.BLOCK_START,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.MEDIUM,
        blame=Blame.DEVICE,
        before_start=True,
        act_within_s=1800,
        clause="R: a member that is not GOOD votes 'trip' for a start (docs/domain.md 2.4)",
        ledger="2-45",
        text=Text(
            title=Words("区域气体状况不明", "Gas of this area is not known"),
            cause=Words(
                "区域内的检测仪离线、故障或不可信", "detectors of this area are offline, faulty or not trusted"
            ),
            consequence=Words("该区域的危险气体可能无法被发现", "dangerous gas in this area might not be noticed"),
            action=Words("修复检测仪后再开工", "See to the detectors before the start"),
        ),
    ),
    Rule(
        name="gas_detectors_differ",
        code="GAS-08",
        find=differ,
        effect=Effect.WARN,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.MEDIUM,
        blame=Blame.DEVICE,
        on_delay=lambda book, _: book.gas.differ_on_s.value,
        act_within_s=600,
        clause="R: differ by > max(20 %, 10 x resolution) for 60 s (docs/domain.md 2.4)",
        ledger="2-45",
        text=Text(
            title=Words("检测仪读数不一致", "Detectors disagree"),
            cause=Words("同处两台检测仪读数相差过大", "two detectors side by side differ too much"),
            consequence=Words("其中一台可能失准", "one of them may be wrong"),
            action=Words("用便携仪核对，必要时标定", "Compare with a portable one; calibrate if needed"),
        ),
    ),
)
