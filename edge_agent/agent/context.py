"""What the centre needs beside what was decided: sealed and told beside an event. Pure; decides nothing."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from edge_agent.clock import Instant
from edge_agent.decide.rectify import CLASSES, RIGHTERS, USUAL
from edge_agent.decide.rules.table import RULES
from edge_agent.decide.state import State
from edge_agent.domain.geodesy import to_degrees
from edge_agent.domain.outcome import Event, Priority
from edge_agent.domain.permit import Permit
from edge_agent.domain.words import Words
from edge_agent.fuse.weather import Station, station
from edge_agent.settings.site import Settings
from edge_agent.settings.site_itself import SiteTable
from edge_agent.tell.contract.context import (
    ApprovalTold,
    CameraTold,
    Colour,
    Context,
    Dimension,
    Entity,
    PlaceTold,
    TicketHint,
    WorkTold,
)
from edge_agent.tell.derived import Speaker
from edge_agent.tell.measured import air_told
from edge_agent.tell.messages import approval_told

CLAUSES: Mapping[str, str] = {rule.name: rule.clause for rule in RULES}
COLOURS: Mapping[Priority, Colour] = {
    Priority.CRITICAL: "red",
    Priority.HIGH: "orange",
    Priority.MEDIUM: "yellow",
    Priority.LOW: "blue",
}
# The four entities of GB/T 33000-2016, by the beginning of an event's type; the first that fits.
ENTITIES: tuple[tuple[str, Entity], ...] = (
    ("hazard.", "hazard"),
    ("rectification.", "hazard"),
    ("alarm", "hazard"),
    ("drill.", "emergency"),
    ("permit.change", "change"),
    ("permit.handed_over", "change"),
    ("permit.override", "change"),
    ("guard.relieved", "change"),
    ("person.updated", "change"),
    ("person.changed", "change"),
    ("device.", "change"),
    ("unit.", "change"),
    ("record.", "change"),
    ("", "risk"),
)
# Man, machine, material, method, environment: by the family of the code, then by whom it is put down to.
OF_FAMILY: Mapping[str, Dimension] = {"GAS": "environment", "ENV": "environment", "PPL": "man", "GRD": "man"}
OF_BLAME: Mapping[str, Dimension] = {"person": "man", "device": "machine", "network": "machine", "rule": "method"}
OF_TYPE: tuple[tuple[str, Dimension], ...] = (
    ("guard.", "man"),
    ("person.", "man"),
    ("device.", "machine"),
    ("unit.", "machine"),
    ("records.", "machine"),
    ("messages.", "machine"),
    ("", "method"),
)
OF_KIND: Mapping[str, Dimension] = {"leak": "material", "flammables": "material", "cylinders": "material"}
# Of which somebody will want to see pictures.
SEEN = ("alarm.", "permit.paused", "permit.stopped", "hazard.", "evidence.", "picture.", "camera.")
# With which a ticket, or a change of it, comes: its signatures are sealed with it (ledger 1-09).
ISSUED = frozenset({"permit.received", "permit.change_received", "permit.changed", "permit.approved"})
TICKETED = frozenset({"alarm.raised", "alarm.escalated", "alarm.repeated", "hazard.reported", "permit.paused"})


def context_of(event: Event, state: State, settings: Settings, instant: Instant) -> dict[str, Any]:
    """What goes out as `data.context`. `state` is the one after the step that made the event."""
    data, permit = event.data, _permit(event, state)
    told = Context(
        entity=_entity(event),
        dimension=_dimension(event),
        colour=COLOURS[event.priority],
        clause=CLAUSES.get(data.get("rule", ""), "") or _clause_of_causes(data),
        **_taxonomy(data.get("code", ""), state, instant),
        reporter=_reporter(data),
        device=_device(data, settings),
        repeats=_repeats(event, permit, state),
        place=_place(data, permit, settings.site.site),
        work=None if permit is None else _work(permit),
        air=tuple(air_told(one) for one in _stations(settings, state, instant)) if _about_gas(data) else (),
        cameras=tuple(_cameras(event, permit, settings)),
        approvals=tuple(_approvals(event, permit)),
        ticket_hint=_hint(event),
    )
    return dict(msgspec.json.decode(msgspec.json.encode(told)))


def _taxonomy(code: str, state: State, instant: Instant) -> dict[str, str]:
    """The centre's own code where its list has one and has not run out; ours otherwise."""
    record = state.centre.get("taxonomy")
    if record is None or record.taxonomy is None or not record.counts(instant.utc):
        return {"taxonomy": code}
    known = record.taxonomy.codes.get(code)
    return (
        {"taxonomy": code} if known is None else {"taxonomy": known.code, "taxonomy_version": record.taxonomy.name}
    )


def _permit(event: Event, state: State) -> Permit | None:
    return state.permits.get(event.subject) or state.permits.get(event.data.get("permit") or "")


def _entity(event: Event) -> Entity:
    data = event.data
    causes = data.get("causes") or ()
    if data.get("effect") == "evacuate" or any(cause.get("evacuate") for cause in causes):
        return "emergency"
    if event.type == "hazard.reported" and event.priority is Priority.CRITICAL:
        return "emergency"
    if data.get("effect") in {"note", "warn"}:
        return "risk"
    return next(entity for begins, entity in ENTITIES if event.type.startswith(begins))


