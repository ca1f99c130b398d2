"""The field as it is on an ordinary day: noise, drift, gaps, hiccups, holes, and nothing dangerous.

Every source keeps to its own calendar. What a danger changes are the public attributes.
"""

import math
from collections.abc import Iterator

from edge_agent.domain.claim import Claim, Standing
from edge_agent.domain.observation import (
    Claims,
    Contact,
    DeviceHealth,
    Filming,
    Observation,
    Position,
    Quality,
    Reading,
    SeenPerson,
    Sighting,
    View,
    Weather,
    Worn,
)
from edge_agent.domain.words import Words
from tests.soak.draw import JUMPS, log_normal, spell_s, wait_s, wristband_gap_s
from tests.soak.play import Play
from tests.soak.yard import GAS, PEER, STATION, Post

STIRS_S = 20  # so often somebody's box changes
NO_WAY = Words("平台无法连接", "the platform is not reached")


class Wifi:
    """The yard's wireless network: holes that take everything at once."""

    def __init__(self, play: Play) -> None:
        """The first hole comes by chance."""
        self.out_until_s = 0.0
        self._play = play
        play.after(wait_s(play.rng, 2400), self._hole)

    def _hole(self) -> None:
        play = self._play
        back_s = play.now_s + log_normal(play.rng, 6.0, 1.0, most=60.0)
        self.out_until_s = max(self.out_until_s, back_s)  # a planted hole, or the one before, is not cut short
        play.after(wait_s(play.rng, 2400), self._hole)

    @property
    def down(self) -> bool:
        """Whether nothing gets through now."""
        return self._play.now_s < self.out_until_s


class Uplink:
    """The way to the centre: says so when it goes and when it is back."""

    def __init__(self, play: Play) -> None:
        """It is up at first."""
        self._play = play
        play.after(0.5, self._up)

    def _up(self) -> None:
        self._say(NO_WAY, ok=True)
        self._play.after(wait_s(self._play.rng, 3 * 3600), self._down)

    def _down(self) -> None:
        self._say(NO_WAY, ok=False)
        self._play.after(spell_s(self._play.rng, 2, 600), self._up)

    def _say(self, why: Words, *, ok: bool) -> None:
        self._play.say(DeviceHealth(source="uplink", at_s=self._play.now_s, ok=ok, detail=why))


# In steps of the resolution a second: within two of them over the hours. A chlorine cell that wandered as far
# (0.2 ppm) would reach the first response level by itself: a third of it.
DRIFT = {"cl2": 0.01}


class Detector:
    """A fixed detector, polled once a second over a wire."""

    def __init__(self, play: Play, source: str, gas: str) -> None:
        """Clean air with this detector's own zero error."""
        self.level: float | None = None  # planted: what it measures instead of clean air
        self.quality = Quality.GOOD
        self.device_alarm = False
        self.silent = False
        self.source = source
        self._gas = gas
        self._clean, self.unit, self._resolution = GAS[gas]
        self._drift = 0.0
        self.out_until_s = 0.0
        self._play = play
        play.after(play.rng.random(), self._poll)
        play.after(wait_s(play.rng, 4 * 3600), self._spell)

    def _spell(self) -> None:
        play = self._play
        self.out_until_s = play.now_s + spell_s(play.rng, 1.5, 8.0)
        play.after(wait_s(play.rng, 4 * 3600), self._spell)

    def _poll(self) -> None:
        play = self._play
        play.after(1.0 + play.rng.uniform(-0.05, 0.05), self._poll)
        missed = play.rng.random() < 1 / 400 or self.muted
        if not missed and not self.silent:
            play.say(self.word())

    @property
    def muted(self) -> bool:
        """Whether the bus has one of its spells."""
        return self._play.now_s < self.out_until_s

    def word(self) -> Reading:
        """What it answers now."""
        number = self.quality in {Quality.GOOD, Quality.CAL_OVERDUE}
        return Reading(
            source=self.source,
            at_s=self._play.now_s,
            channel=self._gas,
            level=(self._air() if self.level is None else self.level) if number else None,
            unit=self.unit,
            quality=self.quality,
            device_alarm=self.device_alarm,
        )

    def _air(self) -> float:
        """Clean air, a drift that wanders within two steps of the resolution, and one step of noise."""
        rng, step = self._play.rng, self._resolution
        self._drift = 0.9995 * self._drift + rng.gauss(0, DRIFT.get(self._gas, 0.03) * step)
        noisy = self._clean + self._drift + rng.gauss(0, 0.4 * step)
        counts = round(noisy / step)
        return round(counts * step if self._gas == "o2" else max(counts, 0) * step, 3)


