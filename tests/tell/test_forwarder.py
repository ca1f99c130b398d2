"""The forwarder against a real broker: nothing missing, nothing twice in effect, whatever is killed."""

import json
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from paho.mqtt.client import MQTTMessage

from edge_agent.settings.site_brokers import BrokerTable
from edge_agent.store.batch import Batch, Outgoing
from edge_agent.store.chain import GENESIS
from edge_agent.store.store import Store
from edge_agent.tell import messages
from edge_agent.tell.wire import LARGEST_DOWN
from tests.support.broker import WITHIN_S, Mosquitto, subscriber
from tests.support.store_values import entries, event
from tests.tell.conftest import Agent

MakeAgent = Callable[..., Agent]
EVENTS = "edge/s/u/up/event"


def told(seq: int, priority: int = 3) -> Outgoing:
    return Outgoing(topic=EVENTS, payload=b'{"seq":%d}' % seq, priority=priority, seq=seq)


def seqs(received: list[MQTTMessage]) -> list[int]:
    """The order of effects: every seq where it came first."""
    return list(dict.fromkeys(json.loads(message.payload)["seq"] for message in received))


def forwarder_pid() -> int:
    """The forwarder that this test process started."""
    children = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    for pid in [int(pid) for file in children for pid in file.read_text().split()]:
        if b"edge_agent.tell.forwarder" in Path(f"/proc/{pid}/cmdline").read_bytes():
            return pid
    raise AssertionError("no forwarder runs")


def test_an_event_arrives_as_a_cloud_event_and_leaves_the_outbox(broker: Mosquitto, make_agent: MakeAgent) -> None:
    with subscriber(broker.port, "edge/#") as watcher:
        agent = make_agent(broker.port)
        assert agent.wait_for_link(up=True).detail.en == "connected"
        one = event(1, gas="硫化氢")
        body = messages.cloud_event(
            one, site="s", unit="u", boot="b00t", trusted=True, demo=True, prev_hash=GENESIS
        )
        agent.commit(
            Batch(
                audit=entries([one], GENESIS),
                outbox=(Outgoing(topic=EVENTS, payload=messages.encode(body), priority=3, seq=1),),
            )
        )
        watcher.wait_for(lambda got: any(message.topic == EVENTS for message in got))
        arrived = next(message for message in watcher.messages if message.topic == EVENTS)
        assert json.loads(arrived.payload) == body
        assert arrived.qos == 1
        while agent.waiting():
            threading.Event().wait(0.01)


def test_nothing_is_lost_or_doubled_while_forwarder_and_broker_die_again_and_again(
    broker: Mosquitto, make_agent: MakeAgent
) -> None:
    count = 1500
    with subscriber(broker.port, EVENTS) as watcher:
        agent = make_agent(broker.port)
        agent.wait_for_link(up=True)
        for start in range(1, count, 100):
            agent.commit(Batch(outbox=tuple(told(seq) for seq in range(start, start + 100))))
            round_ = start // 100
            if round_ % 5 == 4:
                broker.stop()
                broker.start()
            elif round_ % 2 == 0:
                before = agent.deaths
                os.kill(forwarder_pid(), signal.SIGKILL)
                while agent.deaths == before:
                    threading.Event().wait(0.005)
        watcher.wait_for(lambda got: len(seqs(got)) == count)
        assert seqs(watcher.messages) == list(range(1, count + 1))
        assert agent.deaths >= 5
        while agent.waiting():
            threading.Event().wait(0.01)


def test_an_outage_drains_afterwards_and_a_live_alarm_overtakes_the_backlog(
    tmp_path: Path, make_agent: MakeAgent
) -> None:
    broker = Mosquitto(tmp_path / "broker")
    agent = make_agent(broker.port)
    assert "refused" in agent.wait_for_link(up=False).detail.en
    agent.commit(Batch(outbox=tuple(told(seq, 3 + seq % 2) for seq in range(1, 301))))
    agent.commit(Batch(outbox=(told(301, 1),)))
    with broker, subscriber(broker.port, EVENTS) as watcher:
        agent.wait_for_link(up=True)
        watcher.wait_for(lambda got: len(seqs(got)) == 301)
        arrived = seqs(watcher.messages)
    urgent = [seq for seq in range(1, 301) if seq % 2 == 0]
    rest = [seq for seq in range(1, 301) if seq % 2 == 1]
    # the watcher may have joined after the first ones were sent: only what it saw is in order
    assert arrived == [301, *urgent, *rest]


