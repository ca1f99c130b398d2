"""People: who they are on this site, what they may do, and how they prove who they are."""

from enum import StrEnum

from msgspec import Struct


class Role(StrEnum):
    """Roles of docs/domain.md section 7."""

    WORKER = "worker"
    GUARD = "guard"
    HOLDER = "holder"
    TESTER = "tester"
    SHIFT_LEAD = "shift_lead"
    AREA_OWNER = "area_owner"
    SAFETY_OFFICER = "safety_officer"
    TECHNICIAN = "technician"
    AUDITOR = "auditor"
    VIEWER = "viewer"
    ADMIN = "admin"


class Person(Struct, frozen=True, kw_only=True):
    """One person; `pin_hash` and `badge_hash` are argon2 strings, `tag` the wearable's device id."""

    id: str
    name: str
    roles: tuple[Role, ...]
    tag: str | None = None
    pin_hash: str | None = None
    badge_hash: str | None = None
    denied: str | None = None  # why this person may not work here, if so


class Proof(StrEnum):
    """How somebody proved who they are when a request was filed (checked by the agent)."""

    NONE = "none"
    PIN = "pin"
    BADGE = "badge"
    SIGNED = "signed"  # a signed downlink message: the centre, not somebody on site
