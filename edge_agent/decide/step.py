"""One step of the brain, pure: the same state and inputs give the same decision, byte for byte."""

from collections.abc import Iterable

from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.decide import (
    aiming,
    alarm_events,
    bumping,
    chain_break,
    commissioning,
    commissioning_gate,
    coverage,
    drill,
    figures,
    guarding,
    interlocks,
    life,
    outputs,
    overrides,
    rectify,
    restart,
    shadow,
    siren_trial,
    vouching,
)
from edge_agent.decide import alarms as alarm_list
from edge_agent.decide.asking import answer, delivered, tightening
from edge_agent.decide.rules.rule import Rule, run
from edge_agent.decide.rules.table import RULES
from edge_agent.decide.state import NOTHING_KEPT, Decision, Draft, Inputs, Kept, State
from edge_agent.domain.device import DeviceKind
from edge_agent.domain.outcome import UNTOLD, Alarm, Priority
from edge_agent.domain.people_limits import PpeLimits
from edge_agent.fuse import book, bottled, network, records
from edge_agent.fuse import world as fuse
from edge_agent.fuse.gas_follow import follow, woken
from edge_agent.fuse.gauges import standing
from edge_agent.fuse.memory import Memory, absorb, known_utc, timed
from edge_agent.fuse.posts import PostLimits
from edge_agent.fuse.ppe import Vote
from edge_agent.settings.site import Settings


def step(settings: Settings, state: State, inputs: Inputs, rules: Iterable[Rule] = RULES) -> Decision:
    """Fuse, run every rule, let alarms, permits and people's requests take effect."""
    written = settings
    settings = replace(settings, rulebook=book.effective(written.rulebook, inputs.instant, state.centre))
    draft = Draft(state, inputs.instant, settings.local_time.shift_at(inputs.instant.utc))
    restart.put_right(draft)
    delivered.take(draft, inputs.asked, settings, written)
    tightening.settle(draft)
    if draft.centre is not state.centre:  # a stricter limit counts at once
        settings = replace(settings, rulebook=book.effective(written.rulebook, inputs.instant, draft.centre))
    memory = timed(state.memory, inputs.instant)
    said = records.vouched(inputs.observations, draft.records, known_utc(memory, inputs.instant))
    draft.bumps = bottled.doubted(draft.bumps, said, settings)
    bottles = bottled.announced(draft.bumps)
    memory = follow(absorb(memory, said), said, settings, inputs.instant, bottles)
    memory = replace(memory, beyond=_beyond(settings, memory, inputs.instant.now_s))
    shadows = shadow.in_force(settings.site.shadow, state.shadow_over, inputs.instant)
    shadow.settle(draft, shadows, settings.rulebook)
    overrides.end_due(draft)
    known = fuse.Known(
        permits=draft.permits,
        persons=draft.persons,
        records=draft.records,
        outputs=state.outputs,
        ways=state.figures.ways,
        sirens=state.sirens,
        rule=draft.centre.get(tightening.ID),
        power=state.power,
        trial=state.trial,
        uncommissioned=commissioning_gate.lacking(settings, state.commissioning, inputs.instant),
        bumps=draft.bumps,
    )
    world = fuse.build(settings, memory, known, inputs.instant)
    for job in world.jobs:
        draft.permits[job.permit.ticket.id] = coverage.advance(job.permit, job, world)
    real = list(run(rules, world))
    acting, shadowed = shadow.split(real, shadows, draft.permits.values())
    played = drill.verdicts(
        draft.permits.values(),
        memory,
        real,
        lambda pretended: run(rules, fuse.build(settings, pretended, known, inputs.instant)),
        settings,
        inputs.instant,
    )
    urgent = figures.risen(acting, state.figures, draft.permits, settings.rulebook.figures, inputs.instant.utc)
    alarm_events.take(draft, [*urgent, *played], settings.rulebook.alarm)
    interlocks.spend(draft)
    drill.overtaken(draft)
    shadow.record(draft, state, shadowed, settings.rulebook)
    concerning = alarm_list.by_permit(draft.alarms.values())
    for job in world.jobs:
        life.live(draft, job, world, concerning(job.permit.ticket.id))
    guarding.buttons(draft, world)
    answer.answer_all(draft, world, inputs.asked, settings)
    bumping.follow(draft, world, settings)
    draft.commissioning = commissioning.follow(draft, draft.commissioning, world, settings)
    shadow.started(draft, state)
    drill.follow(draft, world)
    life.forget(draft)
    counted = figures.advance(draft, state.figures, world, settings.local_time, settings.rulebook.figures)
    rectify.follow(draft, settings.rulebook.rectify)
    aiming.follow(draft, state, settings, memory.aims)
    tried, last_trial = siren_trial.follow(draft, state, world, settings)
    holding = interlocks.holding(world.gauges.values(), state.outputs, draft.alarms.values())
    actions = outputs.wanted(
        settings, draft.permits.values(), draft.alarms.values(), holding, trial=world.siren_trial
    )
    return Decision(
        state=State(
            memory=memory,
            permits=draft.permits,
            alarms=draft.alarms,
            persons=draft.persons,
            records=draft.records,
            centre=draft.centre,
            rectifications=draft.rectifications,
            floods=draft.floods,
            shadow=draft.shadow,
            shadow_over=shadows.over,
            figures=counted,
            commissioning=draft.commissioning,
            bumps=draft.bumps,
            outputs=outputs.since(state.outputs, actions, inputs.instant.now_s),
            sirens=world.sirens,
            power=world.power,
            trial=siren_trial.still(draft.trial, world),
            tried=tried,
            last_trial=last_trial,
            looks=draft.looks,
            seq=draft.seq,
        ),
        events=tuple(draft.events),
        answers=tuple(draft.answers),
        actions=actions,
    )