def test_a_state_goes_out_retained_and_only_its_newest_word(tmp_path: Path, make_agent: MakeAgent) -> None:
    broker = Mosquitto(tmp_path / "broker")
    agent = make_agent(broker.port)
    topic = messages.up_topic("s", "u", "permit/P-1")
    for word in (b"ready", b"active", b"paused"):
        agent.commit(Batch(outbox=(Outgoing(topic=topic, payload=word, priority=2, retain=True),)))
    with broker:
        agent.wait_for_link(up=True)
        while agent.waiting():
            threading.Event().wait(0.01)
        with subscriber(broker.port, topic) as watcher:
            watcher.wait_for(lambda got: len(got) == 1)
            assert [(m.payload, m.retain) for m in watcher.messages] == [(b"paused", True)]


def health_words(received: list[MQTTMessage]) -> list[bool]:
    return [json.loads(message.payload)["online"] for message in received]


def test_health_says_online_then_offline_whether_it_is_ended_or_killed(
    broker: Mosquitto, make_agent: MakeAgent
) -> None:
    with subscriber(broker.port, messages.up_topic("s", "u", "health")) as watcher:
        agent = make_agent(broker.port)
        watcher.wait_for(lambda got: health_words(got) == [True])
        agent.wait_for_link(up=True)
        os.kill(forwarder_pid(), signal.SIGKILL)  # the last will speaks
        watcher.wait_for(lambda got: health_words(got)[:3] == [True, False, True])
        agent.end()
        watcher.wait_for(lambda got: health_words(got)[-1] is False and len(got) > 3)


def test_after_a_reconnect_health_is_what_the_agent_said_last(broker: Mosquitto, make_agent: MakeAgent) -> None:
    topic = messages.up_topic("s", "u", "health")
    agent = make_agent(broker.port)
    agent.wait_for_link(up=True)
    said = messages.encode(messages.health(site="s", unit="u", boot="b", online=True, demo=True, facts={"gas": 4}))
    agent.commit(Batch(outbox=(Outgoing(topic=topic, payload=said, priority=4, retain=True),)))
    while agent.waiting():
        threading.Event().wait(0.01)
    broker.stop()
    broker.start()
    with subscriber(broker.port, topic) as watcher:
        watcher.wait_for(lambda got: bool(got) and got[-1].payload == said)


def test_downlinks_come_through_even_those_sent_while_the_agent_was_away(
    broker: Mosquitto, make_agent: MakeAgent
) -> None:
    topic = messages.down_topic("s", "u", "permit")
    with subscriber(broker.port, "nothing/here") as centre:
        agent = make_agent(broker.port)
        agent.wait_for_link(up=True)
        centre.publish(topic, b"one")
        first = agent.downs.get(timeout=WITHIN_S)
        assert (first.topic, first.payload, first.retain) == (topic, b"one", False)
        agent.uplink.took(first.n)
        broker_has = threading.Event()
        broker_has.wait(0.3)  # nothing tells when a PUBACK has arrived; a late one would only fail the test
        agent.end()
        centre.publish(topic, b"two")
        again = make_agent(broker.port)
        second = again.downs.get(timeout=WITHIN_S)
        assert second.payload == b"two"


def test_a_downlink_that_nobody_took_comes_again_and_one_too_large_is_cut(
    broker: Mosquitto, make_agent: MakeAgent
) -> None:
    topic = messages.down_topic("s", "u", "person")
    with subscriber(broker.port, "nothing/here") as centre:
        agent = make_agent(broker.port)
        agent.wait_for_link(up=True)
        centre.publish(topic, b"x" * (LARGEST_DOWN + 5000))
        assert len(agent.downs.get(timeout=WITHIN_S).payload) == LARGEST_DOWN + 1
        os.kill(forwarder_pid(), signal.SIGKILL)
        assert len(agent.downs.get(timeout=WITHIN_S).payload) == LARGEST_DOWN + 1


