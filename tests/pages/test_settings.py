"""A technician changes settings by form: faults at their fields, what permits would lose; signed and restored."""

import hashlib
import json
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from edge_agent.__main__ import main
from edge_agent.domain.outcome import Action, Output
from edge_agent.fuse.relays import Wanted
from edge_agent.tell.desk_parts import PART
from tests.pages.phone import Phone
from tests.pages.test_devices import tank
from tests.support.board_world import Folder, live
from tests.support.desk_peer import DeskPeer
from tests.support.pages import TREE, Served

HEATER = "relay-1/heater"


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A whole site: what is changed is checked with all the rest of it."""
    with Served(tank(tmp_path_factory.mktemp("set") / "site")) as pages:
        yield pages


@pytest.fixture
def site(box: Served) -> Iterator[Path]:
    """As it was before, when the test ends."""
    file = box.site / "site.toml"
    before = file.read_bytes()
    yield box.site
    file.write_bytes(before)
    (box.site / "site.toml.last-good").unlink(missing_ok=True)


def table(site: Path) -> dict[str, Any]:
    return tomllib.loads((site / "site.toml").read_text("utf-8"))


def button(phone: Phone, name: str) -> Any:
    return phone.page.get_by_role("button", name=name, exact=True)


def field(phone: Phone, key: str) -> Any:
    return phone.page.locator(".setting", has=phone.page.locator(f"label small:text-is('{key}')"))


def test_a_detector_is_added_with_each_fault_at_its_field(
    site: Path, box: Served, folder: Folder, peer: DeskPeer, phones: Callable[..., Phone]
) -> None:
    old = (site / "site.toml").read_bytes()
    with folder.kept(live):
        phone = phones(box.url, "en", "panel")
        phone.enter("gu-tech", "/settings")
        phone(".settings-tables button").filter(has_text="Gas detectors").click()
        phone.page.get_by_label("Id of the new one").fill("gas-new")
        button(phone, "Add to: Gas detectors").click()
        field(phone, "bus").locator("input").fill("gateway-1")
        field(phone, "unit_id").locator("input").fill("300")
        field(phone, "profile").locator("input").fill("cn1O_single_gas")
        field(phone, "gas").locator("input").fill("h2s")
        field(phone, "area").locator("input").fill("yard")
        for words, language in (("新检测仪", "zh-CN"), ("New detector", "en")):
            field(phone, "name").locator(f"input[lang={language}]").fill(words)
        button(phone, "Check").click()
        expect(field(phone, "unit_id").locator(".setting-fault")).to_contain_text("0..247")
        expect(field(phone, "profile").locator(".setting-fault")).to_contain_text("letter O")
        phone.look("80-settings-fault")
        field(phone, "unit_id").locator("input").fill("30")
        field(phone, "profile").locator("input").fill("cn10_single_gas")
        button(phone, "Check").click()
        expect(phone(".saving .changes")).to_contain_text("new: gas.gas-new")
        phone(".saving details summary").click()
        expect(phone(".diff")).to_contain_text("+unit_id = 30")
        phone.look("81-settings-sign")
        phone(".saving input[type=text]").fill("a second head at the gate")
        phone(".saving input.pin").fill("hcet-ug")
        button(phone, "Save settings").click()
        expect(phone(".told")).to_contain_text("Saved")
    assert table(site)["gas"]["gas-new"]["unit_id"] == 30
    assert (site / "site.toml.last-good").read_bytes() == old
    assert peer.requests[-1].reason == "a second head at the gate"


@pytest.mark.parametrize(("screen", "language"), [("phone", "zh"), ("tablet", "en")])
def test_a_machine_behind_an_interlock_stops_only_with_somebodys_agreement(  # noqa: PLR0917 (fixtures)
    site: Path,
    box: Served,
    folder: Folder,
    peer: DeskPeer,
    phones: Callable[..., Phone],
    screen: str,
    language: str,
) -> None:
    before = (site / "site.toml").read_bytes()
    peer.outputs = {
        HEATER: Wanted(
            action=Action(device="relay-1", channel="heater", output=Output.INTERLOCK, on=True), since_s=0.0
        )
    }
    words = {"zh": ("检查", "保存设置"), "en": ("Check", "Save settings")}[language]
    with folder.kept(live):
        phone = phones(box.url, language, screen)
        phone.enter("gu-tech", "/settings")
        phone(".settings-pick select").select_option("uplink")
        field(phone, "username").locator("input").fill("box")
        button(phone, words[0]).click()
        expect(phone(".saving .effects")).to_contain_text(HEATER)
        expect(phone(".saving .agreed")).to_contain_text("ENV-18")
        expect(button(phone, words[1])).to_have_count(0)
        phone(".saving .agreed input").check()
        phone.look("84-settings-interlock")
        phone(".saving input[type=text]").fill("a user for the broker")
        phone(".saving input.pin").fill("hcet-ug")
        button(phone, words[1]).click()
        expect(phone(".told")).to_be_visible()
    assert (site / "site.toml").read_bytes() != before
    change = peer.requests[-1].settings
    assert change is not None
    assert change.interlocks_off == (HEATER,)


def test_a_password_is_set_and_never_shown(
    site: Path, box: Served, folder: Folder, peer: DeskPeer, phones: Callable[..., Phone]
) -> None:
    with folder.kept(live):
        phone = phones(box.url, "zh", "phone")
        phone.enter("gu-tech", "/settings")
        phone(".settings-pick select").select_option("uplink")
        field(phone, "username").locator("input").fill("box")
        field(phone, "password_file").locator("textarea").fill("S3cret!")
        button(phone, "检查").click()
        expect(phone(".saving .changes")).to_contain_text("uplink.password_file")
        assert "S3cret!" not in phone(".saving").inner_text()
        phone.look("82-settings-secret")
        phone(".saving input[type=text]").fill("新密码")
        phone(".saving input.pin").fill("hcet-ug")
        button(phone, "保存设置").click()
        expect(phone(".told")).to_contain_text("已保存")
        phone(".settings-pick select").select_option("uplink")
        expect(field(phone, "password_file")).to_contain_text("已设置")
        assert "S3cret!" not in phone.page.content()
    name = table(site)["uplink"]["password_file"]
    assert (site / name).read_text("utf-8") == "S3cret!"
    assert "S3cret!" not in str(peer.requests)


def test_the_bundle_goes_out_as_one_file_and_comes_back(
    served: Served, folder: Folder, phones: Callable[..., Phone], tmp_path: Path
) -> None:
    with folder.kept(live):
        phone = phones(served.url, "zh", "tablet")
        phone.enter("gu-tech", "/settings")
        with phone.page.expect_download() as waiting:
            phone.page.get_by_role("link", name="导出设置文件").click()
        told = json.loads(waiting.value.path().read_text("utf-8"))
        assert [one["file"] for one in told["files"]] == ["site.toml", "areas.toml"]
        assert "pin_hash" not in json.dumps(told)
        told["files"][0]["text"] = told["files"][0]["text"].replace("Methane detector", "CH4 detector")
        file = tmp_path / "backup.json"
        file.write_text("{", "utf-8")
        phone("input[type=file]").set_input_files(file)
        expect(phone(".fault")).to_contain_text("不是设置备份")
        file.write_text(json.dumps(told), "utf-8")
        phone("input[type=file]").set_input_files(file)
        saving = phone(".settings-end .card .saving")
        saving.get_by_role("button", name="检查", exact=True).click()
        expect(saving.locator(".changes")).to_contain_text("Methane detector")
        phone.look("83-settings-restore")


@pytest.mark.parametrize(("screen", "language"), [("phone", "zh"), ("tablet", "en"), ("panel", "zh")])
def test_a_whole_exported_site_comes_back_in_parts(  # noqa: PLR0917 (fixtures)
    site: Path,
    box: Served,
    folder: Folder,
    peer: DeskPeer,
    phones: Callable[..., Phone],
    tmp_path: Path,
    screen: str,
    language: str,
) -> None:
    """With a rulebook larger than any form; hard to pack, so that it takes several parts."""
    book = (TREE / "zones" / "rulebooks" / "demo-confined-space.toml").read_text("utf-8")
    remarks = "".join(f"# {hashlib.sha256(str(n).encode()).hexdigest()}\n" for n in range(6000))
    (site / "rulebooks").mkdir(exist_ok=True)
    own, into = site / "rulebooks" / "our-book.toml", tmp_path / "a.edgesite"
    own.write_text(book + remarks, "utf-8")
    assert main(["site", "export", str(site), "--into", str(into)]) == 0
    assert into.stat().st_size > 2 * PART
    exported, persons = own.read_bytes(), (site / "persons.toml").read_bytes()
    own.write_text(book, "utf-8")
    check, save = {"zh": ("检查", "保存设置"), "en": ("Check", "Save settings")}[language]
    with folder.kept(live):
        phone = phones(box.url, language, screen)
        phone.enter("gu-tech", "/settings")
        bad = tmp_path / "bad.edgesite"
        bad.write_bytes(b"PK" + into.read_bytes()[:5000])
        phone("input[type=file]").set_input_files(bad)
        saving = phone(".settings-end .card .saving")
        saving.get_by_role("button", name=check, exact=True).click()
        expect(saving.locator(".changes")).to_contain_text(
            {"zh": "不是站点文件", "en": "no file of a site"}[language]
        )
        phone("input[type=file]").set_input_files(into)
        expect(saving.locator(".changes")).to_have_count(0)
        saving.get_by_role("button", name=check, exact=True).click()
        expect(saving.locator(".changes")).to_contain_text("persons.toml")
        expect(saving.locator(".effects, h3 + p").first).to_be_visible()
        phone.look("85-settings-whole")
        saving.locator("input[type=text]").fill("back to what was exported")
        saving.locator("input.pin").fill("hcet-ug")
        saving.get_by_role("button", name=save, exact=True).click()
        expect(phone(".told")).to_be_visible()
    assert own.read_bytes() == exported
    assert own.with_name("our-book.toml.last-good").read_text("utf-8") == book
    assert (site / "persons.toml").read_bytes() == persons
    assert peer.requests[-1].reason == "back to what was exported"


def test_terms_are_told_in_both_languages(served: Served, folder: Folder, phones: Callable[..., Phone]) -> None:
    with folder.kept(live):
        phone = phones(served.url, "zh", "phone")
        phone.enter("li-na", "/glossary")
        expect(phone(".glossary dt")).not_to_have_count(0)
        phone.page.get_by_label("查找术语").fill("bump")
        expect(phone(".glossary dt")).to_have_count(1)
        phone.look("84-glossary")
