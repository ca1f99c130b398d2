"""Draws the live picture from the brain's last state: what the board shows. Pure."""

from collections.abc import Callable, Iterable

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.decide import alarms as alarm_list
from edge_agent.decide import consent, figures_told
from edge_agent.decide.around import shift_words
from edge_agent.decide.cards import card
from edge_agent.decide.passing import as_it_is
from edge_agent.decide.rules.table import RULES
from edge_agent.decide.scene import Scene
from edge_agent.decide.state import State
from edge_agent.domain.observation import Quality
from edge_agent.domain.outcome import UNTOLD, Alarm, Effect, Event
from edge_agent.domain.words import Words
from edge_agent.fuse import book
from edge_agent.fuse import world as fuse
from edge_agent.fuse.people import Tag
from edge_agent.fuse.world import World
from edge_agent.settings.site import Settings
from edge_agent.settings.site_itself import ShadowTable
from edge_agent.tell.live import Live, LiveAlarm, LiveEvent
from edge_agent.tell.live_measured import LiveWind
from edge_agent.tell.live_people import LivePerson
from edge_agent.tell.picture_cameras import seen_by, worn_by
from edge_agent.tell.picture_devices import drawn_devices, drawn_gas
from edge_agent.tell.picture_gauges import drawn_gauge
from edge_agent.tell.picture_neighbours import neighbours
from edge_agent.tell.picture_next import Asked, asked
from edge_agent.tell.picture_outputs import outputs
from edge_agent.tell.picture_permit import Around, drawn, ordered
from edge_agent.tell.picture_simops import clashes
from edge_agent.tell.picture_wearables import wearables

NEWEST = 30  # events shown
TITLES = {rule.name: rule.text.title for rule in RULES}
SCOPES = {"site": Words("全站", "the whole site"), "kind": Words("作业", "work"), "rule": Words("规则", "rule")}


class Link(Struct, frozen=True, kw_only=True):
    """What is known of the way to the centre."""

    ok: bool | None
    detail: Words
    waiting: int


def _book(settings: Settings, state: State) -> str:
    """Which limits count: the rulebook's edition, and that of the centre's own table."""
    rule = state.centre.get("rule")
    named = f"{settings.rulebook.name} {settings.rulebook.version}"
    return named if rule is None else f"{named} + {rule.version}"


def draw(  # noqa: PLR0913, PLR0917 (what is seen, what happened, and how people's part is found)
    settings: Settings,
    state: State,
    instant: Instant,
    events: Iterable[Event],
    link: Link,
    asked: Callable[[Scene], Asked] = asked,
) -> Live:
    """The picture at `instant`. `events` are the newest, newest first."""
    settings = replace(settings, rulebook=book.effective(settings.rulebook, instant, state.centre))
    known = fuse.Known(
        permits=state.permits,
        persons=state.persons,
        records=state.records,
        outputs=state.outputs,
        bumps=state.bumps,
    )
    world = fuse.build(settings, state.memory, known, instant)
    areas = {area.id: area.name for area in settings.areas}
    around = Around(
        settings=settings,
        world=world,
        areas=areas,
        names={device.id: device.name for device in settings.devices},
        jobs=world.job_of,
        alarms=alarm_list.by_permit(state.alarms.values()),
        asked=asked,
    )
    site, site_has_centre = settings.site.site, settings.site.uplink.centre
    return Live(
        at_utc=instant.utc,
        site=site.id,
        unit=site.unit,
        name=site.name,
        demo=settings.demo,
        rulebook=_book(settings, state),
        clock_trusted=instant.trusted,
        centre=site_has_centre,
        uplink_ok=link.ok,
        uplink_detail=link.detail,
        waiting=link.waiting,
        permits=tuple(drawn(permit, state, around) for permit in ordered(state.permits.values())),
        gas=tuple(drawn_gas(channel, world, state, settings) for channel in world.channels.values()),
        wind=tuple(_wind(world)),
        gauges=tuple(drawn_gauge(one, world) for one in world.gauges.values()),
        people=tuple(_people(state, world, areas)),
        wearables=tuple(wearables(state.persons, world)),
        devices=tuple(drawn_devices(settings, world)),
        cameras=tuple(seen_by(camera, world, areas) for camera in world.cameras.values()),
        outputs=tuple(outputs(world, state, settings)),
        alarms=tuple(_alarm(alarm, world) for alarm in _sorted(state.alarms.values())),
        neighbours=tuple(neighbours(world)),
        clashes=tuple(clashes(world, settings.areas)),
        today=figures_told.told(state.figures.day),
        shift=shift_words(world),
        shadow=tuple(_shadow(settings, state, instant)),
        events=tuple(_event(event, state) for event in list(events)[:NEWEST]),
    )


