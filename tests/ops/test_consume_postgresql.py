"""`edge-agent consume` into a real PostgreSQL: each event once, gaps named, its restarts and ours harmless."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge_agent.ops.consume.kept import Arrived, Kept
from tests.ops.test_consume import Speaker, consume, event
from tests.support.broker import WITHIN_S, Mosquitto
from tests.support.postgresql import Postgresql

SEQS = "SELECT seq FROM event WHERE source = 'edge/s/u' ORDER BY seq"


@pytest.fixture(scope="module")
def database() -> Iterator[Postgresql]:
    with Postgresql() as running:
        yield running


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    with Mosquitto(tmp_path / "broker") as running:
        yield running


@pytest.fixture
def unit(broker: Mosquitto) -> Iterator[Speaker]:
    speaker = Speaker(broker.port)
    yield speaker
    speaker.end()


def ends(broker: Mosquitto, into: str, quiet_s: str = "1") -> tuple[int, str, str]:
    run = consume(broker, into, "--until-quiet", quiet_s)  # type: ignore[arg-type]
    out, err = run.communicate(timeout=WITHIN_S)
    return run.returncode, out, err


def test_each_event_once_over_a_kill_and_a_restart_of_the_database_and_gaps_are_named(
    broker: Mosquitto, unit: Speaker, database: Postgresql
) -> None:
    assert ends(broker, database.url)[0] == 0  # its session at the broker begins
    for seq in (1, 2, 2, 3, 1):
        unit.say(event(seq))
    unit.say(b'{"state": "active"}', "edge/s/u/up/permit/P-1", retain=True)
    first = consume(broker, database.url)  # type: ignore[arg-type]
    assert first.stdout is not None
    first.stdout.readline()  # something is kept
    first.send_signal(signal.SIGKILL)
    first.communicate(timeout=WITHIN_S)
    unit.say(b'{"state": "pa\0used"}', "edge/s/u/up/permit/P-1", retain=True)
    unit.say(event(6))
    code, out, err = ends(broker, database.url)
    assert (code, err) == (1, "")
    assert "edge/s/u: 4 条事件 events" in out
    assert "edge/s/u: 缺 missing 4..5" in out
    again = consume(broker, database.url)  # type: ignore[arg-type]
    unit.say(event(4))
    assert again.stdout is not None
    assert " 4 " in again.stdout.readline()
    database.stop()
    unit.say(event(5))  # comes while there is no database: it is not acknowledged
    _, err = again.communicate(timeout=WITHIN_S)
    assert again.returncode == 69
    assert "cannot use postgresql://edge@127.0.0.1" in err
    database.start()
    code, out, _ = ends(broker, database.url)
    assert (code, "missing" in out) == (0, False)
    assert [seq for (seq,) in database.rows(SEQS)] == [1, 2, 3, 4, 5, 6]
    assert database.rows("SELECT payload FROM latest") == [('{"state": "pa\ufffdused"}',)]


def test_two_consumers_of_one_database_keep_each_event_once(database: Postgresql) -> None:
    """Units shared between consumers (shared subscriptions): the key keeps them apart."""
    one, two = Kept(database.url), None
    try:
        arrived = [Arrived("edge/s/w/up/event", event(seq, "edge/s/w"), 1795000000.123) for seq in (1, 2)]
        assert len(one.take(arrived)) == 2
        two = Kept(database.url)
        assert two.take(arrived) == []
        assert two.upto()["edge/s/w"] == 2
    finally:
        for kept in (one, two):
            if kept is not None:
                kept.close()
    assert database.rows("SELECT DISTINCT received_utc FROM event WHERE source = 'edge/s/w'") == [
        (1795000000.123,)
    ]


def test_a_database_that_cannot_be_reached_is_told_without_its_password(broker: Mosquitto) -> None:
    code, _, err = ends(broker, "postgresql://edge:secret@127.0.0.1:9/none")
    assert code == 69
    assert "postgresql://edge:...@127.0.0.1:9/none" in err
    assert "secret" not in err
