"""A direct report (异常直报): somebody saw something, picked what it is, and perhaps said more."""

from msgspec import Struct


class Report(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`kind` is one of decide/hazards.py; `area` "" where he leaves it to the box to know where he is."""

    kind: str
    area: str = ""
    note: str = ""
