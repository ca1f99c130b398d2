"""The centre's own limits for one box (dn/rule): each only stricter than the rulebook that the box obeys."""

from typing import Literal

from msgspec import Struct


class RuleLimit(Struct, frozen=True, kw_only=True):
    """One limit, in the rulebook's unit, and why the centre wants it."""

    value: float
    unit: str
    reason: str


class RuleTable(Struct, frozen=True, kw_only=True):
    """All limits that the centre moves, by their key in the book `rulebook`; an empty table takes them back."""

    id: Literal["rule"]
    rulebook: str
    limits: dict[str, RuleLimit]
