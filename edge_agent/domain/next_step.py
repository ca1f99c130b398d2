"""What people can do now about one permit: what to ask, who may, and whether the proof must be a fresh one."""

from msgspec import Struct

from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words


class NextStep(Struct, frozen=True, kw_only=True):
    """One request that would be entertained at this moment, if one of `persons` made it.

    `who` names them in their capacity ("holder", "guard", "worker", a role); ("anybody",) and no persons where
    nobody need say who he is. `about` is what the request names, where the box knows it: the guard whom a co-sign
    is for, the version that was read, the checklist's items, the measures, who is inside, alarms, rules.
    `longest_s` is how long it may last, where whoever asks says so; 0 takes back what lasts still.
    """

    ask: Ask
    words: Words
    who: tuple[str, ...]
    persons: tuple[str, ...]
    fresh: bool
    about: tuple[str, ...] = ()
    longest_s: float | None = None


class Lacking(Struct, frozen=True, kw_only=True):
    """One capacity that has not signed yet, and the names of those who could now."""

    capacity: str
    words: Words
    persons: tuple[str, ...]


class TestedGas(Struct, frozen=True, kw_only=True):
    """One gas that a gas test must contain: in which unit, at which places (none: anywhere, once).

    `any_of`: any of these gases does (the kind of work asks for a kind of gas that no bound detector measures).
    """

    gas: str
    words: Words
    unit: str
    places: tuple[str, ...]
    any_of: tuple[str, ...] = ()


class GasTest(Struct, frozen=True, kw_only=True):
    """What a gas test must contain to be looked at as a whole."""

    gases: tuple[TestedGas, ...]
