"""Which recorded inputs belong to a span of time, segment by segment."""

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from edge_agent.decide.state import Inputs, Start
from edge_agent.domain.words import Words, WordsError
from edge_agent.ops.incident.heads import began
from edge_agent.ops.replay import BadInputs, recorded
from edge_agent.store import journal
from edge_agent.store.errors import StoreError

NOTHING = Words(
    "这段时间没有留存输入：记录已超出保存期，或程序当时未运行",
    "no inputs are kept of these minutes: they are older than what is kept, or the agent did not run",
)


class Span(Struct, frozen=True, kw_only=True):
    """From when to when, in UTC seconds."""

    from_utc: float
    to_utc: float

    def holds(self, utc: float) -> bool:
        """Whether this moment lies in it."""
        return self.from_utc <= utc <= self.to_utc


class Segment(Struct, frozen=True):
    """One segment: where it begins, and the steps of it."""

    start: Start
    steps: Iterator[Inputs]


def segments(folder: Path, span: Span) -> Iterator[Segment]:
    """The segments that have steps of this span, oldest first. Each begins before the span or within it.

    The steps end with the span. Raises WordsError where nothing is kept of it, BadInputs for a damaged one.
    """
    found = [(path, head) for path in journal.segments(folder) if (head := began(path)) is not None]
    before = [at for at, (_, head) in enumerate(found) if head.instant.utc <= span.from_utc]
    chosen = [path for path, head in found[max(before, default=0) :] if head.instant.utc <= span.to_utc]
    if not chosen:
        raise WordsError(NOTHING)
    for path in chosen:
        try:
            start, steps = recorded(journal.read(path))
        except StoreError as fault:
            raise BadInputs(f"{path.name}: {fault.detail}") from fault
        yield Segment(start, _until(steps, span.to_utc, path))


def _until(steps: Iterator[Inputs], to_utc: float, path: Path) -> Iterator[Inputs]:
    try:
        for inputs in steps:
            if inputs.instant.utc > to_utc:
                return
            yield inputs
    except StoreError as fault:
        raise BadInputs(f"{path.name}: {fault.detail}") from fault
