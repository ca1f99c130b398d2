"""The World: everything known at one instant, arranged as the rules ask for it. Built anew each step."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.domain.centre_record import CentreRecord
from edge_agent.domain.claim import Claim, claim
from edge_agent.domain.device import Device, DeviceRecord
from edge_agent.domain.device_test import BumpTest
from edge_agent.domain.figures import Tries
from edge_agent.domain.local_time import LocalTime, ShiftNow
from edge_agent.domain.observation import DeviceHealth
from edge_agent.domain.permit import TERMINAL, Permit
from edge_agent.domain.person import Person
from edge_agent.domain.plan_view import PlanView, view_of
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.words import Words
from edge_agent.domain.zone import Area
from edge_agent.fuse import gas_site, people, weather
from edge_agent.fuse.bottled import alone, flagged
from edge_agent.fuse.cameras import Camera, camera
from edge_agent.fuse.conflicts import Clash, clashes
from edge_agent.fuse.gas import Channel
from edge_agent.fuse.gas_site import Group
from edge_agent.fuse.gauges import Gauge, gauges
from edge_agent.fuse.hooks import Hook, hooks
from edge_agent.fuse.jobs import Asked, Field, Job, job
from edge_agent.fuse.memory import Memory, known_utc, spoke
from edge_agent.fuse.network import Network, network
from edge_agent.fuse.peers import Peer, last_claims, peers
from edge_agent.fuse.people import Tag
from edge_agent.fuse.power import Switchover, switchovers
from edge_agent.fuse.ppe_asked import asked_in
from edge_agent.fuse.relays import Relay, Wanted, relay
from edge_agent.fuse.same import Same
from edge_agent.fuse.sirens import Trial, TrialOrder, heard, ordered, trial
from edge_agent.fuse.weather import Station
from edge_agent.settings.site import Settings, Site

Thing = TypeVar("Thing")
NO_CLOCK = Words("时钟不可信，按夜间处理", "the clock is not trusted, so it may be night")


class World(Struct, frozen=True, kw_only=True):
    """Everything known at one instant."""

    instant: Instant
    local_time: LocalTime
    shift: ShiftNow | None  # the one under way; None where the site has none
    upgrade: Words | None  # why the rules of the higher kind hold now: night, rest day, holiday, or nobody knows
    upgrade_ahead: tuple[float, Words] | None  # in how many seconds they will, where that is soon
    rulebook: Rulebook
    jobs: tuple[Job, ...]
    job_of: Mapping[str, Job]  # by permit
    waiting: tuple[Job, ...]  # those whose work has not begun: what is asked before the start is asked of these
    leaving: tuple[Job, ...]  # ended, and not all known to be out: what is asked after the end is asked of these
    smouldering: tuple[Job, ...]  # hot work that has ended, and whose fire watch is not over
    embers: tuple[Claim, ...]  # the same, with that of the other boxes
    jobs_in: Mapping[str, tuple[Job, ...]]  # by area
    channels: dict[str, Channel]
    gas_groups: tuple[Group, ...]  # detectors of one gas in one area
    gas_alarms: Mapping[str, tuple[tuple[int, int], ...]]  # "gas/area" -> (day, episodes)
    ways: Mapping[str, tuple[tuple[int, Tries], ...]]  # by way of showing oneself: (day, tries)
    tags: dict[str, Tag]
    cameras: dict[str, Camera]
    restricted: frozenset[str]  # areas in which nobody is but people who are known
    stop_areas: Mapping[str, frozenset[str]]  # by camera: in which nobody may be seen
    area_ppe: Mapping[str, tuple[str, ...]]  # by area: what everybody in it wears, whatever the work
    ppe_asked: Mapping[str, frozenset[str]]  # ... with what the works that go on in it ask for
    relays: dict[str, Relay]
    worn: Mapping[
        str, Mapping[str, Hook]
    ]  # by item, by wearable: whether a contact says that its wearer has it on
    weather: dict[str, Station]
    gauges: dict[str, Gauge]
    idle_gauges: tuple[Gauge, ...]  # those that no work is bound to, and in whose area none is
    health: dict[str, DeviceHealth]
    network: Network
    peers: dict[str, Peer]
    beside: tuple[Claim, ...]  # what the other boxes claimed when they were last heard
    clashes: tuple[Clash, ...]  # works that do not go together
    sirens: Mapping[str, bool]  # by "module/output": whether it was heard the last time that it had to sound
    power: Mapping[str, Switchover]  # by module that watches mains and back-up: the last time that the mains went
    siren_trial: Trial | None  # a test of them that is announced or under way
    over: frozenset[str]  # tickets whose work has ended, for whatever reason
    persons: Mapping[str, Person]
    records: Mapping[str, DeviceRecord]  # what is vouched for of devices, by id
    rule: CentreRecord | None  # the centre's own limits, which count already in `rulebook`
    centre: bool = True  # False: the site has declared that it has none
    uncommissioned: Mapping[str, Words] = {}  # by device ("": the unit) why its certificate lets nothing start
    tests: Mapping[str, BumpTest] = {}  # by detector: under a tester's bottle
    utc_offset_s: float  # of the site's own time of day, now
    wearers: Mapping[str, Person]  # by wearable
    tags_in: Mapping[str, tuple[Tag, ...]]  # by area: wearables whose place is fresh

    @property
    def now_s(self) -> float:
        """Monotonic seconds: what deadlines are measured by."""
        return self.instant.now_s

    def stations_for(self, job: Job | None) -> tuple[Station, ...]:
        """The weather stations that speak for this work: those that its ticket binds, else all of the site."""
        return (() if job is None else job.stations) or tuple(self.weather.values())


class Known(Struct, frozen=True, kw_only=True):
    """What the box itself knows, beside what it hears: permits, people, what it wants of its outputs."""

    permits: Mapping[str, Permit]
    persons: Mapping[str, Person]
    records: Mapping[str, DeviceRecord] = {}
    outputs: Mapping[str, Wanted]
    ways: Mapping[str, tuple[tuple[int, Tries], ...]] = {}
    sirens: Mapping[str, bool] = {}
    rule: CentreRecord | None = None
    power: Mapping[str, Switchover] = {}
    trial: TrialOrder | None = None  # of outputs, that somebody has asked for
    uncommissioned: Mapping[str, Words] = {}
    bumps: Mapping[str, BumpTest] = {}


def build(settings: Settings, memory: Memory, known: Known, instant: Instant) -> World:
    """Arrange what is known. Pure: the same arguments give the same World."""
    now_s, book, utc = instant.now_s, settings.rulebook, known_utc(memory, instant)
    field = _field(settings, memory, known.outputs, now_s)
    upgrade, ahead_s = _upgrade(settings, utc), book.time.upgrade_warn_s.value
    area_ppe, stop_areas = _area_ppe("all", settings.areas), _stop_areas("all", settings.site)
    asked = Asked(
        rulebook=book,
        upgraded=upgrade is not None,
        site_video=settings.site.site.video_required,
        stop_cameras=frozenset(stop_areas),
    )
    watched = [permit for permit in known.permits.values() if permit.watched]
    own = [_claim(permit.ticket.id, permit) for permit in watched]
    beside, heard_of = last_claims(settings.site.peers, memory.peers), peers(settings, memory.peers, now_s)
    others = known.permits.values(), (heard_of, beside)
    there = partial(people.wearers, known.persons.values(), field.tags)
    tests = alone(known.bumps, field.channels, there)
    field = replace(field, channels=flagged(field.channels, tests, *others, settings.areas))
    claims = (*own, *beside)
    jobs = tuple([job(permit, known.permits, known.persons, field, asked) for permit in watched])
    return World(
        instant=instant,
        local_time=settings.local_time,
        shift=settings.local_time.shift_at(instant.utc),
        upgrade=upgrade,
        upgrade_ahead=None if utc is None else settings.local_time.upgrade_within(utc, ahead_s),
        rulebook=book,
        jobs=jobs,
        job_of={one.permit.ticket.id: one for one in jobs},
        waiting=tuple([one for one in jobs if one.waiting]),
        leaving=tuple([one for one in jobs if one.permit.leaving]),
        smouldering=tuple([one for one in jobs if one.permit.embers is not None]),
        embers=tuple([one for one in claims if one.fire_watch]),
        jobs_in=_by_area((one.permit.ticket.area, one) for one in jobs),
        channels=field.channels,
        gas_groups=gas_site.groups(settings, field.channels),
        gas_alarms=memory.gas_alarms,
        ways=known.ways,
        tags=field.tags,
        cameras=field.cameras,
        restricted=_restricted("all", settings.areas),
        stop_areas=stop_areas,
        area_ppe=area_ppe,
        ppe_asked=asked_in(area_ppe, jobs),
        relays=field.relays,
        worn=hooks(settings.site.relays, field.devices, memory, now_s),
        weather=field.stations,
        gauges=field.gauges,
        idle_gauges=_idle(field.gauges, jobs),
        health=memory.health,
        network=network(memory.air, spoke(memory), now_s),
        peers=heard_of,
        beside=beside,
        clashes=clashes((one for one in claims if one.state not in TERMINAL), book, settings.areas),
        centre=settings.site.uplink.centre,
        sirens=heard(known.sirens, field.relays, now_s, book.device.isolation_s.value),
        power=switchovers(known.power, settings.site.relays, memory, instant),
        siren_trial=trial(settings.site.siren_test, settings.local_time, utc) or _ordered(known, now_s),
        over=frozenset(id_ for id_, permit in known.permits.items() if permit.state in TERMINAL),
        persons=known.persons,
        records=known.records,
        rule=known.rule,
        uncommissioned=known.uncommissioned,
        tests=known.bumps,
        utc_offset_s=settings.local_time.offset_s(instant.utc),
        wearers=_wearers("all", known.persons),
        tags_in=_by_area((tag.area, tag) for tag in field.tags.values() if tag.fresh and tag.area is not None),
    )


def _ordered(known: Known, now_s: float) -> Trial | None:
    """Never while anybody is at work, or may still be inside: it ends where somebody begins."""
    busy = any(permit.busy for permit in known.permits.values())
    return None if busy else ordered(known.trial, now_s)


def _field(settings: Settings, memory: Memory, wanted: Mapping[str, Wanted], now_s: float) -> Field:
    site, devices, high_m = (
        settings.site,
        _by_id("all", settings.devices),
        settings.rulebook.simops.vertical_m.value,
    )
    views = _views("all", site)
    return Field(
        devices=devices,
        channels=gas_site.channels(settings, memory, devices, now_s),
        tags={
            id_: people.tag(devices[id_], memory.tags.get(id_), settings.areas, now_s, high_m)
            for id_ in site.wearables
        },
        cameras={
            id_: camera(devices[id_], memory, now_s, one.recorded_by, views.get(id_))
            for id_, one in site.cameras.items()
        },
        relays={id_: relay(devices[id_], table, memory, wanted, now_s) for id_, table in site.relays.items()},
        gauges=gauges(site, memory, devices, now_s),
        stations={id_: weather.station(devices[id_], memory.weather.get(id_), now_s) for id_ in site.weather},
    )


def _idle(known: Mapping[str, Gauge], jobs: Iterable[Job]) -> tuple[Gauge, ...]:
    """Those of which no work is told."""
    tended = {one.device.id for job in jobs for one in job.gauges_near}
    return tuple([one for id_, one in known.items() if id_ not in tended])


@Same
def _by_id(devices: tuple[Device, ...]) -> Mapping[str, Device]:
    return {device.id: device for device in devices}


@Same
def _wearers(persons: Mapping[str, Person]) -> Mapping[str, Person]:
    return {person.tag: person for person in persons.values() if person.tag}


@Same
def _area_ppe(areas: tuple[Area, ...]) -> Mapping[str, tuple[str, ...]]:
    return {area.id: area.ppe for area in areas if area.ppe}


@Same
def _views(site: Site) -> Mapping[str, PlanView]:
    """By camera that is calibrated: how it sees the plan."""
    return {id_: view_of(table.on_plan) for id_, table in site.cameras.items() if table.on_plan}


@Same
def _restricted(areas: tuple[Area, ...]) -> frozenset[str]:
    return frozenset(area.id for area in areas if area.authorised_only)


@Same
def _stop_areas(site: Site) -> Mapping[str, frozenset[str]]:
    areas = {id_: table.areas for id_, table in site.cameras.items()}
    stops = {id_: frozenset(one.area for one in listed if one.stop_on_entry) for id_, listed in areas.items()}
    return {id_: found for id_, found in stops.items() if found}


_claim = Same(claim)


def _upgrade(settings: Settings, utc: float | None) -> Words | None:
    """Why the rules of the higher kind hold now. Where nobody can tell the time, the stricter one counts."""
    if utc is None:
        return None if settings.local_time.calendar.never else NO_CLOCK
    return settings.local_time.upgrade_at(utc)


def _by_area(placed: Iterable[tuple[str, Thing]]) -> dict[str, tuple[Thing, ...]]:
    found: dict[str, list[Thing]] = {}
    for area, thing in placed:
        found.setdefault(area, []).append(thing)
    return {area: tuple(there) for area, there in found.items()}
