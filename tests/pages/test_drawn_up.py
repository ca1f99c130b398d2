"""A ticket drawn up with all that it can hold: point, measures, scopes, links; and read by whoever signs it."""

import json
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from msgspec.structs import replace
from playwright.sync_api import expect

from edge_agent.decide.guides import offers
from edge_agent.domain.next_step import NextStep
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words
from edge_agent.tell.live import Live
from edge_agent.tell.live_file import write_offers
from edge_agent.tell.live_permit import LiveMeasure
from tests.pages.phone import Phone
from tests.support.board_world import TREE, Folder, live, permit
from tests.support.desk_peer import DeskPeer
from tests.support.pages import Served
from tests.support.story import scenario_site

SCREENS = [("zh", "phone"), ("en", "panel")]
SPACE = permit(id="box-1-4", state="received", type="confined_space", word="stopped")


@pytest.fixture
def offered(folder: Folder) -> None:
    """What the demo tank's own box offers."""
    shutil.copy(TREE / "zones" / "demo-tank" / "areas.toml", folder.path.parent / "areas.toml")
    write_offers(folder.path, offers(scenario_site()))


@pytest.fixture
def picture(folder: Folder, peer: DeskPeer) -> Iterator[list[Live]]:
    """What is live; an accepted ticket makes a permit of it, as the agent does."""
    base = live()
    ids = {"gas-ch4": "tank-inside", "gas-o2": "tank-inside", "gas-h2s": "tank-inside", "gas-co": "tank-inside"}
    gas = tuple(replace(one, area_id=ids[one.id]) for one in base.gas)
    now = [replace(base, gas=gas, permits=(SPACE, permit()))]

    def made(form: dict[str, Any]) -> None:
        if form["ask"] == "ticket":
            now[0] = replace(now[0], permits=(*now[0].permits, permit(id="box-1-7", state="received")))

    peer.heard = made
    with folder.kept(lambda: now[0]):
        yield now


def drawn(peer: DeskPeer) -> dict[str, Any]:
    """The ticket that was sent."""
    forms = [json.loads(said["form"]) for said in peer.asked if said["do"] == "signed"]
    return next(form["ticket"] for form in forms if form["ask"] == "ticket")


def pick(phone: Phone, words: str) -> None:
    phone.page.get_by_role("button", name=words, exact=True).click()


def chosen(phone: Phone, words: str) -> None:
    """By the page: the only one who can be."""
    expect(phone.page.get_by_role("button", name=words, exact=True)).to_have_attribute("aria-pressed", "true")


def unfold(phone: Phone, words: str) -> None:
    phone.page.locator("summary", has_text=words).click()


@pytest.mark.usefixtures("offered", "picture")
@pytest.mark.parametrize("screen", SCREENS, ids="-".join)
def test_hot_work_in_a_tank_is_drawn_up_with_point_measures_scope_and_link(
    served: Served, phones: Callable[..., Phone], peer: DeskPeer, screen: tuple[str, str]
) -> None:
    zh = screen[0] == "zh"
    one = phones(served.url, *screen)
    one.enter("wang-wei", "/tickets/new")
    pick(one, "一级动火作业" if zh else "level-1 hot work")
    pick(one, "罐内" if zh else "Inside the tank")
    one("label.field input").first.fill("补焊 weld")
    expect(one(".hint").last).to_contain_text("露天还是室内" if zh else "outdoors or indoors")
    pick(one, "室内，风不影响" if zh else "indoors: no wind")
    chosen(one, "Li-Na")
    one.page.locator(".pick").nth(5).get_by_role("button", name="Wang-Wei").click()
    one.page.get_by_label("JSA").fill("JSA-7")
    one.look("66-drawn-up-folded")
    points(one, zh=zh)
    measures(one, zh=zh)
    unfold(one, "证件范围" if zh else "Scopes")
    pick(one, "高压电工" if zh else "high-voltage work")
    one.page.locator(".pick button", has_text="box-1-4").click()
    expect(one.page.locator(".hint", has_text="重新审批" if zh else "approved anew")).to_be_visible()
    one.look("69-scopes-and-links")
    one.badge("badge-wang-wei")
    expect(one(".ticket")).to_contain_text("box-1-7")
    ticket = drawn(peer)
    assert (ticket["outdoor"], ticket["scopes"], ticket["linked"]) == (False, ["high_voltage"], ["box-1-4"])
    assert ticket["point"] == {"x_m": 7, "y_m": 0.5}
    kept = {one["id"]: one for one in ticket["measures"]}
    assert "cylinders_apart" not in kept
    assert kept["extinguishers"] == {"id": "extinguishers", "kind": "manual"}
    assert kept["gas_watched"] == {"id": "gas_watched", "kind": "iot", "source": "gas-h2s"}
    assert (kept["own-1"]["kind"], kept["own-1"]["source"]) == ("iot", "relay-1")
    assert kept["own-1"]["words"] == {"zh": "阀已关 valve shut", "en": "阀已关 valve shut"}


