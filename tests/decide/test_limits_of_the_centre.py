"""The centre's own limits: stricter at once, looser never, taken back only when nobody works under them."""

import fnmatch
from typing import Any

import pytest
from msgspec.structs import replace

from edge_agent.decide.asking import tightening
from edge_agent.decide.step import begin
from edge_agent.domain.book_keys import every_limit, found, with_limit
from edge_agent.domain.centre_record import record_of
from edge_agent.domain.centre_rule import RuleLimit, RuleTable
from edge_agent.domain.delivery import RecordDelivery
from edge_agent.domain.limit import Limit
from edge_agent.domain.permit import State
from edge_agent.domain.request import Ask
from edge_agent.domain.words import NOTHING
from edge_agent.fuse import book
from edge_agent.settings.devices import derived
from edge_agent.settings.directions import Direction
from edge_agent.settings.site import Settings
from edge_agent.tell import health, measured
from edge_agent.tell.picture import Link, draw
from tests.support.story import T0_UTC, Story, scenario_site

H2S = "gases.h2s.stop_high"
BOOK = "demo-confined-space"


def row(value: float = 4.0, unit: str = "ppm", reason: str = "S-12") -> RuleLimit:
    return RuleLimit(value=value, unit=unit, reason=reason)


def table(limits: dict[str, RuleLimit] | None = None, **changes: Any) -> RuleTable:
    return replace(
        RuleTable(id="rule", rulebook=BOOK, limits={H2S: row()} if limits is None else limits), **changes
    )


def arrives(told: Story, sent: RuleTable, version: int) -> bool:
    told.file(RecordDelivery(id=f"m-{version}", at_s=told.now_s, record=record_of(sent, version, told.utc)))
    told.step()
    return told.decisions[-1].answers[-1].accepted


def h2s(told: Story) -> float:
    """Where the work stops for it now, by the rulebook as it counts."""
    counting = book.effective(told.settings.rulebook, told.instant, told.decisions[-1].state.centre)
    limit = found(counting, H2S)
    assert isinstance(limit, Limit)
    return limit.value


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (table(rulebook="gb30871-2022"), "written for the rulebook gb30871-2022"),
        (table({f"gases.x{n}.stop_high": row() for n in range(201)}), "201 limits, at most 200"),
        (table({"gases.xenon.stop_high": row()}), "no such limit"),
        (table({"": row()}), "no such limit"),
        (table({"gases.h2s": row()}), "no such limit"),
        (table({"alarm.siren_on_s": row(1, "s")}), "cannot be moved"),
        (table({"camera.not_monitored_s": row(1, "s")}), "when it starts"),
        (table({H2S: row(0.4, "%vol")}), "must be in ppm"),
        (table({H2S: row(float("nan"))}), "no usable number"),
        (table({H2S: row(-1)}), "no usable number"),
        (table({H2S: row(7.3)}), "7.3 is looser than the rulebook's 7.2 ppm"),
        (table({"resume.clean_s": row(0, "s")}), "looser"),
        (table({H2S: row(reason=" ")}), "gives no reason"),
    ],
)
def test_what_is_looser_or_cannot_be_judged_is_refused_and_the_table_before_stays(
    sent: RuleTable, why: str
) -> None:
    told = Story(scenario_site())
    assert arrives(told, table(), 1)
    assert not arrives(told, sent, 2)
    (event,) = [one for one in told.decisions[-1].events if one.type == "record.refused"]
    assert any(why in reason["en"] for reason in event.data["reasons"])
    assert h2s(told) == 4.0
    assert told.decisions[-1].state.centre["rule"].version == 1


def test_both_ways_of_being_stricter_and_the_rulebooks_own_value_are_taken() -> None:
    told = Story(scenario_site())
    same = found(told.settings.rulebook, H2S).value
    clean = found(told.settings.rulebook, "resume.clean_s").value
    assert arrives(told, table({H2S: row(same), "resume.clean_s": row(clean + 60, "s")}), 1)
    assert h2s(told) == same
    counting = book.effective(told.settings.rulebook, told.instant, told.decisions[-1].state.centre)
    assert counting.resume.clean_s.value == clean + 60
    assert "dn/rule 1: S-12" in counting.resume.clean_s.clause


