"""The place of a value that could not be read: whoever touches it learns that nothing is known there.

The checks that compare tables with each other run although some values are faulty, so that a person
sees every fault at once. A check that needs an unreadable value must not guess one: touching it ends
that check alone.
"""

from collections.abc import Iterator
from typing import Any, NoReturn

from edge_agent.settings.fault import Fault


class Unread(Exception):  # noqa: N818 (a signal between a hole and `judged`, not an error)
    """Somebody asked for a value that could not be read."""


class Hole:
    """Stands where a value could not be read. Its fault is already on the list."""

    def _touched(self, *_: Any) -> NoReturn:
        raise Unread

    __getattr__ = __getitem__ = __iter__ = __len__ = __bool__ = __contains__ = _touched
    __str__ = __format__ = __float__ = __int__ = __index__ = __hash__ = __fspath__ = _touched
    __abs__ = __neg__ = __and__ = __rand__ = __or__ = __ror__ = __mod__ = __rmod__ = _touched
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _touched
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _touched


HOLE: Any = Hole()


def readable(*values: object) -> bool:
    """Whether none of the values is a hole (asks without touching)."""
    return not any(isinstance(value, Hole) for value in values)


def judged(faults: Iterator[Fault]) -> Iterator[Fault]:
    """The faults that a check finds until it touches a value that could not be read."""
    try:
        yield from faults
    except Unread:
        return
