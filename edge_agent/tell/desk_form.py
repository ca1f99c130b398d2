"""What one line to the desk may say, with the range of every field in its type."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from edge_agent.clock import EARLIEST_UTC
from edge_agent.domain.drill import Drill
from edge_agent.domain.permit import Sample
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words

LARGEST_LINE = 16 * 1024  # bytes; a re-test with nine samples is about 1 kB

Name = Annotated[str, Meta(min_length=1, max_length=64)]
Secret = Annotated[str, Meta(min_length=1, max_length=256)]


class SampleForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One gas value taken by hand. A negative one is a fault of the instrument, not a clean sample."""

    gas: Name
    level: Annotated[float, Meta(ge=0, le=1e6)]
    unit: Name
    place: Annotated[str, Meta(min_length=1, max_length=200)]
    at_utc: Annotated[float, Meta(ge=EARLIEST_UTC)] | None = None


class Form(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One request as somebody filled it in."""

    ask: Ask
    person: Name
    pin: Secret | None = None
    badge: Secret | None = None
    permit: Annotated[str, Meta(max_length=64)] = ""
    alarm: Annotated[str, Meta(max_length=256)] = ""
    samples: Annotated[tuple[SampleForm, ...], Meta(max_length=50)] = ()
    people_inside: Annotated[int, Meta(ge=0, le=1000)] | None = None
    about: Annotated[tuple[Name, ...], Meta(max_length=50)] = ()
    tools: Annotated[int, Meta(ge=0, le=1000)] | None = None
    rule: Annotated[str, Meta(max_length=64)] = ""
    for_s: Annotated[float, Meta(gt=0, le=86400)] | None = None
    drill: Drill | None = None
    reason: Annotated[str, Meta(max_length=500)] = ""

    @property
    def taken(self) -> tuple[Sample, ...]:
        """The samples as the brain knows them."""
        return tuple(Sample(**msgspec.structs.asdict(s)) for s in self.samples)


def read_form(line: bytes) -> Form | Words:
    """The form, or what is wrong with it; the words name the field, never what stood in it."""
    try:
        return msgspec.json.decode(line, type=Form)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as fault:
        return Words(f"请求格式有误：{fault}", f"malformed request: {fault}")
