"""The direct report in a browser: three taps from every page, by every role; the box fills in the rest."""

import json
import time
from collections.abc import Callable

import pytest
from msgspec.structs import replace
from playwright.sync_api import expect

from edge_agent.decide.guides import guides, kinds
from edge_agent.domain.outcome import Event, Priority
from edge_agent.ops.folders import DATABASE
from edge_agent.store.batch import Batch
from edge_agent.store.chain import GENESIS
from edge_agent.store.store import Store
from edge_agent.tell.live import Live
from edge_agent.tell.live_file import write_guides
from edge_agent.tell.live_permit import LiveNamed
from tests.pages.phone import Phone
from tests.support.board_world import Folder, live, permit
from tests.support.desk_peer import DeskPeer
from tests.support.pages import Served
from tests.support.store_values import entries

SCREENS = [("zh", "phone"), ("en", "tablet")]


def job() -> Live:
    """A confined space that the guard watches; four gases are bound to it."""
    base = live()
    own = permit(
        guards=(LiveNamed(id="li-na", name="Li Na"),),
        gas=tuple(one.id for one in base.gas),
        cameras=("cam-1",),
    )
    return replace(base, permits=(own,))


class Brain:
    """Writes the event that the agent makes of an accepted report, as the desk hears of it."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def hear(self, form: dict[str, object]) -> None:
        """The next event of the records."""
        data = {"kind": form["report"]["kind"], "by": form["person"], "code": "RPT-21"}  # type: ignore[index]
        event = Event(
            seq=1,
            type="hazard.reported",
            subject="T-2042",
            at_s=1.0,
            at_utc=time.time(),
            priority=Priority.HIGH,
            data=data,
        )
        self.store.commit(Batch(audit=entries([event], GENESIS)))


@pytest.mark.parametrize("screen", SCREENS, ids="-".join)
def test_a_report_is_three_taps_and_ends_with_its_event_and_guide_card(
    served: Served, folder: Folder, phones: Callable[..., Phone], peer: DeskPeer, screen: tuple[str, str]
) -> None:
    folder.put_still()
    write_guides(folder.path, guides(), kinds())
    with Store.open(folder.path.parent / "state" / DATABASE) as store, folder.kept(job):
        brain = Brain(store)
        peer.heard = brain.hear
        one = phones(served.url, *screen)
        one.enter("li-na", "/p/T-2042")
        one.tap(".nav .report")
        expect(one(".hazard").first).to_be_visible()
        one.look("40-report")
        one.tap('.hazard:has-text("通风中断"), .hazard:has-text("Ventilation")')
        around = one(".around")
        expect(around).to_contain_text("T-2042")
        expect(around).to_contain_text("人孔监护点" if screen[0] == "zh" else "Manhole post")
        expect(around).to_contain_text("20.9")
        expect(around.locator("img")).to_be_visible()
        one.look("41-report-filled-in")
        one.tap(".card > .button.main")
        expect(one(".card > .qr")).to_be_visible()
        assert one.taps == 3
        expect(one(".first-do")).to_contain_text("出来" if screen[0] == "zh" else "comes out at once")
        expect(one(".rolecards")).to_be_visible()
        one.look("42-reported")
    form = next(json.loads(said["form"]) for said in peer.asked if said["do"] == "signed")
    assert form["report"] == {"kind": "no_ventilation"}
    assert (form["ask"], form["permit"], form["person"]) == ("report", "T-2042", "li-na")


def test_every_page_of_every_role_leads_to_the_report(
    served: Served, folder: Folder, phones: Callable[..., Phone]
) -> None:
    write_guides(folder.path, guides(), kinds())
    with folder.kept(job):
        one = phones(served.url, "en")
        for person in ("wang-wei", "zhao-min", "chen-admin", "sun-viewer", "he-yard", "li-na"):
            one.enter(person, "/")
            expect(one(".nav .report")).to_be_visible()
            if person != "li-na":
                one.log_out()
        for page in ("/board", "/alarms", "/p/T-2042"):
            one.go(page)
            one.tap(".nav .report")
            expect(one(".hazard").first).to_be_visible()


def test_hazards_of_other_works_come_on_demand_and_each_has_its_picture(
    served: Served, folder: Folder, phones: Callable[..., Phone]
) -> None:
    write_guides(folder.path, guides(), kinds())
    with folder.kept(job):
        one = phones(served.url, "zh")
        one.enter("li-na", "/report")
        expect(one(".hazards")).to_have_count(1)
        assert one(
            ".hazard",
        ).count() < len(kinds())
        one.tap(".card > .button")
        expect(one(".hazard")).to_have_count(len(kinds()))
        drawn = one(".hazard path").evaluate_all("(all) => all.map((one) => one.getAttribute('d'))")
        assert len(set(drawn)) == len(kinds())
        one.look("43-all-hazards")


def test_without_the_kinds_it_says_what_to_do(
    served: Served, folder: Folder, phones: Callable[..., Phone]
) -> None:
    with folder.kept(job):
        one = phones(served.url, "en")
        one.enter("li-na", "/report")
        expect(one(".fault .code")).to_have_text("E-NO-GUIDES")
