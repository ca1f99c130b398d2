"""From when to when something held, seen step by step. Pure."""

from collections.abc import Callable, Iterator, Mapping
from typing import Generic, TypeVar

T = TypeVar("T")


class Spells(Generic[T]):
    """Spells of things by key. `mark` says what makes two of one key different spells."""

    def __init__(self, mark: Callable[[T], object]) -> None:
        """Nothing has been seen yet."""
        self._mark = mark
        self._open: dict[str, tuple[T, object, float]] = {}
        self._over: list[tuple[T, float, float | None]] = []

    def see(self, now: Mapping[str, T], utc: float) -> None:
        """What holds at this moment."""
        for key, (value, mark, from_utc) in tuple(self._open.items()):
            if key not in now or self._mark(now[key]) != mark:
                self._over.append((value, from_utc, utc))
                del self._open[key]
        for key, value in now.items():
            if key not in self._open:
                self._open[key] = value, self._mark(value), utc

    def all(self) -> Iterator[tuple[T, float, float | None]]:
        """Each with its beginning and its end (None: it still holds), in the order of their beginnings."""
        still = [(value, from_utc, None) for value, _, from_utc in self._open.values()]
        yield from sorted([*self._over, *still], key=lambda one: one[1])
