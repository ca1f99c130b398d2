"""Draws the live picture from the brain's last state: what the board shows. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from edge_agent.clock import Instant
from edge_agent.decide import alarms as alarm_list
from edge_agent.decide import consent, coverage, figures
from edge_agent.decide.cards import card
from edge_agent.decide.glance import Word, instruction, word_for
from edge_agent.decide.headcount import head_count
from edge_agent.decide.state import State
from edge_agent.domain.observation import View
from edge_agent.domain.outcome import UNTOLD, Alarm, Event
from edge_agent.domain.permit import UNDER_WAY, Override, Permit
from edge_agent.domain.permit import State as PermitState
from edge_agent.domain.person import Person
from edge_agent.domain.words import NOTHING, Words
from edge_agent.fuse import world as fuse
from edge_agent.fuse.gas import Channel
from edge_agent.fuse.people import Tag
from edge_agent.fuse.world import Camera, Job, Relay, World
from edge_agent.settings.site import Settings
from edge_agent.tell.live import (
    Live,
    LiveAlarm,
    LiveCamera,
    LiveCount,
    LiveEvent,
    LiveGas,
    LiveOutput,
    LivePermit,
    LivePerson,
    LiveReason,
)

NEWEST = 30  # events shown
SCOPES = {"site": Words("全站", "the whole site"), "kind": Words("作业", "work"), "rule": Words("规则", "rule")}


class Link(Struct, frozen=True, kw_only=True):
    """What is known of the way to the centre."""

    ok: bool | None
    detail: Words
    waiting: int


class Around(Struct, frozen=True, kw_only=True):
    """What a permit is drawn from, beside itself."""

    world: World
    areas: dict[str, Words]
    names: dict[str, Words]  # of devices
    jobs: dict[str, Job]
    alarms: Callable[[str], tuple[Alarm, ...]]


def draw(settings: Settings, state: State, instant: Instant, events: Iterable[Event], link: Link) -> Live:
    """The picture at `instant`. `events` are the newest, newest first."""
    known = fuse.Known(permits=state.permits, persons=state.persons, outputs=state.outputs)
    world = fuse.build(settings, state.memory, known, instant)
    areas = {area.id: area.name for area in settings.areas}
    around = Around(
        world=world,
        areas=areas,
        names={device.id: device.name for device in settings.devices},
        jobs={job.permit.ticket.id: job for job in world.jobs},
        alarms=alarm_list.by_permit(state.alarms.values()),
    )
    site = settings.site.site
    return Live(
        at_utc=instant.utc,
        site=site.id,
        unit=site.unit,
        name=site.name,
        demo=settings.demo,
        rulebook=f"{settings.rulebook.name} {settings.rulebook.version}",
        clock_trusted=instant.trusted,
        uplink_ok=link.ok,
        uplink_detail=link.detail,
        waiting=link.waiting,
        permits=tuple(_permit(permit, state, around) for permit in _ordered(state.permits.values())),
        gas=tuple(_gas(channel, world.now_s) for channel in world.channels.values()),
        people=tuple(_people(state, world, areas)),
        cameras=tuple(_camera(camera, areas) for camera in world.cameras.values()),
        outputs=tuple(output for relay in world.relays.values() for output in _outputs(relay)),
        alarms=tuple(_alarm(alarm) for alarm in _sorted(state.alarms.values())),
        today=figures.told(state.figures.day),
        shadow=tuple(_shadow(settings, state, instant)),
        events=tuple(_event(event) for event in list(events)[:NEWEST]),
    )


def _shadow(settings: Settings, state: State, instant: Instant) -> Iterable[Words]:
    """Each row of shadow mode that is in force, for the banner."""
    for at, row in enumerate(settings.site.shadow):
        if instant.trusted and at not in state.shadow_over and instant.utc < row.until_utc:
            scope, who = SCOPES[row.scope], consent.person_of(state.persons, row.by)
            until = settings.local_time.local(row.until_utc).strftime("%Y-%m-%d %H:%M")
            yield Words(
                f"影子模式，不提供保护：{scope.zh} {row.what}，至 {until}（{who}：{row.reason}）",
                f"Shadow mode, no protection: {scope.en} {row.what} until {until} ({who}: {row.reason})",
            )


def _ordered(permits: Iterable[Permit]) -> list[Permit]:
    """What is under way first, then what waits, then what has ended; newest first within each."""
    waiting = {PermitState.RECEIVED, PermitState.READY}
    return sorted(
        permits,
        key=lambda p: (p.state not in UNDER_WAY, p.state not in waiting, -p.since_utc),
    )


def _permit(permit: Permit, state: State, around: Around) -> LivePermit:
    world, areas = around.world, around.areas
    ticket, now_s = permit.ticket, world.now_s
    ends_utc = min(ticket.valid_to_utc, world.instant.utc + permit.end_at_s - now_s)
    job = around.jobs.get(ticket.id)
    word = word_for(permit, around.alarms(ticket.id))
    stopped = permit.state in {PermitState.PAUSED, PermitState.SUSPENDED, PermitState.RESUME_CHECK}
    return LivePermit(
        id=ticket.id,
        type=ticket.type,
        level=ticket.level,
        area=areas.get(ticket.area, Words(ticket.area, ticket.area)),
        state=permit.state.value,
        since_utc=permit.since_utc,
        ends_utc=ends_utc,
        near_end=permit.end_at_s - now_s <= world.rulebook.time.near_end_s.value,
        holder=consent.person_of(state.persons, ticket.holder),
        guard=consent.person_of(state.persons, permit.guard) if permit.guard else None,
        causes=tuple(
            LiveReason(
                title=cause.title,
                detail=cause.detail,
                since_utc=cause.at_utc,
                pause_class=cause.pause_class.value,
            )
            for cause in permit.causes
        ),
        standing=tuple(_standing(permit, around, stopped=stopped)),
        signatures=tuple(_signed(permit, state.persons)),
        evacuate=word is Word.EVACUATE,
        word=word.value,
        instruction=instruction(permit, job.work) if job is not None and stopped else NOTHING,
        overrides=tuple(_override(one, state.persons) for one in permit.overrides),
        headcount=head_count(job, world) if job is not None and word is Word.EVACUATE else None,
        drill="" if permit.drill is None else permit.drill.drill.name,
        shadow=permit.shadow,
        coverage=_coverage(permit, world.now_s, around.names),
    )


def _override(one: Override, persons: Mapping[str, Person]) -> LiveReason:
    """A rule that is let be: by whom, why, and until when."""
    who, left_s = consent.person_of(persons, one.by), one.until_s - one.at_s
    return LiveReason(
        title=one.title,
        detail=Words(f"{who}：{one.reason}（{left_s:.0f} 秒）", f"{who}: {one.reason} (for {left_s:.0f} s)"),
        since_utc=one.at_utc,
    )


def _coverage(permit: Permit, now_s: float, names: dict[str, Words]) -> Words | None:
    """How much of the work was guarded, and what was blind for how long."""
    return None if permit.coverage is None else coverage.words(permit.coverage, now_s, names)


def _standing(permit: Permit, around: Around, *, stopped: bool) -> Iterable[LiveReason]:
    """What stands against starting or resuming now, and who must still sign."""
    world, id_ = around.world, permit.ticket.id
    for alarm in alarm_list.standing(around.alarms(id_), id_):
        yield LiveReason(title=alarm.verdict.title, detail=alarm.verdict.finding.detail)
    if stopped:
        for words in consent.resume_conditions(permit, world):
            yield LiveReason(title=Words("恢复条件", "To resume"), detail=words)
    needed: tuple[str, ...] = ()
    if stopped:
        needed = consent.resume_signers(permit, world.rulebook)
    elif permit.state is PermitState.READY:
        needed = world.rulebook.start_signers
    missing = consent.lacking(permit.signatures, needed)
    if missing:
        yield LiveReason(title=Words("待签字", "Still to sign"), detail=consent.named(missing))


def _signed(permit: Permit, persons: Mapping[str, Person]) -> Iterable[str]:
    for signature in permit.signatures:
        yield f"{signature.capacity}: {consent.person_of(persons, signature.person)}"


def _gas(channel: Channel, now_s: float) -> LiveGas:
    return LiveGas(
        id=channel.device.id,
        name=channel.device.name,
        gas=channel.gas,
        level=channel.level,
        unit=channel.unit,
        quality=channel.quality.value,
        age_s=None if channel.said_s is None else now_s - channel.said_s,
        danger=channel.danger,
        device_alarm=channel.device_alarm,
    )


def _people(state: State, world: World, areas: dict[str, Words]) -> Iterable[LivePerson]:
    for person in state.persons.values():
        tag: Tag | None = world.tags.get(person.tag) if person.tag else None
        if tag is None:
            continue
        yield LivePerson(
            id=person.id,
            name=person.name,
            tag=tag.device.id,
            roles=tuple(role.value for role in person.roles),
            x_m=tag.x_m,
            y_m=tag.y_m,
            area=areas.get(tag.area) if tag.area else None,
            age_s=None if tag.placed_s is None else world.now_s - tag.placed_s,
            fresh=tag.fresh,
        )


def _camera(camera: Camera, areas: dict[str, Words]) -> LiveCamera:
    trusted = camera.view is View.CLEAR
    seen = Counter(zone for person in camera.persons for zone in person.zones)
    return LiveCamera(
        id=camera.device.id,
        name=camera.device.name,
        view=camera.view.value,
        age_s=camera.blind_s,
        persons=len(camera.persons) if trusted else None,
        persons_in=tuple(
            LiveCount(area=areas.get(area, Words(area, area)), persons=count) for area, count in seen.items()
        ),
        still=f"{camera.device.id}.jpg",
    )


def _outputs(relay: Relay) -> Iterable[LiveOutput]:
    for wire in relay.wires:
        yield LiveOutput(
            device=relay.device.id,
            channel=wire.channel,
            does=wire.does.value,
            wanted_on=wire.wanted_on,
            feedback_closed=wire.feedback,
        )


def _sorted(alarms: Iterable[Alarm]) -> list[Alarm]:
    raised = [alarm for alarm in alarms if alarm.shown not in UNTOLD]
    return sorted(raised, key=lambda alarm: (alarm.verdict.priority, -(alarm.raised_utc or 0.0)))


def _alarm(alarm: Alarm) -> LiveAlarm:
    return LiveAlarm(
        key=alarm.verdict.key,
        permit=alarm.verdict.finding.permit,
        title=alarm.verdict.title,
        detail=alarm.verdict.finding.detail,
        action=alarm.verdict.action,
        priority=int(alarm.verdict.priority),
        state=alarm.shown.value,
        since_utc=alarm.raised_utc or 0.0,
        code=alarm.verdict.code,
        act_within_s=alarm.verdict.act_within_s,
        card=card(alarm.verdict.effect),
        overridden=alarm.verdict.overridden,
    )


def _event(event: Event) -> LiveEvent:
    words = event.data.get("words") or event.data.get("detail") or {}
    return LiveEvent(
        seq=event.seq,
        type=event.type,
        subject=event.subject,
        at_utc=event.at_utc,
        words=Words(str(words.get("zh", "")), str(words.get("en", ""))),
    )
