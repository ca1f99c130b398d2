"""Every task of the guard's phone, on a painted picture: what must be filled in, and the form that is signed."""

import json
from collections.abc import Callable
from typing import Any

from msgspec import Struct
from playwright.sync_api import expect

from edge_agent.domain.next_step import NextStep
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words
from edge_agent.tell.live_people import LiveWearable
from edge_agent.tell.live_permit import LiveInside, LiveItem, LiveMeasure, LiveNamed, LivePending
from tests.pages.phone import Phone
from tests.support.board_world import Folder, live, permit
from tests.support.desk_peer import DeskPeer
from tests.support.pages import Served

ID = "T-2042"
PIN = "an-il"  # DeskPeer: the id backwards
PAINTED = {
    "guard_id": "li-na",
    "guards": (LiveNamed(id="li-na", name="Li Na"),),
    "inside": (LiveInside(id="wu-gang", name="Wu Gang", since_utc=0.0),),
    "measures": (
        LiveMeasure(id="m-1", kind="manual", words=Words("盲板已加", "The blinds are in")),
        LiveMeasure(id="m-2", kind="manual", words=Words("灭火器在场", "Extinguishers are at hand")),
    ),
    "handover": (
        LiveItem(id="h-1", words=Words("状态已交代", "How it stands")),
        LiveItem(id="h-2", words=Words("气体已交代", "The gas")),
    ),
    "pending": LivePending(version=2, changes=(Words("作业人增加一人", "One worker more"),)),
}


WEARABLES = tuple(
    LiveWearable(
        id=f"tag-{number}",
        name=Words(f"手环 {number}", name),
        wearer=wearer,
        wearer_name=wearer,
        heard=heard,
        heard_s=2.0,
        placed_s=2.0,
        worn=True,
        battery_pct=80.0 - number,
        low=False,
        promised_s=5.0,
        intervals=100,
        p50_s=5.0,
        p99_s=8.5,
    )
    for number, name, wearer, heard in (
        (6, "Li Na's tag", "li-na", False),
        (7, "Spare tag 7", "", True),
        (8, "Spare tag 8", "", True),
    )
)


class Case(Struct, frozen=True, kw_only=True):
    """One task: what the box offers, what is ticked or typed, and what the signed form must hold then."""

    ask: Ask
    about: tuple[str, ...] = ()
    ticks: tuple[str, ...] = ()
    presses: tuple[str, ...] = ()
    typed: str = ""
    fresh: bool = False
    form: dict[str, Any]


CASES = (
    Case(ask=Ask.CONFIRM, about=("m-1", "m-2"), ticks=("Extinguishers",), form={"about": ["m-2"]}),
    Case(ask=Ask.HANDOVER, about=("h-1", "h-2"), ticks=("How", "The gas"), form={"about": ["h-1", "h-2"]}),
    Case(ask=Ask.ACCEPT_CHANGE, about=("2",), form={"about": ["2"]}),
    Case(ask=Ask.CONTACT, about=("wu-gang",), form={}),
    Case(
        ask=Ask.WEAR,
        about=("tag-7", "tag-8"),
        presses=("Spare tag 8",),
        form={"about": ["li-na"], "wearable": "tag-8"},
    ),
    Case(ask=Ask.LEAVE, about=("wu-gang",), ticks=("Wu Gang",), form={"about": ["wu-gang"]}),
    Case(ask=Ask.ACKNOWLEDGE, form={}),  # all of the permit: the box names none in this step
    Case(ask=Ask.CHECK_OUT, form={}),
    Case(ask=Ask.END_WORK, form={}),
    Case(ask=Ask.CLOSE, ticks=("Everybody", "All tools"), fresh=True, form={"people_inside": 0, "pin": PIN}),
    Case(ask=Ask.REVOKE, typed="leak", fresh=True, form={"reason": "leak", "pin": PIN}),
)


def test_every_task_signs_what_its_person_filled_in(
    served: Served, phones: Callable[..., Phone], folder: Folder, peer: DeskPeer
) -> None:
    phone = phones(served.url, "en")
    steps = tuple(offered(case) for case in CASES)
    with folder.kept(lambda: live(permits=(permit(**PAINTED, next=steps),), wearables=WEARABLES)):
        phone.go("/login")
        phone.log_in("li-na", PIN)
        phone.open(ID)
        for case in CASES:
            phone.do(case.ask.value)
            fill_in(phone, case)
            phone.look(f"40-{case.ask.value}")
            phone.send()
            form = json.loads(peer.asked[-1]["form"])
            signed = {name: form[name] for name in form.keys() - {"key", "count", "permit", "person"}}
            assert signed == {"ask": case.ask.value, **case.form}


def offered(case: Case) -> NextStep:
    words = Words(case.ask.value, case.ask.value)
    return NextStep(
        ask=case.ask, words=words, who=("guard",), persons=("li-na",), fresh=case.fresh, about=case.about
    )


def fill_in(phone: Phone, case: Case) -> None:
    """Nothing can be sent before everything is filled in."""
    button = phone(".task button[type=submit]")
    for tick in case.ticks:
        expect(button).to_be_disabled()
        phone.page.get_by_label(tick).check()
    for name in case.presses:
        expect(button).to_be_disabled()
        phone.page.get_by_role("button", name=name).click()
    if case.typed:
        phone.page.get_by_label("Reason").fill(case.typed)
    if case.fresh:
        expect(button).to_be_disabled()
        phone("input.pin").fill(PIN)
    expect(button).to_be_enabled()


def test_people_and_tools_are_counted_in_by_the_guard(
    served: Served, phones: Callable[..., Phone], folder: Folder, peer: DeskPeer
) -> None:
    """Nobody is ticked beforehand; what is signed is what was ticked."""
    step = NextStep(
        ask=Ask.ENTER,
        words=Words("登记进入", "Count people in"),
        who=("guard",),
        persons=("li-na",),
        fresh=False,
        about=("wu-gang", "zhou-qiang"),
    )
    workers = (LiveNamed(id="wu-gang", name="Wu Gang"), LiveNamed(id="zhou-qiang", name="Zhou Qiang"))
    one = phones(served.url, "en")
    with folder.kept(lambda: live(permits=(permit(guard_id="li-na", next=(step,), workers=workers),))):
        one.enter("li-na", f"/p/{ID}")
        one.do("enter")
        expect(one(".task button[type=submit]")).to_be_disabled()
        one.page.get_by_label("Wu Gang").check()
        one.page.get_by_label("One more: Tools carried in").click()
        one.look("25-enter")
        one.send()
    form = json.loads([said for said in peer.asked if said["do"] == "signed"][-1]["form"])
    wanted = {"ask": "enter", "permit": ID, "person": "li-na", "about": ["wu-gang"], "tools": 1}
    assert {name: form[name] for name in wanted} == wanted
