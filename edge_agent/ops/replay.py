"""Replay: the same step over recorded inputs. A journal segment and a scenario have one format.

The first line says where it began (`Start`), each further line is one step's `Inputs`. Replaying a
segment gives the events that were decided then, byte for byte, because a step is pure.
"""

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec
import rfc8785
from msgspec import Struct

from edge_agent.decide.state import Decision, Inputs, Start, State
from edge_agent.decide.step import begin, step
from edge_agent.domain.outcome import Event
from edge_agent.settings.site import Settings
from edge_agent.store import journal
from edge_agent.store.errors import StoreError

T = TypeVar("T")


class BadInputs(Exception):  # noqa: N818 (it is about the inputs, not about an error of ours)
    """A line of the inputs cannot be read: which, and why."""


def decisions(settings: Settings, lines: Iterable[bytes]) -> Iterator[Decision]:
    """Every step's decision, the beginning's first. Raises BadInputs naming the line."""
    start, steps = recorded(lines)
    state, opening = begun(settings, start)
    if opening is not None:
        yield opening
    for inputs in steps:
        decision = step(settings, state, inputs)
        yield decision
        state = decision.state


def recorded(lines: Iterable[bytes]) -> tuple[Start, Iterator[Inputs]]:
    """Where it began, and what each step consumed. Raises BadInputs naming the line."""
    numbered = enumerate(lines, start=1)
    try:
        number, first = next(numbered)
    except StopIteration:
        raise BadInputs("line 1: the file is empty; it must begin with a start line") from None
    return _read(first, number, Start), (_read(line, number, Inputs) for number, line in numbered)


def begun(settings: Settings, start: Start) -> tuple[State, Decision | None]:
    """The state that the first step starts from; with the decision that made it, where the box came up there."""
    if start.state is not None:
        return start.state, None
    opening = begin(settings, start.instant, start.kept)
    return opening.state, opening


def _read(line: bytes, number: int, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(line, type=kind)
    except msgspec.DecodeError as fault:
        raise BadInputs(f"line {number}: not a {kind.__name__.lower()} line: {fault}") from fault


def events_of(settings: Settings, inputs: Path) -> Iterator[str]:
    """The events of one file of inputs, as lines of JSON. Raises BadInputs or OSError."""
    try:
        lines = list(journal.read(inputs))
    except StoreError as fault:
        raise BadInputs(fault.detail) from fault
    for decision in decisions(settings, lines):
        for event in decision.events:
            yield line(event).decode()


class Newest(Struct, frozen=True, kw_only=True):
    """Where the journal ends: the last state that it led to, and by which settings it was decided."""

    state: State
    settings: str  # their digest


def newest(settings: Settings, folder: Path) -> Newest | None:
    """The newest state that the journal in `folder` led to; None if it knows none.

    For an agent that has lost its records: it decides the newest readable segment again, as far as it goes.
    """
    for segment in reversed(journal.segments(folder)):
        last: Newest | None = None
        with contextlib.suppress(BadInputs, StoreError, OSError):
            start, steps = recorded(journal.read(segment))
            state, _ = begun(settings, start)
            last = Newest(state=state, settings=start.settings)
            for inputs in steps:
                state = step(settings, state, inputs).state
                last = Newest(state=state, settings=start.settings)
        if last is not None and last.state.seq:
            return last
    return None


def line(event: Event) -> bytes:
    """An event as canonical JSON (RFC 8785): the same event is the same bytes, however it was kept."""
    return rfc8785.dumps(msgspec.to_builtins(event))