def test_what_is_taken_back_waits_until_nobody_works_even_over_a_restart() -> None:
    told = Story(scenario_site())
    told.begin_work()
    assert arrives(told, table({H2S: row(4), "gases.co.stop_high": row(20)}), 1)
    assert h2s(told) == 4.0
    assert arrives(told, table({H2S: row(6), "gases.co.stop_high": row(10)}), 2)
    assert h2s(told) == 4.0
    assert list(told.decisions[-1].state.centre["rule"].held) == [H2S]
    assert arrives(told, table({}), 3), "what is held of the first is held on"
    assert h2s(told) == 4.0
    told.comes_out()
    told = told.again(60)
    assert h2s(told) == 4.0
    told.ask(Ask.REVOKE, "wang-lei")
    told.run(2)
    assert h2s(told) == 4.0, "nobody has said yet that everybody is out"
    told.ask(Ask.CLOSE, "wang-lei", people_inside=0)
    told.run(2)
    assert told.decisions[-1].state.permits["P-1"].state is State.REVOKED
    assert h2s(told) == found(told.settings.rulebook, H2S).value
    assert not told.decisions[-1].state.centre["rule"].held
    (event,) = [one for d in told.decisions for one in d.events if one.type == "record.updated"]
    assert event.data["version"] == 3


def test_where_nobody_works_it_is_taken_back_at_once() -> None:
    told = Story(scenario_site())
    assert arrives(told, table(), 1)
    assert arrives(told, table({}), 2)
    assert not told.decisions[-1].state.centre["rule"].held
    assert h2s(told) == found(told.settings.rulebook, H2S).value


def test_a_stricter_release_of_the_rulebook_outweighs_an_older_table() -> None:
    site = scenario_site()
    record = record_of(
        table({H2S: row(6), "gases.gone.stop_high": row(1), "guard.post_pause_m": row(1, "ft")}), 1, T0_UTC
    )
    limit = found(site.rulebook, H2S)
    newer = with_limit(site.rulebook, H2S, replace(limit, value=5.0))
    counting = book.effective(newer, Story(site).instant, {"rule": record})
    assert found(counting, H2S).value == 5.0
    assert counting.guard == newer.guard, "a unit that cannot be compared moves nothing"


def test_its_edition_is_on_the_board_and_what_is_held_in_health() -> None:
    told = Story(scenario_site())
    told.begin_work()
    arrives(told, table(), 1)
    arrives(told, table({}), 2)
    live = draw(
        told.settings, told.decisions[-1].state, told.instant, (), Link(ok=None, detail=NOTHING, waiting=0)
    )
    assert live.rulebook == f"{BOOK} demo.1 + 2"
    voice = measured.Voice(site="s", unit="u", boot="b", demo=True)
    world = measured.world_of(told.settings, told.decisions[-1].state, told.instant)
    payload = health.health(told.settings, told.decisions[-1].state, world, voice, "0").payload
    assert b'"rule":{"version":2' in payload.replace(b" ", b"")
    assert b'"held":["gases.h2s.stop_high"]' in payload.replace(b" ", b"")


def _moved(site: Settings, key: str, limit: Limit) -> Settings:
    value = limit.value / 2 if book.direction(key) is Direction.AT_MOST else limit.value * 2 + 1
    return replace(site, rulebook=with_limit(site.rulebook, key, replace(limit, value=value)))


def test_no_limit_that_the_centre_may_move_is_read_at_the_start_alone() -> None:
    """What a box reads once would be shown as stricter and would not be: such a key is refused."""
    site = scenario_site()
    told = Story(site)
    first = begin(site, told.instant).state.memory
    for key, limit in every_limit(site.rulebook):
        movable = book.direction(key) in {Direction.AT_MOST, Direction.AT_LEAST}
        if "[" in key or not movable or any(fnmatch.fnmatchcase(key, one) for one in tightening.AT_START):
            continue
        moved = _moved(site, key, limit)
        assert begin(moved, told.instant).state.memory == first, key
        assert derived(site.site, moved.rulebook) == site.devices, key
