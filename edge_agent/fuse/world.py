"""The World: everything known at one instant, arranged as the rules ask for it. Built anew each step."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.domain.claim import claim
from edge_agent.domain.device import Device, DeviceKind, DeviceRecord
from edge_agent.domain.local_time import LocalTime, ShiftNow
from edge_agent.domain.observation import Contact, DeviceHealth, SeenPerson, View
from edge_agent.domain.outcome import Action, Output
from edge_agent.domain.permit import TERMINAL, UNDER_WAY, Permit, State
from edge_agent.domain.person import Person
from edge_agent.domain.rulebook import Rulebook, WorkLimits
from edge_agent.domain.ticket import Ticket
from edge_agent.domain.words import NOTHING, Words
from edge_agent.fuse import gas_site, people, weather
from edge_agent.fuse.conflicts import Clash, clashes
from edge_agent.fuse.contacts import not_closed
from edge_agent.fuse.gas import Channel
from edge_agent.fuse.gas_site import Group
from edge_agent.fuse.linked import higher_of, work_of
from edge_agent.fuse.memory import Memory, known_utc, spoke
from edge_agent.fuse.network import Network, network
from edge_agent.fuse.peers import Peer, last_claims, peers
from edge_agent.fuse.people import Tag
from edge_agent.fuse.posts import Post, post
from edge_agent.fuse.ppe import Frame
from edge_agent.fuse.same import Same
from edge_agent.fuse.weather import Station
from edge_agent.settings.site import RelayTable, Settings

NO_CLOCK = Words("时钟不可信，按夜间处理", "the clock is not trusted, so it may be night")
NOT_BEGUN = frozenset(State) - UNDER_WAY - TERMINAL


class Camera(Struct, frozen=True, kw_only=True, gc=False):
    """One camera now. `blind_s` is how long ago its last trustworthy picture was taken."""

    device: Device
    view: View
    blind_s: float | None
    persons: tuple[SeenPerson, ...]
    frames: tuple[Frame, ...]  # of the last seconds, for what one picture cannot tell
    detail: Words
    post: Post | None = None  # the guard's post, where it watches one and can see


class Wire(Struct, frozen=True, kw_only=True, gc=False):
    """One output, what is wanted of it and since when, and its mirror contact."""

    device: Device
    channel: str
    does: Output
    wanted_on: bool
    since_s: float
    feedback: bool | None  # None: no mirror contact configured, or it could not be read


class Relay(Struct, frozen=True, kw_only=True, gc=False):
    """One relay module now."""

    device: Device
    silent_s: float | None  # None: never heard
    ok: bool
    detail: Words
    wires: tuple[Wire, ...]
    interlocks_open: tuple[tuple[str, Words], ...]  # open or unreadable, each with its name
    mains_open: tuple[str, ...]
    stop_pressed: tuple[str, ...]  # stop buttons that are open (pressed, or their wire is cut)


class Job(Struct, frozen=True, kw_only=True, gc=False):
    """One permit that is open, or whose people are still to come out, and everything that it is bound to."""

    permit: Permit
    work: WorkLimits  # what the rulebook asks of this kind of work
    guard: Person | None
    guard_tag: Tag | None
    people: tuple[tuple[str, Person | None], ...]  # id and record of holder, guards, workers
    tags: tuple[tuple[Person, Tag], ...]  # everybody of the permit who wears one
    channels: tuple[Channel, ...]
    cameras: tuple[Camera, ...]
    relays: tuple[Relay, ...]
    wearables: tuple[Tag, ...]  # tags that the ticket itself binds
    stations: tuple[Station, ...]  # weather stations that the ticket binds
    unbound: tuple[str, ...]  # bound ids that this site does not know (any more)
    higher: WorkLimits | None  # the kind whose rules hold beside its own at night, on rest days and holidays
    site_video: bool = False  # this site wants every job seen

    @property
    def devices(self) -> Iterator[Device]:
        """Everything of this site that the job relies on, the wearables of its people with it."""
        gas, tags = (one.device for one in self.channels), (*self.wearables, *(tag for _, tag in self.tags))
        fixed = ((one.device for one in of) for of in (self.cameras, self.relays, self.stations, tags))
        yield from {device.id: device for device in chain(gas, *fixed)}.values()

    @property
    def video(self) -> bool:
        """Whether this job must be seen all the time: the ticket, the kind of work or the site says so."""
        return self.permit.ticket.video_required or self.work.video or self.site_video


class World(Struct, frozen=True, kw_only=True):
    """Everything known at one instant."""

    instant: Instant
    local_time: LocalTime
    shift: ShiftNow | None  # the one under way; None where the site has none
    upgrade: Words | None  # why the rules of the higher kind hold now: night, rest day, holiday, or nobody knows
    upgrade_ahead: tuple[float, Words] | None  # in how many seconds they will, where that is soon
    rulebook: Rulebook
    jobs: tuple[Job, ...]
    channels: dict[str, Channel]
    gas_groups: tuple[Group, ...]  # detectors of one gas in one area
    gas_alarms: Mapping[str, tuple[tuple[int, int], ...]]  # "gas/area" -> (day, episodes)
    tags: dict[str, Tag]
    cameras: dict[str, Camera]
    relays: dict[str, Relay]
    weather: dict[str, Station]
    health: dict[str, DeviceHealth]
    network: Network
    peers: dict[str, Peer]
    clashes: tuple[Clash, ...]  # works that do not go together
    over: frozenset[str]  # tickets whose work has ended, for whatever reason
    persons: Mapping[str, Person]
    records: Mapping[str, DeviceRecord]  # what is vouched for of devices, by id
    utc_offset_s: float  # of the site's own time of day, now
    wearers: Mapping[str, Person]  # by wearable
    tags_in: Mapping[str, tuple[Tag, ...]]  # by area: wearables whose place is fresh

    @property
    def now_s(self) -> float:
        """Monotonic seconds: what deadlines are measured by."""
        return self.instant.now_s

    @property
    def waiting(self) -> tuple[Job, ...]:
        """Jobs whose work has not begun: what is asked before the start is asked of these."""
        return tuple(job for job in self.jobs if job.permit.state in NOT_BEGUN)

    @property
    def leaving(self) -> tuple[Job, ...]:
        """Jobs whose permit has ended and whose people are not all known to be out: asked after the end."""
        return tuple(job for job in self.jobs if job.permit.leaving)


class Wanted(Struct, frozen=True, kw_only=True):
    """An output's wanted state and the monotonic second since which it has been wanted."""

    action: Action
    since_s: float


