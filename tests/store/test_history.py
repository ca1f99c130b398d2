"""Gas minutes: two of one minute add up, the worst of a stretch is shown, and the file stays within its share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from edge_agent.store.connect import open_reader
from edge_agent.store.errors import StoreError, StoreFault
from edge_agent.store.history import DAY_MIN, KEPT_DAYS, History, Minute, Part, Reader
from edge_agent.store.store import Store

NOW_MIN = 29_900_000


def minute(at: int = NOW_MIN, channel: str = "gas-co", **changes: object) -> Minute:
    base = Minute(channel=channel, minute=at, low=1.0, high=3.0, total=60.0, numbers=30, seconds=60, worst="g")
    return replace(base, **changes)


NOTHING = {"low": None, "high": None, "total": 0.0, "numbers": 0}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite"


@pytest.fixture
def history(path: Path) -> Iterator[History]:
    kept = History(path)
    yield kept
    kept.close()


def parts(path: Path, first: int, until: int, each: int = 1, channel: str = "gas-co") -> tuple[Part, ...]:
    with Reader(path) as reader:
        return reader.parts(channel, first, until, each)


def test_a_restart_within_a_minute_adds_to_it(history: History, path: Path) -> None:
    history.keep([minute(low=2.0, high=3.0, total=40.0, numbers=20, seconds=40)])
    history.keep([minute(low=1.0, high=9.0, total=50.0, numbers=10, seconds=20, worst="o")])
    (found,) = parts(path, NOW_MIN, NOW_MIN + 1)
    assert found == Part(part=NOW_MIN, low=1.0, mean=3.0, high=9.0, seconds=60, worst="o")
    history.keep([minute(**NOTHING, seconds=0)])
    assert parts(path, NOW_MIN, NOW_MIN + 1) == (found,)


def test_a_stretch_has_the_worst_of_its_minutes(history: History, path: Path) -> None:
    history.keep([minute(NOW_MIN), minute(NOW_MIN + 1, **NOTHING, worst="m"), minute(NOW_MIN + 2, high=8.0)])
    history.keep([minute(NOW_MIN + 3, **NOTHING, worst="f")])
    one, other = parts(path, NOW_MIN, NOW_MIN + 4, 2)
    assert (one.worst, one.mean, one.high, one.seconds) == ("m", 2.0, 3.0, 120)
    assert (other.worst, other.low, other.high) == ("f", 1.0, 8.0)
    assert parts(path, NOW_MIN + 3, NOW_MIN + 4)[0].mean is None


def test_channels_are_kept_apart_and_others_are_nothing(history: History, path: Path) -> None:
    history.keep([minute(), minute(channel="gas-o2", low=20.9, high=20.9)])
    assert parts(path, NOW_MIN, NOW_MIN + 1, channel="gas-o2")[0].low == 20.9
    assert parts(path, NOW_MIN, NOW_MIN + 1, channel="gas-none") == ()
    assert parts(path, NOW_MIN + 1, NOW_MIN + 9) == ()


def test_a_month_is_kept_and_no_more(history: History, path: Path) -> None:
    oldest = NOW_MIN - KEPT_DAYS * DAY_MIN
    history.keep([minute(oldest - 1), minute(oldest), minute(oldest - 1, "gas-of-a-detector-that-went")])
    history.make_room(None)
    assert len(parts(path, 0, NOW_MIN)) == 2, "without a date nothing is too old"
    history.make_room(NOW_MIN * 60.0)
    assert [one.part for one in parts(path, 0, NOW_MIN)] == [oldest]
    assert parts(path, 0, NOW_MIN, channel="gas-of-a-detector-that-went") == ()


def test_the_oldest_day_gives_way_when_the_file_is_too_large(path: Path) -> None:
    small = History(path, most_bytes=100_000)
    for day in range(4):
        small.keep(minute(NOW_MIN + day * DAY_MIN + at) for at in range(DAY_MIN))
    small.make_room(None)
    small.close()
    found = parts(path, 0, NOW_MIN + 9 * DAY_MIN)
    assert found[-1].part == NOW_MIN + 4 * DAY_MIN - 1, "what is newest stays"
    assert len(found) % DAY_MIN == 0
    assert 0 < len(found) < 4 * DAY_MIN


def test_the_records_are_not_taken_for_the_history(tmp_path: Path, path: Path) -> None:
    Store.open(tmp_path / "agent.sqlite").close()
    for opens in (lambda: History(tmp_path / "agent.sqlite"), lambda: Reader(tmp_path / "agent.sqlite")):
        with pytest.raises(StoreError) as told:
            opens()
        assert told.value.fault is StoreFault.VERSION
    History(path).close()
    with pytest.raises(StoreError):
        open_reader(path)
