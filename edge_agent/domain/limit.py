"""One number that decides something, and where it comes from."""

from msgspec import Struct


class Limit(Struct, frozen=True, kw_only=True):
    """One number that decides something, and where it comes from."""

    value: float
    unit: str
    clause: str
    row: str = ""