class Tag:
    """Somebody's wearable: a place with its accuracy, the wrist's movements, and long gaps."""

    def __init__(self, play: Play, wifi: Wifi, person: str, place: tuple[float, float], gap: float | None) -> None:
        """`gap` is its even period; None is a traced wristband's, and a fraction of it where given to `scale`."""
        self.place = place
        self.sitting = False
        self.hung = False  # on a rail: it says that it is worn, and nothing moves it
        self.worn = True
        self.silent = False
        self.sos = False
        self.fall = False
        self.accuracy_m: float | None = None  # planted: so coarse that it says nothing
        self.press_here = False
        self.z_m = 0.0
        self.scale = 1.0
        self.source = f"tag-{person}"
        self._period_s = gap
        self._wifi = wifi
        self._play = play
        self._stirs_s = play.now_s
        self._stirred_s = play.now_s
        play.after(play.rng.random(), self._beat)

    @property
    def moving(self) -> bool:
        """Whether the wrist has moved since the last word."""
        play = self._play
        if self.hung:
            return False
        if not self.sitting:
            self._stirred_s = play.now_s
            return True
        moved = False
        while self._stirs_s <= play.now_s:
            self._stirred_s = self._stirs_s
            self._stirs_s += log_normal(play.rng, 15.0, 1.0)
            moved = True
        return moved

    def _beat(self) -> None:
        play = self._play
        if self._period_s is not None:
            lost = play.rng.random() < 1 / 50
            gap_s = self._period_s * (1 + play.rng.uniform(-0.05, 0.05)) + (spell_s(play.rng, 1, 8) if lost else 0)
        else:
            gap_s = self.scale * wristband_gap_s(play.rng)
        play.after(gap_s, self._beat)
        if not self.silent and not self._wifi.down:
            play.say(self.word())

    def word(self) -> Position:
        """What it says now."""
        play, rng = self._play, self._play.rng
        precise = self._period_s is not None
        accuracy_m = rng.uniform(0.2, 0.6) if precise else rng.uniform(2.0, 6.0)
        away_m, bearing = abs(rng.gauss(0, accuracy_m / 2)), rng.uniform(0, 2 * math.pi)
        if not precise and rng.random() < JUMPS:
            away_m = rng.uniform(20.0, 45.0)
            accuracy_m = away_m * rng.uniform(1.0, 1.4)
        moving = self.moving
        word = Position(
            source=self.source,
            at_s=play.now_s,
            x_m=self.place[0] + away_m * math.cos(bearing),
            y_m=self.place[1] + away_m * math.sin(bearing),
            z_m=self.z_m + rng.gauss(0, 0.3),
            accuracy_m=accuracy_m if self.accuracy_m is None else self.accuracy_m,
            moving=moving,
            worn=self.worn,
            sos=self.sos,
            fall=self.fall,
            no_motion_s=play.now_s - self._stirred_s,
            here=self.press_here,
            battery_pct=80.0,
        )
        self.press_here = False
        return word


WORN = {Worn.WORN: 0.95, Worn.UNSURE: 0.045, Worn.MISSING: 0.005}  # how the model sees what everybody wears


