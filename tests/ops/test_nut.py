"""A UPS behind `upsd`: the real one with its dummy driver. What it does not say is unknown, never mains."""

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

import pytest

from edge_agent.domain.words import NOTHING
from edge_agent.ops.nut import Nut, meant
from edge_agent.ops.supply import Supply
from edge_agent.settings.site_itself import PowerTable
from tests.support.broker import WITHIN_S

UPSD, DRIVER = Path("/lib/nut/upsd"), Path("/lib/nut/dummy-ups")
pytestmark = pytest.mark.skipif(not (UPSD.exists() and DRIVER.exists()), reason="nut-server is not installed")


class Ups:
    """`upsd` and its dummy driver, which says what a file says."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._folder, self.running = folder, list[subprocess.Popen[bytes]]()
        texts = {
            "ups.conf": f"[box]\n driver = dummy-ups\n port = {folder}/box.dev\n pollinterval = 1\n",
            "upsd.conf": f"LISTEN 127.0.0.1 {self.port}\nMAXAGE 3\n",
            "upsd.users": "",
        }
        for name, text in texts.items():
            (folder / name).write_text(text, "ascii")
            (folder / name).chmod(0o600)
        self.says("OL", 3600, 100)

    def __enter__(self) -> Self:
        here = {name: str(self._folder) for name in ("NUT_CONFPATH", "NUT_STATEPATH", "NUT_ALTPIDPATH")}
        for command in ([DRIVER, "-F", "-u", "root", "-a", "box"], [UPSD, "-F", "-u", "root"]):
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            self.running.append(subprocess.Popen(command, env={**os.environ, **here}, **quiet))
        self.until(lambda told: told.on_mains is True)
        return self

    def __exit__(self, *_: object) -> None:
        for one in self.running:
            one.kill()
            one.wait()

    def says(self, status: str, runtime_s: float, charge: float) -> None:
        half = self._folder / "half"
        half.write_text(f"ups.status: {status}\nbattery.runtime: {runtime_s}\nbattery.charge: {charge}\n", "ascii")
        half.replace(self._folder / "box.dev")

    def ask(self) -> Supply:
        return Nut(PowerTable(ups="nut", port=self.port, ups_name="box"))()

    def until(self, holds: Callable[[Supply], bool]) -> Supply:
        end_s = time.monotonic() + WITHIN_S
        while not holds(told := self.ask()):
            assert time.monotonic() < end_s, told
            time.sleep(0.1)
        return told


@pytest.fixture
def ups(tmp_path: Path) -> Iterator[Ups]:
    if os.geteuid() != 0:
        pytest.skip("upsd gives up root's rights: its test wants root")
    with Ups(tmp_path) as running:
        yield running


def test_mains_battery_and_silence_are_told_apart(ups: Ups) -> None:
    assert ups.ask() == Supply(on_mains=True, minutes=60.0, charge_pct=100.0)
    ups.says("OB DISCHRG LB", 240, 12)
    told = ups.until(lambda told: told.on_mains is False)
    assert (told.minutes, told.charge_pct) == (4.0, 12.0)
    assert "low" in told.wrong.en
    ups.says("OL CHRG RB", 3600, 40)
    told = ups.until(lambda told: told.on_mains is True)
    assert "new battery" in told.wrong.en
    driver, upsd = ups.running
    driver.kill()
    driver.wait()
    told = ups.until(lambda told: told.on_mains is None)
    assert "upsd says: ERR D" in told.why.en  # DRIVER-NOT-CONNECTED, or DATA-STALE
    assert told.minutes is None
    upsd.kill()
    upsd.wait()
    told = ups.until(lambda told: "does not answer" in told.why.en)
    assert told.on_mains is None


@pytest.mark.parametrize(
    ("said", "mains"),
    [
        ("", None),
        ("ERR UNKNOWN-UPS\n", None),
        ('BEGIN LIST VAR box\nVAR box ups.status "OL"\n', None),  # broke off
        ("BEGIN LIST VAR box\nEND LIST VAR box\n", None),
        ('BEGIN LIST VAR box\nVAR box ups.status "WAIT"\nEND LIST VAR box\n', None),
        ('BEGIN LIST VAR box\nVAR box ups.status "OL OB"\nEND LIST VAR box\n', False),
        ('BEGIN LIST VAR box\nVAR box ups.status "OL"\nVAR box battery.runtime "nan"\nEND LIST VAR box\n', True),
    ],
)  # fmt: skip
def test_what_is_not_said_is_not_known(said: str, mains: bool | None) -> None:  # noqa: FBT001
    told = meant(said, "box")
    assert told.on_mains is mains
    assert told.minutes is None
    assert bool(told.why) is (mains is None)
    assert told.wrong == NOTHING


def test_one_that_takes_the_line_and_says_nothing_is_not_waited_for() -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        told = Nut(PowerTable(ups="nut", port=mute.getsockname()[1]))()
    assert told.on_mains is None
    assert "does not answer" in told.why.en
