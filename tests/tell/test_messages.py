"""The messages: CloudEvents as specified, deterministic, and without anything that means nothing elsewhere."""

import json
import re
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.domain.permit import Cause, PauseClass, Signature, State
from edge_agent.domain.words import NOTHING, Words
from edge_agent.tell import messages
from edge_agent.tell.live import Live
from edge_agent.tell.live_file import LIVE, read_live, write_live
from tests.support.store_values import event, permit

WHO = {"site": "refinery", "unit": "box-7"}


def cloud(seq: int = 42, *, trusted: bool = True, demo: bool = False) -> dict[str, object]:
    return messages.cloud_event(
        event(seq, gas="h2s"), **WHO, boot="b00t", trusted=trusted, demo=demo, prev_hash="a" * 64
    )


def test_an_event_has_the_names_of_cloudevents() -> None:
    assert cloud() == {
        "specversion": "1.0",
        "id": "box-7-000000000042",
        "source": "edge/refinery/box-7",
        "type": "edge_agent.permit.paused.v1",
        "subject": "P-1",
        "time": "2027-01-15T08:00:00.000Z",
        "datacontenttype": "application/json",
        "seq": 42,
        "bootid": "b00t",
        "clocktrust": "trusted",
        "prevhash": "a" * 64,
        "priority": 3,
        "demo": False,
        "data": {"gas": "h2s"},
    }
    assert cloud(trusted=False, demo=True)["clocktrust"] == "untrusted"
    assert cloud(demo=True)["demo"] is True


def test_attribute_names_are_lower_case_letters_and_digits_as_the_specification_asks() -> None:
    assert all(re.fullmatch(r"[a-z0-9]{1,20}", name) for name in cloud())


def test_the_same_event_gives_the_same_bytes() -> None:
    assert messages.encode(cloud()) == messages.encode(cloud())
    assert json.loads(messages.encode(cloud())) == cloud()


@given(st.floats(1_704_067_200, 4_102_444_800))
def test_times_are_rfc_3339_to_the_millisecond(at_utc: float) -> None:
    text = messages.utc_text(at_utc)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", text)
    assert abs(msgspec.json.decode(json.dumps(text), type=datetime).timestamp() - at_utc) < 0.0011


def test_topics() -> None:
    assert messages.up_topic("s", "u", "event") == "edge/s/u/up/event"
    assert messages.down_topic("s", "u", "#") == "edge/s/u/dn/#"


def test_a_permit_state_tells_utc_only() -> None:
    said = Words("气体超限", "gas over limit")
    cause = Cause(
        rule="gas_dangerous",
        subject="gas-1",
        pause_class=PauseClass.EMERGENCY,
        at_s=17.25,
        at_utc=1.8e9,
        title=said,
        detail=said,
        retest=True,
    )
    paused = msgspec.structs.replace(
        permit(state=State.PAUSED),
        causes=(cause,),
        signatures=(Signature(person="li", capacity="guard", at_s=9.0, at_utc=1.8e9),),
    )
    message = messages.permit_state(paused, **WHO, demo=True)
    assert message["state"] == "paused"
    assert message["demo"] is True
    assert message["causes"][0]["pause_class"] == "A"
    assert message["causes"][0]["at"] == "2027-01-15T08:00:00.000Z"
    (signature,) = message["signatures"]
    assert signature["person"] == "li"
    assert signature["capacity"] == "guard"
    assert signature["at"] == "2027-01-15T08:00:00.000Z"
    assert "at_s" not in messages.encode(message).decode()
    assert "17.25" not in messages.encode(message).decode()


def live(waiting: int) -> Live:
    return Live(
        at_utc=1.8e9,
        site="s",
        unit="u",
        name=Words("罐区", "tank farm"),
        demo=True,
        rulebook="demo",
        clock_trusted=True,
        uplink_ok=None,
        uplink_detail=NOTHING,
        waiting=waiting,
        permits=(),
        gas=(),
        wind=(),
        people=(),
        cameras=(),
        outputs=(),
        alarms=(),
        events=(),
    )


def test_the_live_picture_is_replaced_whole_and_leaves_no_litter(tmp_path: Path) -> None:
    assert read_live(tmp_path) is None
    for waiting in range(3):
        write_live(tmp_path, live(waiting))
        assert read_live(tmp_path) == live(waiting)
    assert [path.name for path in tmp_path.iterdir()] == [LIVE]


@pytest.mark.parametrize("content", [b"", b"{", b"{}", b"[]", b"\xff"])
def test_a_live_picture_that_cannot_be_understood_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / LIVE).write_bytes(content)
    assert read_live(tmp_path) is None
