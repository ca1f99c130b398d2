"""The guard's duty as pure questions: is he at the point, may he take this post, does his press count."""

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from edge_agent.decide.fitness import certificate_faults, record_fault, training_fault
from edge_agent.decide.permit_moves import facts
from edge_agent.decide.state import Draft
from edge_agent.domain.outcome import Priority
from edge_agent.domain.permit import TERMINAL, UNDER_WAY, Permit, Signature
from edge_agent.domain.person import Person, Role
from edge_agent.domain.request import Presence
from edge_agent.domain.ticket import Point
from edge_agent.domain.words import Words
from edge_agent.domain.work_limits import SimopsLimits
from edge_agent.fuse.embers import near
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.people import Tag
from edge_agent.fuse.tags import MEDIAN_PCT, SLOW_PCT, quantile
from edge_agent.fuse.world import World

Reasons = tuple[Words, ...]
SHOW_IT = Words(
    "请读取主机屏幕上的代码，或在主机上刷工牌", "read the code on the box's screen, or show your badge there"
)


def elsewhere(tag: Tag | None, point: Point, world: World) -> Reasons:
    """Why he cannot be at the point: his wearable is off, too far for certain, or on another level."""
    return tuple(_elsewhere(tag, point, world)) if tag is not None else ()


def _elsewhere(tag: Tag, point: Point, world: World) -> Iterator[Words]:
    book = world.rulebook.guard
    if tag.worn is False:
        yield Words("手环未佩戴", "the wearable is not worn")
    reach = tag.reach(point) if tag.fresh else None
    if reach is not None and reach.near_m > book.post_warn_m.value:
        yield Words(
            f"距作业点 {reach.likely_m:.0f} 米，须在 {book.post_warn_m.value:.0f} 米以内",
            f"{reach.likely_m:.0f} m from the point: be within {book.post_warn_m.value:.0f} m",
        )
    above_m = tag.above_m(point)
    if above_m is not None and abs(above_m) > book.level_m.value:
        yield Words(
            f"与作业点高差 {above_m:+.1f} 米，须在 ±{book.level_m.value:.0f} 米以内",
            f"{above_m:+.1f} m above the point: be within ±{book.level_m.value:.0f} m",
        )


def not_shown(tag: Tag | None, point: Point, world: World) -> Reasons:
    """Why nobody can tell that he is at the point; none means that his wearable shows it.

    A place as old as one by which a guard is lost shows nobody, however seldom the wearable promises to speak.
    """
    lost_s = world.rulebook.guard.lost_pause_s.value
    young = tag is not None and tag.placed_s is not None and world.now_s - tag.placed_s < lost_s
    reach = tag.reach(point) if tag is not None and tag.fresh and young else None
    if reach is None:
        return (
            Words(
                "手环没有位置，无法确认在作业点", "the wearable gives no place: presence at the point is not shown"
            ),
        )
    limit_m = world.rulebook.guard.post_warn_m.value
    if reach.likely_m > limit_m:
        return (
            Words(
                f"定位显示 {reach.likely_m:.0f} 米，精度不足以确认在 {limit_m:.0f} 米以内",
                f"the fix says {reach.likely_m:.0f} m and is too coarse to show that he is within {limit_m:.0f} m",
            ),
        )
    return ()


def too_slow(tag: Tag | None, job: Job, world: World) -> Reasons:
    """Why his wearable cannot be the only thing that shows him: it speaks too seldom (docs/domain.md 7).

    What it does counts, once that is known; before, what its settings promise. A camera may see the post.
    """
    if tag is None or any(camera.post is not None for camera in job.cameras):
        return ()
    book = world.rulebook.guard
    limit_s, known = book.lost_pause_s.value, len(tag.gaps) >= book.interval_count.value
    slow_s = quantile(tag.gaps, SLOW_PCT) if known else tag.device.period_s
    if slow_s <= limit_s:
        return ()
    name = tag.device.name
    median = f"{quantile(tag.gaps, MEDIAN_PCT):g}" if known else "-"
    return (
        Words(
            f"{name.zh} 信号间隔 p99 {slow_s:g} 秒（中位 {median}），超过 {limit_s:g} 秒，不能单独用于监护人",
            f"{name.en} is heard every {slow_s:g} s (p99; median {median}): above {limit_s:g} s it cannot be "
            "the only thing that shows the guard",
        ),
    )


def spent(tag: Tag | None, permit: Permit, world: World) -> Reasons:
    """Why the charge of his wearable will not do: as good as empty, or by its maker's word gone before the job.

    What a wearable does not say of its charge is not known: `edge-agent check` names profiles that never do.
    """
    if tag is None or tag.battery_pct is None:
        return ()
    if gone := empty(tag, world):
        return gone
    name, pct = tag.device.name, tag.battery_pct
    left_h, life_h = (permit.end_at_s - world.now_s) / 3600, tag.device.battery_life_h
    if life_h is None or life_h * pct / 100 >= left_h:
        return ()
    lasts = f"{life_h * pct / 100:.1f}"
    return (
        Words(
            f"{name.zh} 电量 {pct:g} %，约剩 {lasts} 小时，作业还有 {left_h:.1f} 小时，请更换",
            f"{name.en} has {pct:g} % left, about {lasts} h, and the job {left_h:.1f} h: take another",
        ),
    )


