"""What people are told of the supply: unknown is unknown, and the lesser figure is compared with the work."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from edge_agent.decide.commissioning_items import items
from edge_agent.decide.state import State
from edge_agent.domain.commissioning import Commissioning, Trial, TrialKind
from edge_agent.domain.words import NOTHING, Words
from edge_agent.ops.power_cut import SEEN_S
from edge_agent.ops.supply import Supply
from edge_agent.ops.supply_told import KEY, Fed, told
from edge_agent.settings.site import Settings
from edge_agent.settings.site_itself import PowerTable
from edge_agent.tell.live_supply import LiveSupply
from tests.ops.test_power_cut import Cut, settings
from tests.support.languages import faults
from tests.support.story import Story

assert settings, "the site with a UPS and a contact of the mains"
ON, BATTERY = Supply(on_mains=True, minutes=1000.0, charge_pct=99.0), Supply(on_mains=False, minutes=30.0)


@pytest.fixture
def story(settings: Settings) -> Story:
    found = Story(settings)
    found.field.contacts["mains"] = True
    found.begin_work()
    return found


def measured(story: Story, minutes: float | None, covers: str | None = None) -> State:
    trial = Trial(
        key=KEY,
        kind=TrialKind.UPS,
        of="unit",
        covers=items(story.settings)[KEY].covers if covers is None else covers,
        outcome="not_done" if minutes is None else "passed",
        by="gu",
        at_utc=story.utc - 86400,
        value=minutes,
    )
    return replace(story.decisions[-1].state, commissioning=Commissioning(trials={KEY: trial}))


def said(story: Story, fed: Fed, state: State | None = None) -> LiveSupply:
    found = told(story.settings, state or story.decisions[-1].state, fed, story.instant)
    assert not [fault for words in (found.why, found.means, found.wrong) if words for fault in faults(words)]
    return found


def fed(known: Supply | None, *, on_mains: bool | None = True, since_utc: float | None = None) -> Fed:
    return Fed(on_mains=on_mains, since_utc=since_utc, known=known)


def test_the_work_that_ends_last_is_compared_with_what_the_supply_says(story: Story) -> None:
    state = story.decisions[-1].state
    left_min = (state.permits["P-1"].end_at_s - story.now_s) / 60
    for minutes, lasts in ((left_min + 1, True), (left_min - 1, False)):
        found = said(story, fed(replace(ON, minutes=minutes)))
        assert (found.job, found.lasts, found.minutes, found.charge_pct) == ("P-1", lasts, minutes, 99.0)
        assert found.job_min == pytest.approx(left_min)
        assert f"{left_min:.0f} min" in found.means.en


def test_the_lesser_of_the_supplys_word_and_what_was_measured_counts(story: Story) -> None:
    found = said(story, fed(ON), measured(story, 20.0))
    assert (found.measured_min, found.measured_utc, found.lasts) == (20.0, story.utc - 86400, False)
    assert not found.measured_void
    assert "20 min, which is shorter" in found.means.en
    gone = fed(replace(BATTERY, minutes=None), on_mains=False, since_utc=story.utc - 600)
    assert "10 min, which is shorter" in said(story, gone, measured(story, 20.0)).means.en, "ten of them are over"


def test_what_was_measured_of_other_settings_is_shown_and_counts_no_more(story: Story) -> None:
    found = said(story, fed(ON), measured(story, 20.0, covers="another"))
    assert (found.measured_min, found.measured_void, found.lasts) == (20.0, True, True)


@pytest.mark.parametrize("state", [None, "not done"])
def test_what_nobody_knows_is_not_known_and_not_fine(story: Story, state: str | None) -> None:
    kept = measured(story, None) if state else None
    found = said(story, fed(Supply(on_mains=True)), kept)
    assert (found.minutes, found.measured_min, found.lasts) == (None, None, None)
    assert "nobody knows" in found.means.en
    silent = said(story, fed(Supply(on_mains=None, why=Words("无应答", "no answer")), on_mains=None), kept)
    assert (silent.on_mains, silent.why.en, silent.lasts) == (None, "no answer", None)


def test_a_supply_that_is_not_to_be_counted_on_lasts_for_nothing(story: Story) -> None:
    found = said(story, fed(replace(ON, wrong=Words("旁路", "bypassed"))))
    assert (found.lasts, found.wrong.en) == (False, "bypassed")
    assert "cannot be counted on" in found.means.en


def test_without_ups_and_contact_it_is_said_that_nobody_tells(story: Story) -> None:
    site = replace(story.settings.site, power=PowerTable(), relays={})
    found = told(replace(story.settings, site=site), story.decisions[-1].state, Fed(on_mains=None), story.instant)
    assert (found.asked, found.on_mains, found.lasts) == ("none", None, None)
    assert "nobody tells" in found.why.en


def test_nobody_at_work_is_compared_with_nothing(settings: Settings) -> None:
    found = said(Story(settings), fed(BATTERY, on_mains=False))
    assert (found.job, found.job_min, found.lasts, found.means) == ("", None, None, NOTHING)


def test_it_is_told_since_when_and_a_look_that_is_old_tells_nothing(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = Cut(tmp_path, replace(settings, site=replace(settings.site, relays={})), monkeypatch)
    assert cut.power.fed().on_mains is None, "nobody has looked yet"
    cut.power.look()
    began_utc = cut.bench.clock.instant().utc
    assert (cut.power.fed().on_mains, cut.power.fed().since_utc) == (True, began_utc)
    cut.bench.clock.now_s += 5
    cut.power.look()
    assert cut.power.fed().since_utc == began_utc
    cut.says = Supply(on_mains=False, minutes=5.0)
    cut.power.look()
    gone_utc = cut.power.fed().since_utc
    cut.says = Supply(on_mains=None)
    cut.power.look()
    assert (cut.power.fed().on_mains, cut.power.fed().since_utc) == (False, gone_utc), "nobody said they are back"
    cut.bench.clock.now_s += SEEN_S + 1
    assert cut.power.fed().on_mains is None
    assert "a while" in cut.power.fed().known.why.en  # type: ignore[union-attr]
    cut.bench.close()
