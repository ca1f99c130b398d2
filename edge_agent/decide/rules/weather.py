"""Rules about the wind: work outdoors that the rulebook stops above a wind (docs/domain.md 2.6)."""

from collections.abc import Iterator

from edge_agent.decide.rules.gas_words import stale_words
from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.limit import Limit
from edge_agent.domain.observation import Quality
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.words import Words
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.weather import Station
from edge_agent.fuse.world import World


def wind_strong(world: World) -> Iterator[Finding]:
    """At least the wind at which this kind of work stops, or more than the station can measure."""
    for job, limit in _outdoors(world):
        for station in world.stations_for(job):
            if station.quality is Quality.OVERRANGE:
                yield Finding(job.permit.ticket.id, station.device.id, _beyond_range(station))
            elif station.wind_mps is not None and station.wind_mps >= limit.value:
                yield Finding(job.permit.ticket.id, station.device.id, _figures(station, limit.value))


def wind_rising(world: World) -> Iterator[Finding]:
    """Near the wind at which this kind of work stops."""
    for job, limit in _outdoors(world):
        near_mps = limit.value * world.rulebook.weather.warn_pct.value / 100.0
        for station in world.stations_for(job):
            if station.wind_mps is not None and near_mps <= station.wind_mps < limit.value:
                yield Finding(job.permit.ticket.id, station.device.id, _figures(station, limit.value))


def wind_unknown(world: World) -> Iterator[Finding]:
    """Nobody measures the wind for work that stops at one; a bound station must speak, else any of the site."""
    for job, _ in _outdoors(world):
        stations = world.stations_for(job)
        silent = [one for one in stations if one.quality not in {Quality.GOOD, Quality.OVERRANGE}]
        if not stations:
            words = Words("本站没有气象站，风速未知", "this site has no weather station: the wind is not known")
            yield Finding(job.permit.ticket.id, "weather", words)
        elif job.stations or len(silent) == len(stations):
            for one in silent:
                yield Finding(job.permit.ticket.id, one.device.id, _silence(one))


def _outdoors(world: World) -> Iterator[tuple[Job, Limit]]:
    for job in world.jobs:
        if job.wind_stop_mps is not None:
            yield job, job.wind_stop_mps


def _figures(station: Station, limit_mps: float) -> Words:
    name, wind = station.device.name, station.wind_mps
    return Words(
        f"{name.zh}：风速 {wind:.1f} m/s（限值 {limit_mps:g} m/s）",
        f"{name.en}: wind {wind:.1f} m/s (limit {limit_mps:g} m/s)",
    )


def _beyond_range(station: Station) -> Words:
    name = station.device.name
    words = Words(f"{name.zh}：风速超出量程", f"{name.en}: more wind than it can measure")
    return words.then(station.detail)


def _silence(station: Station) -> Words:
    name = station.device.name
    words = Words(f"{name.zh}：没有风速数据", f"{name.en}: no wind data")
    if station.quality is not Quality.STALE or station.age_s is None:
        return words.then(station.detail)
    return stale_words(words, station.age_s, station.device.stale_after_s, station.detail)


RULES = (
    Rule(
        name="wind_strong",
        code="ENV-01",
        find=wind_strong,
        effect=Effect.PAUSE,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.RULE,
        on_delay=lambda book, _: book.weather.gust_on_s.value,
        off_delay=lambda book, _: book.weather.calm_off_s.value,  # the wind comes in gusts: calm is calm for long
        act_within_s=60,
        clause="GB 30871-2022 5.2.15, 8.1.2, 9; docs/domain.md 2.6",
        ledger="2-22",
        text=Text(
            title=Words("风力超限", "Too much wind"),
            cause=Words("风速达到本类作业的停工限值", "the wind has reached the limit of this kind of work"),
            consequence=Words("火星飞散、人员坠落、吊物摆动", "sparks fly, people fall, loads swing"),
            action=Words("停止作业，放下吊物，离开高处", "Stop work; lower the load; leave the height"),
        ),
    ),
    Rule(
        name="wind_rising",
        code="ENV-02",
        find=wind_rising,
        effect=Effect.WARN,
        pause_class=PauseClass.RULE,
        priority=Priority.LOW,
        blame=Blame.RULE,
        on_delay=lambda book, _: book.weather.gust_on_s.value,
        off_delay=lambda book, _: book.weather.calm_off_s.value,
        act_within_s=600,
        clause="docs/domain.md 2.6: a warning before the stop",
        ledger="2-22",
        text=Text(
            title=Words("风力接近限值", "Wind near its limit"),
            cause=Words("风在加大", "the wind is rising"),
            consequence=Words("达到限值即停工", "work stops at the limit"),
            action=Words("准备收工，固定物料", "Get ready to stop; make materials fast"),
        ),
    ),
    Rule(
        name="wind_unknown",
        code="ENV-03",
        find=wind_unknown,
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.DEVICE,
        on_delay=lambda book, _: book.weather.not_good_pause_s.value,
        act_within_s=60,
        clause="GB 30871-2022 5.2.15, 8.1.2; docs/domain.md 2.3: only GOOD satisfies",
        ledger="2-22, 2-45",
        text=Text(
            title=Words("风速未知", "The wind is not known"),
            cause=Words("没有气象站，或气象站没有可用数据", "no weather station, or one without usable data"),
            consequence=Words("大风来时无法得知", "nobody would know when it blows too hard"),
            action=Words("停止作业，检查气象站", "Stop work and see to the weather station"),
        ),
    ),
)
