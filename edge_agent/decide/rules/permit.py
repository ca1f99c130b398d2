"""Rules about the permit itself and its people: window, clock, people who may not work here."""

from collections.abc import Iterator

from edge_agent.decide.change import left
from edge_agent.decide.consent import person_of
from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass, Permit
from edge_agent.domain.words import NOTHING, Words, joined
from edge_agent.fuse.world import World


def before_window(world: World) -> Iterator[Finding]:
    """Work before the ticket's first minute (ledger 2-21). Its end is the machine's own matter."""
    for job in world.jobs:
        wait_s = job.permit.ticket.valid_from_utc - world.instant.utc
        if wait_s > 0:
            words = Words(f"距开始还有 {wait_s / 60:.0f} 分钟", f"its window opens in {wait_s / 60:.0f} min")
            yield Finding(job.permit.ticket.id, "window", words)


def change_waits(world: World) -> Iterator[Finding]:
    """A newer version of the ticket waits for the guard: until he has read it, it does not count (ledger 2-17)."""
    for job in world.jobs:
        arrived = job.permit.pending
        if arrived is not None:
            waits = Words(f"第 {arrived.version} 版待监护人确认", f"version {arrived.version} waits for the guard")
            words = replaced(job.permit, world) or waits
            listed = joined(left(job.permit.ticket, arrived, world.local_time))
            yield Finding(job.permit.ticket.id, f"version {arrived.version}", words.then(listed))


def replaced(permit: Permit, world: World) -> Words:
    """What is to be done where a newer version leaves no guard of the one in force, and none has come since."""
    if permit.pending is None or not permit.orphaned or permit.guard is not None:
        return NOTHING
    version, names = permit.pending.version, [person_of(world.persons, id_) for id_ in permit.pending.guards]
    return Words(
        f"第 {version} 版换掉了全部监护人，新监护人（{'、'.join(names)}）须在作业点签到，再阅读确认",
        f"version {version} replaces every guard: a new one ({', '.join(names)}) checks in at the point, "
        "then reads and acknowledges it",
    )


def near_end(world: World) -> Iterator[Finding]:
    """The window closes soon: yellow."""
    for job in world.jobs:
        left_s = job.permit.end_at_s - world.now_s
        if left_s <= world.rulebook.time.near_end_s.value:
            left_min = max(0.0, left_s) / 60
            words = Words(f"距到期还有 {left_min:.0f} 分钟", f"the permit ends in {left_min:.0f} min")
            yield Finding(job.permit.ticket.id, "window", words)


def clock_not_trusted(world: World) -> Iterator[Finding]:
    """Without a trusted date nobody can say whether a ticket is valid (trust.md tests 9, 10)."""
    if not world.instant.trusted:
        for job in world.jobs:
            words = Words("时钟未同步，时间不可信", "the clock is not synchronised: time unverified")
            yield Finding(job.permit.ticket.id, "clock", words)


def person_unfit(world: World) -> Iterator[Finding]:
    """Somebody of this permit is unknown here, or may not work here (ledger 1-14, 3-26)."""
    for job in world.jobs:
        for id_, person in job.people:
            if person is None:
                words = Words(f"人员 {id_} 不在名册中", f"{id_} is not on this site's list")
                yield Finding(job.permit.ticket.id, id_, words)
            elif person.denied is not None:
                words = Words(
                    f"{person.name} 禁止作业：{person.denied}", f"{person.name} may not work: {person.denied}"
                )
                yield Finding(job.permit.ticket.id, id_, words)


def records_failing(world: World) -> Iterator[Finding]:
    """Nothing can be recorded: work under way stays guarded, but nothing new begins."""
    store = world.health.get("store")
    if store is not None and not store.ok:
        for job in world.jobs:
            yield Finding(
                job.permit.ticket.id,
                "store",
                Words(f"无法保存记录：{store.detail.zh}", f"records are not kept: {store.detail.en}"),
            )


def uplink_down(world: World) -> Iterator[Finding]:
    """The central system, or the SCADA beside it, is not reached; all goes on without it (ledger 0-03, 0-36)."""
    uplink = world.health.get("uplink")
    if uplink is not None and not uplink.ok:
        why = uplink.detail
        words = Words(f"与中心平台的连接中断：{why.zh}", f"no link to the centre: {why.en}")
        yield Finding("", "uplink", words)
    scada = world.health.get("scada")
    if scada is not None and not scada.ok:
        why = scada.detail
        words = Words(f"与 SCADA（Sparkplug）的连接中断：{why.zh}", f"no link to the SCADA (Sparkplug): {why.en}")
        yield Finding("", "scada", words)
    store = world.health.get("upload")
    if store is not None and not store.ok:
        why = store.detail
        words = Words(f"证据未能送达中心：{why.zh}", f"evidence does not reach the centre's store: {why.en}")
        yield Finding("", "upload", words)


