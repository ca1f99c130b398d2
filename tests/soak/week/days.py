"""The days of a site: who comes in the morning, what goes wrong on purpose, when the power and the line go."""

import random
from collections.abc import Callable, Iterator
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.domain.delivery import DeviceDelivery, PersonDelivery
from edge_agent.domain.permit import State
from tests.soak.crew import STOPPED, Crew
from tests.soak.week.play import WeekPlay
from tests.soak.yard import DAY_S, DAY_UTC

HOUR_S = 3600.0
ZONE_S = 8 * HOUR_S  # China
CLASS_AT_S = 7.5 * HOUR_S  # local: the day's class, and every detector is bump-tested
BEGINS_AT_S = 8.2 * HOUR_S
LAST_BEGIN_S = 12.5 * HOUR_S  # what begins later would not be over before the night
SATURDAY = 5
LASTS_S = (1.5 * HOUR_S, 2.5 * HOUR_S)
STOPPED_WITHIN_S = 12.0  # at once; but polls are seconds apart here, and one may be missed


def second_of_day(utc: float) -> float:
    """Local seconds since midnight."""
    return (utc + ZONE_S) % DAY_S


def rest_day(utc: float) -> bool:
    """Saturday and Sunday; 1970-01-01 was a Thursday."""
    return (int((utc + ZONE_S) // DAY_S) + 3) % 7 >= SATURDAY


class DayCrew(Crew):
    """Works by day, and hot work never on days of rest, which the book asks more of."""

    def _next(self) -> None:
        self._on_break = False
        self.tags[self.guard].place = (self.post.x_m + 1.0, 1.0)
        self.comes()

    def comes(self) -> None:
        """Begins the next job, today if there is time for one."""
        play = self.play
        now_s = second_of_day(play.utc)
        if BEGINS_AT_S <= now_s <= LAST_BEGIN_S and not (rest_day(play.utc) and self.post.kind.startswith("hot")):
            self.begin(play.rng.uniform(*LASTS_S))
            return
        wait_s = (BEGINS_AT_S - now_s) % DAY_S or DAY_S
        play.after(wait_s + play.rng.uniform(0.0, 1200.0), self.comes)

    def after_a_cut(self) -> None:
        """The box comes up paused: whoever was at work goes through the resume."""
        number = self.number
        if self.state in STOPPED:
            self.play.after(120.0, lambda: self._try_resume(number))


class Danger(Struct, frozen=True, kw_only=True):
    """One thing that goes wrong on purpose, and how it is over again."""

    name: str
    plant: Callable[[Crew], None]
    over: Callable[[Crew], None]


def _gas(crew: Crew, level: float | None) -> None:
    crew.detectors["ch4"].level = level


def _button(crew: Crew, *, closed: bool) -> None:
    crew.relay.stop_closed = closed


def _sos(crew: Crew, *, calls: bool) -> None:
    tag = crew.tags[crew.guard]
    tag.sos = calls
    if calls:
        crew.play.say(tag.word())


DANGERS = (
    Danger(
        name="gas over its limit",
        plant=lambda crew: _gas(crew, 30.0),
        over=lambda crew: _gas(crew, None),
    ),
    Danger(
        name="stop button",
        plant=lambda crew: _button(crew, closed=False),
        over=lambda crew: _button(crew, closed=True),
    ),
    Danger(name="SOS", plant=lambda crew: _sos(crew, calls=True), over=lambda crew: _sos(crew, calls=False)),
)


class Found(Struct, frozen=True, kw_only=True):
    """One planted danger; `took_s` None: it was missed."""

    name: str
    permit: str
    at_s: float
    took_s: float | None


class Plants:
    """Plants dangers in work under way, and looks how long the stop takes."""

    def __init__(self, play: WeekPlay, crews: list[DayCrew]) -> None:
        """Two a day and post, at times that nobody knows."""
        self.found: list[Found] = []
        self._play, self._crews = play, crews
        self._at = 0

    def day(self) -> None:
        """Today's."""
        for crew in self._crews:
            for earliest_h, latest_h in ((1.5, 3.0), (5.0, 7.0)):
                wait_s = self._play.rng.uniform(earliest_h, latest_h) * HOUR_S
                self._play.after(wait_s, partial(self._plant, crew))

    def _plant(self, crew: DayCrew) -> None:
        if crew.state is not State.ACTIVE or crew.deaf(wired=False):
            return
        danger = DANGERS[self._at % len(DANGERS)]
        self._at += 1
        began_s, number = self._play.now_s, crew.number
        danger.plant(crew)
        self._play.after(60.0, lambda: danger.over(crew))

        def look() -> None:
            if self._play.box is None:  # the power went just then
                return
            stopped = number != crew.number or crew.state is not State.ACTIVE
            took_s = self._play.now_s - began_s
            if stopped or took_s >= STOPPED_WITHIN_S:
                self.found.append(
                    Found(name=danger.name, permit=number, at_s=began_s, took_s=took_s if stopped else None)
                )
            else:
                self._play.after(0.5, look)

        self._play.after(0.5, look)

    def planted(self, permit: str, at_s: float) -> bool:
        """Whether a stop at this second is due to what was planted."""
        return any(one.permit == permit and 0 <= at_s - one.at_s <= STOPPED_WITHIN_S for one in self.found)


def morning(play: WeekPlay) -> Iterator[PersonDelivery | DeviceDelivery]:
    """Everybody was at the day's class, and every device was tested: by message of the centre."""
    day = int(play.utc - DAY_UTC)
    for person in play.settings.persons:
        fresh = replace(person, daily_class_utc=play.utc - 300)
        yield PersonDelivery(id=f"class-{day}-{person.id}", at_s=play.now_s, person=fresh)
    for record in play.settings.records:
        tested = replace(record, bump_tested_utc=play.utc - 300)
        yield DeviceDelivery(id=f"bump-{day}-{record.id}", at_s=play.now_s, record=tested)


class Outage(Struct, frozen=True, kw_only=True):
    """A while without power: by a cut, or ended in order."""

    at_s: float  # after the beginning of the day
    lasts_s: float
    orderly: bool


def outages(rng: random.Random) -> tuple[Outage, ...]:
    """Today's: one while people work, one at night."""
    by_day = Outage(at_s=rng.uniform(2.5, 8.5) * HOUR_S, lasts_s=rng.uniform(40.0, 400.0), orderly=False)
    at_night = Outage(
        at_s=rng.uniform(14.0, 20.0) * HOUR_S, lasts_s=rng.uniform(40.0, 400.0), orderly=rng.random() < 0.5
    )
    return by_day, at_night