def test_a_connection_that_goes_silent_is_noticed_and_nothing_is_lost(
    broker: Mosquitto, make_agent: MakeAgent
) -> None:
    with subscriber(broker.port, EVENTS) as watcher:
        agent = make_agent(broker.port)
        agent.wait_for_link(up=True)
        broker.hang()
        agent.commit(Batch(outbox=tuple(told(seq) for seq in range(1, 41))))
        assert "silent" in agent.wait_for_link(up=False).detail.en
        broker.go_on()
        agent.wait_for_link(up=True)
        watcher.wait_for(lambda got: len(seqs(got)) == 40)
        assert seqs(watcher.messages) == list(range(1, 41))


def test_a_row_that_mqtt_cannot_carry_does_not_hold_up_the_rest(
    broker: Mosquitto, make_agent: MakeAgent, caplog: pytest.LogCaptureFixture
) -> None:
    with subscriber(broker.port, EVENTS) as watcher:
        agent = make_agent(broker.port)
        agent.wait_for_link(up=True)
        agent.commit(Batch(outbox=(Outgoing(topic="edge/#", payload=b"x", priority=1), told(1))))
        watcher.wait_for(lambda got: len(got) == 1)
        while agent.waiting() > 1:
            threading.Event().wait(0.01)
        assert "cannot be carried" in caplog.text


def test_trouble_with_name_and_password_is_said_in_words_and_never_in_argv(
    tmp_path: Path, make_agent: MakeAgent
) -> None:
    passwords = tmp_path / "passwords"
    subprocess.run(
        ["mosquitto_passwd", "-b", "-c", str(passwords), "unit", "right"], check=True, capture_output=True
    )
    secret = tmp_path / "secret"
    secret.write_text("wrong-secret\n")
    with Mosquitto(tmp_path / "broker", extra=f"allow_anonymous false\npassword_file {passwords}") as broker:
        agent = make_agent(broker.port, username="unit", password_file=str(secret))
        assert agent.wait_for_link(up=False).detail.en.startswith("auth:")
        argv = Path(f"/proc/{forwarder_pid()}/cmdline").read_bytes()
        assert b"wrong-secret" not in argv + agent.uplink.config_line
        secret.write_text("right\n")
        agent.wait_for_link(up=True)


def test_what_listens_but_is_no_broker_is_named(make_agent: MakeAgent) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        agent = make_agent(mute.getsockname()[1])
        assert "does not answer as an MQTT broker" in agent.wait_for_link(up=False).detail.en


def test_a_host_that_does_not_exist_is_a_matter_of_names(make_agent: MakeAgent) -> None:
    agent = make_agent(1, host="no-such-host.invalid")
    link = agent.wait_for_link(up=False)
    assert link.detail.en.startswith("DNS:")
    assert link.detail.zh.startswith("DNS")


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A self-signed certificate for 127.0.0.1 and its key."""
    key, crt = folder / f"{name}.key", folder / f"{name}.crt"
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-keyout",
            str(key),
            "-out",
            str(crt),
            "-days",
            "2",
            "-subj",
            f"/CN={name}",
            "-addext",
            "subjectAltName=IP:127.0.0.1",
        ],
        check=True,
        capture_output=True,
    )
    return crt, key


def test_tls_carries_events_and_a_wrong_ca_never_falls_back_to_plain(tmp_path: Path, store: Store) -> None:
    crt, key = certificate(tmp_path, "right")
    other, _ = certificate(tmp_path, "other")
    with Mosquitto(tmp_path / "broker", tls=f"certfile {crt}\nkeyfile {key}") as broker:

        def agent_with(ca: Path) -> Agent:
            table = BrokerTable(host="127.0.0.1", port=broker.port, keepalive_s=5, ca=str(ca))
            agent = Agent(store, table)
            agent.start()
            return agent

        wrong = agent_with(other)
        try:
            wrong.commit(Batch(outbox=tuple(told(seq) for seq in range(1, 101))))
            assert wrong.wait_for_link(up=False).detail.en.startswith("TLS:")
            assert wrong.waiting() == 100
        finally:
            wrong.end()
        right = agent_with(crt)
        try:
            right.wait_for_link(up=True)
            while right.waiting():
                threading.Event().wait(0.01)
        finally:
            right.end()
