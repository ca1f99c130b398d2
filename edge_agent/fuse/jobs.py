"""Jobs: each permit that is looked after, with everything that its ticket binds it to."""

from collections.abc import Iterator, Mapping
from itertools import chain

from msgspec import Struct

from edge_agent.domain.device import Device, DeviceKind
from edge_agent.domain.limit import Limit
from edge_agent.domain.permit import TERMINAL, UNDER_WAY, Permit, State
from edge_agent.domain.person import Person
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.ticket import Ticket
from edge_agent.domain.work_limits import WorkLimits
from edge_agent.fuse.cameras import Camera
from edge_agent.fuse.gas import Channel
from edge_agent.fuse.gauges import Gauge
from edge_agent.fuse.linked import higher_of, work_of
from edge_agent.fuse.people import Reach, Tag
from edge_agent.fuse.relays import Relay
from edge_agent.fuse.same import Same
from edge_agent.fuse.weather import Station

NOT_BEGUN = frozenset(State) - UNDER_WAY - TERMINAL


class Field(Struct, frozen=True, kw_only=True):
    """Everything that stands on the site, as it is now, by id."""

    devices: Mapping[str, Device]
    channels: dict[str, Channel]
    tags: dict[str, Tag]
    cameras: dict[str, Camera]
    relays: dict[str, Relay]
    stations: dict[str, Station]
    gauges: dict[str, Gauge]


class Asked(Struct, frozen=True, kw_only=True):
    """What is asked of work here now."""

    rulebook: Rulebook
    upgraded: bool  # the rules of the higher kind hold too
    site_video: bool  # this site wants every job seen
    stop_cameras: frozenset[str] = frozenset()  # watch a zone that stops the work: a job bound to one is seen


class Job(Struct, frozen=True, kw_only=True, gc=False):
    """One permit that is open or still looked after, and everything that it is bound to."""

    permit: Permit
    work: WorkLimits  # what the rulebook asks of this kind of work
    guard: Person | None
    guard_tag: Tag | None
    guard_reach: Reach | None  # how far his tag is from the point; None where nobody can say
    people: tuple[tuple[str, Person | None], ...]  # id and record of holder, guards, workers
    tags: tuple[tuple[Person, Tag], ...]  # everybody of the permit who wears one
    channels: tuple[Channel, ...]
    cameras: tuple[Camera, ...]
    relays: tuple[Relay, ...]
    wearables: tuple[Tag, ...]  # tags that the ticket itself binds
    stations: tuple[Station, ...]  # weather stations that the ticket binds
    gauges: tuple[Gauge, ...]  # that the ticket binds
    gauges_near: tuple[Gauge, ...]  # ... and those of its area
    unbound: tuple[str, ...]  # bound ids that this site does not know (any more)
    higher: WorkLimits | None  # the kind whose rules hold beside its own at night, on rest days and holidays
    site_video: bool = False  # this site wants every job seen, or this one where it may be stopped by a picture

    @property
    def waiting(self) -> bool:
        """Whether its work has not begun: what is asked before the start is asked of it."""
        return self.permit.state in NOT_BEGUN

    @property
    def devices(self) -> Iterator[Device]:
        """Everything of this site that the job relies on, the wearables of its people with it."""
        gas, tags = (one.device for one in self.channels), (*self.wearables, *(tag for _, tag in self.tags))
        fixed = (
            (one.device for one in of) for of in (self.cameras, self.relays, self.stations, self.gauges, tags)
        )
        yield from {device.id: device for device in chain(gas, *fixed)}.values()

    @property
    def wind_stop_mps(self) -> Limit | None:
        """The wind at which it stops; None where no wind does."""
        return self.work.wind_stop_mps if self.permit.ticket.outdoor else None

    @property
    def video(self) -> bool:
        """Whether this job must be seen all the time: the ticket, the kind of work or the site says so."""
        return self.permit.ticket.video_required or self.work.video or self.site_video


def job(
    permit: Permit, permits: Mapping[str, Permit], persons: Mapping[str, Person], field: Field, asked: Asked
) -> Job:
    """The permit with what is known now of everything that it is bound to."""
    ticket, tags, channels = permit.ticket, field.tags, field.channels
    bound = _bound(ticket.id, ticket, field.devices)
    guard = persons.get(permit.guard) if permit.guard else None
    # Of work that has ended and of which all are out, nobody is left but who watches what it may have lit.
    people = _involved(ticket.id, ticket, persons) if permit.peopled else _watcher(permit, guard)
    guard_tag = tags.get(guard.tag) if guard and guard.tag else None
    return Job(
        permit=permit,
        work=work_of(permit, permits, asked.rulebook, upgraded=asked.upgraded),
        higher=higher_of(ticket.kind, asked.rulebook),
        guard=guard,
        guard_tag=guard_tag,
        guard_reach=None if guard_tag is None else guard_tag.reach(ticket.point),
        people=people,
        tags=tuple([(p, tags[p.tag]) for _, p in people if p and p.tag and p.tag in tags]),
        channels=tuple([channels[id_] for id_ in bound.gas]),
        cameras=tuple([field.cameras[id_] for id_ in bound.cameras]),
        relays=tuple([field.relays[id_] for id_ in bound.relays]),
        wearables=tuple([tags[id_] for id_ in bound.wearables]),
        stations=tuple([field.stations[id_] for id_ in bound.stations]),
        gauges=tuple([field.gauges[id_] for id_ in bound.gauges]),
        gauges_near=tuple(
            [one for id_, one in field.gauges.items() if id_ in bound.gauges or one.table.area == ticket.area]
        ),
        unbound=bound.unbound,
        site_video=asked.site_video or not asked.stop_cameras.isdisjoint(bound.cameras),
    )


class _Bound(Struct, frozen=True, gc=False):
    """What a ticket is bound to, by id and kind."""

    gas: tuple[str, ...]
    cameras: tuple[str, ...]
    relays: tuple[str, ...]
    wearables: tuple[str, ...]
    stations: tuple[str, ...]
    gauges: tuple[str, ...]
    unbound: tuple[str, ...]


@Same
def _bound(ticket: Ticket, devices: Mapping[str, Device]) -> _Bound:
    kinds: dict[DeviceKind, list[str]] = {kind: [] for kind in DeviceKind}
    for id_ in ticket.devices:
        if id_ in devices:
            kinds[devices[id_].kind].append(id_)
    return _Bound(
        gas=tuple(kinds[DeviceKind.GAS]),
        cameras=tuple(kinds[DeviceKind.CAMERA]),
        relays=tuple(kinds[DeviceKind.RELAY]),
        wearables=tuple(kinds[DeviceKind.WEARABLE]),
        stations=tuple(kinds[DeviceKind.WEATHER]),
        gauges=tuple(kinds[DeviceKind.GAUGE]),
        unbound=tuple(id_ for id_ in ticket.devices if id_ not in devices),
    )


def _watcher(permit: Permit, guard: Person | None) -> tuple[tuple[str, Person | None], ...]:
    return ((permit.guard, guard),) if permit.guard else ()


@Same
def _involved(ticket: Ticket, persons: Mapping[str, Person]) -> tuple[tuple[str, Person | None], ...]:
    ids = dict.fromkeys((ticket.holder, *ticket.guards, *ticket.workers))
    return tuple((id_, persons.get(id_)) for id_ in ids)
