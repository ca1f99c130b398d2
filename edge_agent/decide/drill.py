"""Drills: the box decides twice, once on what is real and once on what the drill plays; what is real wins.

What a drill plays is laid over a copy of the memory. Whatever the rules then find *beside* what they
find in earnest is the drill's: it acts like a real finding (the pause, the relay and the siren are real,
because the box must prove itself end to end, and a stop is always safe), and everything that comes of it
is marked `drill`. The real findings are computed without the drill and pass unaltered, so that nothing
that is played can hide or delay a danger. The first real alarm that stops work ends the drill at once.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from msgspec import to_builtins
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.decide import alarm_events
from edge_agent.decide import alarms as alarm_list
from edge_agent.decide.drill_overlay import overlaid
from edge_agent.decide.drill_report import told
from edge_agent.decide.state import Draft
from edge_agent.domain.drill import Mark, Playing
from edge_agent.domain.outcome import Alarm, AlarmState, Effect, Output, Priority, Verdict
from edge_agent.domain.permit import TERMINAL, Permit, State
from edge_agent.domain.words import Words
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.memory import Memory
from edge_agent.fuse.world import World
from edge_agent.settings.site import Settings

DRILL = "drill|"  # before an alarm's key: a drill's alarm and a real one are never the same alarm
MOST_MARKS = 500  # memory only
# What people do in a drill that its report names, and where the event says who it was.
ACTS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "permit.stopped": lambda data: data["causes"][-1]["subject"],
    "permit.signed": lambda data: data["signatures"][-1]["person"],
    "permit.retested": lambda data: data["retest"]["tester"],
    "permit.confirmed": lambda data: data["person"],
    "permit.everybody_out": lambda data: data["by"],
    "person.entered": lambda data: data["by"],
    "person.left": lambda data: data["by"],
    "person.answered": lambda data: data["by"],
    "guard.here": lambda data: data["guard"],
    "guard.checked_in": lambda data: data["guard"],
    "guard.relieved": lambda data: data["guard"],
}

WHY = {
    "ended": Words("演练已按要求结束", "the drill was ended"),
    "time": Words("演练到时结束", "the drill's time is over"),
    "overtaken": Words("出现真实报警，演练立即中止", "a real alarm came: the drill ended at once"),
    "restart": Words("主机重启，演练中止", "the box restarted: the drill is over"),
    "permit": Words("作业票已结束，演练中止", "the permit ended, and the drill with it"),
}


def verdicts(  # noqa: PLR0913, PLR0917 (what it decides from)
    permits: Iterable[Permit],
    memory: Memory,
    real: Iterable[Verdict],
    decided: Callable[[Memory], Iterable[Verdict]],
    settings: Settings,
    instant: Instant,
) -> list[Verdict]:
    """What the running drills cause, beside the real verdicts: theirs alone, for their own permit alone."""
    playing = [permit for permit in permits if permit.drill is not None and permit.state not in TERMINAL]
    taken = {verdict.key for verdict in real} if playing else set()
    return [
        _marked(verdict, permit.ticket.id)
        for permit in playing
        for verdict in decided(overlaid(memory, permit, settings, instant))
        if verdict.key not in taken and verdict.finding.permit in {permit.ticket.id, ""}
    ]


def _marked(verdict: Verdict, permit: str) -> Verdict:
    """The verdict as the drill's own; one about the unit becomes one about the drill's permit."""
    finding = verdict.finding
    detail = Words(f"【演练】{finding.detail.zh}", f"[DRILL] {finding.detail.en}")
    return replace(
        verdict,
        key=f"{DRILL}{verdict.key}",
        finding=replace(finding, permit=permit, detail=detail),
        title=Words(f"【演练】{verdict.title.zh}", f"[DRILL] {verdict.title.en}"),
        drill=True,
    )


def overtaken(draft: Draft) -> None:
    """A real alarm that stops work or clears an area was raised in this step: every drill is over at once."""
    fresh = (
        alarm
        for alarm in draft.alarms.values()
        if not alarm.verdict.drill and (alarm.verdict.effect >= Effect.PAUSE or alarm.verdict.clears)
    )
    if any(alarm.state in alarm_list.ACTIVE and alarm.raised_s == draft.instant.now_s for alarm in fresh):
        for permit in tuple(draft.permits.values()):
            if permit.drill is not None:
                end(draft, permit, "overtaken")


def follow(draft: Draft, world: World) -> None:
    """What this step has shown of each drill, and whether its time is over. After everything else."""
    for permit in tuple(draft.permits.values()):
        playing = permit.drill
        if playing is None:
            continue
        seen = (
            *_seen(draft, permit, playing, world.job_of.get(permit.ticket.id)),
            *_left(draft, permit, playing, world.rulebook.entry.still_inside_s.value),
            *_acts(draft, permit, playing),
        )
        if seen:
            playing = replace(playing, marks=(*playing.marks, *seen))
            permit = replace(permit, drill=playing)  # noqa: PLW2901 (the permit as it now stands)
            draft.permits[permit.ticket.id] = permit
        if permit.state in TERMINAL:
            end(draft, permit, "permit")
        elif draft.instant.now_s - playing.at_s >= _length_s(playing):
            end(draft, permit, "time")


def _length_s(playing: Playing) -> float:
    ends = [step.after_s for step in playing.drill.steps if step.kind == "end"]
    return min([playing.drill.longest_s, *ends])


def _seen(draft: Draft, permit: Permit, playing: Playing, job: Job | None) -> Iterator[Mark]:
    now_s, known = draft.instant.now_s, {(mark.what, mark.key) for mark in playing.marks}
    for alarm in _own(draft, permit):
        verdict = alarm.verdict
        if alarm.state in alarm_list.ACTIVE and ("raised", verdict.key) not in known:
            yield Mark(what="raised", at_s=now_s, key=verdict.key, code=verdict.code, limit_s=verdict.act_within_s)
        if alarm.state is AlarmState.ACK_ACTIVE and ("acknowledged", verdict.key) not in known:
            yield Mark(
                what="acknowledged", at_s=now_s, key=verdict.key, code=verdict.code, by=_acknowledger(draft)
            )
    stopped = permit.state is State.PAUSED and any(cause.drill for cause in permit.causes)
    if stopped and ("paused", "") not in known:
        yield Mark(what="paused", at_s=now_s)
    if stopped and job is not None and ("relay_open", "") not in known and _open(job):
        yield Mark(what="relay_open", at_s=now_s)


def _left(draft: Draft, permit: Permit, playing: Playing, limit_s: float) -> Iterator[Mark]:
    """People inside are told to leave, and the last of them comes out."""
    known, now_s = {mark.what for mark in playing.marks}, draft.instant.now_s
    ordered = any(cause.drill and cause.evacuate for cause in permit.causes)
    if "ordered" not in known and ordered and permit.inside:
        yield Mark(what="ordered", at_s=now_s, limit_s=limit_s)
    if "ordered" in known and "all_out" not in known and not permit.inside:
        yield Mark(what="all_out", at_s=now_s)


def _acts(draft: Draft, permit: Permit, playing: Playing) -> Iterator[Mark]:
    """What people did about this permit in this step, each by name; acknowledgements stand beside their alarms."""
    if len(playing.marks) >= MOST_MARKS:
        return
    for event in draft.events:
        if event.subject == permit.ticket.id and event.type in ACTS:
            yield Mark(what="acted", at_s=event.at_s, key=event.type, by=ACTS[event.type](event.data))


def _acknowledger(draft: Draft) -> str:
    named = (event.data.get("person") for event in draft.events if event.type == "alarm.acknowledged")
    return next((str(person) for person in named), "")


def _open(job: Job) -> bool:
    """Whether a mirror contact has said that the load has no power."""
    wires = (wire for relay in job.relays for wire in relay.wires)
    return any(wire.does is Output.PERMISSIVE and not wire.wanted_on and wire.feedback is False for wire in wires)


def _own(draft: Draft, permit: Permit) -> list[Alarm]:
    alarms = draft.alarms.values()
    return [a for a in alarms if a.verdict.drill and a.verdict.finding.permit == permit.ticket.id]


def end(draft: Draft, permit: Permit, why: str) -> None:
    """The drill is over: its alarms are gone at once, what it stopped stays stopped until people resume."""
    playing = permit.drill
    if playing is None:
        return
    if why != "restart":  # seconds of another boot mean nothing
        playing = replace(playing, marks=(*playing.marks, *_seen(draft, permit, playing, None)))
    for alarm in _own(draft, permit):
        draft.alarms = {key: one for key, one in draft.alarms.items() if key != alarm.verdict.key}
        if alarm.state in alarm_list.ACTIVE:
            draft.event("alarm.returned", permit.ticket.id, Priority.LOW, alarm_events.told(alarm))
    draft.permits[permit.ticket.id] = replace(permit, drill=None)
    data = {"drill": True, "name": playing.drill.name, "why": why, "words": to_builtins(WHY[why])}
    type_ = "drill.overtaken" if why == "overtaken" else "drill.ended"
    draft.event(type_, permit.ticket.id, Priority.HIGH, data)
    draft.event("drill.report", permit.ticket.id, Priority.MEDIUM, told(playing, draft.instant, why))
