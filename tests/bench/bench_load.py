"""What one step costs on a full box, and how that grows: 50 permits, 200 people, 500 channels, 100 zones.

The field is invented, the step is the real one with the default rulebook. Every step hears a fifth of all
sources, as five ticks a second do of a field that speaks once a second. The floor of the same run is
what any step must do with those words: take them in and arrange a World, without one rule. Beside the
time that passed stands the processor's own, which other programs on the machine do not lengthen.
Growth is shown at a sixteenth, a quarter and the whole of that load; near linear means that a permit
of a full box costs about as much as a permit of an empty one. `python -m tests.bench load`
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator

from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.decide.state import Inputs
from edge_agent.decide.step import begin, step
from edge_agent.domain.delivery import TicketDelivery
from edge_agent.domain.observation import Contact, Observation, Position, Quality, Reading, Sighting, View
from edge_agent.domain.permit import State
from edge_agent.domain.person import Proof
from edge_agent.domain.request import Ask, Request
from edge_agent.domain.words import Words
from edge_agent.domain.zone import Area
from edge_agent.fuse import world as fuse
from edge_agent.fuse.memory import absorb
from edge_agent.ops.box.box import collect_rarely
from edge_agent.settings.site import Settings
from tests.bench.table import SPREAD, quantile, show, spread
from tests.soak.draw import dice
from tests.soak.yard import DAY_UTC, GAS, Post, book, samples, settings, ticket

PERMITS = 50  # with five people each
CHANNELS_EACH = 10
TICK_S = 0.2
TICKS_A_SECOND = 5
WARM_UP = 50
GROWTH = ("", "permits", "p50 ms", "p99 ms", "ms a permit", "")
BEGAN_S = 1000.0
Timer = Callable[[], float]


class Load:
    """A box with so many guarded jobs, all of them under way."""

    def __init__(self, permits: int) -> None:
        """Brings every job to ACTIVE through the step, as people do."""
        self.posts = tuple(_post(at) for at in range(permits))
        self.settings = _wider(settings(self.posts, book()), permits)
        self.now_s = BEGAN_S
        self.state = begin(self.settings, self.instant).state
        self._rng = dice("load")
        self._words = [list(_said(post)) for post in self.posts]
        self._start()
        collect_rarely()  # as the agent does once it is up
        for _ in range(WARM_UP):
            self.step()

    @property
    def instant(self) -> Instant:
        """Now."""
        return Instant(now_s=self.now_s, utc=DAY_UTC + self.now_s, trusted=True)

    def _start(self) -> None:
        utc, rules = DAY_UTC + BEGAN_S, self.settings.rulebook
        tickets = [ticket(post, rules, utc - 60, utc + 8 * 3600, post.name) for post in self.posts]
        self.step(tuple(TicketDelivery(id=f"t-{one.id}", at_s=self.now_s, ticket=one) for one in tickets), share=1)
        for ask, who in (
            (Ask.CHECK_IN, lambda post: post.guards[0]),
            (Ask.RETEST, lambda _: "tester-1"),
            (Ask.START, lambda post: post.holder),
            (Ask.START, lambda post: post.guards[0]),
            (Ask.START, lambda _: "lead-1"),
        ):
            self.step(tuple(_request(ask, who(post), post, self.now_s, utc) for post in self.posts), share=1)
        begun = sum(permit.state is State.ACTIVE for permit in self.state.permits.values())
        if begun != len(self.posts):
            against = {a.verdict.rule: a.verdict.finding.detail.en for a in self.state.alarms.values()}
            raise SystemExit(f"bench_load: {begun} of {len(self.posts)} permits are active: {against}")

    def heard(self, share: int = TICKS_A_SECOND) -> tuple[Observation, ...]:
        """What the field says in this tick: one of `share` sources, in turn."""
        turn = round(self.now_s / TICK_S) % share
        return tuple(
            _now(word, self.now_s, self._rng)
            for words in self._words
            for at, word in enumerate(words)
            if at % share == turn
        )

    def step(
        self,
        asked: tuple[Request | TicketDelivery, ...] = (),
        *,
        share: int = TICKS_A_SECOND,
        timer: Timer = time.perf_counter,
    ) -> float:
        """One step; the seconds it took."""
        self.now_s += TICK_S
        inputs = Inputs(instant=self.instant, observations=self.heard(share), asked=asked)
        began_s = timer()
        decision = step(self.settings, self.state, inputs)
        took_s = timer() - began_s
        self.state = decision.state
        return took_s

    def fuse(self) -> float:
        """The floor: the next step's words taken in and arranged, and nothing decided."""
        heard = self.heard()
        began_s = time.perf_counter()
        memory = absorb(self.state.memory, heard)
        known = fuse.Known(permits=self.state.permits, persons=self.state.persons, outputs=self.state.outputs)
        fuse.build(self.settings, memory, known, self.instant)
        return time.perf_counter() - began_s


