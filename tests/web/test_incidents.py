"""Calculations of the past as the API tells them: one at a time, bounded, kept, and nothing of them is made up."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import msgspec
import pytest
from flask.testing import FlaskClient

from tests.support.pages import cookie, make_client
from web_ui.calculations import MOST_KEPT, MOST_WAITING, Calculations, Ran
from web_ui.errors import Trouble
from web_ui.shapes_past import Calculation

MINUTES = {"from_utc": 1000.0, "to_utc": 1900.5}
WHAT_IF = {
    "from_utc": 0.0,
    "to_utc": 1.0,
    "changed": [],
    "step_s": 0.0,
    "steps": 5,
    "took_s": 0.1,
    "restarts": [],
    "same_settings": True,
    "was": (tally := dict.fromkeys(("stops", "stopped_s", "worked_s", "alarms", "called_out", "refused"), 0)),
    "tried": tally,
    "differences": [],
    "cut": False,
}


def done(all_: Calculations, told: Calculation) -> Calculation:
    while (found := all_.find(told.id)) is not None and found.running:
        pass
    assert found is not None
    return found


def answered(status: int, out: bytes = b"", err: bytes = b"") -> Calculation:
    all_ = Calculations(lambda _: Ran(status, out, err))
    return done(all_, all_.begin(("what-if",)))


def client(site: Path, run: Callable[[tuple[str, ...]], Ran]) -> tuple[FlaskClient, Callable[..., Any]]:
    asks = make_client(site, cookie(site, "chen-admin"), calculate=run)
    headers = {"X-Edge": "1", "X-CSRF": asks.get("/api/v1/session").json["csrf"]}
    return asks, lambda path, form: asks.post(f"/api/v1/{path}", headers=headers, json=form)


def test_what_was_found_is_told() -> None:
    found = answered(0, msgspec.json.encode(WHAT_IF))
    assert found.what_if is not None
    assert found.what_if.steps == 5
    assert not found.failed


def test_what_the_command_says_is_wrong_is_told_in_its_words() -> None:
    found = answered(64, err="没有留存\nnothing is kept\n".encode())
    assert (found.failed.zh, found.failed.en) == ("没有留存", "nothing is kept")


@pytest.mark.parametrize(
    ("status", "out", "err"),
    [(1, b"", b"Traceback\n a\n b"), (0, b"", b""), (0, b"{}", b""), (0, b"[" * 100_000, b""), (-9, b"", b"")],
)
def test_what_gives_nothing_says_so(status: int, out: bytes, err: bytes) -> None:
    found = answered(status, out, err)
    assert (found.incident, found.what_if) == (None, None)
    assert "the log" in found.failed.en


def test_one_that_takes_too_long_is_told() -> None:
    def hangs(_: tuple[str, ...]) -> Ran:
        raise subprocess.TimeoutExpired("incident", 1.0)

    all_ = Calculations(hangs)
    assert "shorter time" in done(all_, all_.begin(("incident",))).failed.en


def test_they_run_one_at_a_time_and_who_comes_too_many_is_told() -> None:
    go_on, running, most = Event(), [], []

    def slow(_: tuple[str, ...]) -> Ran:
        running.append(1)
        most.append(len(running))
        assert go_on.wait(10)
        running.pop()
        return Ran(0, msgspec.json.encode(WHAT_IF), b"")

    all_ = Calculations(slow)
    first = all_.begin(("what-if", "0"))
    while not running:
        pass
    told = [all_.begin(("what-if", str(n))) for n in range(1, MOST_WAITING + 1)]
    assert all_.begin(("what-if", "1")).id == told[0].id  # whoever asks for the same shares it
    with pytest.raises(Trouble) as busy:
        all_.begin(("what-if", "more"))
    assert busy.value.code == "E-BUSY"
    go_on.set()
    assert all(done(all_, one).what_if for one in (first, *told))
    assert set(most) == {1}


def test_old_ones_give_way_and_a_failed_one_is_tried_again() -> None:
    count: list[int] = []

    def fails(_: tuple[str, ...]) -> Ran:
        count.append(1)
        return Ran(1, b"", b"")

    all_ = Calculations(fails)
    first = all_.begin(("incident", "a"))
    done(all_, first)
    assert done(all_, all_.begin(("incident", "a"))).id != first.id
    assert len(count) == 2
    for n in range(MOST_KEPT):
        done(all_, all_.begin(("incident", str(n))))
    assert all_.find(first.id) is None


def test_a_request_becomes_a_command_of_fixed_options(site: Path) -> None:
    asked: list[tuple[str, ...]] = []

    def run(wish: tuple[str, ...]) -> Ran:
        asked.append(wish)
        return Ran(0, msgspec.json.encode(WHAT_IF), b"")

    asks, post = client(site, run)
    told = post("what-ifs", {**MINUTES, "limits": {'works."hot.1".longest_s': 1e3}, "without": ["gas_dangerous"]})
    while asks.get(f"/api/v1/calculations/{told.json['id']}").json["running"]:
        pass
    assert asked == [
        (
            "what-if",
            "--from=1970-01-01T00:16:40+00:00",
            "--to=1970-01-01T00:31:40.500000+00:00",
            "--json",
            '--limit=works."hot.1".longest_s=1000.0',
            "--without=gas_dangerous",
        )
    ]
    assert asks.get("/api/v1/calculations/none").json["error"]["code"] == "E-NO-CALCULATION"


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("incidents", {**MINUTES, "from_utc": -1}),
        ("incidents", {**MINUTES, "to_utc": 1e12}),
        ("incidents", {**MINUTES, "more": 1}),
        ("what-ifs", {**MINUTES, "limits": {"--help": 1}}),
        ("what-ifs", {**MINUTES, "limits": {"a b": 1}}),
        ("what-ifs", {**MINUTES, "without": ["--json"]}),
        ("what-ifs", {**MINUTES, "limits": {f"a{n}": 1 for n in range(11)}}),
    ],
)
def test_what_is_no_limit_and_no_rule_reaches_no_command(site: Path, path: str, form: dict[str, Any]) -> None:
    def never(_: tuple[str, ...]) -> Ran:
        raise AssertionError

    _, post = client(site, never)
    answer = post(path, form)
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "E-FORM")
