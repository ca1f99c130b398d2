"""Which cameras an event concerns, and which job is filmed by which. Pure."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from edge_agent.clock import Instant
from edge_agent.domain.outcome import Alarm, AlarmState, Event
from edge_agent.domain.permit import UNDER_WAY, Permit
from edge_agent.field.film.parts import Stamp
from edge_agent.fuse.linked import work_of
from edge_agent.settings.site import Settings

STANDS = frozenset({AlarmState.UNACK_ACTIVE, AlarmState.ACK_ACTIVE})


def devices(event: Event, permit: Permit | None) -> Iterable[str]:
    """What the work is bound to, what the alarm is about, what stands where somebody reports something."""
    bound = () if permit is None else permit.ticket.devices
    return dict.fromkeys((*bound, str(event.data.get("source", "")), *event.data.get("devices", ())))


def cameras(event: Event, permit: Permit | None, settings: Settings) -> tuple[str, ...]:
    """The cameras among them, and those that show the area."""
    tables = settings.site.cameras
    named = (*devices(event, permit), *event.data.get("cameras", ()))
    bound = [id_ for id_ in named if id_ in tables]
    area = area_of(event, permit)
    showing = [id_ for id_, table in tables.items() if area and any(part.area == area for part in table.areas)]
    return tuple(dict.fromkeys((*bound, *showing)))


def area_of(event: Event, permit: Permit | None) -> str:
    """Where it happened; "" where nobody says."""
    return permit.ticket.area if permit is not None else str(event.data.get("area", ""))


def stamp(settings: Settings, camera: str, area: str, permit: Permit | None, instant: Instant) -> Stamp:
    """What a film of this camera says of itself."""
    site = settings.site.site
    point = None if permit is None else permit.ticket.point
    return Stamp(
        site=site.id,
        unit=site.unit,
        camera=camera,
        area=area,
        permit="" if permit is None else permit.ticket.id,
        point_m=None if point is None else (point.x_m, point.y_m),
        origin=(site.origin_lat, site.origin_lon),
        clock_trusted=instant.trusted,
    )


def filmed(settings: Settings, permits: Mapping[str, Permit], instant: Instant) -> Iterator[tuple[Permit, str]]:
    """Every job under way that is to be seen all the time, with each of its cameras.

    Where nobody can tell the time, it may be night: then the stricter rules hold (fuse/world.py).
    """
    site = settings.site
    upgraded = not instant.trusted or settings.local_time.upgrade_at(instant.utc) is not None
    for permit in permits.values():
        if permit.state not in UNDER_WAY:
            continue
        work = work_of(permit, permits, settings.rulebook, upgraded=upgraded)
        if permit.ticket.video_required or work.video or site.site.video_required:
            for id_ in permit.ticket.devices:
                if id_ in site.cameras and site.cameras[id_].recorded_by is None:
                    yield permit, id_


class Lock(Struct, frozen=True, kw_only=True):
    """A camera whose films stay, because of what is in the air where it looks (ledger 4-21)."""

    camera: str
    alarm: str
    area: str
    since_s: float


def locked(settings: Settings, alarms: Mapping[str, Alarm]) -> Iterator[Lock]:
    """Every camera that an alarm locks, as long as that alarm stands: filmed, and none of it is removed."""
    for key, alarm in alarms.items():
        facts = alarm.verdict.finding.facts
        if alarm.state in STANDS and alarm.raised_s is not None:
            for id_ in facts.get("cameras", ()):
                if id_ in settings.site.cameras:
                    yield Lock(camera=id_, alarm=key, area=str(facts.get("area", "")), since_s=alarm.raised_s)
