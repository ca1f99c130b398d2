"""`edge-agent consume`, a process of its own on a real broker: each event once, gaps named, kills harmless."""

import json
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from edge_agent.ops.consume.acks import Acks
from edge_agent.ops.consume.kept import Arrived, Kept
from edge_agent.tell import signing
from tests.support.broker import WITHIN_S, Mosquitto

EXAMPLE = Path("docs/upstream/examples/events/permit.paused.json")


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    with Mosquitto(tmp_path / "broker") as running:
        yield running


def event(seq: int, source: str = "edge/s/u") -> bytes:
    return json.dumps({**json.loads(EXAMPLE.read_text()), "seq": seq, "source": source}).encode()


def consume(broker: Mosquitto, into: Path, *more: str) -> "subprocess.Popen[str]":
    command = [
        sys.executable,
        "-m",
        "edge_agent",
        "consume",
        "--port",
        str(broker.port),
        "--into",
        str(into),
        *more,
    ]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


class Speaker:
    """A unit's place at the broker."""

    def __init__(self, port: int) -> None:
        self._client = paho.Client(CallbackAPIVersion.VERSION2, client_id="unit")
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()

    def say(self, payload: bytes, topic: str = "edge/s/u/up/event", *, retain: bool = False) -> None:
        self._client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(WITHIN_S)

    def end(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def unit(broker: Mosquitto) -> Iterator[Speaker]:
    speaker = Speaker(broker.port)
    yield speaker
    speaker.end()


def subscribed(broker: Mosquitto, tmp_path: Path) -> None:
    """Its session at the broker begins: from then on nothing is missed."""
    first = consume(broker, tmp_path / "kept.db", "--until-quiet", "1")
    out, err = first.communicate(timeout=WITHIN_S)
    assert first.returncode == 0, out + err


def rows(path: Path, sql: str) -> list[Any]:
    with sqlite3.connect(path) as file:
        return file.execute(sql).fetchall()


def test_each_event_is_kept_once_and_gaps_are_named(broker: Mosquitto, unit: Speaker, tmp_path: Path) -> None:
    subscribed(broker, tmp_path)
    for seq in (1, 2, 2, 5, 1, 6, 9):
        unit.say(event(seq))
    unit.say(event(1, "edge/s/other"), "edge/s/other/up/event")
    unit.say(b"{}")
    unit.say(b"\xff not JSON")
    for state in (b'{"online": true}', b'{"online": false}'):
        unit.say(state, "edge/s/u/up/health", retain=True)
    reader = consume(broker, tmp_path / "kept.db", "--until-quiet", "2")
    out, err = reader.communicate(timeout=WITHIN_S)
    assert reader.returncode == 1, out + err
    assert rows(tmp_path / "kept.db", "SELECT seq FROM event WHERE source = 'edge/s/u' ORDER BY seq") == [
        (1,),
        (2,),
        (5,),
        (6,),
        (9,),
    ]
    assert "edge/s/u: 缺 missing 3..4" in out
    assert "edge/s/u: 缺 missing 7..8" in out
    assert "edge/s/other: 1 条" in out
    assert re.findall(r"edge/s/u (\d+) \S+ edge_agent.permit.paused.v1", out) == ["1", "2", "5", "6", "9"]
    assert rows(tmp_path / "kept.db", "SELECT payload FROM latest") == [('{"online": false}',)]


def test_a_consumer_that_is_killed_again_and_again_has_everything_once(
    broker: Mosquitto, unit: Speaker, tmp_path: Path
) -> None:
    subscribed(broker, tmp_path)
    many = 300
    telling = threading.Thread(target=lambda: [unit.say(event(seq)) for seq in range(1, many + 1)])
    telling.start()
    for _ in range(4):
        reader = consume(broker, tmp_path / "kept.db")
        assert reader.stdout is not None
        for _ in range(20):
            if not reader.stdout.readline():
                break
        reader.send_signal(signal.SIGKILL)
        reader.communicate(timeout=WITHIN_S)
        if not telling.is_alive():
            break
    telling.join(WITHIN_S)
    last = consume(broker, tmp_path / "kept.db", "--until-quiet", "3", "--quiet")
    out, err = last.communicate(timeout=WITHIN_S)
    assert last.returncode == 0, out + err
    assert rows(tmp_path / "kept.db", "SELECT COUNT(*), MIN(seq), MAX(seq) FROM event") == [(many, 1, many)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_that_is_ended_reports_what_it_has(
    broker: Mosquitto, unit: Speaker, tmp_path: Path, number: signal.Signals
) -> None:
    subscribed(broker, tmp_path)
    for seq in (1, 3):
        unit.say(event(seq))
    reader = consume(broker, tmp_path / "kept.db")
    assert reader.stdout is not None
    assert [" 1 " in reader.stdout.readline(), " 3 " in reader.stdout.readline()] == [True, True]
    reader.send_signal(number)
    out, err = reader.communicate(timeout=WITHIN_S)
    assert (reader.returncode, err) == (1, "")
    assert "缺 missing 2..2" in out


def test_a_broker_that_is_not_there_and_a_file_that_is_none_are_named(broker: Mosquitto, tmp_path: Path) -> None:
    other = tmp_path / "text.db"
    other.write_text("this is no database, but it is long enough to look at" * 20)
    reader = consume(broker, other)
    _, err = reader.communicate(timeout=WITHIN_S)
    assert reader.returncode == 69
    assert "cannot use" in err
    broker.stop()
    reader = consume(broker, tmp_path / "kept.db")
    _, err = reader.communicate(timeout=WITHIN_S)
    assert reader.returncode == 69
    assert "cannot reach the broker" in err


def test_units_are_told_what_is_kept_and_that_something_is_missing(tmp_path: Path) -> None:
    key = tmp_path / "centre.pem"
    private = signing.new_key()
    key.write_bytes(private.as_pem(private=True))
    kept, acks = Kept(tmp_path / "kept.db"), Acks(key, "centre-1")

    def said(now_s: float) -> list[tuple[str, int]]:
        due = acks.due(kept.upto, 1.8e9 + now_s, now_s)
        return [(topic, json.loads(jws_payload(message))["body"]["acked_seq"]) for topic, message in due]

    def take(*seqs: int) -> None:
        kept.take(Arrived("edge/s/u/up/event", event(seq), 0.0) for seq in seqs)

    take(2, 3)
    assert said(1.0) == [("edge/s/u/dn/ack", 0)]
    take(1)
    assert said(2.0) == [], "not at every turn"
    assert said(7.0) == [("edge/s/u/dn/ack", 3)]
    take(5)
    assert said(13.0) == [], "nothing new"
    assert said(70.0) == [("edge/s/u/dn/ack", 3)], "the unit hears that it stands still"
    take(4)
    assert said(80.0) == [("edge/s/u/dn/ack", 5)]
    kept.close()


def jws_payload(message: bytes) -> bytes:
    part = message.split(b".")[1]
    return urlsafe_b64decode(part + b"=" * (-len(part) % 4))


def test_a_key_that_is_none_is_named(broker: Mosquitto, tmp_path: Path) -> None:
    (tmp_path / "no.pem").write_text("no key")
    reader = consume(broker, tmp_path / "kept.db", "--ack-key", str(tmp_path / "no.pem"))
    _, err = reader.communicate(timeout=WITHIN_S)
    assert reader.returncode == 65
    assert "cannot be used" in err


def test_two_events_under_one_number_are_both_kept(tmp_path: Path) -> None:
    """A unit whose whole disk was put back cannot know it: the chain in `prevhash` tells them apart."""
    kept = Kept(tmp_path / "kept.db")

    def told(seq: int, prevhash: str, **more: Any) -> Arrived:
        text = {**json.loads(event(seq)), "prevhash": prevhash, **more}
        return Arrived("edge/s/u/up/event", json.dumps(text).encode(), 0.0)

    assert len(kept.take([told(1, "a"), told(2, "b"), told(2, "b", ishistorical=True)])) == 2
    assert kept.take([told(2, "b", ishistorical=True)]) == []
    assert kept.doubles() == []
    assert [one["prevhash"] for one in kept.take([told(2, "other"), told(2, "b")])] == ["other"]
    assert kept.take([told(2, "other")]) == []
    assert kept.doubles() == [("edge/s/u", 2)]
    kept.close()


def test_numbers_that_a_unit_lost_with_its_records_are_waited_for_by_nobody(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "kept.db")
    anew = json.loads(event(100)) | {"type": "edge_agent.records.lost.v1", "data": {"again_upto": 5}}
    kept.take([Arrived("edge/s/u/up/event", event(seq), 0.0) for seq in (1, 2, 3)])
    kept.take([Arrived("edge/s/u/up/event", json.dumps(anew).encode(), 0.0)])
    assert [(gap.first, gap.last) for gap in kept.gaps()] == [(4, 5)]
    assert [(gap.first, gap.last) for gap in kept.lost()] == [(6, 99)]
    assert kept.upto() == {"edge/s/u": 3}
    kept.take([Arrived("edge/s/u/up/event", event(seq), 0.0) for seq in (4, 5)])
    assert (kept.gaps(), kept.upto()) == ([], {"edge/s/u": 100})
    kept.close()
