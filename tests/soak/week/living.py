"""The week as it goes on: days, nights, power, the line; and a sample each hour."""

import gc
import os
import statistics
import sys
import threading
import time
from collections import Counter
from functools import partial
from pathlib import Path

import msgspec

from edge_agent.decide.life import SHOWN_S
from edge_agent.domain.observation import DeviceHealth
from edge_agent.domain.outcome import Event
from edge_agent.ops import disk_use
from edge_agent.ops.box.box import collect_rarely
from tests.bench.bench_cameras import pss_mb
from tests.bench.table import machine, quantile
from tests.soak.crew import AT_WORK
from tests.soak.sources import Yard
from tests.soak.week.box import JOURNAL_BYTES
from tests.soak.week.days import HOUR_S, DayCrew, Outage, Plants, morning, outages
from tests.soak.week.floor import floor_ms
from tests.soak.week.growth import DAY_H, judged
from tests.soak.week.play import NO_POWER, WeekPlay
from tests.soak.week.report import BOUNDS, MB, Sample, Week, said
from tests.soak.yard import DAY_S

LOOK_S = 10.0
CUT_OFF_DAY, CUT_OFF_S = 3, 30 * HOUR_S  # longer than telemetry is kept for (store/room.py)


class Living:
    """The week as it goes on."""

    def __init__(self, folder: Path, seed: str, hours: float) -> None:
        """Everybody is there; it is eight in the morning."""
        self.play = WeekPlay(folder, seed)
        self.week = Week(seed=seed, hours=hours, machine=machine(("msgspec", "apsw")))
        yard = Yard(self.play)
        self.crews = [DayCrew(self.play, yard, post) for post in self.play.here]
        self.plants = Plants(self.play, self.crews)
        self._events: Counter[str] = Counter()
        self._floors_ms: list[float] = []
        self.play.listeners.append(self._count)
        for crew in self.crews:
            self.play.after(60.0, crew.comes)

    def _count(self, event: Event) -> None:
        self._events[event.type] += 1

    def live(self) -> Week:
        """Hour by hour to the end."""
        play, week = self.play, self.week
        collect_rarely()
        began_s = time.monotonic()
        for hour in range(int(week.hours)):
            if hour % 24 == 0:
                self._day(hour // 24)
            for _ in range(int(HOUR_S / LOOK_S)):
                play.paced()
                play.run(LOOK_S)
                self._floors_ms.append(floor_ms())
                working = sum(crew.state in AT_WORK for crew in self.crews)
                week.permit_hours += working * LOOK_S / HOUR_S
            week.samples.append(self._sample(hour))
            week.took_s = time.monotonic() - began_s
            say(f"{hour + 1} hours in {week.took_s:.0f} s: {said(week.samples[-1])}")
            if hour % 24 in {4, 9, 23}:
                say(f"{self._so_far()}")
        self._end()
        return week

    def _so_far(self) -> str:
        pauses = [f"{one.permit} {one.rule}" for crew in self.crews for one in crew.pauses]
        return f"{self._events['permit.closed']} closed, {len(self.plants.found)} planted, stops: {pauses}"

    def _day(self, day: int) -> None:
        play = self.play
        self.plants.day()
        for outage in outages(play.rng):
            play.after(outage.at_s, partial(self._no_power, outage))
        play.after(DAY_S - 1800.0, self._morning)  # half past seven
        if day == CUT_OFF_DAY:
            play.after(2 * HOUR_S, lambda: self._line(cut=True))
            play.after(2 * HOUR_S + CUT_OFF_S, lambda: self._line(cut=False))

    def _morning(self) -> None:
        if self.play.box is None:
            self.play.after(60.0, self._morning)
            return
        for delivery in morning(self.play):
            self.play.ask(delivery)

    def _line(self, *, cut: bool) -> None:
        self.play.cut_off = cut
        self.play.say(DeviceHealth(source="uplink", at_s=self.play.now_s, ok=not cut))

    def _no_power(self, outage: Outage) -> None:
        box = self.play.box
        if box is None:
            return
        if outage.orderly:
            box.end()
            self.week.ends += 1
        else:
            box.lose_power()
            self.week.cuts += 1
        self.play.box = None
        self.play.after(outage.lasts_s, self._power)

    def _power(self) -> None:
        self.play.comes_up()
        assert self.play.box is not None
        if self.play.box.lost is not None:
            self.week.over_quota.append(f"after a cut the records were not whole: {self.play.box.lost.broken}")
        for crew in self.crews:
            crew.after_a_cut()

    def _sample(self, hour: int) -> Sample:
        play, box = self.play, self.play.box
        took_ms, play.took_ms = play.took_ms or [0.0], []
        floors_ms, self._floors_ms = self._floors_ms or [1.0], []
        gc.collect()
        lies = disk_use.sample(play.settings, play.utc, "")
        quotas = {**disk_use.quotas(play.settings), "journal": JOURNAL_BYTES}
        self.week.over_quota += [
            f"{name} {size} of {quotas[name]} bytes in hour {hour}"
            for name, size in lies.bytes.items()
            if name in quotas and name != "logs" and size > quotas[name]
        ]
        return Sample(
            hour=hour,
            pss_mb=pss_mb(os.getpid()),
            open_files=sum(1 for _ in Path("/proc/self/fd").iterdir()),
            threads=threading.active_count(),
            objects=len(gc.get_objects()),
            state_kb=0.0 if box is None else len(msgspec.json.encode(box.brain.state)) / 1000,
            step_ms=statistics.median(took_ms),
            step_p99_ms=quantile(took_ms, 0.99),
            floor_ms=statistics.median(floors_ms),
            steps=len(took_ms),
            waiting=0 if box is None else box.reader.waiting(),
            disk_mb={name: size / MB for name, size in lies.bytes.items() if name != "logs"},
        )

    def _end(self) -> None:
        play, week = self.play, self.week
        if play.box is None:
            play.comes_up()
        box = play.box
        assert box is not None
        for _ in range(60):  # what still waits
            box.step()
            self.play.centre.take(box)
        broken = box.store.verify_chain()
        week.chain = "holds" if broken is None else str(broken)
        seq = box.brain.state.seq
        week.rows, _ = box.reader.end()
        week.untold = sorted(set(range(1, seq + 1)) - play.centre.seqs)
        week.steps, week.found = play.steps, self.plants.found
        week.events = dict(self._events.most_common())
        week.tickets = self._events["permit.closed"]
        for crew in self.crews:
            week.false_pauses += [
                f"{one.permit} {one.rule} ({one.blame}) at {one.at_s:.0f} s: {one.words}"
                for one in crew.pauses
                if not self.plants.planted(one.permit, one.at_s)
            ]
            week.not_begun += [words.en for words in crew.not_begun if words != NO_POWER]
        full = filled(week.samples)
        week.grown = {
            name: judged(name, [(one.hour, one.figure(name)) for one in full], bound)
            for name, bound in BOUNDS.items()
        }
        box.end()


def filled(samples: list[Sample]) -> list[Sample]:
    """Those after what is kept for days has filled up, if at least two days of them are left; else all."""
    full = [one for one in samples if one.hour * HOUR_S >= SHOWN_S]
    return full if len(full) >= 2 * DAY_H else samples


def say(words: str) -> None:
    """How far it is."""
    sys.stderr.write(f"week: {words}\n")
    sys.stderr.flush()