def points(one: Phone, *, zh: bool) -> None:
    """The middle stands as it is; a post is one tap, a place on the plan another, arrows go half a metre."""
    unfold(one, "作业点：区域中间" if zh else "Work point: the middle")
    expect(one(".spot-at")).to_contain_text("区域中间" if zh else "the middle")
    plan = one(".map")
    box = plan.bounding_box()
    assert box is not None
    plan.click(position={"x": box["width"] / 4, "y": box["height"] / 2})
    expect(one(".spot-at")).not_to_contain_text("区域中间" if zh else "the middle")
    one("details").get_by_role("button", name="罐口监护点" if zh else "Manhole, guard's post").click()
    expect(one(".spot-at")).to_contain_text("6.5")
    one(".nudge button").nth(3).click()
    one(".nudge button").nth(1).click()
    expect(one(".spot-at")).to_contain_text("7")
    one.look("67-work-point")


def measures(one: Phone, *, zh: bool) -> None:
    """All are taken; one is left out, one is shown by another detector, one is added and shown by the relay."""
    unfold(one, "安全措施" if zh else "Measures")
    one.page.locator(".tick", has_text="气瓶直立" if zh else "cylinders stand").click()
    expect(one.page.locator(".rest summary", has_text="1 项不涉及" if zh else "1 left out")).to_be_visible()
    watched = one.page.locator(".measure", has_text="连续检测的气体检测仪" if zh else "gas detectors that measure")
    watched.get_by_role("button", name="硫化氢" if zh else "Hydrogen sulphide").click()
    pick(one, "加一项措施" if zh else "Add a measure")
    expect(one(".hint").last).to_contain_text("自加措施" if zh else "own measure")
    own = one(".measure").last
    own.locator("input").fill("阀已关 valve shut")
    own.get_by_role("button", name="现场继电器" if zh else "Field relay").click()
    one.look("68-measures")


@pytest.mark.usefixtures("offered", "picture")
def test_a_blind_plate_names_its_pipe(served: Served, phones: Callable[..., Phone], peer: DeskPeer) -> None:
    one = phones(served.url, "zh")
    one.enter("wang-wei", "/tickets/new")
    pick(one, "盲板抽堵作业")
    pick(one, "罐区场地")
    one("label.field input").first.fill("B-12 号盲板，加装")
    expect(one(".hint").last).to_contain_text("管道编号")
    one.page.get_by_label("管道编号").fill("P-104")
    chosen(one, "Li-Na")
    one.page.locator(".pick").nth(4).get_by_role("button", name="Wang-Wei").click()
    one.look("70-blind-plate")
    one.badge("badge-wang-wei")
    expect(one(".ticket")).to_contain_text("box-1-7")
    assert drawn(peer)["pipe"] == "P-104"
    assert "outdoor" not in drawn(peer)


@pytest.mark.parametrize("screen", SCREENS, ids="-".join)
def test_whoever_signs_a_ticket_reads_what_it_holds_and_what_is_left_out(
    folder: Folder, served: Served, phones: Callable[..., Phone], screen: tuple[str, str]
) -> None:
    sign = NextStep(
        ask=Ask.APPROVE, words=Words("审批签字", "Sign the ticket"), who=(), persons=("zhao-min",), fresh=True
    )
    read = replace(
        SPACE,
        content=Words("清罐", "clean the tank"),
        linked=("box-1-7",),
        scopes=(Words("高压电工", "high-voltage work"),),
        measures=(LiveMeasure(id="gas", kind="iot", words=Words("气体连续检测", "gas is watched")),),
        left_out=(Words("照明不超过 36 V", "lights have at most 36 V"),),
        next=(sign,),
    )
    zh = screen[0] == "zh"
    with folder.kept(lambda: live(permits=(read,))):
        one = phones(served.url, *screen)
        one.enter("zhao-min", "/p/box-1-4")
        one.do("approve")
        for words in (
            "box-1-7",
            "高压电工" if zh else "high-voltage",
            "由设备证实" if zh else "a device shows it",
        ):
            expect(one(".task")).to_contain_text(words)
        expect(one(".task .changes")).to_contain_text("36 V")
        one.look("71-read-and-sign")
