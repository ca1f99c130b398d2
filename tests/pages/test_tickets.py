"""Permits without a centre in a browser: few fields, signed afresh; more time; on paper; and who is known."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from playwright.sync_api import expect

from edge_agent.domain.guide import OfferedMeasure, OfferedPoint, Offers, WorkKind
from edge_agent.domain.scopes import SCOPES
from edge_agent.domain.words import NOTHING, Words
from edge_agent.tell.live import Live
from edge_agent.tell.live_file import write_offers
from edge_agent.tell.live_permit import LiveMeasure, LiveNamed
from tests.pages.phone import Phone
from tests.support.board_world import TREE, Folder, live, permit
from tests.support.desk_peer import ROLES, DeskPeer
from tests.support.pages import Served

SCREENS = [("zh", "phone"), ("en", "tablet")]
SPACE = WorkKind(
    type="confined_space",
    level="",
    words=Words("受限空间作业", "confined space entry"),
    longest_s=86400.0,
    approvals=("area_owner",),
    guards=1,
    jsa=False,
    video=False,
    pipe=False,
    wind=False,
    certificates=("confined_space",),
    measures=(
        OfferedMeasure(id="blinded", words=Words("已加盲板", "pipes are blanked"), shown_by="people"),
        OfferedMeasure(id="gas_watched", words=Words("气体连续检测", "gas is watched"), shown_by="gas"),
    ),
)
POINTS = (
    OfferedPoint(words=NOTHING, x_m=0.0, y_m=0.0),
    OfferedPoint(words=Words("罐口监护点", "Manhole, guard's post"), x_m=6.5, y_m=0.0),
)
HOT = replace(
    SPACE,
    type="hot",
    level="1",
    words=Words("一级动火作业", "level-1 hot work"),
    longest_s=28800.0,
    jsa=True,
    wind=True,
)


def paper() -> Live:
    measure = LiveMeasure(id="m-1", kind="manual", words=Words("通风 30 分钟", "ventilate for 30 min"))
    seen = replace(measure, id="m-2", words=Words("专人监护", "guarded"), confirmed_by="Li Na", at_utc=1.8e9)
    own = permit(
        content=Words("清罐", "clean the tank"),
        guards=(LiveNamed(id="li-na", name="Li Na"),),
        workers=(LiveNamed(id="he-yard", name="He"),),
        measures=(measure, seen),
        signatures=("guard: Li Na",),
    )
    return live(permits=(own,))


@pytest.fixture
def site(folder: Folder) -> Path:
    """A plan, and what can be drawn up."""
    shutil.copy(TREE / "zones" / "demo-tank" / "areas.toml", folder.path.parent / "areas.toml")
    write_offers(
        folder.path,
        Offers(
            works=(SPACE, HOT),
            devices={"tank-inside": ("gas-h2s", "cam-1")},
            points={"tank-inside": POINTS},
            scopes=SCOPES,
            wearables=("tag-guard",),
        ),
    )
    return folder.path.parent


@pytest.fixture
def picture(folder: Folder, peer: DeskPeer) -> Iterator[list[Live]]:
    """What is live; an accepted ticket makes a permit of it, as the agent does."""
    now = [paper()]

    def made(form: dict[str, Any]) -> None:
        if form["ask"] == "ticket":
            now[0] = replace(now[0], permits=(*now[0].permits, permit(id="box-1-7", state="received")))

    peer.heard = made
    with folder.kept(lambda: now[0]):
        yield now


def forms(peer: DeskPeer) -> list[dict[str, Any]]:
    return [json.loads(said["form"]) for said in peer.asked if said["do"] == "signed"]


def pick(phone: Phone, words: str) -> None:
    phone.page.get_by_role("button", name=words, exact=True).click()


def chosen(phone: Phone, words: str) -> None:
    """By the page: the only one who can be."""
    expect(phone.page.get_by_role("button", name=words, exact=True)).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("screen", SCREENS, ids="-".join)
def test_a_permit_is_drawn_up_in_few_fields(  # noqa: PLR0917 (fixtures)
    site: Path,
    picture: list[Live],
    served: Served,
    phones: Callable[..., Phone],
    peer: DeskPeer,
    screen: tuple[str, str],
) -> None:
    assert site
    one = phones(served.url, *screen)
    one.enter("wang-wei", "/")
    zh = screen[0] == "zh"
    one.tap(".steps a[href='/tickets/new']")
    expect(one(".hint").last).to_contain_text("作业种类" if zh else "kind of work")
    pick(one, "受限空间作业" if zh else "confined space entry")
    pick(one, "罐内" if zh else "Inside the tank")
    one("label.field input").first.fill("清罐 clean")
    chosen(one, "Li-Na")
    one.page.locator(".pick").nth(4).get_by_role("button", name="Wang-Wei").click()
    expect(one(".added")).to_contain_text("硫化氢" if zh else "Hydrogen sulphide")
    expect(one(".added")).to_contain_text("属地负责人" if zh else "area owner")
    one.look("60-ticket")
    one.badge("badge-wang-wei")
    expect(one(".ticket")).to_contain_text("box-1-7")
    [form] = forms(peer)
    ticket = form["ticket"]
    assert form["badge"] == "badge-wang-wei"
    assert (ticket["type"], ticket["area"], ticket["holder"]) == ("confined_space", "tank-inside", "wang-wei")
    assert (ticket["guards"], ticket["workers"], ticket["devices"]) == (
        ["li-na"],
        ["wang-wei"],
        ["gas-h2s", "cam-1"],
    )
    assert ticket["point"] == {"x_m": 0, "y_m": 0}
    assert ticket["measures"] == [
        {"id": "blinded", "kind": "manual"},
        {"id": "gas_watched", "kind": "iot", "source": "gas-h2s"},
    ]
    assert 7.9 * 3600 < ticket["valid_to_utc"] - picture[0].at_utc < 8.1 * 3600


def test_more_time_is_a_new_ticket(
    site: Path, picture: list[Live], served: Served, phones: Callable[..., Phone], peer: DeskPeer
) -> None:
    assert site
    assert picture
    one = phones(served.url, "en")
    one.enter("wang-wei", "/print/T-2042")
    one.tap(".no-print a")
    pick(one, "2 h")
    one.look("61-extend")
    one.badge("badge-wang-wei")
    expect(one(".ticket")).to_contain_text("box-1-7")
    [form] = forms(peer)
    assert form["ticket"].keys() == {"extends", "valid_to_utc"}
    assert form["ticket"]["extends"] == "T-2042"


@pytest.mark.parametrize("screen", SCREENS, ids="-".join)
def test_a_permit_is_printed_on_one_sheet_with_its_qr(
    site: Path, picture: list[Live], served: Served, phones: Callable[..., Phone], screen: tuple[str, str]
) -> None:
    assert site
    assert picture
    one = phones(served.url, *screen)
    one.enter("li-na", "/print/T-2042")
    sheet = one(".paper")
    for words in ("T-2042", "Li Na", "清罐" if screen[0] == "zh" else "clean the tank", "GMT+8"):
        expect(sheet).to_contain_text(words)
    one.look("62-print")
    one.has_pictures(".paper img")
    pdf = one.page.pdf(format="A4", prefer_css_page_size=True)
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page>") + pdf.count(b"/Type /Page ") == 1
    one.page.emulate_media(media="print")
    for gone in (".top", ".nav", ".no-print"):
        expect(one(gone).first).to_be_hidden()


def test_who_may_not_draw_up_a_permit_is_told(
    site: Path, picture: list[Live], served: Served, phones: Callable[..., Phone]
) -> None:
    assert site
    assert picture
    one = phones(served.url, "en")
    one.enter("li-na", "/tickets/new")
    expect(one(".card")).to_contain_text("permit holder or the shift lead")


@pytest.mark.parametrize("screen", SCREENS, ids="-".join)
def test_an_administrator_adds_and_denies_people(  # noqa: PLR0917 (fixtures)
    site: Path,
    picture: list[Live],
    served: Served,
    phones: Callable[..., Phone],
    peer: DeskPeer,
    screen: tuple[str, str],
) -> None:
    assert site
    assert picture
    one = phones(served.url, *screen)
    one.enter("chen-admin", "/people")
    expect(one(".roster li")).to_have_count(len(ROLES))  # with him who is denied
    one.look("63-people")
    one.tap(".card > .flow > .button.main")
    fields = one(".card > label.field input")
    fields.nth(0).fill("new-man")
    fields.nth(1).fill("New Man")
    pick(one, "作业人" if screen[0] == "zh" else "worker")
    one("[data-badge]").focus()
    one.badge("badge-new-man")  # read into the field: it is his, not the administrator's proof
    assert forms(peer) == []
    one.look("64-person")
    one("input.pin").focus()
    one.badge("badge-chen-admin")
    expect(one(".told")).to_contain_text("New Man")
    [form] = forms(peer)
    assert form["record"] == {"id": "new-man", "name": "New Man", "roles": ["worker"], "language": "zh"}
    assert (form["new_badge"], form["badge"]) == ("badge-new-man", "badge-chen-admin")
    one.tap(".roster li:has-text('He-Yard') .button")
    pick(one, "禁止作业" if screen[0] == "zh" else "May not work")
    one.page.get_by_label("禁止作业的原因" if screen[0] == "zh" else "Why he may not work").fill("no training")
    one("input.pin").focus()
    one.badge("badge-chen-admin")
    expect(one(".roster")).to_be_visible()
    assert forms(peer)[-1]["record"]["denied"] == "no training"
    one.tap(".roster li:has-text('Fang-Out') .button")
    pick(one, "可以作业" if screen[0] == "zh" else "May work")
    one("input.pin").focus()
    one.badge("badge-chen-admin")
    expect(one(".roster")).to_be_visible()
    assert forms(peer)[-1]["record"]["denied"] == ""


def test_who_is_no_administrator_changes_nobody(
    picture: list[Live], served: Served, phones: Callable[..., Phone]
) -> None:
    assert picture
    one = phones(served.url, "en")
    one.enter("li-na", "/people")
    expect(one(".roster li")).to_have_count(len(ROLES) - 1)  # without him
    expect(one(".roster .button")).to_have_count(0)


@pytest.mark.parametrize("screen", SCREENS, ids="-".join)
def test_what_somebody_is_qualified_for_is_kept_on_the_box(  # noqa: PLR0917 (fixtures)
    site: Path,
    picture: list[Live],
    served: Served,
    phones: Callable[..., Phone],
    peer: DeskPeer,
    screen: tuple[str, str],
) -> None:
    """Without a centre nobody else says so, and without papers nobody may start."""
    assert site
    assert picture
    one = phones(served.url, *screen)
    zh = screen[0] == "zh"
    one.enter("chen-admin", "/people")
    one.tap(".roster li:has-text('Li-Na') .button")
    one.page.get_by_label("培训合格有效至" if zh else "Training valid until").fill("2027-12-31")
    pick(one, "添加资格证" if zh else "Add a certificate")
    expect(one(".hint").last).to_contain_text("准操范围" if zh else "what it covers")
    paper = one(".licence")
    paper.locator("input").first.fill("C-2042")
    paper.locator("input[type=date]").fill("2027-06-30")
    pick(one, "作业监护" if zh else "guarding work")
    pick(one, "今天的班前学习已完成" if zh else "Finished today's class")
    pick(one, "tag-guard")
    one(".rest summary").click()
    pick(one, "罐内" if zh else "Inside the tank")
    one.look("65-qualified")
    one("input.pin").focus()
    one.badge("badge-chen-admin")
    expect(one(".roster")).to_be_visible()
    record = forms(peer)[-1]["record"]
    china_s = 8 * 3600
    assert record["training_ok_until_utc"] == datetime(2028, 1, 1, tzinfo=UTC).timestamp() - china_s
    [certificate] = record["certificates"]
    assert certificate["valid_to_utc"] == datetime(2027, 7, 1, tzinfo=UTC).timestamp() - china_s
    assert (certificate["number"], certificate["scopes"]) == ("C-2042", ["guard"])
    assert (record["tag"], record["areas"]) == ("tag-guard", ["tank-inside"])
    assert abs(record["daily_class_utc"] - picture[0].at_utc) < 60
