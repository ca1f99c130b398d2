"""A limit of the rulebook is made stricter by form: its bounds, a looser one refused, the old book kept."""

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from edge_agent.settings.load import load
from tests.pages.phone import Phone
from tests.pages.test_devices import tank
from tests.support.board_world import Folder, live
from tests.support.desk_peer import DeskPeer
from tests.support.pages import TREE, Served

WORDS = {"en": ("Check", "Save settings"), "zh": ("检查", "保存设置")}
OWN = "demo-tank-limits-1"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A whole site: the new book is checked with all the rest of it."""
    return tank(tmp_path / "site")


@pytest.fixture
def box(site: Path) -> Iterator[Served]:
    with Served(site) as pages:
        yield pages


@pytest.mark.parametrize(("screen", "language"), [("phone", "zh"), ("tablet", "en"), ("panel", "zh")])
def test_a_stricter_limit_is_taken_as_a_book_of_the_sites_own(  # noqa: PLR0917 (fixtures)
    site: Path,
    box: Served,
    folder: Folder,
    peer: DeskPeer,
    phones: Callable[..., Phone],
    screen: str,
    language: str,
) -> None:
    check, save = WORDS[language]
    before = (site / "site.toml").read_bytes()
    old = load(site, TREE).rulebook
    limit = old.guard.post_pause_m
    with folder.kept(live):
        phone = phones(box.url, language, screen)
        phone.enter("gu-tech", "/settings/limits")
        expect(phone(".limit")).not_to_have_count(0)
        phone.look(f"85-limits-{screen}")
        phone(".settings-tables input").fill("guard.post_pause_m")
        row = phone('[data-key="guard.post_pause_m"]')
        row.locator("input").first.fill("far")
        expect(row.locator(".setting-fault")).to_be_visible()
        expect(phone(".saving .button.main")).to_be_disabled()
        row.locator("input").first.fill(f"{limit.value + 1:g}")
        row.locator("input").last.fill("site rule 3")
        phone.page.get_by_role("button", name=check, exact=True).click()
        expect(row.locator(".setting-fault")).to_contain_text(f"<= {limit.value:g}")
        phone.look(f"86-limits-looser-{screen}")
        row.locator("input").first.fill(f"{limit.value - 1:g}")
        phone.page.get_by_role("button", name=check, exact=True).click()
        expect(phone(".saving .changes")).to_contain_text("rulebook")
        expect(phone(".saving .effects, .saving h3 + p").first).to_be_visible()
        phone(".saving details summary").click()
        expect(phone(".diff")).to_contain_text("site rule 3")
        phone.look(f"87-limits-sign-{screen}")
        phone(".saving input[type=text]").fill("the post is nearer")
        phone(".saving input.pin").fill("hcet-ug")
        phone.page.get_by_role("button", name=save, exact=True).click()
        expect(phone(".told")).to_be_visible()
    new = load(site, TREE).rulebook
    assert (new.name, new.version, new.extends) == (OWN, "1", old.name)
    assert (new.guard.post_pause_m.value, new.guard.post_pause_m.clause) == (limit.value - 1, "site rule 3")
    assert new.guard.post_pause_m.unit == limit.unit
    assert new.gases == old.gases
    assert (site / "site.toml.last-good").read_bytes() == before
    assert tomllib.loads((site / "site.toml").read_text("utf-8"))["site"]["rulebook"] == OWN
    assert peer.requests[-1].reason == "the post is nearer"
