"""The desk over its real socket: who is let through, who is not, and that a PIN goes nowhere."""

import contextlib
import json
import socket
import stat
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from edge_agent.domain.person import Proof, Role
from edge_agent.domain.report import Report
from edge_agent.domain.request import Answer, Ask, Request
from edge_agent.domain.ticket import DraftTicket, Measure, MeasureKind, Point
from edge_agent.domain.words import Words
from edge_agent.tell import desk_door, desk_filing
from edge_agent.tell.desk import SOCKET
from edge_agent.tell.desk_client import ask
from edge_agent.tell.desk_door import MOST_STANDING, MOST_VISITORS
from edge_agent.tell.desk_line import LARGEST_LINE
from edge_agent.tell.who.throttle import FREE_TRIES, LONGEST_DELAY_S, delay_s
from tests.support.broker import WITHIN_S
from tests.support.desk_site import PEOPLE, Site


def test_a_proved_request_reaches_the_brain_and_its_answer_comes_back(site: Site) -> None:
    sample = {"gas": "h2s", "level": 1.5, "unit": "ppm", "place": "top"}
    answer = site.ask(ask="retest", pin="2468", samples=[sample], people_inside=0, reason="after airing")
    (request,) = site.requests
    assert answer == {"request": request.id, "accepted": True, "reasons": []}
    assert (request.ask, request.person, request.permit, request.proof) == (Ask.RETEST, "li", "P-1", Proof.PIN)
    assert (request.samples[0].level, request.people_inside, request.reason) == (1.5, 0, "after airing")
    assert request.at_s == 100.0
    assert "2468" not in repr(request)


def test_a_report_and_a_ticket_reach_the_brain_as_they_were_written(site: Site) -> None:
    assert site.ask(ask="report", pin="2468", permit="", report={"kind": "leak", "note": "at the flange"})[
        "accepted"
    ]
    ticket = {
        "type": "confined_space",
        "area": "tank-inside",
        "point": {"x_m": 6.5, "y_m": 0},
        "valid_to_utc": 1.8e9,
        "holder": "wang",
        "guards": ["li"],
        "workers": ["zhao"],
        "content": {"zh": "清罐"},
        "measures": [{"id": "m", "kind": "manual", "words": {"en": "cleared"}}],
    }
    assert site.ask(ask="ticket", pin="2468", permit="", ticket=ticket)["accepted"]
    assert site.ask(ask="ticket", pin="2468", permit="", ticket={"extends": "P-1", "valid_to_utc": 1.8e9})[
        "accepted"
    ]
    report, drawn, more = site.requests
    assert report.report == Report(kind="leak", note="at the flange")
    assert drawn.ticket == DraftTicket(
        type="confined_space",
        area="tank-inside",
        point=Point(6.5, 0.0),
        valid_to_utc=1.8e9,
        holder="wang",
        guards=("li",),
        workers=("zhao",),
        content=Words("清罐", "清罐"),
        measures=(Measure(id="m", kind=MeasureKind.MANUAL, words=Words("cleared", "cleared")),),
    )
    assert more.ticket == DraftTicket(extends="P-1", valid_to_utc=1.8e9)


def test_a_change_of_people_is_on_the_pages_list_before_it_is_answered(site: Site) -> None:
    """The administrator of a new box logs in with the next request: the pages must know him by then."""
    change = {
        "ask": "person",
        "pin": "2468",
        "permit": "",
        "record": {"id": "new", "name": "New", "roles": ["worker"]},
    }
    assert site.ask(**change)["accepted"]
    assert site.relisted == [site.persons]
    site.ask(pin="2468")
    site.brain = no
    assert not site.ask(**change)["accepted"]
    assert len(site.relisted) == 1


def test_what_stands_in_the_settings_is_told_to_nobody_who_may_not_read_them(site: Site) -> None:
    """A check answers with what stands there now, value by value, and no brain is asked who wants to know."""
    change = {"file": "site.toml", "text": "schema = 1", "before": "0" * 64, "check_only": True}
    for role, told in ((Role.WORKER, False), (Role.AREA_OWNER, False), (Role.SAFETY_OFFICER, True)):
        site.persons["li"] = replace(PEOPLE["li"], roles=(role,))
        assert site.ask(ask="settings", pin="2468", permit="", settings=change)["accepted"] is told
    assert len(site.requests) == 1


def no(request: Request) -> Future[Answer]:
    answer: Future[Answer] = Future()
    answer.set_result(Answer(request=request.id, accepted=False))
    return answer


def test_a_badge_proves_as_well_and_ids_differ(site: Site) -> None:
    assert site.ask(badge="04:A2:19")["accepted"]
    assert site.ask(pin="2468")["accepted"]
    assert [request.proof for request in site.requests] == [Proof.BADGE, Proof.PIN]
    assert len({request.id for request in site.requests}) == 2


