"""The day's table and my data as the API tells them: only mine, one at a time, words where there is nothing."""

import subprocess
from pathlib import Path
from threading import Event, Thread
from typing import Any

import msgspec
import pytest

from edge_agent.tell.live_office import About
from tests.support.pages import cookie, make_client
from web_ui import office
from web_ui.calculations import Calculations, Ran
from web_ui.errors import Trouble
from web_ui.office import Office

NOBODY = msgspec.json.encode(About(person="li-na", records=(), looked_at=3, stored=()))


def test_somebody_is_told_of_himself_whatever_he_asks(site: Path) -> None:
    asked: list[tuple[str, ...]] = []

    def run(wish: tuple[str, ...]) -> Ran:
        asked.append(wish)
        return Ran(0, NOBODY, b"")

    client = make_client(site, cookie(site, "li-na"), calculate=run)
    told = client.get("/api/v1/me?person=wang-wei").json
    assert asked == [("about", "--person=li-na")]
    assert told["known"]["id"] == "li-na"
    assert told["about"]["looked_at"] == 3


@pytest.mark.parametrize("date", ["2026-1-1", "--help", "20261118", "2026-11-18 --as=pdf", "2026-11-18x"])
def test_what_is_no_date_reaches_no_command(site: Path, date: str) -> None:
    def never(_: tuple[str, ...]) -> Ran:
        raise AssertionError

    client = make_client(site, cookie(site, "li-na"), calculate=never)
    assert client.get(f"/api/v1/days/{date}").json["error"]["code"] == "E-FORM"


def test_a_table_is_a_file_to_take_along_and_other_kinds_are_none(site: Path) -> None:
    client = make_client(site, cookie(site, "li-na"), calculate=lambda wish: Ran(0, "".join(wish).encode(), b""))
    answer = client.get("/api/v1/days/2026-11-18/table.pdf")
    assert answer.data == b"day--date=2026-11-18--as=pdf"
    assert answer.mimetype == "application/pdf"
    assert 'filename="day-2026-11-18.pdf"' in answer.headers["Content-Disposition"]
    assert client.get("/api/v1/days/2026-11-18/table.exe").status_code == 404


def test_a_day_without_figures_says_so_in_words(site: Path) -> None:
    client = make_client(site, cookie(site, "li-na"))
    told: Any = client.get("/api/v1/days/2026-11-18").json
    assert told["error"]["code"] == "E-OFFICE"
    assert told["error"]["cause"]["en"] == "nothing is kept"


def test_who_waits_too_long_behind_others_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "WAIT_S", 0.05)
    begun, go_on = Event(), Event()

    def slow(_: tuple[str, ...]) -> Ran:
        begun.set()
        assert go_on.wait(10)
        return Ran(0, b"done", b"")

    desk, told = Office(slow), list[bytes]()
    first = Thread(target=lambda: told.append(desk.ask("day")))
    first.start()
    assert begun.wait(10)
    with pytest.raises(Trouble) as busy:
        desk.ask("day")
    assert busy.value.code == "E-BUSY"
    go_on.set()
    first.join(10)
    assert told == [b"done"]


def test_one_that_hangs_is_told_and_leaves_the_way_free() -> None:
    def hangs(_: tuple[str, ...]) -> Ran:
        raise subprocess.TimeoutExpired("day", 1.0)

    desk = Office(hangs)
    for _ in range(2):
        with pytest.raises(Trouble) as late:
            desk.ask("day")
        assert late.value.code == "E-OFFICE"


@pytest.mark.parametrize(("status", "holds"), [(0, True), (1, False)])
def test_a_check_of_the_records_tells_its_verdict(status: int, holds: bool) -> None:  # noqa: FBT001
    said = "12 条记录完整\n  12 records hold\n无检查点\n  no checkpoint\n"
    all_ = Calculations(lambda _: Ran(status, said.encode(), b""))
    told = all_.begin(("verify",))
    while (found := all_.find(told.id)) is not None and found.running:
        pass
    assert found is not None
    assert found.verified is not None
    assert found.verified.holds is holds
    assert [one.en for one in found.verified.said] == ["12 records hold", "no checkpoint"]
    assert all_.begin(("verify",)).id != told.id  # a check is of now: nobody is handed an old one


def test_a_check_that_cannot_be_made_is_no_verdict() -> None:
    all_ = Calculations(lambda _: Ran(65, b"", b"not a file of records\n"))
    told = all_.begin(("verify",))
    while (found := all_.find(told.id)) is not None and found.running:
        pass
    assert found is not None
    assert (found.verified, bool(found.failed)) == (None, True)
