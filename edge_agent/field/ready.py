"""Which pipes and sockets are ready: by poll(2). select(2) fails beyond descriptor 1023; a full box has more."""

import select
from collections.abc import Iterable

ENDED = select.POLLHUP | select.POLLERR | select.POLLNVAL  # whoever reads or writes is told so at once


def ready(read: Iterable[int], write: Iterable[int], within_s: float) -> tuple[set[int], set[int]]:
    """Those that can be read (an end, too) and those that can be written without waiting; none in time: none."""
    reads, writes = set(read), set(write)
    asked = select.poll()
    for one in reads | writes:
        asked.register(one, (select.POLLIN if one in reads else 0) | (select.POLLOUT if one in writes else 0))
    found = asked.poll(max(within_s, 0.0) * 1000)
    readable = {one for one, seen in found if one in reads and seen & (select.POLLIN | ENDED)}
    return readable, {one for one, seen in found if one in writes and seen & (select.POLLOUT | ENDED)}


def readable(one: int, within_s: float) -> bool:
    """Whether it can be read within this time without waiting; an end can."""
    return bool(ready((one,), (), within_s)[0])


def writable(one: int, within_s: float) -> bool:
    """Whether it can be written within this time without waiting."""
    return bool(ready((), (one,), within_s)[1])
