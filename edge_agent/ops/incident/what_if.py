"""The same recorded inputs decided twice: as it is, and with another limit or without a rule. Changes nothing."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from math import inf
from typing import Literal, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.decide.rules.rule import Rule
from edge_agent.decide.rules.table import RULES
from edge_agent.decide.state import Inputs, State
from edge_agent.decide.step import step, under
from edge_agent.domain.outcome import Alarm, Effect
from edge_agent.domain.permit import STOPPED, Permit
from edge_agent.domain.permit import State as PermitState
from edge_agent.domain.words import Words, WordsError, joined
from edge_agent.ops.folders import JOURNAL
from edge_agent.ops.incident.change import Change, applied, told
from edge_agent.ops.incident.journals import NOTHING, Span, segments
from edge_agent.ops.incident.mirrors import Mirrors, Wanted, wanted
from edge_agent.ops.incident.spells import Spells
from edge_agent.ops.recordings.concerned import STANDS
from edge_agent.ops.replay import begun
from edge_agent.settings.site import Settings
from edge_agent.tell.live_incident import Difference, Tally, WhatIf

LONGEST_S = 24 * 3600.0
EXACT_S = 1800.0  # a span up to this is decided step by step as it was; a longer one a second at a time
STEP_S = 1.0
MOST = 300  # differences that are told
NOTABLE_S = 2.0  # what begins or ends by less than this apart is the same
REFUSED = "refused"

T = TypeVar("T")
Spell = tuple[T, float, float | None]  # what, from when, until when


class _Run(Struct, kw_only=True):
    """One run, while it goes on."""

    settings: Settings
    rules: tuple[Rule, ...]
    alarms: Spells[Alarm]
    stops: Spells[Permit]
    work: Spells[Permit]
    restarts: list[float]
    mirrors: Mirrors | None  # of a run with a change
    outputs: list[tuple[int, Wanted]]  # what was wanted of them, from which step on
    steps: int = 0
    last_utc: float = 0.0
    refused: int = 0
    same_settings: bool = True


def what_if(settings: Settings, span: Span, change: Change, now_s: Callable[[], float]) -> WhatIf:
    """Both runs and what differs. Raises WordsError for what cannot be tried or is not kept, BadInputs."""
    began_s, changed = now_s(), told(change, settings)
    step_s = 0.0 if span.to_utc - span.from_utc <= EXACT_S else STEP_S
    was = _run(settings, _begun(settings, RULES), span, step_s)
    other, rules = applied(change, settings)
    then = _run(settings, _begun(other, rules, Mirrors(settings, was.outputs)), span, step_s)
    if not was.steps:
        raise WordsError(NOTHING)
    found = sorted(_differences(was, then), key=lambda one: one.was_utc or one.then_utc or 0.0)
    return WhatIf(
        from_utc=span.from_utc,
        to_utc=span.to_utc,
        changed=changed,
        step_s=step_s,
        steps=was.steps,
        took_s=now_s() - began_s,
        restarts=tuple(was.restarts),
        same_settings=was.same_settings,
        was=_tally(was),
        tried=_tally(then),
        differences=tuple(found[:MOST]),
        cut=len(found) > MOST,
    )


def _begun(settings: Settings, rules: tuple[Rule, ...], mirrors: Mirrors | None = None) -> _Run:
    return _Run(
        settings=settings,
        rules=rules,
        alarms=Spells(lambda _: None),
        stops=Spells(lambda _: None),
        work=Spells(lambda _: None),
        restarts=[],
        mirrors=mirrors,
        outputs=[],
    )


def _run(before: Settings, run: _Run, span: Span, step_s: float) -> _Run:
    """Up to the span everything is decided as it was; the run's settings and rules hold from there on."""
    settings = run.settings
    state: State | None = None
    for segment in segments(before.state_folder / JOURNAL, span):
        run.same_settings &= segment.start.settings == before.digest
        inside = state is not None and span.holds(segment.start.instant.utc)
        if state is None or segment.start.state is None:
            state, opening = begun(settings if inside else before, segment.start)
            if opening is not None and inside:
                run.restarts.append(segment.start.instant.utc)
        changed = inside
        for inputs in together(segment.steps, step_s):
            if span.holds(inputs.instant.utc):
                if not changed:
                    changed, state = True, replace(state, memory=under(state.memory, settings))
                state = _stepped(run, state, inputs)
            else:
                state = step(before, state, inputs).state
    return run