def test_only_owner_and_group_may_knock(site: Site) -> None:
    mode = site.path.stat().st_mode
    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) == 0o660


def test_without_a_proof_only_a_stop_passes_and_at_once(site: Site) -> None:
    assert "a PIN or a badge is needed" in site.refused()
    assert site.ask(ask="stop")["accepted"]
    assert site.ask(ask="stop", person="wang", pin="anything")["accepted"]
    assert [request.proof for request in site.requests] == [Proof.NONE, Proof.NONE]


def test_anybody_may_stop_also_nameless_and_under_an_id_that_nobody_has(site: Site) -> None:
    assert site.say(do="stop", permit="P-1", reason="smoke")["accepted"]
    assert site.say(ask="stop", permit="P-1")["accepted"]
    assert site.ask(ask="stop", person="nobody")["accepted"]
    assert [request.person for request in site.requests] == ["", "", "nobody"]
    assert site.requests[0].reason == "smoke"
    assert {request.proof for request in site.requests} == {Proof.NONE}


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"pin": "9999"}, "wrong PIN"),
        ({"badge": "2468"}, "wrong PIN or badge"),
        ({"pin": "2468", "badge": "04:A2:19"}, "not both"),
        ({"person": "wang", "pin": "2468"}, "no PIN is registered"),
        ({"person": "wang", "badge": "2468"}, "no badge is registered"),
        ({"person": "nobody", "pin": "2468"}, "nobody here has the id nobody"),
        ({"person": ""}, "only a stop needs no name"),
        ({"ask": "celebrate"}, "$.ask"),
        ({"pin": 2468}, "$.pin"),
        ({"colour": "red"}, "colour"),
        # What the desk finds out itself cannot be said to it.
        ({"proof": "pin"}, "proof"),
        ({"presence": "badge"}, "presence"),
        ({"origin": "downlink"}, "origin"),
        ({"at_s": 0}, "at_s"),
        ({"samples": [{"gas": "h2s", "level": -3, "unit": "ppm", "place": "x"}]}, "$.samples[0].level"),
        ({"samples": [{"gas": "h2s", "level": None, "unit": "ppm", "place": "x"}]}, "$.samples[0].level"),
        ({"people_inside": -1}, "$.people_inside"),
        ({"reason": "x" * 501}, "$.reason"),
        ({"report": {"kind": ""}}, "$.report.kind"),
        ({"report": {"kind": "leak", "note": "x" * 501}}, "$.report.note"),
        ({"ticket": {"id": "box-1"}}, "id"),
        ({"ticket": {"version": 7}}, "version"),
        ({"ticket": {"approvals": []}}, "approvals"),
        ({"ticket": {"made_by": "li"}}, "made_by"),
        ({"ticket": {"valid_to_utc": 1.8e12}}, "$.ticket.valid_to_utc"),
        ({"ticket": {"point": {"x_m": 1e9, "y_m": 0}}}, "$.ticket.point.x_m"),
        ({"ticket": {"gas_interval_s": 0}}, "$.ticket.gas_interval_s"),
        ({"permit": "x" * (LARGEST_LINE + 10)}, "too long"),
    ],
)
def test_what_is_turned_away_never_reaches_the_brain(site: Site, fields: dict[str, Any], says: str) -> None:
    said = site.refused(**fields)
    assert says in said
    assert site.requests == []
    assert "2468" not in said


def test_a_wrong_pin_is_recorded_without_the_pin(site: Site) -> None:
    site.refused(pin="1357")
    rejected = site.rejected.get(timeout=WITHIN_S)
    assert (rejected.origin, rejected.person) == ("desk", "li")
    assert "1357" not in repr(rejected)
    site.refused(pin="1357")
    assert site.rejected.empty()  # at most one record a second, however fast somebody tries
    site.clock.now_s += 1.0
    site.refused(pin="1357")
    assert site.rejected.get(timeout=WITHIN_S).person == "li"


def test_wrong_pins_cost_ever_more_time_but_never_a_stop(site: Site) -> None:
    for _ in range(FREE_TRIES):
        assert "wrong PIN" in site.refused(pin="0000")
    assert "wait 5 s" in site.refused(pin="2468")
    assert site.ask(ask="stop")["accepted"]
    site.clock.now_s += 5.0
    assert "wrong PIN" in site.refused(pin="0000")
    assert "wait 10 s" in site.refused(pin="2468")
    site.clock.now_s += 10.0
    assert site.ask(pin="2468")["accepted"]
    assert site.remembered == [("li", count) for count in (1, 2, 3, 4, 5, 6, 0)]
    assert site.kept == site.remembered[:-1]  # each wrong one was on the disk before it was told
    assert "wrong PIN" in site.refused(pin="0000")  # free tries again


