"""An open stream ends before its next word when its viewer may not watch any more, whoever ended it and how."""

import http.client
import json
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import msgspec
import pytest
from flask.testing import FlaskClient

from tests.support.board_world import Folder, live
from tests.support.pages import Browser, Served, cookie, make_client, panel_cookie
from web_ui.people import People
from web_ui.picture import Reader
from web_ui.records import Records, SessionRow
from web_ui.sessions import COOKIE, Sessions
from web_ui.standing import Standings
from web_ui.viewers import Bounds, Viewers

SESSION = "/api/v1/session"
NEVER = 77  # a figure of a picture that nobody may see any more

Said = tuple[str, dict[str, Any]]


@contextmanager
def watching(served: Served, secret: str) -> Iterator[Iterator[Said]]:
    """What a stream says after its first picture, until it ends."""
    trust = ssl.create_default_context(cafile=served.site / "web" / "ca.crt")
    line = http.client.HTTPSConnection("localhost", served.port, context=trust, timeout=60)
    line.request("GET", "/api/v1/stream", headers={"Cookie": f"{COOKIE}={secret}"})
    try:
        with line.getresponse() as answer:
            assert answer.status == 200
            said = events(answer)
            assert "picture" in (kind for kind, _ in said)
            yield said
    finally:
        line.close()


def events(answer: http.client.HTTPResponse) -> Iterator[Said]:
    kind = ""
    while said := answer.readline():
        name, _, value = said.decode().strip().partition(": ")
        if name == "event":
            kind = value
        elif name == "data":
            yield kind, json.loads(value)


def listed(site: Path, change: Callable[[list[dict[str, Any]]], object]) -> None:
    """The agent's list of people, put in place in one move."""
    file = site / "run" / "people.json"
    rows = json.loads(file.read_bytes())
    change(rows)
    half = file.with_name("people.half")
    half.write_text(json.dumps(rows), encoding="utf-8")
    half.replace(file)


def of(rows: list[dict[str, Any]], person: str) -> dict[str, Any]:
    return next(row for row in rows if row["id"] == person)


def deny(rows: list[dict[str, Any]]) -> None:
    of(rows, "li-na")["denied"] = True


def remove(rows: list[dict[str, Any]]) -> None:
    rows.remove(of(rows, "li-na"))


def other_roles(rows: list[dict[str, Any]]) -> None:
    of(rows, "li-na")["roles"] = ["viewer"]


def other_areas(rows: list[dict[str, Any]]) -> None:
    of(rows, "li-na")["areas"] = ["yard"]


def by_another_hand(served: Served, browser: Browser) -> None:
    """Another connection to the same file: another process, or a tool of whoever looks after the box."""
    assert browser.cookie
    records = Records(served.site / "web")
    with records.use() as database:
        SessionRow.delete().where(SessionRow.person == "li-na").execute(database)
    records.close()


def log_out(served: Served, browser: Browser) -> None:
    assert served
    assert browser.ask("DELETE", SESSION).status == 204


def log_in_anew(served: Served, browser: Browser) -> None:
    """As somebody else on the same phone: the first session ends."""
    assert served
    assert browser.log_in("wang-wei").status == 200


ENDS: dict[str, Callable[[Served, Browser], None]] = {
    "logged out": log_out,
    "somebody else logged in": log_in_anew,
    "ended by another hand": by_another_hand,
    "denied": lambda served, _: listed(served.site, deny),
    "not known any more": lambda served, _: listed(served.site, remove),
    "the list is gone": lambda served, _: (served.site / "run" / "people.json").unlink(),
    "other roles": lambda served, _: listed(served.site, other_roles),
    "other areas": lambda served, _: listed(served.site, other_areas),
}


@pytest.mark.parametrize("how", ENDS)
def test_a_stream_says_nothing_more_to_who_may_not_watch(
    served: Served, browser: Browser, folder: Folder, how: str
) -> None:
    folder.put(live())
    browser.log_in("li-na")
    assert browser.cookie
    with watching(served, browser.cookie) as said:
        ENDS[how](served, browser)
        folder.put(live(waiting=NEVER))
        rest = list(said)
    assert [kind for kind, _ in rest if kind != "beat"] == ["bye"], "no picture after the end"


