"""How long a back-up supply took to come in after the mains went: measured by two contacts of one module."""

from collections.abc import Mapping

from edge_agent.clock import Instant
from edge_agent.domain.observation import Contact
from edge_agent.fuse.memory import Memory, absorb
from edge_agent.fuse.power import Switchover, switchovers
from tests.scenarios.stories.box import on_two_supplies
from tests.support.story import scenario_site

RELAYS = on_two_supplies().site.relays
AHEAD_S = 1_000_000.0


class Bench:
    """Two contacts, and what was made of them so far."""

    def __init__(self) -> None:
        self.memory, self.known = Memory(booted_s=0), dict[str, Switchover]()

    def at(self, now_s: float, mains: bool | None, generator: bool | None) -> Mapping[str, Switchover]:  # noqa: FBT001
        heard = tuple(
            Contact(source="relay-1", at_s=now_s, channel=name, closed=closed)
            for name, closed in (("mains", mains), ("generator", generator))
        )
        self.memory = absorb(self.memory, heard)
        instant = Instant(now_s=now_s, utc=now_s + AHEAD_S, trusted=True)
        self.known = dict(switchovers(self.known, RELAYS, self.memory, instant))
        return self.known


def test_the_delay_is_from_the_loss_to_the_load_and_is_measured_anew_each_time() -> None:
    bench = Bench()
    assert bench.at(1.0, mains=True, generator=False) == {}
    assert bench.at(2.5, mains=False, generator=False)["relay-1"].delay_s is None
    came = bench.at(5.0, mains=False, generator=True)["relay-1"]
    assert (came.lost_s, came.lost_utc, came.delay_s, came.over) == (2.5, 2.5 + AHEAD_S, 2.5, False)
    assert bench.at(6.0, mains=False, generator=True)["relay-1"] == came
    assert bench.at(7.0, mains=True, generator=True)["relay-1"].over
    bench.at(8.0, mains=True, generator=False)
    again = bench.at(9.0, mains=False, generator=False)["relay-1"]
    assert (again.lost_s, again.delay_s, again.over) == (9.0, None, False)


def test_one_that_carries_the_load_all_the_time_has_no_gap() -> None:
    bench = Bench()
    bench.at(1.0, mains=True, generator=True)
    assert bench.at(2.0, mains=False, generator=True)["relay-1"].delay_s == 0.0


def test_a_contact_that_cannot_be_read_begins_and_ends_nothing() -> None:
    bench = Bench()
    assert bench.at(1.0, mains=None, generator=None) == {}
    lost = bench.at(2.0, mains=False, generator=None)["relay-1"]
    assert (lost.delay_s, lost.over) == (None, False)
    assert bench.at(3.0, mains=None, generator=True)["relay-1"] == lost


def test_a_module_that_watches_one_of_them_measures_nothing() -> None:
    known = switchovers({}, scenario_site().site.relays, Memory(booted_s=0), Instant(now_s=1, utc=2, trusted=True))
    assert known == {}