def test_a_restart_does_not_forget_wrong_pins(make_site: Callable[..., Site]) -> None:
    site = make_site({"li": FREE_TRIES + 2})
    assert "wait 20 s" in site.refused(pin="2468")
    site.clock.now_s += 20.0
    assert site.ask(pin="2468")["accepted"]


def test_the_delay_grows_to_its_limit_and_stays() -> None:
    delays = [delay_s(count) for count in range(5000)]
    assert delays[:7] == [0, 0, 0, 0, 0, 5, 10]
    assert delays == sorted(delays)
    assert delays[-1] == LONGEST_DELAY_S


def test_a_brain_that_does_not_answer_is_a_refusal_and_the_request_is_withdrawn(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_filing, "ANSWER_S", 0.05)
    unanswered: list[Future[Answer]] = []

    def silent(_: Request) -> "Future[Answer]":
        unanswered.append(Future())
        return unanswered[-1]

    site.brain = silent
    assert "was withdrawn" in site.refused(pin="2468")
    assert unanswered[0].cancelled()
    assert "press the stop button" in site.refused(ask="stop")
    assert not unanswered[1].cancelled()  # a stop that comes late is still a stop


def idlers(site: Site, many: int, stack: contextlib.ExitStack) -> None:
    """So many visitors who never finish their line, and hold their places."""
    for _ in range(many):
        idle = stack.enter_context(socket.socket(socket.AF_UNIX))
        idle.connect(str(site.path))
        idle.sendall(b"{")


def test_when_every_seat_is_taken_a_stop_is_heard_all_the_same(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_door, "LINE_S", WITHIN_S)
    with contextlib.ExitStack() as stack:
        idlers(site, MOST_VISITORS, stack)
        assert "too many requests" in site.refused(pin="2468")
        assert site.ask(ask="stop")["accepted"]
        assert site.say(do="stop", permit="P-1")["accepted"]
        assert "too many requests" in site.say(do="box")["reasons"][0]["en"]
        idlers(site, MOST_STANDING, stack)
        assert "press the stop button on site" in site.refused(ask="stop")
    assert [request.ask for request in site.requests] == [Ask.STOP, Ask.STOP]


def test_idle_and_slow_visitors_do_not_keep_the_door_shut(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_door, "LINE_S", 0.2)
    with contextlib.ExitStack() as stack:
        idlers(site, MOST_VISITORS, stack)
        while not site.ask(pin="2468")["accepted"]:  # "too many at once" until their time is up
            threading.Event().wait(0.02)


def test_a_visitor_who_dribbles_is_sent_away(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_door, "LINE_S", 0.3)
    with socket.socket(socket.AF_UNIX) as dribbler:
        dribbler.settimeout(0.02)
        dribbler.connect(str(site.path))
        for _ in range(3000):  # a byte every 20 ms, for a minute if nobody minds
            with contextlib.suppress(BrokenPipeError):
                dribbler.sendall(b"x")
            with contextlib.suppress(TimeoutError):
                heard = dribbler.recv(65536)
                break
        else:
            raise AssertionError("nobody minded")
    assert b"too long, or not one whole line" in heard


LONG = b'{"ask":"stop","person":"li","reason":"' + b"x" * LARGEST_LINE + b'"}\n'


@pytest.mark.parametrize(
    "line", [LONG, b"\n", b"{}\n", b"\xff\xfe\n", b"[" * 10_000 + b"\n", b"null\n", b'{"ask":']
)
def test_rubbish_gets_an_answer_in_words_and_the_desk_lives_on(site: Site, line: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as visitor:
        visitor.settimeout(WITHIN_S)
        visitor.connect(str(site.path))
        visitor.sendall(line)
        visitor.shutdown(socket.SHUT_WR)
        heard = b""
        while not heard.endswith(b"\n"):
            heard += visitor.recv(65536)
    answer = json.loads(heard)
    assert answer["accepted"] is False
    assert answer["reasons"][0]["en"]
    assert site.ask(ask="stop")["accepted"]


def test_a_visitor_who_leaves_early_harms_nobody(site: Site) -> None:
    with socket.socket(socket.AF_UNIX) as visitor:
        visitor.connect(str(site.path))
        visitor.sendall(b'{"ask":"stop","person":"li"}\n')
    assert site.ask(ask="stop")["accepted"]


def test_nobody_there_is_said_in_words(tmp_path: Path) -> None:
    answer = ask(tmp_path / "nothing.sock", {"ask": "stop"})
    assert answer["accepted"] is False
    assert "is the agent running?" in answer["reasons"][0]["en"]


def test_a_left_over_socket_of_a_killed_agent_is_replaced(tmp_path: Path, make_site: Callable[..., Site]) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(tmp_path / "old.sock"))
    (tmp_path / "old.sock").rename(tmp_path / SOCKET)
    site = make_site()
    for _ in range(200):
        if site.ask(ask="stop")["accepted"]:
            return
        threading.Event().wait(0.02)
    raise AssertionError("the desk does not answer")