def _shadow(settings: Settings, state: State, instant: Instant) -> Iterable[Words]:
    """Each row of shadow mode that is in force, for the banner."""
    for at, row in enumerate(settings.site.shadow):
        if instant.trusted and at not in state.shadow_over and instant.utc < row.until_utc:
            scope, who = SCOPES[row.scope], consent.person_of(state.persons, row.by)
            until = settings.local_time.local(row.until_utc).strftime("%Y-%m-%d %H:%M")
            what = _named(settings, row)
            yield Words(
                f"影子模式，不提供保护：{scope.zh}{what.zh}，至 {until}（{who}：{row.reason}）",
                f"Shadow mode, no protection: {scope.en}{what.en} until {until} ({who}: {row.reason})",
            )


def _named(settings: Settings, row: ShadowTable) -> Words:
    """The work or the rule of a row by its name; the whole site has none."""
    work = settings.rulebook.works.get(row.what)
    found = TITLES.get(row.what) if row.scope == "rule" else None if work is None else work.name
    if found is None:
        return Words(row.what, row.what)
    return Words(f"“{found.zh}”", f' "{found.en}"')


def _wind(world: World) -> Iterable[LiveWind]:
    """Every station of the site, beside the lowest wind at which work stops that is not over."""
    for one in world.weather.values():
        stops = [
            job.wind_stop_mps.value
            for job in world.jobs
            if job.wind_stop_mps is not None and one in world.stations_for(job)
        ]
        stop_mps = min(stops, default=None)
        beyond = one.quality is Quality.OVERRANGE or (
            one.wind_mps is not None and stop_mps is not None and one.wind_mps >= stop_mps
        )
        yield LiveWind(
            id=one.device.id,
            name=one.device.name,
            mps=one.wind_mps,
            quality=one.quality.value,
            age_s=one.age_s,
            stop_mps=stop_mps,
            danger=beyond,
        )


def _people(state: State, world: World, areas: dict[str, Words]) -> Iterable[LivePerson]:
    for person in state.persons.values():
        tag: Tag | None = world.tags.get(person.tag) if person.tag else None
        if tag is None:
            continue
        yield LivePerson(
            id=person.id,
            name=person.name,
            tag=tag.device.id,
            roles=tuple(role.value for role in person.roles),
            x_m=tag.x_m,
            y_m=tag.y_m,
            area=areas.get(tag.area) if tag.area else None,
            area_id=tag.area or "",
            age_s=None if tag.placed_s is None else world.now_s - tag.placed_s,
            fresh=tag.fresh,
            worn=worn_by(tag.device.id, world),
        )


def _sorted(alarms: Iterable[Alarm]) -> list[Alarm]:
    raised = [alarm for alarm in alarms if alarm.shown not in UNTOLD]
    return sorted(raised, key=lambda alarm: (alarm.verdict.priority, -(alarm.raised_utc or 0.0)))


def _alarm(alarm: Alarm, world: World) -> LiveAlarm:
    return LiveAlarm(
        key=alarm.verdict.key,
        permit=alarm.verdict.finding.permit,
        title=alarm.verdict.title,
        detail=as_it_is(alarm, world),
        action=alarm.verdict.action,
        priority=int(alarm.verdict.priority),
        state=alarm.shown.value,
        since_utc=alarm.raised_utc or 0.0,
        code=alarm.verdict.code,
        act_within_s=alarm.verdict.act_within_s,
        card=card(alarm.verdict.effect),
        overridden=alarm.verdict.overridden,
        drill=alarm.verdict.drill,
        note=alarm.verdict.effect < Effect.WARN,
    )


def _event(event: Event, state: State) -> LiveEvent:
    words = event.data.get("words") or event.data.get("detail") or {}
    return LiveEvent(
        seq=event.seq,
        type=event.type,
        subject=event.subject,
        at_utc=event.at_utc,
        words=Words(str(words.get("zh", "")), str(words.get("en", ""))),
        permit=event.subject if event.subject in state.permits else "",
        priority=int(event.priority),
    )
