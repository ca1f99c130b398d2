"""What a safety officer decides about one permit: a rule let be, an alarm silenced, either taken back, a drill."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from msgspec.structs import replace
from playwright.sync_api import expect

from edge_agent.domain.next_step import NextStep
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words
from edge_agent.tell.live import Live
from edge_agent.tell.live_measured import LiveLimits
from tests.pages.phone import Phone
from tests.support.board_world import Folder, evacuating, permit
from tests.support.desk_peer import DeskPeer
from tests.support.pages import Served

SCREENS = [("zh", "panel"), ("en", "phone")]
ID = "T-2042"
PIN = "nim-oahz"  # DeskPeer: the id backwards
CAMERA = f"camera|{ID}|cam-1"
STEPS = {
    Ask.OVERRIDE: (Words("旁路一条规则", "Let one rule be"), ("camera",), 1800.0),
    Ask.SHELVE: (Words("搁置报警", "Silence an alarm"), (CAMERA,), 3600.0),
    Ask.DRILL: (Words("开始演练", "Begin a drill"), (), 1800.0),
}


def to_decide() -> Live:
    steps = tuple(
        NextStep(
            ask=ask,
            words=words,
            who=("safety_officer",),
            persons=("zhao-min",),
            fresh=True,
            about=about,
            longest_s=longest_s,
        )
        for ask, (words, about, longest_s) in STEPS.items()
    )
    back = NextStep(
        ask=Ask.SHELVE,
        words=Words("取消搁置", "Let it sound again"),
        who=("safety_officer",),
        persons=("zhao-min",),
        fresh=True,
        about=(CAMERA,),
        longest_s=0.0,
    )
    base = evacuating()
    limits = LiveLimits(warn=5.0, stop=7.2)
    gas = tuple(replace(one, limits=limits) if one.gas == "h2s" else one for one in base.gas)
    one = permit(next=(back, *steps), gas=tuple(one.id for one in gas))
    return replace(base, permits=(one,), gas=gas)


@pytest.fixture(params=SCREENS, ids="-".join)
def officer(
    request: pytest.FixtureRequest, served: Served, phones: Callable[..., Phone], folder: Folder
) -> Iterator[Phone]:
    """The safety officer's own device, on the page of the permit."""
    one = phones(served.url, *request.param)
    with folder.kept(to_decide):
        one.enter("zhao-min", f"/p/{ID}")
        yield one


def decide(officer: Phone, ask: str) -> None:
    """It is folded away: found by its words."""
    expect(officer(f'.steps a[href*="do={ask}"]').first).to_be_hidden()
    officer.do(ask)


def last(peer: DeskPeer) -> dict[str, Any]:
    form: dict[str, Any] = json.loads([said for said in peer.asked if said["do"] == "signed"][-1]["form"])
    return form


def pick(officer: Phone, zh: str, en: str) -> None:
    officer.page.get_by_role("button", name=zh if officer.language == "zh" else en, exact=True).click()


def test_a_rule_is_let_be_for_a_while_and_a_reason(officer: Phone, peer: DeskPeer) -> None:
    decide(officer, "override")
    expect(officer(".task")).to_contain_text("未监控" if officer.language == "zh" else "Not monitored")
    expect(officer(".key").last).to_be_visible()
    pick(officer, "10 分钟", "10 min")
    officer(".task .field input").first.fill("lens is wet")
    officer.look("40-override")
    officer.badge("badge-zhao-min")
    expect(officer(".task")).to_have_count(0)
    form = last(peer)
    assert (form["ask"], form["rule"], form["for_s"], form["reason"]) == ("override", "camera", 600, "lens is wet")
    assert form["badge"] == "badge-zhao-min"


def test_an_alarm_is_silenced_and_sounds_again(officer: Phone, peer: DeskPeer) -> None:
    decide(officer, "shelve.silence")
    officer(".task .field input").first.fill("being cleaned")
    officer.badge("badge-zhao-min")
    expect(officer(".task")).to_have_count(0)
    assert (last(peer)["alarm"], last(peer)["for_s"]) == (CAMERA, 300)
    officer.do("shelve.let")  # not folded away
    officer.look("41-sound-again")
    officer.badge("badge-zhao-min")
    expect(officer(".task")).to_have_count(0)
    assert (last(peer)["alarm"], last(peer)["for_s"]) == (CAMERA, 0)
    assert "reason" not in last(peer)


def test_a_drill_is_put_together(officer: Phone, peer: DeskPeer) -> None:
    decide(officer, "drill")
    pick(officer, "气体超限", "gas over its limit")
    pick(officer, "监护人离岗", "guard gone")
    officer(".task .field input").first.fill("leak at the flange")
    expect(officer(".task")).not_to_contain_text("T-2042|")
    pick(officer, "硫化氢", "Hydrogen sulphide")
    officer.look("42-drill")
    officer.badge("badge-zhao-min")
    expect(officer(".task")).to_have_count(0)
    drill = last(peer)["drill"]
    assert [one["kind"] for one in drill["steps"]] == ["gas", "guard_gone"]
    assert drill["steps"][0]["source"] == "gas-h2s"
    assert drill["steps"][0]["level"] == 14.4
    assert drill["name"] == "leak at the flange"
