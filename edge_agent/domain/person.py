"""People: who they are on this site, what they may do, and how they prove who they are."""

from enum import StrEnum
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace


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
    INSPECTOR = (
        "inspector"  # of an authority or another third party: reads until a day, and only stops work (4-05)
    )
    ADMIN = "admin"


ID = r"^[a-z0-9][a-z0-9_-]{0,62}$"  # how an id is spelt: it becomes part of keys and topics
HINT = r"^[0-9a-f]{3}$"  # the badge's SHA-256, its first three digits
TAKEN_AWAY = ("tag", "denied", "denied_here")  # by an empty text
Language = Literal["zh", "en"]


# Capacities in which somebody approves a ticket and that are no role of the box (GB 30871-2022 Annex B; 1-06).
SignsAs = Literal[
    "manager", "workshop_manager", "safety_director", "specialist_department", "power_supplier", "entry_supervisor"
]


class Certificate(Struct, frozen=True, kw_only=True):
    """One licence (ledger 2-18): what it covers (`scopes`: "hot", "guard", "low_voltage"), until when.

    `status` is the issuer's word when the centre last asked, at `checked_utc`.
    """

    number: str
    scopes: tuple[str, ...]
    valid_to_utc: float
    status: Literal["valid", "suspended", "revoked"] = "valid"
    checked_utc: float | None = None


class Person(Struct, frozen=True, kw_only=True):
    """One person; `pin_hash` and `badge_hash` are argon2 strings, `tag` the wearable's device id.

    Times are UTC seconds; None means that nobody has said so, which satisfies nothing that the rulebook demands.
    """

    id: str
    name: str
    roles: tuple[Role, ...]
    tag: str | None = None
    pin_hash: str | None = None
    badge_hash: str | None = None
    badge_hint: str | None = None  # first 3 hex digits of the badge's SHA-256: tells who to try
    denied: str | None = None  # why this person may not work here, if so
    denied_here: str | None = None  # the same, where an administrator of the box says so: no message lifts that
    certificates: tuple[Certificate, ...] = ()
    training_ok_until_utc: float | None = None  # ledger 0-21
    daily_class_utc: float | None = None  # when the day's safety class was finished (ledger 0-23)
    valid_until_utc: float | None = (
        None  # the record's own deadline, where one was given; an inspector's last second
    )
    contractor: str = ""
    team: str = ""
    signs_as: tuple[SignsAs, ...] = ()  # what he approves as beside his roles: "workshop_manager", "manager"
    areas: tuple[str, ...] = ()  # where the roles hold; none: on the whole site
    language: Language = "zh"

    def holds_in(self, area: str) -> bool:
        """Whether this person's roles hold in this area."""
        return not self.areas or area in self.areas

    def renewed(self, arrived: "Person") -> "Person":
        """This record after a newer one of the centre's, which says all but what only this box knows.

        A PIN or badge that was given on the box stays unless the centre sends its own: it need not know any.
        Whom an administrator of the box has barred stays so until one lifts it; whom the centre bars is barred.
        """
        badge = arrived if arrived.badge_hash is not None else self
        return replace(
            arrived,
            pin_hash=arrived.pin_hash or self.pin_hash,
            badge_hash=badge.badge_hash,
            badge_hint=badge.badge_hint,
            denied=self.denied_here if arrived.denied is None else arrived.denied,
            denied_here=self.denied_here,
        )

    @property
    def reads_only(self) -> bool:
        """Whether this person is of a third party: shown things, and heard for a stop alone."""
        return Role.INSPECTOR in self.roles

    def over_at(self, utc: float) -> bool:
        """Whether an inspector's time here is over; without a last day it never began."""
        return self.reads_only and (self.valid_until_utc is None or utc >= self.valid_until_utc)

    @property
    def administers(self) -> bool:
        """Whether this person administers the box and can prove it. Where nobody does, it can be claimed.

        Who may do so in some areas alone could let himself into all others.
        """
        proves = self.pin_hash is not None or self.badge_hash is not None
        return Role.ADMIN in self.roles and not self.areas and proves


class PersonChange(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an administrator changes of one person's record; None leaves it as it is.

    "" for `tag` means no wearable, "" for `denied` that the person may work again.
    """

    id: str
    name: str | None = None
    roles: tuple[Role, ...] | None = None
    areas: tuple[str, ...] | None = None
    language: Language | None = None
    tag: str | None = None
    denied: str | None = None
    certificates: tuple[Certificate, ...] | None = None
    training_ok_until_utc: float | None = None
    daily_class_utc: float | None = None
    valid_until_utc: float | None = None
    contractor: str | None = None
    team: str | None = None
    signs_as: tuple[SignsAs, ...] | None = None
    pin_hash: str | None = None
    badge_hash: str | None = None
    badge_hint: str | None = None

    def of(self, known: Person | None) -> Person:
        """The record as it is after the change; without one it begins here."""
        base = Person(id=self.id, name="", roles=()) if known is None else known
        given = {name: value for name in self.__struct_fields__ if (value := getattr(self, name)) is not None}
        if self.denied is not None:
            given["denied_here"] = self.denied
        nothing = {name: None for name in TAKEN_AWAY if given.get(name) == ""}
        return replace(base, **(given | nothing))


class Proof(StrEnum):
    """How somebody proved who they are when a request was filed (checked by the agent)."""

    NONE = "none"
    KEY = "key"  # a form signed by the key of somebody who logged in: not proved anew for this request
    CLAIM = "claim"  # the code that a box without an administrator shows whoever stands before it
    PIN = "pin"
    BADGE = "badge"
    SIGNED = "signed"  # a signed downlink message: the centre, not somebody on site
