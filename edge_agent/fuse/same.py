"""What was made of the very same values is handed out again: most of the field says nothing new from step to step.

Values here are frozen, and the very same ones make the same result: this makes a step faster and never different.
"""

from collections.abc import Callable
from operator import is_
from typing import Generic, TypeVar, TypeVarTuple

MOST = 5000  # a full box has 500 channels, 250 wearables and 50 permits
Of = TypeVarTuple("Of")
Made = TypeVar("Made")


class Same(Generic[Made, *Of]):
    """A pure function that knows, for each key, what it made last and of what. Only identity counts.

    A key is the id of a device, a permit or a person; beyond `MOST` the oldest is forgotten.
    """

    def __init__(self, make: Callable[[*Of], Made]) -> None:
        """`make` is pure, and what it takes never changes."""
        self.make = make
        self._last: dict[str, tuple[tuple[*Of], Made]] = {}

    def __call__(self, key: str, *of: *Of) -> Made:
        """What `make` makes of these values."""
        last = self._last.get(key)
        if last is not None and len(last[0]) == len(of) and all(map(is_, last[0], of)):
            return last[1]
        made = self.make(*of)
        if len(self._last) >= MOST and key not in self._last:
            del self._last[next(iter(self._last))]
        self._last[key] = (of, made)
        return made

    def forget(self) -> None:
        """Make everything anew: `make` itself is no longer the same."""
        self._last.clear()
