"""What a worker remembers of each tag: its newest fix, its last messages, what it last complained about."""

from collections import deque

from msgspec import Struct

from edge_agent.domain.observation import DeviceHealth, Observation, Position
from edge_agent.domain.words import NOTHING, Words
from edge_agent.sense.wearables.family import Fix, Told

# The same complaint about the same tag is repeated this often, not with every message.
REPEAT_S = 10.0
# A message that comes twice comes soon: so many ids of each tag are known.
IDS_KEPT = 32


class _Complaint(Struct):
    detail: Words = NOTHING
    ok: bool = True
    at_s: float = float("-inf")


class TagBook:
    """One book for all tags of a broker. Times are monotonic seconds."""

    def __init__(self) -> None:
        """Knows nothing yet."""
        self._newest: dict[str, float] = {}
        self._ids: dict[str, deque[str]] = {}
        self._said: dict[str, _Complaint] = {}

    def take(self, fix: Fix) -> list[Observation]:
        """What a readable message amounts to: nothing if it comes twice, or an older fix arrives late.

        A late message still carries a call for help: it is passed on without its outdated place.
        """
        device, now_s = fix.position.source, fix.position.at_s
        if fix.message_id is not None:
            known = self._ids.setdefault(device, deque(maxlen=IDS_KEPT))
            if fix.message_id in known:
                return []
            known.append(fix.message_id)
        newest = self._newest.get(device)
        if fix.generated is not None:
            if newest is not None and fix.generated < newest:
                return [_only_the_call(fix.position)] if fix.position.sos or fix.position.fall else []
            self._newest[device] = fix.generated
        return [*self.say(device, fix.note, now_s, ok=True), fix.position]

    def taken(self, told: Told, of: str, now_s: float) -> list[Observation]:
        """What to deliver of one word about a tag; what nobody knows whose it is, is told of its carrier `of`."""
        if told.device is None:
            return self.say(of, told.wrong, now_s, ok=True)
        if told.fix is None:
            return self.say(told.device, told.wrong, now_s, ok=False)
        return self.take(told.fix)

    def say(self, source: str, detail: Words, now_s: float, *, ok: bool) -> list[Observation]:
        """A word about a tag or the broker if it is new, or old enough to be repeated."""
        last = self._said.setdefault(source, _Complaint())
        changed = last.ok != ok or bool(last.detail) != bool(detail)
        repeat = bool(detail) and now_s - last.at_s >= REPEAT_S
        if not changed and not repeat:
            return []
        self._said[source] = _Complaint(detail=detail, ok=ok, at_s=now_s)
        return [DeviceHealth(source=source, at_s=now_s, ok=ok, detail=detail)]


def _only_the_call(late: Position) -> Position:
    return Position(source=late.source, at_s=late.at_s, age_s=late.age_s, sos=late.sos, fall=late.fall)
