"""An auditor checks the records, an officer reads the day's table, a worker sees what is stored about him."""

import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from playwright.sync_api import expect

from edge_agent.ops.export import check_bundle
from edge_agent.ops.unit_key import unit_key
from tests.pages.phone import Phone
from tests.pages.test_play import Yesterday
from tests.system.site import until
from web_ui.words import TABLES

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
        phone("input[type=date]").fill("2026-11-01")  # as yesterday is on a box that was installed today
        expect(phone(".unwatched")).to_contain_text(DAY if language == "en" else "2026/11/18")
        expect(phone(".unwatched, .fault")).to_have_count(1)
        phone.look("73-day-before")
        phone(".unwatched button.main").click()
        expect(phone(".indicators li")).to_have_count(6)
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
        ((whole,),) = records.execute("SELECT body FROM audit WHERE n = 12")
        records.execute("UPDATE audit SET body = ? WHERE n = 12", [whole.replace(b"15", b"05")])
        records.commit()
    phone.tap(".office button.main")
    expect(phone(".verdict")).to_have_attribute("data-holds", "false")
    expect(phone(".verdict")).to_contain_text("12")
    phone.become("en", "phone")
    phone.tap(".office button.main")
    expect(phone(".verdict")).to_contain_text("row 12")
    phone.look("75-audit")
    with closing(sqlite3.connect(yesterday.unit.settings.state_folder / "agent.sqlite")) as records:
        records.execute("UPDATE audit SET body = ? WHERE n = 12", [whole])  # for those who look after this
        records.commit()


def elsewhere(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """On a machine that has nothing of the box's programs: whatever of them is asked for is not there."""
    alone = (
        "import runpy, sys; sys.modules['edge_agent'] = None; sys.argv = sys.argv[1:]; "
        "runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    command = [sys.executable, "-I", "-c", alone, "check_bundle.py", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("language", "size"), [("zh", "phone"), ("en", "panel")])
def test_an_auditor_takes_a_day_along_and_verifies_it_on_another_machine(
    yesterday: Yesterday, phones: Callable[..., Phone], tmp_path: Path, language: str, size: str
) -> None:
    phone, words = phones(yesterday.pages.url, language, size), TABLES[language]["bundle"]
    phone.enter("lin-audit", "/")
    phone.tap('a[href="/audit"]')
    phone("input[type=date]").fill(DAY)
    phone.tap(".bundle summary")
    phone(".bundle input").first.fill("年度审核" if language == "zh" else "yearly audit")
    phone(".bundle input.pin").fill("lin-audit"[::-1])
    phone.look("76-audit-take")
    asked = len(yesterday.peer.requests)
    phone.tap(".bundle button[type=submit]")
    expect(phone(".bundle .waiting")).to_be_visible()
    (wish,) = until(lambda: yesterday.peer.requests[asked:], "the wish has arrived")
    assert (wish.person, wish.about[1]) == ("lin-audit", "bundle")
    yesterday.make(wish.about[0])
    with phone.page.expect_download() as fetched:
        phone.page.get_by_role("link", name=words["take"]).click()
    phone.look("77-audit-taken")
    taken = tmp_path / "export.zip"
    fetched.value.save_as(taken)
    shutil.copy(check_bundle.__file__, tmp_path)
    key = str(unit_key(yesterday.unit.settings.state_folder).as_dict(private=False)["x"])
    whole = elsewhere(tmp_path, "export.zip", "--key", key)
    assert whole.returncode == 0, whole.stdout + whole.stderr
    assert "are as the unit signed them" in whole.stdout
    assert "与签名相符" in whole.stdout
    assert elsewhere(tmp_path, "export.zip", "--key", key[::-1]).returncode == 1, "another unit's key"
    altered(taken, tmp_path / "altered.zip")
    changed = elsewhere(tmp_path, "altered.zip", "--key", key)
    assert changed.returncode == 1, changed.stdout + changed.stderr


def altered(taken: Path, into: Path) -> None:
    """The same with one figure of the records another."""
    with zipfile.ZipFile(taken) as old, zipfile.ZipFile(into, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, body.replace(b"15", b"05", 1) if name == check_bundle.RECORDS else body)