class Camera:
    """One camera and its model: the guard at his post, now and then out of sight, and spells without one."""

    def __init__(self, play: Play, wifi: Wifi, post: Post) -> None:
        """It sees the guard, and both workers behind him."""
        self.view = View.CLEAR
        self.filming = Filming.RUNNING
        self.silent = False
        self.guard_seen = True  # planted: nobody is at the post
        self.at_work = False  # whether the workers are where the work is; out for a rest they are seen elsewhere
        self.without = ""  # planted: an item that nobody wears
        self.in_swing = False  # planted: somebody is seen under the load
        self.coat = False  # planted: what stands at the post never moves
        self._out_of_sight_until_s = 0.0
        play.after(wait_s(play.rng, 300), self._out_of_sight)
        self._post = post
        self._wifi = wifi
        self._play = play
        self.out_until_s = 0.0
        self._bad = View.GONE
        play.after(play.rng.random(), self._look)
        play.after(wait_s(play.rng, 1800), self._hiccup)

    def _hiccup(self) -> None:
        play = self._play
        self._bad = play.rng.choice((View.GONE, View.FROZEN, View.UNJUDGED))
        self.out_until_s = play.now_s + spell_s(play.rng, 1, 20)
        play.after(wait_s(play.rng, 1800), self._hiccup)

    def _look(self) -> None:
        play = self._play
        play.after(1.0, self._look)
        if self.silent:
            return
        view = self._bad if self.muted else View.GONE if self._wifi.down else self.view
        persons = tuple(self._persons()) if view is View.CLEAR else ()
        play.say(
            Sighting(
                source=self._post.camera,
                at_s=play.now_s,
                view=view,
                persons=persons,
                age_s=0.2,
                filming=self.filming,
            )
        )

    @property
    def muted(self) -> bool:
        """Whether the stream has one of its hiccups."""
        return self._play.now_s < self.out_until_s

    def _out_of_sight(self) -> None:
        play = self._play
        self._out_of_sight_until_s = play.now_s + log_normal(play.rng, 15.0, 1.0, most=200.0)
        play.after(wait_s(play.rng, 300), self._out_of_sight)

    def _persons(self) -> Iterator[SeenPerson]:
        play = self._play
        hidden = not self.guard_seen or play.now_s < self._out_of_sight_until_s or play.rng.random() < 1 / 20
        if self.coat or not hidden:
            yield self._seen(0, (f"post-{self._post.name}",))
        if self.in_swing:
            yield self._seen(3, (f"swing-{self._post.name}",))
        for track in (1, 2):
            yield self._seen(track, (f"area-{self._post.name}",) if self.at_work else ())

    def _seen(self, track: int, zones: tuple[str, ...]) -> SeenPerson:
        rng = self._play.rng
        ppe = {item: rng.choices(tuple(WORN), tuple(WORN.values()))[0] for item in ("helmet", "harness")}
        if self.without:
            ppe[self.without] = Worn.MISSING
        left = 0.2 + 0.2 * track
        arm = 0.0 if self.coat or self._play.now_s // STIRS_S % 2 else 0.01  # whoever lives moves now and then
        return SeenPerson(track=track, box=(left, 0.3, left + 0.1 - arm, 0.8), score=0.8, zones=zones, ppe=ppe)


class Neighbour:
    """Another box of the yard, which says every ten seconds what it guards: far from here, nothing."""

    def __init__(self, play: Play) -> None:
        """Its works are elsewhere."""
        self.claims: tuple[Claim, ...] = ()  # planted
        self.alarms: tuple[Standing, ...] = ()  # planted
        self._play = play
        play.after(play.rng.uniform(0.1, 1.0), self._tell)

    def _tell(self) -> None:
        play = self._play
        play.after(10.0, self._tell)
        play.say(Claims(source=PEER, at_s=play.now_s, claims=self.claims, alarms=self.alarms))