class Known(Struct, frozen=True, kw_only=True):
    """What the box itself knows, beside what it hears: permits, people, what it wants of its outputs."""

    permits: Mapping[str, Permit]
    persons: Mapping[str, Person]
    records: Mapping[str, DeviceRecord] = {}
    outputs: Mapping[str, Wanted]


def build(settings: Settings, memory: Memory, known: Known, instant: Instant) -> World:
    """Arrange what is known. Pure: the same arguments give the same World."""
    now_s = instant.now_s
    devices = _by_id("all", settings.devices)
    book = settings.rulebook
    utc, ahead_s = known_utc(memory, instant), book.time.upgrade_warn_s.value
    channels = gas_site.channels(settings, memory, devices, now_s)
    tags = {
        id_: people.tag(devices[id_], memory.tags.get(id_), settings.areas, now_s, book.simops.vertical_m.value)
        for id_ in settings.site.wearables
    }
    cameras = {id_: _camera(devices[id_], memory, now_s) for id_ in settings.site.cameras}
    relays = {id_: _relay(devices[id_], settings, memory, known.outputs, now_s) for id_ in settings.site.relays}
    world = World(
        instant=instant,
        local_time=settings.local_time,
        shift=settings.local_time.shift_at(instant.utc),
        upgrade=_upgrade(settings, utc),
        upgrade_ahead=None if utc is None else settings.local_time.upgrade_within(utc, ahead_s),
        rulebook=book,
        jobs=(),
        channels=channels,
        gas_groups=gas_site.groups(settings, channels),
        gas_alarms=memory.gas_alarms,
        tags=tags,
        cameras=cameras,
        relays=relays,
        weather={
            id_: weather.station(devices[id_], memory.weather.get(id_), now_s) for id_ in settings.site.weather
        },
        health=memory.health,
        network=network(memory.air, spoke(memory), now_s),
        peers=peers(settings.site.peers, memory.peers, book.simops.peer_stale_s.value, now_s),
        clashes=(),
        persons=known.persons,
        over=frozenset(id_ for id_, permit in known.permits.items() if permit.state in TERMINAL),
        records=known.records,
        utc_offset_s=settings.local_time.offset_s(instant.utc),
        wearers=_wearers("all", known.persons),
        tags_in=_by_area(tags.values()),
    )
    watched = [permit for permit in known.permits.values() if permit.watched]
    own = (_claim(permit.ticket.id, permit) for permit in watched if permit.state not in TERMINAL)
    claims = (*own, *last_claims(settings.site.peers, memory.peers))
    return replace(
        world,
        jobs=tuple(
            _job(world, permit, known.permits, devices, site_video=settings.site.site.video_required)
            for permit in watched
        ),
        clashes=clashes(claims, book, settings.areas),
    )


@Same
def _by_id(devices: tuple[Device, ...]) -> Mapping[str, Device]:
    return {device.id: device for device in devices}


@Same
def _wearers(persons: Mapping[str, Person]) -> Mapping[str, Person]:
    return {person.tag: person for person in persons.values() if person.tag}


_claim = Same(claim)


def _upgrade(settings: Settings, utc: float | None) -> Words | None:
    """Why the rules of the higher kind hold now. Where nobody can tell the time, the stricter one counts."""
    if utc is None:
        return None if settings.local_time.calendar.never else NO_CLOCK
    return settings.local_time.upgrade_at(utc)


def _by_area(tags: Iterable[Tag]) -> dict[str, tuple[Tag, ...]]:
    found: dict[str, list[Tag]] = {}
    for tag in tags:
        area = tag.area if tag.fresh else None
        if area is not None:
            found.setdefault(area, []).append(tag)
    return {area: tuple(there) for area, there in found.items()}


