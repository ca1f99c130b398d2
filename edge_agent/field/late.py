"""What an RTU line may still owe: a frame says unit, function and length, never which question it answers. Pure.

A reply that comes too late could be taken for the answer to a later question to the same unit (docs/trust.md,
fact 1). Closing the port loses only what has arrived by then. So for LATE_S after a question went unanswered,
another question of the same shape to that unit is not put at all, and the same one is believed to be as old as
the reply may be.
"""

from collections import deque

from msgspec import Struct

# Modbus over Serial Line V1.02, 2.4.1: a usual response time-out is up to several seconds; this is twice that.
LATE_S = 10.0

Shape = tuple[int, int, int]  # unit, function, number of registers: all that tells one RTU reply from another


class Asked(Struct, kw_only=True):
    """One question, when it was put, and whether its reply is still owed."""

    address: int
    at_s: float
    missed: bool = False


class Owed:
    """The questions of the last LATE_S. Times are monotonic seconds."""

    def __init__(self) -> None:
        """Nothing was asked."""
        self._asked: dict[Shape, deque[Asked]] = {}

    def forbids(self, shape: Shape, address: int, now_s: float) -> bool:
        """Whether the reply to another question could still come and pass for the answer to this one."""
        return any(one.missed and one.address != address for one in self._recent(shape, now_s))

    def ask(self, shape: Shape, address: int, now_s: float) -> None:
        """A question is put."""
        self._recent(shape, now_s).append(Asked(address=address, at_s=now_s))

    def miss(self, shape: Shape) -> None:
        """The last question of this shape got no answer that could be used."""
        self._asked[shape][-1].missed = True

    def age_s(self, shape: Shape, now_s: float) -> float:
        """How old the answer that has just come may be: 0 if no reply of this shape is owed."""
        asked = self._recent(shape, now_s)
        missed = sum(one.missed for one in asked)
        return now_s - asked[-1 - missed].at_s if missed else 0.0

    def _recent(self, shape: Shape, now_s: float) -> deque[Asked]:
        asked = self._asked.setdefault(shape, deque())
        while asked and now_s - asked[0].at_s > LATE_S:
            asked.popleft()
        return asked