def _post(at: int) -> Post:
    return Post(name=f"p{at}", kind="confined_space", x_m=300.0 * at, wristband=False, channels=CHANNELS_EACH)


def _wider(site: Settings, permits: int) -> Settings:
    """More zones than posts: each post has a second one. The whole yard stays the last, as it is the largest."""
    more = tuple(
        Area(
            id=f"corner-{at}",
            name=Words("角", "corner"),
            corners=((300.0 * at + 60, 60.0), (300.0 * at + 80, 60.0), (300.0 * at + 80, 80.0)),
        )
        for at in range(permits)
    )
    return replace(site, areas=(*site.areas[:-1], *more, site.areas[-1]))


def _request(ask: Ask, person: str, post: Post, now_s: float, utc: float) -> Request:
    number, taken = f"{ask}-{person}-{post.name}-{now_s}", samples(utc) if ask is Ask.RETEST else ()
    return Request(
        id=number, at_s=now_s, ask=ask, person=person, proof=Proof.BADGE, permit=post.name, samples=taken
    )


def _said(post: Post) -> Iterator[Observation]:
    for source, gas in post.detectors.items():
        clean, unit, _ = GAS[gas]
        yield Reading(source=source, at_s=0.0, channel=gas, level=clean, unit=unit, quality=Quality.GOOD)
    yield Reading(source=post.gauge, at_s=0.0, channel="level", level=1.0, unit="m", quality=Quality.GOOD)
    for person in (*post.guards, *post.workers):
        x_m = post.x_m + (90.0 if person == post.guards[1] else 1.0)
        yield Position(
            source=f"tag-{person}", at_s=0.0, x_m=x_m, y_m=1.0, z_m=0.0, accuracy_m=0.3, moving=True, worn=True
        )
    yield Sighting(source=post.camera, at_s=0.0, view=View.CLEAR)
    for channel in ("feedback", "stop-button", "clamp", "mains", "door", "curtain", "sump", "siren-line"):
        yield Contact(source=post.relay, at_s=0.0, channel=channel, closed=True)
    yield Contact(source=post.relay, at_s=0.0, channel="siren-sounds", closed=False)


def _now(word: Observation, now_s: float, rng: random.Random) -> Observation:
    """The word, said now; a level with a step of noise."""
    if isinstance(word, Reading) and word.level is not None:
        return replace(word, at_s=now_s, level=word.level + rng.choice((0.0, 0.0, 0.1)))
    return replace(word, at_s=now_s)


def main() -> int:
    """Measure, print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=500, help="steps of each kind")
    options = parser.parse_args()
    whole = Load(PERMITS)
    show(
        f"Load: one step with {sizes(whole)}, in milliseconds", SPREAD, load_rows(whole, options.count), "msgspec"
    )
    growth = [growth_row(permits, options.count) for permits in (PERMITS // 16, PERMITS // 4, PERMITS)]
    show("Growth: the same step with fewer jobs of the same kind", GROWTH, growth, "msgspec")
    return 0


def sizes(load: Load) -> str:
    """How large this box is."""
    known = load.settings
    people, channels, zones = len(known.persons), len(known.site.gas), len(known.areas)
    return f"{len(load.posts)} permits, {people} people, {channels} channels, {zones} zones"


def load_rows(load: Load, count: int) -> list[tuple[str, ...]]:
    """The step, the processor's part of it, and the floor."""
    return [
        spread(f"step ({len(load.heard())} observations)", [load.step() for _ in range(count)]),
        spread("  of it the processor's own time", [load.step(timer=time.thread_time) for _ in range(count)]),
        spread("floor: taking in and fusing the same", [load.fuse() for _ in range(count)]),
    ]


def growth_row(permits: int, count: int) -> tuple[str, ...]:
    """One line of the growth table."""
    load = Load(permits)
    took = [load.step() for _ in range(count)]
    middle = quantile(took, 0.5) * 1e3
    cells = f"{middle:.2f}", f"{quantile(took, 0.99) * 1e3:.2f}", f"{middle / permits:.3f}"
    return ("step", str(permits), *cells, "")


if __name__ == "__main__":
    sys.exit(main())