def _dimension(event: Event) -> Dimension:
    data = event.data
    if "kind" in data and event.type == "hazard.reported":
        return OF_KIND.get(data["kind"], "method")
    about = data if "code" in data else _first_cause(data)
    family = about.get("code", "").partition("-")[0]
    for found in (OF_FAMILY.get(family), OF_BLAME.get(about.get("blame", ""))):
        if found is not None:
            return found
    return next(one for begins, one in OF_TYPE if event.type.startswith(begins))


def _first_cause(data: Mapping[str, Any]) -> Mapping[str, Any]:
    causes: Sequence[Mapping[str, Any]] = data.get("causes") or ()
    return causes[0] if causes else {}


def _clause_of_causes(data: Mapping[str, Any]) -> str:
    return "; ".join(dict.fromkeys(CLAUSES.get(one["rule"], "") for one in data.get("causes") or ()))


def _reporter(data: Mapping[str, Any]) -> str:
    who = data.get("by") or data.get("person") or ""
    return who if isinstance(who, str) else ""


def _device(data: Mapping[str, Any], settings: Settings) -> str:
    source = str(data.get("source", "")).partition("/")[0]  # a contact or output is its module's
    return source if any(device.id == source for device in settings.devices) else ""


def _repeats(event: Event, permit: Permit | None, state: State) -> int | None:
    """How often this rule was raised at this place lately; the state already counts the event itself."""
    if event.type == "alarm.repeated":
        return int(event.data["times"])
    if permit is None or event.type != "alarm.raised":
        return None
    return len(state.figures.repeats.get(f"{permit.ticket.area}/{event.data['rule']}", ())) or None


def _place(data: Mapping[str, Any], permit: Permit | None, site: SiteTable) -> PlaceTold | None:
    said = data.get("place") or {}
    if permit is None and not said and not data.get("area"):
        return None
    area = said.get("area") or data.get("area") or ("" if permit is None else permit.ticket.area)
    x_m, y_m, by = said.get("x_m"), said.get("y_m"), said.get("by") or ""
    if x_m is None and permit is not None and area == permit.ticket.area:
        point = permit.ticket.point
        x_m, y_m, by = point.x_m, point.y_m, by or "work_point"
    if x_m is None or y_m is None:
        return PlaceTold(area=area, by=by)
    lat, lon = to_degrees((site.origin_lat, site.origin_lon), site.rotation_deg, x_m, y_m)
    return PlaceTold(area=area, by=by, x_m=x_m, y_m=y_m, lat=round(lat, 7), lon=round(lon, 7))


def _work(permit: Permit) -> WorkTold:
    ticket = permit.ticket
    return WorkTold(
        permit=ticket.id,
        type=ticket.type,
        level=ticket.level,
        team=ticket.team,
        contractor=ticket.contractor,
        risk=ticket.risk,
        risk_version=ticket.risk_version,
        template_version=ticket.template_version,
        gas_interval_s=ticket.gas_interval_s,
    )


def _cameras(event: Event, permit: Permit | None, settings: Settings) -> Iterator[CameraTold]:
    """Those that it is about, that the work is bound to or that show the area, by their codes."""
    data = event.data
    if not event.type.startswith(SEEN):
        return
    bound = () if permit is None else permit.ticket.devices
    named = {data.get("camera", ""), data.get("source", ""), *data.get("cameras", ()), *bound}
    area = data.get("area") or ("" if permit is None else permit.ticket.area)
    for id_, table in settings.site.cameras.items():
        shown = id_ in named or any(part.area == area for part in table.areas)
        if shown and table.gb28181 is not None:
            yield CameraTold(id=id_, gb28181=table.gb28181)


def _approvals(event: Event, permit: Permit | None) -> Iterator[ApprovalTold]:
    """Of the ticket that came, which may still wait for the guard's acknowledgement."""
    if permit is not None and event.type in ISSUED:
        yield from (approval_told(one) for one in (permit.pending or permit.ticket).approvals)


def _about_gas(data: Mapping[str, Any]) -> bool:
    codes = (data.get("code", ""), *(cause.get("code", "") for cause in data.get("causes") or ()))
    return any(code.startswith("GAS-") for code in codes)


def _stations(settings: Settings, state: State, instant: Instant) -> tuple[Station, ...]:
    ids = settings.site.weather
    devices = [device for device in settings.devices if device.id in ids]
    return tuple(station(device, state.memory.weather.get(device.id), instant.now_s) for device in devices)


def _hint(event: Event) -> TicketHint | None:
    """Only of what somebody has to put right, and of nothing that is only played."""
    data = event.data
    if event.type not in TICKETED or data.get("drill") or data.get("effect") == "note":
        return None
    title = data.get("title") or data.get("words")
    if title is None:
        return None
    about = data if "rule" in data or "kind" in data else _first_cause(data)
    return TicketHint(
        hazard_class=CLASSES.get(event.priority, "C"),
        suggested_role=RIGHTERS.get(about.get("blame", ""), USUAL).value,
        title=_words(title) or Words("", ""),
        cause_direct=_words(about.get("detail") or data.get("words")),
        suggestion=_words(data.get("action") or data.get("instruction")),
    )


def _words(said: Any) -> Words | None:
    return None if said is None else msgspec.convert(said, Words)


def speaker(settings: Settings) -> Speaker:
    """Who tells, for what is told once more in a shape of its own."""
    site = settings.site.site
    codes = {id_: table.gb28181 for id_, table in settings.site.cameras.items() if table.gb28181}
    return Speaker(site=site.id, unit=site.unit, demo=settings.demo, cameras=codes)
