"""What a channel measured becomes minutes; a disk that refuses loses none, a damaged file costs the past alone."""

from pathlib import Path

from edge_agent.clock import Instant
from edge_agent.domain.observation import Quality
from edge_agent.ops.gas_history import GasHistory
from edge_agent.store.history import Part, Reader
from edge_agent.tell.curves import STEP_S, Closed, Point

BEGAN_MIN = 29_900_000
STEPS = int(60 / STEP_S)


def at(second: float, *, trusted: bool = True) -> Instant:
    """Seconds of this boot's clock, whose nought is the beginning of a minute."""
    return Instant(now_s=second, utc=BEGAN_MIN * 60 + second, trusted=trusted)


def good(level: float) -> Point:
    return Point(level, Quality.GOOD, danger=False, warned=False)


def steps(*points: Point | None, first: int = 0) -> Closed:
    return {"gas-co": (first, points)}


def kept(path: Path) -> tuple[Part, ...]:
    with Reader(path) as reader:
        return reader.parts("gas-co", BEGAN_MIN - 99, BEGAN_MIN + 99, 1)


def test_a_minute_is_written_once_it_is_over(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    history = GasHistory(path)
    assert not history.take(steps(*[good(float(step)) for step in range(STEPS)]), at(60.0))
    assert not path.exists()
    assert not history.take(steps(good(7.0), first=STEPS), at(62.0))
    assert kept(path) == (Part(part=BEGAN_MIN, low=0.0, mean=14.5, high=29.0, seconds=60, worst="g"),)
    history.end(at(62.0))
    assert kept(path)[1] == Part(part=BEGAN_MIN + 1, low=7.0, mean=7.0, high=7.0, seconds=2, worst="g")


def test_silence_and_faults_are_no_level_and_the_worst_is_told(tmp_path: Path) -> None:
    history = GasHistory(tmp_path / "history.sqlite")
    over = Point(None, Quality.OVERRANGE, danger=True, warned=True)
    history.take(steps(None, over, good(3.0)), at(6.0))
    history.take(steps(*[None] * STEPS, first=STEPS), at(120.0))
    history.end(at(120.0))
    first, second = kept(tmp_path / "history.sqlite")
    assert (first.worst, first.mean, first.seconds) == ("o", 3.0, 6)
    assert (second.worst, second.low, second.mean, second.high) == ("m", None, None, None)


def test_without_a_trusted_clock_no_minute_is_good(tmp_path: Path) -> None:
    history = GasHistory(tmp_path / "history.sqlite")
    history.take(steps(good(1.0)), at(2.0, trusted=False))
    history.end(at(2.0, trusted=False))
    assert kept(tmp_path / "history.sqlite")[0].worst == "k"


def test_what_the_disk_refuses_waits_and_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    history = GasHistory(folder / "history.sqlite")
    history.take(steps(good(1.0)), at(2.0))
    wrong = history.take(steps(good(2.0), first=STEPS), at(62.0))
    assert wrong
    assert "history.sqlite" in wrong.en
    folder.mkdir()
    assert not history.take(steps(good(3.0), first=STEPS + 1), at(64.0))
    history.end(at(64.0))
    assert [(one.part - BEGAN_MIN, one.mean) for one in kept(folder / "history.sqlite")] == [(0, 1.0), (1, 2.5)]


def test_a_damaged_file_is_put_aside_and_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    path.write_bytes(b"no database" * 999)
    history = GasHistory(path)
    history.take(steps(good(1.0)), at(2.0))
    history.end(at(2.0))
    assert len(kept(path)) == 1
    assert len(list(tmp_path.glob("history.sqlite.corrupt-*"))) == 1
