"""An auditor checks the records, an officer reads the day's table, a worker sees what is stored about him."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest
from playwright.sync_api import expect

from tests.pages.phone import Phone
from tests.pages.test_play import Yesterday

DAY = "2026-11-18"


@pytest.fixture(scope="module")
def yesterday(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yesterday]:
    with ExitStack() as ends:
        made = Yesterday(tmp_path_factory.mktemp("yesterday") / "site", ends)
        made.unit.story.now_s += 6 * 3600
        made.unit.story.utc += 6 * 3600
        made.unit.story.run(2)  # the day is over, and counted
        made.unit.record()
        yield made


def test_the_days_table_says_what_the_box_knows_and_what_it_does_not(
    yesterday: Yesterday, phones: Callable[..., Phone]
) -> None:
    for language, size in (("zh", "phone"), ("en", "panel")):
        phone = phones(yesterday.pages.url, language, size)
        phone.enter("zhao-min", "/")
        phone.tap('a[href="/day"]')
        phone("input[type=date]").fill(DAY)
        expect(phone(".indicators li")).to_have_count(6)
        expect(phone("[data-row='4-37'] .value")).to_contain_text("%")
        expect(phone("[data-row='4-39'] .value")).not_to_contain_text("%")
        expect(phone("[data-row='4-39'] .lacks")).to_be_visible()
        phone.look("73-day")
    for kind in ("pdf", "csv"):
        with phone.page.expect_download() as fetched:
            phone.tap(f'a[href$="table.{kind}"]')
        assert fetched.value.suggested_filename == f"day-{DAY}.{kind}"


def test_a_worker_sees_what_is_stored_about_him(yesterday: Yesterday, phones: Callable[..., Phone]) -> None:
    for language, size in (("zh", "phone"), ("en", "tablet")):
        phone = phones(yesterday.pages.url, language, size)
        phone.enter("li-na", "/")
        expect(phone('a[href="/audit"]')).to_have_count(0)
        phone.tap('a[href="/me"]')
        expect(phone(".stored").first).to_contain_text("li-na")
        expect(phone(".stored").nth(1)).to_contain_text("512 MB")
        expect(phone(".stored").nth(2).locator("div").first).to_be_visible()
        phone.look("74-me")


def test_an_auditor_checks_the_records_and_a_change_is_named(
    yesterday: Yesterday, phones: Callable[..., Phone]
) -> None:
    phone = phones(yesterday.pages.url, "zh", "tablet")
    phone.enter("zhao-min", "/")
    phone.tap('a[href="/audit"]')
    phone.tap(".office button.main")
    expect(phone(".verdict")).to_have_attribute("data-holds", "true")
    phone.look("75-audit")
    with closing(sqlite3.connect(yesterday.unit.settings.state_folder / "agent.sqlite")) as records:
        other = "CAST(replace(CAST(body AS TEXT), '15', '05') AS BLOB)"
        records.execute(f"UPDATE audit SET body = {other} WHERE n = 12")  # noqa: S608 (of this test)
        records.commit()
    phone.tap(".office button.main")
    expect(phone(".verdict")).to_have_attribute("data-holds", "false")
    expect(phone(".verdict")).to_contain_text("12")
    phone.become("en", "phone")
    phone.tap(".office button.main")
    expect(phone(".verdict")).to_contain_text("row 12")
    phone.look("75-audit")
