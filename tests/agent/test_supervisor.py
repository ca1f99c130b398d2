"""The supervisor: restarts with a budget, a clean end, and a word to systemd over its real socket."""

import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from edge_agent.clock import SystemClock
from edge_agent.supervisor import RESTARTS, Supervisor, begins_anew, guards, notify_systemd

SOON_S = 20.0


class Watch:
    """A supervisor whose giving up can be awaited."""

    def __init__(self) -> None:
        self.given_up: list[tuple[str, str]] = []
        self.told = threading.Event()
        self.supervisor = Supervisor(SystemClock(declared=True), self._gave_up, first_backoff_s=0.001)

    def _gave_up(self, name: str, why: str) -> None:
        self.given_up.append((name, why))
        self.told.set()


def crashing(times: int, then: threading.Event) -> Callable[[threading.Event], None]:
    left = [times]

    def run(stop: threading.Event) -> None:
        if left[0] > 0:
            left[0] -= 1
            raise RuntimeError("planted")
        then.set()
        stop.wait()

    return run


def test_a_worker_that_dies_is_started_again() -> None:
    watch, lives = Watch(), threading.Event()
    watch.supervisor.add("bus", crashing(RESTARTS - 1, lives))
    watch.supervisor.start()
    assert lives.wait(SOON_S)
    assert watch.supervisor.stop() == []
    assert watch.given_up == []


def test_a_worker_that_dies_again_and_again_is_given_up_with_its_reason() -> None:
    watch = Watch()
    watch.supervisor.add("bus", crashing(1000, threading.Event()))
    watch.supervisor.start()
    assert watch.told.wait(SOON_S)
    assert watch.given_up == [("bus", "RuntimeError: planted")]
    watch.supervisor.stop()


def test_what_is_not_vital_is_started_again_for_ever() -> None:
    watch, lives = Watch(), threading.Event()
    watch.supervisor.add("centre", crashing(RESTARTS + 2, lives), vital=False)
    watch.supervisor.start()
    assert lives.wait(SOON_S)
    watch.supervisor.stop()
    assert watch.given_up == []


def test_a_worker_that_returns_unasked_counts_as_dead() -> None:
    watch = Watch()
    watch.supervisor.add("bus", lambda _stop: None)
    watch.supervisor.start()
    assert watch.told.wait(SOON_S)
    assert "returned" in watch.given_up[0][1]
    watch.supervisor.stop()


def test_a_worker_that_does_not_end_is_named() -> None:
    watch, release = Watch(), threading.Event()
    watch.supervisor.add("stubborn", lambda _stop: release.wait(SOON_S) and None)
    watch.supervisor.start()
    assert watch.supervisor.stop(within_s=0.05) == ["stubborn"]
    release.set()


def test_systemd_hears_that_the_brain_lives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(SOON_S)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        Watch().supervisor.brain_lives()
        assert manager.recv(64) == b"WATCHDOG=1"


def test_a_start_in_the_same_process_may_take_longer_than_a_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing feeds the watchdog between the last step and the first one; then it waits as the unit says again."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(SOON_S)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", "15000000")
        begins_anew()
        assert manager.recv(64) == b"RELOADING=1\nWATCHDOG_USEC=90000000"
        guards()
        assert manager.recv(64) == b"READY=1\nWATCHDOG_USEC=15000000"


def test_without_systemd_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    notify_systemd("READY=1")
    monkeypatch.setenv("NOTIFY_SOCKET", "/nowhere/notify")
    notify_systemd("READY=1")
