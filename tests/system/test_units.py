"""The units of the package, looked at without booting them; `make boots` boots them."""

import re
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest

from edge_agent.sense.camera import board
from edge_agent.sense.camera.runtimes.choose import LOADERS

FOLDER = Path(__file__).parents[2] / "systemd"
SERVICES = sorted(FOLDER.glob("*.service"))
MOST = 2.0  # of systemd-analyze's exposure, 0 to 10; a bare unit has 9.6
OF_EVERY_DEBIAN = {"dialout", "video", "audio", "tty", "root"}
OF_ROOT = {"edge-agent-settle", "edge-agent-update"}  # they change which version counts


def unit(path: Path) -> dict[str, list[str]]:
    """Every value of every key of [Service]."""
    values: dict[str, list[str]] = {}
    service = path.read_text("utf-8").partition("[Service]\n")[2].partition("\n[")[0]
    for line in service.splitlines():
        if line and not line.startswith("#"):
            key, _, value = line.partition("=")
            values.setdefault(key, []).append(value)
    return values


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_a_service_is_hardened(path: Path) -> None:
    command = ["systemd-analyze", "security", "--offline=true", f"--threshold={round(MOST * 10)}", str(path)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_its_user_and_groups_are_made_with_the_package_or_are_debians(path: Path) -> None:
    """A unit that names a group that is not there does not start."""
    made = set(re.findall(r"(?m)^[ug] (\S+)", (FOLDER / "edge-agent.sysusers").read_text("utf-8")))
    named = unit(path)
    groups = {group for line in named.get("SupplementaryGroups", []) for group in line.split()}
    assert {*named["User"], *named.get("Group", []), *groups} <= made | OF_EVERY_DEBIAN
    assert (named["User"] == ["root"]) == (path.stem in OF_ROOT)


def test_the_agent_is_watched_by_its_own_steps_and_a_crash_loop_is_latched_and_said() -> None:
    agent = ConfigParser(strict=False, interpolation=None)
    agent.optionxform = str  # type: ignore[assignment, method-assign]
    agent.read(FOLDER / "edge-agent.service", encoding="utf-8")
    assert agent["Service"]["Type"] == "notify"
    assert 10 < int(agent["Service"]["WatchdogSec"]) <= 15, "after the agent's own 10 s, before the board's 15"
    assert agent["Service"]["RestartPreventExitStatus"] == "78"
    assert (FOLDER / agent["Unit"]["OnFailure"]).exists()
    assert int(agent["Unit"]["StartLimitBurst"]) == 5
    assert int(agent["Unit"]["StartLimitIntervalSec"]) >= 60


def test_no_unit_waits_for_a_network() -> None:
    """The box guards without one."""
    assert [path.name for path in SERVICES if "network-online" in path.read_text("utf-8")] == []


def test_a_version_on_trial_is_gone_back_from_at_the_boot_and_never_while_the_box_runs() -> None:
    """Whatever pulls it in beside the boot would end a trial that goes on."""
    text = (FOLDER / "edge-agent-settle.service").read_text("utf-8")
    assert re.findall(r"(?m)^(?:WantedBy|RequiredBy)=(.*)", text) == ["multi-user.target"]
    assert "Before=edge-agent.service" in text
    others = [path for path in FOLDER.iterdir() if path.suffix in {".service", ".target", ".timer"}]
    pulls = [path.name for path in others if re.search(r"(Wants|Requires)=.*settle", path.read_text("utf-8"))]
    assert pulls == []


def test_no_board_is_asked_for_more_than_its_watchdog_takes() -> None:
    """One that is refused is none: the kernel could stand for ever."""
    root = FOLDER.parent
    wanted = int(re.findall(r"(?m)^RuntimeWatchdogSec=(\d+)", (FOLDER / "watchdog.conf").read_text("utf-8"))[0])
    boards = [board.load(root, path.stem) for path in sorted((root / board.BOARD_FOLDER).glob("*.toml"))]
    assert len(boards) >= 4
    for one in boards:
        assert one.host is not None
        assert wanted <= one.host.watchdog_s, one.title.en
        assert set(one.host.runtimes) <= LOADERS.keys(), one.title.en


def test_what_tries_a_version_out_goes_back_however_it_ends() -> None:
    assert unit(FOLDER / "edge-agent-update.service")["ExecStopPost"] == ["/usr/bin/edge-agent-settle restart"]