def test_what_concerns_others_ends_nobodys_stream(served: Served, browser: Browser, folder: Folder) -> None:
    """Somebody else logs in and out, is denied, and the list is written anew."""
    folder.put(live())
    with (
        watching(served, cookie(served.site, "li-na")) as said,
        watching(served, panel_cookie(served.site)) as wall,
    ):
        browser.log_in("wang-wei")
        browser.ask("DELETE", SESSION)
        listed(served.site, lambda rows: of(rows, "wang-wei").update(denied=True))
        folder.put(live(waiting=NEVER))
        for stream in (said, wall):
            kind, data = next(one for one in stream if one[0] != "beat")
            assert (kind, data.get("waiting")) == ("picture", NEVER)


def test_the_boxs_own_screen_that_is_taken_away_shows_nothing_more(
    served: Served, browser: Browser, folder: Folder
) -> None:
    folder.put(live())
    browser.log_in("chen-admin")
    browser.csrf = browser.ask("POST", "/api/v1/panel").json["csrf"]
    assert browser.cookie
    with watching(served, browser.cookie) as said:
        browser.log_in("li-na")  # at the screen: its own session ends, hers begins
        folder.put(live(waiting=NEVER))
        assert [kind for kind, _ in said if kind != "beat"] == ["bye"]


def test_a_stream_begins_by_saying_to_whom_it_speaks(client: FlaskClient, site: Path, folder: Folder) -> None:
    """A page that knows other roles than these asks for them."""
    folder.put(live())
    wall = make_client(site, panel_cookie(site))
    mine = client.get("/api/v1/session").json
    assert mine is not None
    for one, who in ((client, mine["who"]), (wall, None)):
        with one.get("/api/v1/stream") as answer:
            first = next(iter(answer.response)).decode()
        kind, data = first.strip().split("\n")[-2:]
        assert (kind, json.loads(data.removeprefix("data: "))) == ("event: who", who)
        assert list(json.loads(data.removeprefix("data: ")) or ()) == list(who or ()), "in the same order"


class Watched:
    """A viewer beside the service, whose stream would say nothing for a minute by itself."""

    def __init__(self, site: Path, closing: Event) -> None:
        self.utc = time.time()
        records = Records(site / "web")
        self.sessions = Sessions(records, lambda: self.utc)
        _, self.session = self.sessions.begin("li-na", "key", self.utc + 600)
        reader = Reader(site / "run", monotonic=time.monotonic, utc=time.time)
        people = People(site / "run", time.time)
        standings = Standings(self.sessions, people)
        bounds = msgspec.structs.replace(Bounds(look_s=0.001), beat_s=60, lifetime_s=60)
        viewers = Viewers(reader, standings, bounds, closing, time.monotonic)
        Thread(target=viewers.watch, daemon=True).start()
        self.stream = viewers.stream(None, standings.of(self.session, people.get("li-na")))
        next(self.stream)
        assert b"event: picture" in next(self.stream)


@pytest.fixture
def watched(site: Path, folder: Folder) -> Iterator[Watched]:
    folder.put(live())
    closing = Event()
    yield Watched(site, closing)
    closing.set()


def test_a_stream_that_waits_is_woken_by_the_end_of_its_session(watched: Watched) -> None:
    watched.sessions.end(watched.session)
    assert list(watched.stream) == [b"event: bye\ndata: {}\n\n"]


def test_a_stream_that_waits_is_woken_by_another_hand(watched: Watched, site: Path) -> None:
    other = Records(site / "web")
    Sessions(other, time.time).end(watched.session)
    other.close()
    assert list(watched.stream) == [b"event: bye\ndata: {}\n\n"]


def test_a_stream_that_waits_is_woken_by_the_list_of_people(watched: Watched, site: Path) -> None:
    listed(site, deny)
    assert list(watched.stream) == [b"event: bye\ndata: {}\n\n"]


def test_a_session_whose_time_is_over_gets_no_further_picture(watched: Watched, folder: Folder) -> None:
    watched.utc += 601
    folder.put(live(waiting=NEVER))
    assert list(watched.stream) == [b"event: bye\ndata: {}\n\n"]
