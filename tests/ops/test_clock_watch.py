"""What people are told of the box's clock: trusted or not since when, whatever the date does meanwhile."""

import shutil
import subprocess
from pathlib import Path

import pytest

from edge_agent.clock import Instant, discipline
from edge_agent.ops.clock_watch import ClockWatch
from edge_agent.ops.timekeeper import keepers
from tests.support.languages import faults


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now_s, self.utc, self.trusted = 100.0, 1.8e9, True

    def monotonic(self) -> float:
        return self.now_s

    def instant(self) -> Instant:
        return Instant(now_s=self.now_s, utc=self.utc, trusted=self.trusted)

    def move(self, seconds: float, *, date_jumps: float = 0.0) -> None:
        self.now_s += seconds
        self.utc += seconds + date_jumps


@pytest.fixture
def hand() -> Hand:
    return Hand()


def test_since_when_is_counted_from_the_change_and_a_date_that_jumps_does_not_move_it(
    hand: Hand, tmp_path: Path
) -> None:
    watch = ClockWatch(hand, "kernel", tmp_path)
    first = watch.now()
    assert (first.trusted, first.since_utc, first.chip_off_s) == (True, hand.utc, None)
    hand.move(60)
    assert watch.now().since_utc == first.since_utc
    hand.trusted = False
    lost = watch.now()
    assert (lost.trusted, lost.since_utc) == (False, hand.utc)
    hand.move(30, date_jumps=3600)  # somebody sets it
    assert hand.utc - watch.now().since_utc == pytest.approx(30)
    hand.trusted = True
    assert watch.now().since_utc == hand.utc


def test_what_it_means_for_permits_is_said_in_both_languages(hand: Hand, tmp_path: Path) -> None:
    watch = ClockWatch(hand, "kernel", tmp_path)
    assert "may start" in watch.now().means.en
    hand.trusted = False
    said = watch.now().means
    assert "nothing may start or resume" in said.en
    assert faults(said) == []


def test_the_figures_are_the_kernels_own(hand: Hand, tmp_path: Path) -> None:
    told, kernel = ClockWatch(hand, "kernel", tmp_path).now(), discipline()
    assert (told.offset_s is None) is (kernel is None)
    if kernel is not None and told.error_s is not None:
        assert told.drift_ppm == pytest.approx(kernel.drift_ppm, abs=200)
        assert told.error_s >= 0


@pytest.mark.parametrize(("said", "off_s"), [("1800000007\n", 7.0), ("0\n", None), ("", None)])
def test_a_clock_on_a_battery(hand: Hand, tmp_path: Path, said: str, off_s: float | None) -> None:
    """One whose battery is empty says 1970: it is none."""
    file = tmp_path / "class/rtc/rtc0/since_epoch"
    file.parent.mkdir(parents=True)
    file.write_text(said)
    assert ClockWatch(hand, "kernel", tmp_path).now().chip_off_s == off_s


def test_who_keeps_it_is_seen_among_the_processes(tmp_path: Path) -> None:
    program = tmp_path / "phc2sys"
    shutil.copy(str(shutil.which("sleep")), program)
    with subprocess.Popen([str(program), "60"]) as process:
        assert ("phc2sys", "PTP") in {(one.program, one.kind) for one in keepers()}
        process.kill()
    assert "phc2sys" not in {one.program for one in keepers()}