def empty(tag: Tag, world: World) -> Reasons:
    """Why nobody should put it on: it is as good as without charge."""
    name, pct, least_pct = tag.device.name, tag.battery_pct, world.rulebook.guard.battery_least_pct.value
    if pct is None or pct > least_pct:
        return ()
    return (
        Words(
            f"{name.zh} 电量 {pct:g} %，须高于 {least_pct:g} %，请更换",
            f"{name.en} has {pct:g} % of its charge left: above {least_pct:g} % is asked; take another",
        ),
    )


def open_claim(permit: Permit, world: World) -> Signature | None:
    """A guard's word that he is at the point, for as long as somebody may co-sign it."""
    claim, window_s = permit.claim, world.rulebook.resume.sign_window_s.value
    return claim if claim is not None and world.now_s - claim.at_s <= window_s else None


def may_take(permit: Permit, person: Person, permits: Mapping[str, Permit], limits: SimopsLimits) -> bool:
    """Whether this post is one for him: its ticket names him. Embers are for any guard, also beside his own work.

    A ticket that has ended can name no other one, and at night its own guards may have gone home.
    """
    if person.id in permit.guards or permit.embers is None:
        return person.id in permit.guards
    return (Role.GUARD in person.roles and person.holds_in(permit.ticket.area)) or any(
        other.guard == person.id and other.state not in TERMINAL and _one_watch(permit, other, limits)
        for other in permits.values()
    )


def _one_watch(permit: Permit, other: Permit, limits: SimopsLimits) -> bool:
    """Whether who guards one of them watches the embers of the other too."""
    return (permit.embers is not None or other.embers is not None) and near(permit.ticket, other.ticket, limits)


def unfit(person: Person, job: Job, permits: Mapping[str, Permit], world: World) -> Reasons:
    """Why this person may not guard this job now (GB 30871-2022 4.10: certified, and does nothing else)."""
    utc = world.instant.utc
    return (
        *certificate_faults(person, job.work.guard_certificates, utc),
        *training_fault(person, utc),
        *record_fault(person, utc),
        *_still_in(person, job.permit),
        *_busy(person, job.permit, permits, world),
    )


def _still_in(person: Person, this: Permit) -> Iterator[Words]:
    """Who was a worker until now comes out first: a guard stays outside (GB 30871-2022 6.8)."""
    if any(one.person == person.id for one in this.inside):
        yield Words(
            f"{person.name} 仍登记在内，须先登记离开",
            f"{person.name} is still counted inside, and comes out first",
        )


def _busy(person: Person, this: Permit, permits: Mapping[str, Permit], world: World) -> Iterator[Words]:
    others = [one for id_, one in permits.items() if id_ != this.ticket.id and _holds_its_guard(one)]
    limits = world.rulebook.simops
    guarding = [one.ticket.id for one in others if one.guard == person.id and not _one_watch(this, one, limits)]
    most = world.rulebook.guard.watched_permits.value
    if len(guarding) >= most:
        listed = ", ".join(guarding)
        yield Words(
            f"{person.name} 正在监护 {listed}，最多同时监护 {most:.0f} 张票",
            f"{person.name} is guarding {listed}; at most {most:.0f} at once",
        )
    for permit in others:
        if permit.state in UNDER_WAY and person.id in {permit.ticket.holder, *permit.ticket.workers}:
            yield Words(
                f"{person.name} 正在作业票 {permit.ticket.id} 中作业",
                f"{person.name} is at work under {permit.ticket.id}",
            )


def _holds_its_guard(permit: Permit) -> bool:
    return permit.state not in TERMINAL or permit.embers is not None


def press(
    draft: Draft, permit: Permit, tag: Tag | None, world: World, at_screen: Presence | None = None
) -> Reasons:
    """The guard presses "I'm here": it counts at the point, and only so often without a step of his own.

    His wearable shows that he is there; where it gives no place, the box's own screen may (`at_screen`), as at the
    check-in. Neither counts against a wearable that shows him elsewhere.
    """
    point, most = permit.ticket.point, world.rulebook.guard.here_presses.value
    walked = tag is not None and tag.walked_s is not None and tag.walked_s > (permit.here_s or 0.0)
    presses = 1 if walked else permit.here_presses + 1
    far, unshown = elsewhere(tag, point, world), not_shown(tag, point, world)
    presence = at_screen if unshown else Presence.TAG
    if far or presence is None:
        return far or (*unshown, SHOW_IT)
    if presses > most:
        return (
            Words(
                f"已连续确认 {most:.0f} 次，请在作业点重新签到",
                f"pressed {most:.0f} times in a row: check in again at the point",
            ),
        )
    shown = replace(permit, here_s=draft.instant.now_s, here_presses=presses)
    draft.permits[permit.ticket.id] = shown
    data = facts(shown) | {"presses": presses, "left": int(most) - presses, "presence": presence.value}
    draft.event("guard.here", permit.ticket.id, Priority.LOW, data)
    return ()


def buttons(draft: Draft, world: World) -> None:
    """Presses of the guards' own wearables since the last step, each answered once."""
    for job in world.jobs:
        permit, tag = draft.permits[job.permit.ticket.id], job.guard_tag
        if permit.guard is None or tag is None or tag.here_s is None or permit.checked_in_s is None:
            continue
        if tag.here_s <= max(permit.here_heard_s or 0.0, permit.checked_in_s):
            continue
        permit = replace(permit, here_heard_s=tag.here_s)
        draft.permits[permit.ticket.id] = permit
        reasons = press(draft, permit, tag, world)
        if reasons:
            data = facts(permit) | {"reasons": [{"zh": one.zh, "en": one.en} for one in reasons]}
            draft.event("permit.here_refused", permit.ticket.id, Priority.MEDIUM, data)
