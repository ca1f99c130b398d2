"""A channel's history over HTTP: in parts, with its gaps, and what was decided about it; or why there is none."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from msgspec.structs import replace

from edge_agent.ops.folders import DATABASE, HISTORY
from edge_agent.store.batch import Batch
from edge_agent.store.chain import GENESIS
from edge_agent.store.history import History, Minute
from edge_agent.store.store import Store
from tests.support.board_world import Folder, live, permit
from tests.support.store_values import entries, event

NOW_MIN = int(time.time()) // 60
CHANNEL = "gas-co"


def minutes(ago: range, **changes: Any) -> list[Minute]:
    base = Minute(channel=CHANNEL, minute=0, low=1.0, high=3.0, total=60.0, numbers=30, seconds=60, worst="g")
    return [replace(base, minute=NOW_MIN - one, **changes) for one in ago]


@pytest.fixture
def state(site: Path, folder: Folder) -> Iterator[Path]:
    """An hour of a channel that was silent for ten minutes, and a box that was off before."""
    folder.put(live(permits=(permit(gas=(CHANNEL,)),)))
    nothing = {"low": None, "high": None, "total": 0.0, "numbers": 0, "worst": "m"}
    history = History(site / "state" / HISTORY)
    history.keep([*minutes(range(1, 30)), *minutes(range(30, 40), **nothing), *minutes(range(40, 60))])
    told = [
        replace(event(1, source="gas-o2"), type="alarm.raised", at_utc=NOW_MIN * 60 - 900.0),
        replace(event(2, source=CHANNEL), type="alarm.raised", at_utc=NOW_MIN * 60 - 600.0),
        replace(event(3, causes=[{"subject": CHANNEL}]), at_utc=NOW_MIN * 60 - 590.0),
        replace(event(4), type="permit.resumed", subject="T-2042", at_utc=NOW_MIN * 60 - 300.0),
        replace(event(5, source=CHANNEL), type="alarm.returned", at_utc=NOW_MIN * 60 - 200.0),
    ]
    with Store.open(site / "state" / DATABASE) as store:
        store.commit(Batch(audit=entries(told, GENESIS)))
        yield site / "state"
    history.close()


def got(client: FlaskClient, query: str, channel: str = CHANNEL) -> Any:
    answer = client.get(f"/api/v1/history/{channel}?{query}")
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    assert len({len(answer.json[name]) for name in ("low", "mean", "high", "quality")}) == 1
    return answer.json


def test_an_hour_minute_by_minute(client: FlaskClient, state: Path) -> None:
    assert state
    told = got(client, f"hours=1&until={NOW_MIN * 60 + 5}")
    assert (told["step_s"], told["from_utc"], len(told["mean"])) == (60.0, (NOW_MIN - 60) * 60.0, 60)
    assert "".join(told["quality"]) == "-" + "g" * 20 + "m" * 10 + "g" * 29
    assert (told["low"][1], told["mean"][1], told["high"][1]) == (1.0, 2.0, 3.0)
    assert (told["mean"][0], told["mean"][25]) == (None, None)


@pytest.mark.parametrize(("hours", "step_s"), [(8, 120), (24, 300), (168, 1800), (720, 7200)])
def test_a_longer_while_has_no_more_parts_than_a_screen_shows(
    client: FlaskClient, state: Path, hours: int, step_s: int
) -> None:
    assert state
    told = got(client, f"hours={hours}")
    assert told["step_s"] == step_s
    assert 240 <= len(told["mean"]) <= 361
    assert told["from_utc"] % step_s == 0
    assert told["quality"][0] == "-"
    assert "m" in told["quality"][-30:], "a silence is not smoothed away"


def test_half_recorded_is_not_shown_as_whole(client: FlaskClient, state: Path) -> None:
    assert state
    told = got(client, f"hours=24&until={NOW_MIN * 60 + 5}")
    begins = next(index for index, one in enumerate(told["mean"]) if one is not None)
    whole = (NOW_MIN - 59) % 5 == 0
    assert told["quality"][begins] == ("g" if whole else "-")


def test_marks_are_what_was_decided_about_this_channel(client: FlaskClient, state: Path) -> None:
    assert state
    told = got(client, f"hours=1&until={NOW_MIN * 60 + 5}")
    assert [(one["seq"], one["type"]) for one in told["marks"]] == [
        (2, "alarm.raised"), (3, "permit.paused"), (4, "permit.resumed"),
    ]  # fmt: skip
    assert told["more"] is False
    assert got(client, f"hours=1&until={NOW_MIN * 60 - 500}")["marks"][-1]["seq"] == 3


def test_a_channel_of_which_nothing_is_known_is_one_gap(client: FlaskClient, state: Path) -> None:
    assert state
    told = got(client, "hours=1", "none%27%20OR%201=1")
    assert set(told["quality"]) == {"-"}
    assert set(told["mean"]) == {None}


def test_several_channels_are_one_question_and_each_is_what_it_is_alone(client: FlaskClient, state: Path) -> None:
    assert state
    query = f"hours=1&until={NOW_MIN * 60 + 5}"
    answer = client.get(f"/api/v1/history?{query}&channel=nobody&channel={CHANNEL}&channel=nobody")
    assert answer.json is not None
    assert answer.json["channels"] == [got(client, query, "nobody"), got(client, query)]


@pytest.mark.parametrize("query", ["", "channel=" + "x" * 65, "&".join(f"channel={at}" for at in range(65))])
def test_too_many_channels_or_none_are_refused(client: FlaskClient, state: Path, query: str) -> None:
    assert state
    assert client.get(f"/api/v1/history?{query}").status_code == 400


@pytest.mark.parametrize("query", ["hours=0", "hours=721", "hours=x", "until=-1", "hours=1e3"])
def test_a_question_that_cannot_be_is_refused(client: FlaskClient, state: Path, query: str) -> None:
    assert state
    assert client.get(f"/api/v1/history/{CHANNEL}?{query}").status_code == 400


def test_a_history_that_is_not_there_is_told(client: FlaskClient, state: Path) -> None:
    (state / HISTORY).unlink()
    answer = client.get(f"/api/v1/history/{CHANNEL}")
    assert answer.json is not None
    assert answer.json["error"]["code"] == "E-NO-HISTORY"
    assert HISTORY in answer.json["error"]["cause"]["en"]
