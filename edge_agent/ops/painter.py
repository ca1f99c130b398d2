"""Writes the live picture beside the brain: at once when something happened, else twice a second."""

import threading
from collections.abc import Callable

from msgspec.structs import replace

from edge_agent.agent.brain import Brain
from edge_agent.clock import Clock
from edge_agent.decide.guides import guides, kinds, offers, with_the_centres
from edge_agent.domain.centre_record import GuideCard
from edge_agent.domain.commissioning import Commissioning
from edge_agent.ops.clock_watch import ClockWatch
from edge_agent.ops.commission.standing import standing
from edge_agent.ops.folders import DATABASE
from edge_agent.ops.supply_told import Fed, told
from edge_agent.settings.site import Settings
from edge_agent.store.reader import Reader
from edge_agent.tell.live_file import write_commissioning, write_guides, write_live, write_offers
from edge_agent.tell.picture import Link, draw
from edge_agent.tell.picture_next import Rehearsed

EVERY_S = 0.5
# Between two pictures the interpreter belongs to the brain: a flood is painted 25 times a second at most.
LEAST_S = 0.04
AGAIN_S = 60.0


def nobody_tells() -> Fed:
    """Where nobody looks what feeds the box."""
    return Fed(on_mains=None)


class Painter:
    """A worker of the supervisor."""

    def __init__(  # noqa: PLR0913, PLR0917 (who knows what people are shown)
        self,
        settings: Settings,
        clock: Clock,
        brain: Brain,
        link: Callable[[int], Link],
        every_s: float = EVERY_S,
        fed: Callable[[], Fed] = nobody_tells,
    ) -> None:
        """`link` tells of the way to the centre, given how many rows wait; `fed` what feeds the box.

        Nothing is painted until `run`.
        """
        self._settings, self._clock, self._brain, self._link = settings, clock, brain, link
        self._every_s, self._fed = every_s, fed
        self._asked = Rehearsed()
        self._commissioning: Commissioning | None = None  # as it was last written
        self._certified_s = float("-inf")
        self._watch = ClockWatch(clock, settings.site.clock.source)
        self._cards: tuple[GuideCard, ...] = ()  # the centre's, as they were last written
        self._happened = threading.Event()

    def wake(self) -> None:
        """Something happened that people should see now. Called in the brain's thread."""
        self._happened.set()

    def run(self, stop: threading.Event) -> None:
        """Paint until `stop`; what people look up does not change and is written once."""
        self._write_guides(())
        write_offers(self._settings.runtime_folder, offers(self._settings))
        with Reader.open(self._settings.state_folder / DATABASE) as store:
            while not stop.is_set():
                self._happened.wait(self._every_s)
                self._happened.clear()
                self._paint(store)
                stop.wait(LEAST_S)

    def _write_guides(self, theirs: tuple[GuideCard, ...]) -> None:
        self._cards = theirs
        write_guides(self._settings.runtime_folder, with_the_centres(guides(), theirs), kinds())

    def _paint(self, store: Reader) -> None:
        link = self._link(store.waiting())
        state, newest = self._brain.state, tuple(self._brain.newest)
        now_utc = self._clock.instant().utc
        theirs = tuple(one.guide for one in state.centre.values() if one.guide and one.counts(now_utc))
        if theirs != self._cards:
            self._write_guides(theirs)
        picture = draw(self._settings, state, self._clock.instant(), newest, link, self._asked)
        self._commissioned(state.commissioning)
        supply = told(self._settings, state, self._fed(), self._clock.instant())
        write_live(self._settings.runtime_folder, replace(picture, clock=self._watch.now(), supply=supply))

    def _commissioned(self, kept: Commissioning) -> None:
        """How it stands, where that changed, and now and then: a certificate runs out by itself."""
        now_s = self._clock.monotonic()
        if kept is not self._commissioning or now_s - self._certified_s >= AGAIN_S:
            now = standing(self._settings, kept, self._clock.instant())
            write_commissioning(self._settings.runtime_folder, now)
            self._commissioning, self._certified_s = kept, now_s