def _stepped(run: _Run, state: State, inputs: Inputs) -> State:
    run.steps += 1
    if not run.outputs:
        run.outputs.append((0, wanted(state)))
    heard = inputs if run.mirrors is None else run.mirrors.follow(run.steps, inputs, run.outputs[-1][1])
    decision = step(run.settings, state, heard, run.rules)
    utc, after = inputs.instant.utc, decision.state
    run.last_utc = utc
    now = wanted(after)
    if now != run.outputs[-1][1]:
        run.outputs.append((run.steps, now))
    run.refused += sum(one.type.endswith(REFUSED) for one in decision.events)
    run.alarms.see({key: one for key, one in after.alarms.items() if one.state in STANDS}, utc)
    run.stops.see({key: one for key, one in after.permits.items() if one.state in STOPPED}, utc)
    run.work.see({key: one for key, one in after.permits.items() if one.state is PermitState.ACTIVE}, utc)
    return after


def together(steps: Iterable[Inputs], step_s: float) -> Iterator[Inputs]:
    """Steps within `step_s` as one, in their order; what people ask is answered when they asked."""
    held: list[Inputs] = []
    for one in steps:
        held.append(one)
        if one.asked or one.instant.now_s - held[0].instant.now_s >= step_s:
            yield _one(held)
            held = []
    if held:
        yield _one(held)


def _one(held: list[Inputs]) -> Inputs:
    if len(held) == 1:
        return held[0]
    return replace(held[-1], observations=tuple(chain.from_iterable(one.observations for one in held)))


def _tally(run: _Run) -> Tally:
    alarms, stops = [*run.alarms.all()], [*run.stops.all()]
    return Tally(
        stops=len(stops),
        stopped_s=sum((until or run.last_utc) - from_ for _, from_, until in stops),
        worked_s=sum((until or run.last_utc) - from_ for _, from_, until in run.work.all()),
        alarms=len(alarms),
        called_out=sum(one.verdict.effect is Effect.EVACUATE for one, _, _ in alarms),
        refused=run.refused,
    )


def _differences(was: _Run, then: _Run) -> Iterator[Difference]:
    for stop, other in _apart(was.stops, then.stops, lambda permit: permit.ticket.id):
        permit = _what(stop, other)
        causes = permit.causes
        code, why = causes[0].code if causes else "", joined(one.detail for one in causes)
        yield _difference("stop", permit.ticket.id, code, (joined(one.title for one in causes), why), stop, other)
    for alarm, other_alarm in _apart(was.alarms, then.alarms, lambda one: one.verdict.key):
        verdict = _what(alarm, other_alarm).verdict
        words = verdict.title, verdict.finding.detail
        yield _difference("alarm", verdict.finding.permit, verdict.code, words, alarm, other_alarm)


def _apart(
    was: Spells[T], then: Spells[T], key: Callable[[T], str]
) -> Iterator[tuple[Spell[T] | None, Spell[T] | None]]:
    """Spells of one key that one run alone has, and pairs that meet in time and begin or end apart."""
    left: dict[str, list[Spell[T]]] = {}
    for spell in then.all():
        left.setdefault(key(spell[0]), []).append(spell)
    for spell in was.all():
        others = left.get(key(spell[0]), [])
        other = next((one for one in others if _meet(spell, one)), None)
        if other is not None:
            others.remove(other)
        if other is None or _notable(spell, other):
            yield spell, other
    for others in left.values():
        for other in others:
            yield None, other


def _what(one: Spell[T] | None, other: Spell[T] | None) -> T:
    either = one or other
    assert either is not None, "a difference has two sides, and one of them is there"  # noqa: S101
    return either[0]


def _meet(one: Spell[T], other: Spell[T]) -> bool:
    return one[1] <= (inf if other[2] is None else other[2]) and other[1] <= (inf if one[2] is None else one[2])


def _notable(one: Spell[T], other: Spell[T]) -> bool:
    if (one[2] is None) is not (other[2] is None) or abs(one[1] - other[1]) > NOTABLE_S:
        return True
    return one[2] is not None and other[2] is not None and abs(one[2] - other[2]) > NOTABLE_S


def _difference(  # noqa: PLR0913, PLR0917 (what it is, and its two sides)
    what: Literal["stop", "alarm"],
    permit: str,
    code: str,
    words: tuple[Words, Words],
    was: Spell[T] | None,
    then: Spell[T] | None,
) -> Difference:
    return Difference(
        what=what,
        permit=permit,
        code=code,
        title=words[0],
        detail=words[1],
        was_utc=None if was is None else was[1],
        was_s=_length_s(was),
        then_utc=None if then is None else then[1],
        then_s=_length_s(then),
    )


def _length_s(spell: Spell[T] | None) -> float | None:
    return None if spell is None or spell[2] is None else spell[2] - spell[1]