def _camera(device: Device, memory: Memory, now_s: float) -> Camera:
    """A camera that has not been heard within its time shows nothing, whatever its last picture was."""
    last = memory.sightings.get(device.id)
    clear_s = memory.clear_s.get(device.id)
    blind_s = None if clear_s is None else now_s - clear_s
    if last is None:
        return Camera(device=device, view=View.STARTING, blind_s=None, persons=(), frames=(), detail=NOTHING)
    silent = now_s - last.at_s + last.age_s > device.stale_after_s
    view = View.GONE if silent and last.view is View.CLEAR else last.view
    persons = last.persons if view is View.CLEAR else ()
    return Camera(
        device=device,
        view=view,
        blind_s=blind_s,
        persons=persons,
        detail=last.detail,
        frames=memory.frames.get(device.id, ()) if view is View.CLEAR else (),
        post=post(memory.posts.get(device.id), view, now_s),
    )


def _relay(
    device: Device, settings: Settings, memory: Memory, outputs: Mapping[str, Wanted], now_s: float
) -> Relay:
    table = settings.site.relays[device.id]
    contacts = memory.contacts.get(device.id, {})
    health = memory.health.get(device.id)
    read = [contact.at_s for contact in contacts.values() if contact.closed is not None]
    return Relay(
        device=device,
        silent_s=now_s - max(read) if read else None,
        ok=health is not None and health.ok,
        detail=NOTHING if health is None else health.detail,
        wires=tuple(_wires(device, table, contacts, outputs, now_s)),
        interlocks_open=tuple(
            (name, table.contacts[name].name or Words(name, name))
            for name in not_closed(table, contacts, "interlock")
        ),
        mains_open=not_closed(table, contacts, "mains"),
        stop_pressed=tuple(
            name
            for name, contact in table.contacts.items()
            if contact.kind == "stop_button" and _closed(contacts, name) is False
        ),
    )


def _wires(
    device: Device,
    table: RelayTable,
    contacts: Mapping[str, Contact],
    outputs: Mapping[str, Wanted],
    now_s: float,
) -> Iterator[Wire]:
    for name, does, mirror in _outputs(device.id, table):
        wanted = outputs.get(f"{device.id}/{name}")
        yield Wire(
            device=device,
            channel=name,
            does=does,
            wanted_on=wanted is not None and wanted.action.on,
            since_s=now_s if wanted is None else wanted.since_s,
            feedback=_closed(contacts, mirror),
        )


@Same
def _outputs(table: RelayTable) -> tuple[tuple[str, Output, str | None], ...]:
    """Each output, what it does, and its mirror contact."""
    mirrors = {contact.of: name for name, contact in table.contacts.items() if contact.kind == "feedback"}
    return tuple((name, Output(row.does), mirrors.get(name)) for name, row in table.outputs.items())


def _closed(contacts: Mapping[str, Contact], name: str | None) -> bool | None:
    found = contacts.get(name) if name is not None else None
    return None if found is None else found.closed


class _Bound(Struct, frozen=True, gc=False):
    """What a ticket is bound to, by id and kind."""

    gas: tuple[str, ...]
    cameras: tuple[str, ...]
    relays: tuple[str, ...]
    wearables: tuple[str, ...]
    stations: tuple[str, ...]
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
        unbound=tuple(id_ for id_ in ticket.devices if id_ not in devices),
    )


@Same
def _involved(ticket: Ticket, persons: Mapping[str, Person]) -> tuple[tuple[str, Person | None], ...]:
    ids = dict.fromkeys((ticket.holder, *ticket.guards, *ticket.workers))
    return tuple((id_, persons.get(id_)) for id_ in ids)


def _job(
    world: World,
    permit: Permit,
    permits: Mapping[str, Permit],
    devices: Mapping[str, Device],
    *,
    site_video: bool,
) -> Job:
    ticket, tags, channels = permit.ticket, world.tags, world.channels
    bound = _bound(ticket.id, ticket, devices)
    people = _involved(ticket.id, ticket, world.persons)
    guard = world.persons.get(permit.guard) if permit.guard else None
    return Job(
        permit=permit,
        work=work_of(permit, permits, world.rulebook, upgraded=world.upgrade is not None),
        higher=higher_of(ticket.kind, world.rulebook),
        guard=guard,
        guard_tag=tags.get(guard.tag) if guard and guard.tag else None,
        people=people,
        tags=tuple([(p, tags[p.tag]) for _, p in people if p and p.tag and p.tag in tags]),
        channels=tuple([channels[id_] for id_ in bound.gas]),
        cameras=tuple([world.cameras[id_] for id_ in bound.cameras]),
        relays=tuple([world.relays[id_] for id_ in bound.relays]),
        wearables=tuple([tags[id_] for id_ in bound.wearables]),
        stations=tuple([world.weather[id_] for id_ in bound.stations]),
        unbound=bound.unbound,
        site_video=site_video,
    )