class WeatherStation:
    """One for the yard, read every two seconds: a wind that wanders, and gusts that stay below every limit."""

    def __init__(self, play: Play) -> None:
        """A breeze."""
        self.wind_mps: float | None = None  # planted
        self.silent = False
        self._play = play
        self._mean_mps = 3.0
        play.after(play.rng.random(), self._read)

    def _read(self) -> None:
        play = self._play
        play.after(2.0, self._read)
        self._mean_mps = min(5.0, max(0.5, self._mean_mps + play.rng.gauss(0, 0.02)))
        gust_mps = min(7.6, self._mean_mps * play.rng.lognormvariate(0, 0.2))  # force 5 begins at 8.0
        if not self.silent and play.rng.random() > 1 / 400:
            wind_mps = round(gust_mps if self.wind_mps is None else self.wind_mps, 1)
            play.say(Weather(source=STATION, at_s=play.now_s, quality=Quality.GOOD, wind_mps=wind_mps))


class RelayModule:
    """The relay module's inputs, read once a second: the mirror contact follows the coil; the mains may fail."""

    def __init__(self, play: Play, post: Post) -> None:
        """The stop button is not pressed."""
        self.stuck: bool | None = None
        self.stop_closed: bool | None = True
        self.clamp_closed: bool | None = True
        self.door_closed: bool | None = True
        self.curtain_closed: bool | None = True
        self.sump_dry: bool | None = True
        self.line_whole: bool | None = True
        self.siren_mute = False
        self.mains_closed: bool | None = True
        self.silent = False
        self._post = post
        self._play = play
        self.out_until_s = 0.0
        self._dark_until_s = 0.0
        play.after(wait_s(play.rng, 8 * 3600), self._no_mains)
        play.after(play.rng.random(), self._read)
        play.after(wait_s(play.rng, 4 * 3600), self._spell)

    def _spell(self) -> None:
        play = self._play
        self.out_until_s = play.now_s + spell_s(play.rng, 1, 8)
        play.after(wait_s(play.rng, 4 * 3600), self._spell)

    def _read(self) -> None:
        play = self._play
        play.at(play.now_s + 1.0, self._read)  # never more seldom: off must be seen within two seconds
        if self.silent or self.muted:
            return
        closed = play.powered(self._post.relay) if self.stuck is None else self.stuck
        play.say(self._contact("feedback", closed=closed))
        play.say(self._contact("stop-button", closed=self.stop_closed))
        play.say(self._contact("clamp", closed=self.clamp_closed))
        play.say(self._contact("door", closed=self.door_closed))
        play.say(self._contact("curtain", closed=self.curtain_closed))
        play.say(self._contact("sump", closed=self.sump_dry))
        play.say(self._contact("siren-line", closed=self.line_whole))
        play.say(self._contact("siren-sounds", closed=not self.siren_mute and play.sounds(self._post.relay)))
        mains = False if play.now_s < self._dark_until_s else self.mains_closed
        play.say(self._contact("mains", closed=mains))

    def _no_mains(self) -> None:
        play = self._play
        self._dark_until_s = play.now_s + spell_s(play.rng, 2, 120)
        play.after(wait_s(play.rng, 8 * 3600), self._no_mains)

    @property
    def muted(self) -> bool:
        """Whether the module has one of its spells."""
        return self._play.now_s < self.out_until_s

    def _contact(self, channel: str, *, closed: bool | None) -> Observation:
        return Contact(source=self._post.relay, at_s=self._play.now_s, channel=channel, closed=closed)


class Pit:
    """The level in the pit of a post, read every two seconds."""

    def __init__(self, play: Play, post: Post) -> None:
        """Low."""
        self.level_m = 1.0
        self.silent = False
        self._play, self._source = play, post.gauge
        play.after(1.0, self._read)

    def _read(self) -> None:
        play = self._play
        play.after(2.0, self._read)
        if not self.silent:
            play.say(
                Reading(
                    source=self._source,
                    at_s=play.now_s,
                    channel="level",
                    level=self.level_m,
                    unit="m",
                    quality=Quality.GOOD,
                )
            )


class Yard:
    """What all posts share: the wireless network, the weather, the way to the centre, the next box."""

    def __init__(self, play: Play) -> None:
        """All of it is there."""
        self.wifi = Wifi(play)
        self.uplink = Uplink(play)
        self.neighbour = Neighbour(play)
        self.weather = WeatherStation(play)
