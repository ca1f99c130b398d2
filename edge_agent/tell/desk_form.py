"""A request as somebody fills it in, with the range of every field in its type."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from edge_agent.clock import EARLIEST_UTC
from edge_agent.domain.commissioning import Act, Do
from edge_agent.domain.device_test import DeviceTest
from edge_agent.domain.drill import Drill
from edge_agent.domain.permit import Sample
from edge_agent.domain.person import Certificate, Language, PersonChange, Role, SignsAs
from edge_agent.domain.request import Ask
from edge_agent.domain.token import TokenWish
from edge_agent.tell.desk_look import KIND, AnyLook
from edge_agent.tell.desk_settings import SettingsForm
from edge_agent.tell.desk_ticket import ReportForm, TicketForm
from edge_agent.tell.desk_types import Long, Maybe, Name, Secret, Text, Utc

Day = Annotated[str, Meta(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")]


class SampleForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One gas value taken by hand. A negative one is a fault of the instrument, not a clean sample."""

    gas: Name
    level: Annotated[float, Meta(ge=0, le=1e6)]
    unit: Name
    place: Annotated[str, Meta(min_length=1, max_length=200)]
    at_utc: Annotated[float, Meta(ge=EARLIEST_UTC)] | None = None


class RecordForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody added or changed; what is absent stays as it is (domain.person.PersonChange, without hashes)."""

    id: Name
    name: Text | None = None
    roles: Annotated[tuple[Role, ...], Meta(max_length=20)] | None = None
    areas: Annotated[tuple[Name, ...], Meta(max_length=100)] | None = None
    language: Language | None = None
    tag: Maybe | None = None
    denied: Text | None = None
    certificates: Annotated[tuple[Certificate, ...], Meta(max_length=50)] | None = None
    training_ok_until_utc: Utc | None = None
    daily_class_utc: Utc | None = None
    valid_until_utc: Utc | None = None
    contractor: Text | None = None
    team: Text | None = None
    signs_as: Annotated[tuple[SignsAs, ...], Meta(max_length=20)] | None = None

    @property
    def change(self) -> PersonChange:
        """The record as the brain knows it."""
        return PersonChange(**msgspec.structs.asdict(self))


class CommissionForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One step of a commissioning (domain.commissioning.Act)."""

    do: Do
    of: Annotated[str, Meta(max_length=200)] = ""
    value: Annotated[float, Meta(ge=0, le=1e6)] | None = None
    x_m: Annotated[float, Meta(ge=-1e5, le=1e5)] | None = None
    y_m: Annotated[float, Meta(ge=-1e5, le=1e5)] | None = None
    wearable: Maybe = ""
    passed: bool | None = None
    days: Annotated[float, Meta(gt=0, le=366)] | None = None
    note: Long = ""

    @property
    def act(self) -> Act:
        """The step as the brain knows it."""
        return Act(**msgspec.structs.asdict(self))


class TestForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A device's test (domain.device_test.DeviceTest)."""

    do: Literal["bump", "vouch"]
    device: Name
    level: Annotated[float, Meta(ge=0, le=1e6)] | None = None
    lot: Text = ""
    expires: Day = ""
    self_test_ok: bool | None = None
    calibration_due: Day = ""
    certificate: Text = ""

    @property
    def test(self) -> DeviceTest:
        """The test as the brain knows it."""
        return DeviceTest(**msgspec.structs.asdict(self))


About = Annotated[str, Meta(min_length=1, max_length=200)]  # a person, a camera, a film with its whole name


class Form(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One request as somebody filled it in. Only a stop may name nobody."""

    ask: Ask
    person: Maybe = ""
    pin: Secret | None = None
    badge: Secret | None = None
    permit: Maybe = ""
    alarm: Annotated[str, Meta(max_length=256)] = ""
    samples: Annotated[tuple[SampleForm, ...], Meta(max_length=50)] = ()
    people_inside: Annotated[int, Meta(ge=0, le=1000)] | None = None
    about: Annotated[tuple[About, ...], Meta(max_length=50)] = ()
    tools: Annotated[int, Meta(ge=0, le=1000)] | None = None
    rule: Maybe = ""
    wearable: Maybe = ""
    for_s: Annotated[float, Meta(ge=0, le=86400)] | None = None  # 0 takes back what lasts
    drill: Drill | None = None
    record: RecordForm | None = None
    presence_code: Annotated[str, Meta(pattern="^[0-9]{6}$")] | None = None
    new_pin: Secret | None = None
    new_badge: Secret | None = None
    report: ReportForm | None = None
    ticket: TicketForm | None = None
    settings: SettingsForm | None = None
    photo: Annotated[str, Meta(max_length=164 * 1024)] | None = None  # a JPEG, base64
    commission: CommissionForm | None = None
    look: AnyLook | None = None
    test: TestForm | None = None
    token: TokenWish | None = None
    reason: Long = ""

    @property
    def taken(self) -> tuple[Sample, ...]:
        """The samples as the brain knows them."""
        return tuple(Sample(**msgspec.structs.asdict(s)) for s in self.samples)

    @property
    def concerns(self) -> tuple[str, ...]:
        """What it is about. Of a look that is what the box itself says of it: a password is no part of that."""
        return self.about if self.look is None else (KIND[type(self.look)], self.look.place)


class SignedForm(Form, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A form that the key of a log-in signs: it names that log-in, and counts further each time."""

    key: Name
    count: Annotated[int, Meta(ge=0, le=2**53)]