def under(memory: Memory, settings: Settings) -> Memory:
    """The same memory, taking in what comes by the limits of this rulebook."""
    guard = settings.rulebook.guard
    return replace(
        memory,
        post_limits=_post_limits(settings),
        move_m=guard.move_m.value,
        absent_s=guard.interval_absent_s.value,
        sharp_m=guard.post_warn_m.value,
        ppe_vote=_vote(settings.rulebook.ppe),
    )


def _beyond(settings: Settings, memory: Memory, now_s: float) -> dict[str, str]:
    """What gauges are beyond; the very same while none of the site is."""
    if not settings.site.gauges:
        return memory.beyond
    return standing(settings.site, memory, {device.id: device for device in settings.devices}, now_s)


def _post_limits(settings: Settings) -> PostLimits:
    return PostLimits(
        gap_s=settings.rulebook.camera.not_monitored_s.value,
        still_s=settings.rulebook.guard.video_still_s.value,
        marked=settings.site.vision.guard_colour is not None,
    )


def _vote(limits: PpeLimits) -> Vote:
    return Vote(
        window_s=limits.over_s.value,
        frames_count=int(limits.frames_count.value),
        missing_pct=limits.missing_pct.value,
    )


def begin(settings: Settings, instant: Instant, kept: Kept = NOTHING_KEPT) -> Decision:
    """The first state after the box came up, from what the store kept. Nothing comes up permitted."""
    centre = {record.id: record for record in kept.centre}
    settings = replace(settings, rulebook=book.effective(settings.rulebook, instant, centre))
    people = {person.id: person for person in (*settings.persons, *kept.persons)}
    memory = Memory(
        booted_s=instant.now_s,
        post_areas=_posts(settings),
        openings={id_: table.openings for id_, table in settings.site.cameras.items() if table.openings},
        air=network.fresh(_on_the_air(settings), settings.rulebook.network),
        movable=frozenset(id_ for id_, table in settings.site.cameras.items() if table.ptz is not None),
        gas=woken(kept.exposure, settings, instant),
        gas_alarms=kept.counts.gas_alarms,
    )
    memory = under(memory, settings)
    state = State(
        memory=memory,
        permits={permit.ticket.id: permit for permit in kept.permits},
        alarms={alarm.verdict.key: _woken(alarm, instant) for alarm in kept.alarms if _lasts(alarm)},
        persons=people,
        records=vouching.woken(settings, kept.records, instant.utc),
        centre=centre,
        rectifications={one.id: one for one in kept.rectifications},
        commissioning=kept.commissioning,
        figures=figures.woken(kept.counts.figures, instant, kept.alive_utc, settings.local_time),
        shadow_over=shadow.over_by(settings.site.shadow, kept.alive_utc),
        seq=kept.seq,
    )
    draft = Draft(state, instant, settings.local_time.shift_at(instant.utc))
    if kept.broken is not None:  # the first row of what follows says what was before
        chain_break.told(draft, kept.broken)
    draft.event(
        "unit.started", "unit", Priority.MEDIUM, {"rulebook": settings.rulebook.name, "settings": settings.digest}
    )
    vouching.voided(draft, kept.records, settings)
    draft.commissioning = commissioning.woken(draft, draft.commissioning, settings, kept.alive_utc)
    for permit in tuple(draft.permits.values()):
        drill.end(draft, permit, "restart")
    for permit in tuple(draft.permits.values()):
        restart.restarted(draft, permit, settings.rulebook, kept.alive_utc)
    actions = outputs.wanted(settings, draft.permits.values(), draft.alarms.values())
    after = replace(
        state,
        permits=draft.permits,
        alarms=draft.alarms,
        commissioning=draft.commissioning,
        outputs=outputs.since({}, actions, instant.now_s),
        seq=draft.seq,
    )
    return Decision(state=after, events=tuple(draft.events), answers=(), actions=actions)


def _on_the_air(settings: Settings) -> dict[str, float]:
    """Wearables and cameras, and how often each speaks. One that hangs on a wire speaks on, and shows no hole."""
    kinds = {DeviceKind.WEARABLE, DeviceKind.CAMERA}
    return {device.id: device.period_s for device in settings.devices if device.kind in kinds}


def _posts(settings: Settings) -> dict[str, tuple[str, ...]]:
    """Cameras that watch a guard's post, each with the areas that are one."""
    marked = {
        id_: tuple(area.area for area in table.areas if area.post) for id_, table in settings.site.cameras.items()
    }
    return {id_: areas for id_, areas in marked.items() if areas}


def _lasts(alarm: Alarm) -> bool:
    """Whether a restart keeps it. That an interlock waits is asked anew: he who agreed agreed to another start."""
    return alarm.state not in UNTOLD and interlocks.WAITS not in alarm.verdict.finding.facts


def _woken(alarm: Alarm, instant: Instant) -> Alarm:
    """An alarm of an earlier boot: still there, all its times running anew on this boot's clock; no shelf."""
    now_s = instant.now_s
    return replace(
        alarm,
        first_seen_s=now_s,
        last_seen_s=now_s,
        raised_s=now_s,
        called_s=now_s,
        escalated=0,
        raises=(),
        shelf=None,
    )
