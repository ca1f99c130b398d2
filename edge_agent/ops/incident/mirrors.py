"""What feedback contacts would have said of other outputs than those that were switched. Pure.

The recorded contacts followed what the box did then. A run that leaves the power on would see it go off, take that
for a fault, and stop the work for nothing. So where a run wants something else of an output than was wanted, its
feedback is taken to follow, until the recorded one says the same again. What could not be read stays unread.
"""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from edge_agent.decide.state import Inputs, State
from edge_agent.domain.observation import Contact, Observation
from edge_agent.settings.site import Settings

Wanted = Mapping[str, bool]  # by "module/output"
History = Sequence[tuple[int, Wanted]]  # from which step on this was wanted


def wanted(state: State) -> Wanted:
    """What a state wants of each output."""
    return {key: one.action.on for key, one in state.outputs.items()}


class Mirrors:
    """Follows one run beside the one that was."""

    def __init__(self, settings: Settings, was: History) -> None:
        """`was`: what the run that was wanted, from its first step on."""
        self._of = {
            (device, name): f"{device}/{contact.of}"
            for device, table in settings.site.relays.items()
            for name, contact in table.contacts.items()
            if contact.kind == "feedback"
        }
        self._was, self._at = was, 0
        self._apart: set[str] = set()

    def follow(self, step: int, inputs: Inputs, then: Wanted) -> Inputs:
        """The inputs of this step, where the run wanted `then` after the step before."""
        was = self._before(step)
        self._apart |= {key for key, on in then.items() if was.get(key, on) is not on}
        if not self._apart:
            return inputs
        return replace(inputs, observations=tuple(self._said(one, was, then) for one in inputs.observations))

    def _before(self, step: int) -> Wanted:
        while self._at + 1 < len(self._was) and self._was[self._at + 1][0] < step:
            self._at += 1
        return self._was[self._at][1] if self._was else {}

    def _said(self, seen: Observation, was: Wanted, then: Wanted) -> Observation:
        if not isinstance(seen, Contact) or seen.closed is None:
            return seen
        key = self._of.get((seen.source, seen.channel), "")
        if key not in self._apart or key not in then:
            return seen
        if was.get(key) is then[key] and seen.closed is then[key]:
            self._apart.discard(key)
        return replace(seen, closed=then[key])
