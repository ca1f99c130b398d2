"""People by a table: the template filled in, every wrong line named, looked through, and only then entered."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from edge_agent.tell.live import Live
from tests.pages.phone import Phone
from tests.pages.test_tickets import SCREENS, forms, picture, site
from tests.support.desk_peer import ROLES, DeskPeer
from tests.support.pages import Served
from web_ui.words import TABLES

__all__ = ["picture", "site"]
PERSONS = {
    "zh": """new-guard|张伟|监护人、分析人|3307||tag-guard|2099/12/31|C-9|作业监护|2099/1/2
new-hand|吴刚|作业人||badge-new-hand|||C-10|动火|2099年1月2日
he-yard|||4408|""",
    "en": """new-guard|Zhang|guard; tester|3307||tag-guard|2099-12-31|C-9|guarding work|2.1.2099
new-hand|Wu|Worker||badge-new-hand|||C-10|hot|2099-01-02
he-yard|||4408|""",
}
AS_SAVED = {"zh": ("gb18030", ";"), "en": ("utf-8-sig", ",")}


def template(phone: Phone, tmp_path: Path) -> list[str]:
    """The heads of the one that the page gives away: Excel opens it with its letters whole."""
    with phone.page.expect_download() as fetched:
        phone(f"a[download='people-{phone.language}.csv']").click()
    file = tmp_path / fetched.value.suggested_filename
    fetched.value.save_as(file)
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    return next(csv.reader(io.StringIO(file.read_text("utf-8-sig"), newline="")))


def persons(language: str, width: int) -> list[list[str]]:
    rows = [line.split("|") for line in PERSONS[language].splitlines()]
    return [[*row, *[""] * (width - len(row))] for row in rows]


def choose(phone: Phone, rows: list[list[str]]) -> None:
    letters, sign = AS_SAVED[phone.language]
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=sign).writerows(rows)
    file = {"name": "people.csv", "mimeType": "text/csv", "buffer": text.getvalue().encode(letters)}
    phone("input[type=file]").set_input_files(file)  # type: ignore[arg-type] # one file as it would lie there


@pytest.mark.parametrize("screen", SCREENS, ids="-".join)
def test_a_table_is_checked_looked_through_and_entered(  # noqa: PLR0917 (fixtures)
    site: Path,
    picture: list[Live],
    served: Served,
    phones: Callable[..., Phone],
    peer: DeskPeer,
    tmp_path: Path,
    screen: tuple[str, str],
) -> None:
    assert site
    assert picture
    one, words = phones(served.url, *screen), TABLES[screen[0]]["sheet"]
    one.enter("chen-admin", "/people")
    one.tap("a[href='/setup/people']")
    head = template(one, tmp_path)
    rows = persons(screen[0], len(head))
    wrong = [["New Man", *rows[0][1:3], "12", *rows[0][4:]], [rows[1][0], rows[1][1], "boss", *rows[1][3:]]]
    choose(one, [head, *wrong])
    flaws = one(".flaws li")
    expect(flaws).to_have_count(3)
    for number, (line, column) in enumerate(((2, head[0]), (2, head[3]), (3, head[2]))):
        expect(flaws.nth(number)).to_contain_text(words["line"].format(line=line))
        expect(flaws.nth(number)).to_contain_text(column)
    expect(one("input.pin")).to_have_count(0)  # nothing to sign while a line is wrong
    one.look("110-people-wrong")
    choose(one, [head, *rows])
    expect(one(".previewed li")).to_have_count(3)
    expect(one(".sheet [role=status] b")).to_have_text(words["preview"].format(fresh=2, other=1, same=0))
    expect(one(".previewed")).not_to_contain_text("3307")
    assert forms(peer) == []
    one.look("111-people-preview")
    one("input.pin").focus()
    one.badge("badge-chen-admin")
    expect(one(".told")).to_contain_text(words["entered"].format(count=3))
    expect(one(".roster li")).to_have_count(len(ROLES) + 2)
    sent = forms(peer)
    assert [form["record"]["id"] for form in sent] == ["new-guard", "new-hand", "he-yard"]
    assert sent[0]["record"]["roles"] == ["guard", "tester"]
    assert sent[0]["record"]["certificates"][0]["scopes"] == ["guard"]
    assert (sent[0]["new_pin"], sent[1]["new_badge"]) == ("3307", "badge-new-hand")
    assert sent[2]["record"].keys() == {"id", "name", "roles", "language"}, "an empty cell changes nothing"
    assert len(peer.requests) == 3, "each is a request of its own, and so on record"
    assert one.page.evaluate("JSON.stringify({ ...localStorage, ...sessionStorage })").count("3307") == 0


def test_one_that_the_box_refuses_is_named_and_the_rest_goes_on_when_it_is_mended(  # noqa: PLR0917 (fixtures)
    site: Path, picture: list[Live], served: Served, phones: Callable[..., Phone], peer: DeskPeer, tmp_path: Path
) -> None:
    """The badge is somebody's already: the page cannot know that, the box does."""
    assert site
    assert picture
    one, words = phones(served.url, "en", "panel"), TABLES["en"]["sheet"]
    one.enter("chen-admin", "/setup/people")
    head = template(one, tmp_path)
    rows = persons("en", len(head))
    rows[1][4] = "badge-li-na"
    choose(one, [head, *rows])
    expect(one(".previewed li")).to_have_count(3)
    one.context.set_offline(True)
    one("input.pin").focus()
    one.badge("badge-chen-admin")
    expect(one(".fault")).to_have_count(2)  # nobody was entered, and who is known could not be asked
    one.context.set_offline(False)
    one.tap(".fault button")
    expect(one(".fault")).to_have_count(1)
    expect(one(".previewed li")).to_have_count(3)  # a page loaded anew would have lost it
    one("input.pin").focus()
    one.badge("badge-chen-admin")
    expect(one(".fault")).to_contain_text("registered for Li-Na")
    expect(one(".previewed [data-done=true]")).to_have_count(1)
    expect(one(".previewed [data-done=true]")).to_contain_text(words["is_done"])  # not by a sign alone
    expect(one(".sheet")).to_contain_text(words["at"].format(done=1, count=3, line=3, name="Wu"))
    one.look("112-people-refused")
    one("details summary").first.click()
    text = one("textarea").input_value()
    one("textarea").fill(text.replace("badge-li-na", "badge-new-hand"))
    expect(one(".previewed li")).to_have_count(3)
    one("input.pin").focus()
    one.badge("badge-chen-admin")
    expect(one(".told")).to_contain_text("Entered")
    assert [one.record.id for one in peer.requests if one.record] == ["new-guard", "new-hand", "he-yard"]
