"""What every event carries for a centre beside what happened: for tickets, maps, analyses and official forms."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from edge_agent.domain.words import Words
from edge_agent.tell.contract.values import Person, Time

Entity = Literal["hazard", "risk", "change", "emergency"]
Dimension = Literal["man", "machine", "material", "method", "environment"]
Colour = Literal["red", "orange", "yellow", "blue"]


class PlaceTold(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where it is: site metres and degrees."""

    area: Annotated[str, Meta(description="id of the area of the site's plan; empty: not known")] = ""
    by: Annotated[str, Meta(description="by what it is known: work_point, wearable, named, permit")] = ""
    x_m: Annotated[float | None, Meta(description="metres along the site's x axis")] = None
    y_m: Annotated[float | None, Meta(description="metres along the site's y axis")] = None
    lat: Annotated[float | None, Meta(description="degrees, WGS-84 as CGCS2000 (centimetres apart)")] = None
    lon: Annotated[float | None, Meta(description="degrees, likewise")] = None


class WorkTold(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The ticket under which it happened."""

    permit: Annotated[str, Meta(description="id of the ticket")]
    type: str
    level: str = ""
    team: str = ""
    contractor: str = ""
    risk: Annotated[str, Meta(description="risks of the ticket, as the centre names them")] = ""
    risk_version: str = ""
    template_version: str = ""
    gas_interval_s: Annotated[float | None, Meta(description="seconds; gas is looked at this often")] = None


class CameraTold(Struct, frozen=True, kw_only=True):
    """A camera that looks at it, and where the park's video platform shows it."""

    id: str
    gb28181: Annotated[str, Meta(description="its code on the video platform (GB/T 28181), 20 digits")]


class ApprovalTold(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One signature under the ticket, from before it came to the unit (ledger 1-05 to 1-07)."""

    role: str
    person: Person
    at: Time
    on_site: bool
    substitute: Annotated[bool, Meta(description="signed in place of somebody whose post was vacant")]


class AirTold(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one weather station said when it happened."""

    station: str
    quality: Annotated[str, Meta(description="good, or why the numbers are worth nothing")]
    age_s: float | None = None
    wind_mps: float | None = None
    wind_from_deg: Annotated[float | None, Meta(description="where it comes from: 0 north, 90 east")] = None
    humidity_pct: float | None = None
    temperature_c: float | None = None


class TicketHint(Struct, frozen=True, kw_only=True):
    """What a rectification ticket about it would begin with; the centre makes it, dn/ticket tells of it."""

    hazard_class: Annotated[Literal["A", "B", "C"], Meta(description="A: at once (ledger 4-03)")]
    suggested_role: Annotated[str, Meta(description="role that could put it right")]
    owner_role: Annotated[str, Meta(description="role that answers for the place")] = "area_owner"
    title: Words
    cause_direct: Annotated[Words | None, Meta(description="what was measured or seen")] = None
    cause_indirect: Annotated[Words | None, Meta(description="left to people: a unit cannot know it")] = None
    suggestion: Annotated[Words | None, Meta(description="what to do")] = None


class Context(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Members that say nothing are absent."""

    entity: Annotated[Entity, Meta(description="of the model of GB/T 33000-2016 (ledger 4-43)")]
    dimension: Annotated[Dimension, Meta(description="man, machine, material, method, environment (ledger 2-52)")]
    colour: Annotated[Colour, Meta(description="of the four-colour scale, by priority: 1 red ... 4 blue (3-05)")]
    clause: Annotated[str, Meta(description="clause on which the rule stands (docs/RULES.md)")] = ""
    taxonomy: Annotated[str, Meta(description="code of the hazard: of dn/taxonomy where it maps ours")] = ""
    taxonomy_version: Annotated[str, Meta(description="of the dn/taxonomy that mapped it")] = ""
    reporter: Annotated[str, Meta(description="person who reported or did it (ledger 0-19, 1-24, 4-14)")] = ""
    device: Annotated[str, Meta(description="id of the device that it is about (ledger 2-06)")] = ""
    repeats: Annotated[int | None, Meta(description="how often this rule at this place lately, with it")] = None
    place: PlaceTold | None = None
    work: WorkTold | None = None
    air: Annotated[tuple[AirTold, ...], Meta(description="of an event about gas")] = ()
    cameras: Annotated[
        tuple[CameraTold, ...], Meta(description="of an alarm, a stop, a report, evidence: which cameras show it")
    ] = ()
    approvals: Annotated[
        tuple[ApprovalTold, ...],
        Meta(
            description="under the ticket, when it or a change of it came: so they stand in the audit chain (1-09)"
        ),
    ] = ()
    ticket_hint: TicketHint | None = None
