"""Safety officer and shift lead on the real box: a rule is let be for a reason, a drill is played."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from edge_agent.domain.permit import State
from edge_agent.ops.demo.job import PINS
from tests.pages.phone import Phone
from tests.system.site import Site
from web_ui.words import TABLES

SCREENS = [("zh", "panel"), ("en", "phone")]
Team = Callable[[str], Phone]


@pytest.fixture(params=SCREENS, ids="-".join)
def team(request: pytest.FixtureRequest, site: Site, phones: Callable[..., Phone]) -> Team:
    """Everybody's device, logged in, from the list of permits to the one that is under way."""
    known: dict[str, Phone] = {}

    def of(person: str) -> Phone:
        if person not in known:
            one = known[person] = phones(f"https://127.0.0.1:{site.stage.ports.board}", *request.param)
            one.go("/")
            one.log_in(person, PINS[person])
            one.tap(f".permit-card[href='/p/{site.permit}']")
            expect(one(".glance")).to_be_visible()
        return known[person]

    return of


def test_a_rule_is_let_be_and_a_worker_takes_that_back(site: Site, team: Team) -> None:
    """The guard's strap breaks: the work stops, goes on in the officer's name, and stops again at once."""
    site.begin_work()
    officer = team("zhao-min")
    site.stage.wearables.command("take_off", tag="tag-guard")
    site.until_state(State.PAUSED)
    officer.tone("stopped")
    expect(officer(".stopped ol li").first).to_be_visible()
    officer.look("90-stopped")
    officer.do("override")
    one_of(officer, "监护人", "Guard")
    officer(".task .field input").first.fill("strap broken, I stand beside her")
    officer.look("91-override")
    officer.type(PINS["zhao-min"])
    officer.send()
    given = site.event("permit.override_given", by="zhao-min")
    assert "strap broken" in str(given.data)
    site.stage.wearables.command("put_on", tag="tag-guard")
    site.resume("wang-lei", "li-na")
    site.stage.wearables.command("take_off", tag="tag-guard")
    guard = team("li-na")
    guard.tone("warning")
    expect(guard(".override")).to_contain_text("strap broken, I stand beside her")
    guard.look("92-let-be")
    guard.do("override.take-the-override-back")
    guard.type(PINS["li-na"])
    guard.send()
    site.event("permit.override_ended", after=given.seq)
    site.until_state(State.PAUSED)
    site.stage.wearables.command("put_on", tag="tag-guard")


def test_a_drill_is_begun_seen_as_played_and_ended(site: Site, team: Team) -> None:
    site.begin_work()
    lead = team("qian-wei")
    words = TABLES[lead.language]
    lead.do("drill")
    lead.page.get_by_role("button", name=words["played"]["guard_gone"], exact=True).click()
    lead(".task .field input").first.fill("evening drill")
    lead.look("93-drill")
    lead.type(PINS["qian-wei"])
    lead.send()
    site.event("drill.began", person="qian-wei")
    site.until_state(State.PAUSED)
    expect(lead(".glance .played")).to_be_visible()
    lead.look("94-played")
    lead.do("end_drill")
    lead.type(PINS["qian-wei"])
    lead.send()
    report = site.event("drill.ended")
    assert report.data["drill"] is True
    expect(lead(".glance .played")).to_have_count(0)


def one_of(officer: Phone, zh: str, en: str) -> None:
    """The rule by what it is called, where several could be let be."""
    officer(f".task .pick .button:has-text('{zh if officer.language == 'zh' else en}')").first.click()
