"""Where the journal says that the records stand: a word in each line, compared with the records at every start.

A line is on the disk before what it led to is committed, so the records always hold what the line before says, and
never more than the newest line says. Whatever else is found was lost, or put there.
"""

from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import asdict, replace

from edge_agent.decide.state import Inputs
from edge_agent.store import journal
from edge_agent.store.chain import GENESIS
from edge_agent.store.errors import StoreError


class Line(Inputs, frozen=True, kw_only=True, omit_defaults=True):
    """One line of the journal: what a step consumed, and where the records stand. A replay reads the former."""

    seq: int = 0  # of the newest event once the step is kept; 0: none yet, or from before this was noted
    head: str = ""  # the chain's newest hash before the step, where it is another than the line before had


class End(Struct, frozen=True, kw_only=True):
    """What the newest readable segment says last."""

    head: str = GENESIS  # the records hold a row with this hash
    seq: int = 0  # the newest event's number, as far as it names one
    said: bool = False  # no event beyond it was decided; not known of a start whose first step is not in it
    whole: bool = False  # it is the newest segment of all, and was read to its end

    def lacks(self, seq: int) -> bool:
        """Whether records up to event `seq` hold steps that the journal does not."""
        return self.said and seq > self.seq


class _Numbered(Struct, frozen=True):
    seq: int = 0


class _Start(Struct, frozen=True):
    head: str
    kept: _Numbered = _Numbered()
    state: _Numbered | None = None


class _Mark(Struct, frozen=True):
    seq: int = 0
    head: str = ""


def line(inputs: Inputs, seq: int, head: str) -> bytes:
    """The bytes of one line."""
    return msgspec.json.encode(Line(**asdict(inputs), seq=seq, head=head))


def end(folder: Path) -> End | None:
    """Of the journal in `folder`; None where no segment can be read."""
    for at, segment in enumerate(reversed(journal.segments(folder))):
        found = _of(segment)
        if found is not None:
            return replace(found, whole=found.whole and at == 0)
    return None


def _of(segment: Path) -> End | None:
    lines = journal.read(segment)
    try:
        start = msgspec.json.decode(next(lines), type=_Start)
    except (StoreError, OSError, StopIteration, msgspec.MsgspecError):
        return None
    last = End(head=start.head, seq=(start.state or start.kept).seq, said=start.state is not None)
    decoder = msgspec.json.Decoder(_Mark)
    try:
        for text in lines:
            mark = decoder.decode(text)
            last = End(head=mark.head or last.head, seq=mark.seq or last.seq, said=mark.seq > 0)
    except (StoreError, OSError, msgspec.MsgspecError):
        return last
    return replace(last, whole=True)