RULES = (
    Rule(
        name="outside_window",
        code="PTW-01",
        find=before_window,
        effect=Effect.PAUSE,
        pause_class=PauseClass.RULE,
        priority=Priority.MEDIUM,
        blame=Blame.RULE,
        clause="GB 30871-2022 4.16",
        ledger="2-21",
        text=Text(
            title=Words("未到许可时间", "Before the permit's time"),
            cause=Words("作业票尚未生效", "the ticket is not valid yet"),
            consequence=Words("属于无票作业", "that would be work without a permit"),
            action=Words("等待开始时间", "Wait for its beginning"),
        ),
    ),
    Rule(
        name="near_end",
        code="PTW-02",
        find=near_end,
        effect=Effect.WARN,
        pause_class=PauseClass.RULE,
        priority=Priority.LOW,
        blame=Blame.RULE,
        act_within_s=1800,
        clause="docs/domain.md 2.6: yellow from 30 min before the end",
        ledger="2-30",
        text=Text(
            title=Words("许可即将到期", "Permit ends soon"),
            cause=Words("有效期将到", "its time is nearly over"),
            consequence=Words("到期自动停止，不能恢复", "work stops at its end and cannot be resumed"),
            action=Words("准备收工，或申请新票", "Finish, or ask for a new ticket"),
        ),
    ),
    Rule(
        name="clock_not_trusted",
        code="PTW-03",
        find=clock_not_trusted,
        effect=Effect.BLOCK_START,
        pause_class=PauseClass.RULE,
        priority=Priority.MEDIUM,
        blame=Blame.DEVICE,
        act_within_s=1800,
        clause="docs/domain.md 7: clock trusted",
        ledger="2-21",
        text=Text(
            title=Words("时间未核实", "Time unverified"),
            cause=Words("没有时间同步，实时时钟不可信", "no time source has confirmed the clock"),
            consequence=Words("无法判断作业票是否有效", "nobody can say whether a ticket is valid"),
            action=Words("恢复时间同步", "Restore the time source"),
        ),
    ),
    Rule(
        name="person_unfit",
        code="PTW-05",
        find=person_unfit,
        effect=Effect.PAUSE,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.RULE,
        clause="GB 30871-2022 4.9, 4.10",
        ledger="1-14, 2-13, 3-26",
        text=Text(
            title=Words("人员无作业资格", "Person may not work here"),
            cause=Words("人员不在名册中或被禁止作业", "not on the list, or denied"),
            consequence=Words("无资格人员作业", "work by somebody who is not qualified"),
            action=Words("更换人员", "Send somebody who is"),
        ),
    ),
    Rule(
        name="records_failing",
        code="PTW-06",
        find=records_failing,
        effect=Effect.BLOCK_START,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.DEVICE,
        act_within_s=600,
        clause="docs/domain.md 3: fail-safe",
        ledger="4-47",
        text=Text(
            title=Words("记录无法保存", "Records are not kept"),
            cause=Words("磁盘已满或损坏", "the disk is full or broken"),
            consequence=Words("事件可能丢失", "events may be lost"),
            action=Words("清理或更换磁盘", "Free or replace the disk"),
        ),
    ),
    Rule(
        name="uplink_down",
        code="PTW-07",
        find=uplink_down,
        effect=Effect.WARN,
        pause_class=PauseClass.RULE,
        priority=Priority.LOW,
        blame=Blame.NETWORK,
        on_delay=lambda book, _: book.device.uplink_warn_s.value,
        off_delay=lambda book, _: book.device.uplink_warn_s.value,  # a link that flaps is one episode
        act_within_s=600,
        clause="docs/domain.md 3: broker loss changes nothing locally",
        ledger="0-03, 0-36",
        text=Text(
            title=Words("与中心失联", "No link to the centre"),
            cause=Words("网络或中心平台中断", "the network or the centre is down"),
            consequence=Words("中心暂时看不到本站", "the centre cannot see this box for now"),
            action=Words("检查网络；本地监护照常", "See to the network; guarding goes on here"),
        ),
    ),
    Rule(
        name="change_waits",
        code="PTW-37",
        find=change_waits,
        effect=Effect.WARN,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.RULE,
        signal=("vibrate",),
        act_within_s=300,
        clause="ledger: the guard did not know that the job had been changed",
        ledger="2-17",
        text=Text(
            title=Words("作业票有变更", "The ticket was changed"),
            cause=Words("中心下发了新版本", "the centre has sent a newer version"),
            consequence=Words("监护人确认前变更不生效", "it does not count until the guard has read it"),
            action=Words("监护人阅读变更内容并确认", "The guard reads what changed, and acknowledges it"),
        ),
    ),
)
