"""The box's own access point, as it is set up: closed, off, a password of its own, nothing behind it in reach."""

import os
import subprocess
from configparser import ConfigParser
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "firmware_configs" / "access-point" / "set-up"
KEYS = "etc/NetworkManager/system-connections/edge-agent-ap.nmconnection"


def set_up(prefix: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | {"PREFIX": str(prefix)}
    return subprocess.run([str(SCRIPT), *words], env=environment, capture_output=True, text=True, check=False)


def test_it_is_off_closed_and_leads_nowhere(tmp_path) -> None:
    done = set_up(tmp_path, "edge-1")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / KEYS).stat().st_mode & 0o777 == 0o600, "NetworkManager reads no other"
    told = ConfigParser(interpolation=None)
    told.read(tmp_path / KEYS, "utf-8")
    assert told["connection"]["autoconnect"] == "false"
    assert (told["wifi"]["mode"], told["wifi-security"]["pairwise"]) == ("ap", "ccmp")
    assert told["ipv4"]["method"] == "manual", "shared would forward into the plant's network"
    assert f"password {told['wifi-security']['psk']}" in done.stdout
    unit = (tmp_path / "etc/systemd/system/edge-agent-ap-dhcp.service").read_text("utf-8")
    assert "--port=0" in unit, "no DNS"


def test_each_box_has_a_password_of_its_own_and_keeps_it(tmp_path) -> None:
    found = set()
    for name in ("a", "b"):
        set_up(tmp_path / name, "edge-1")
        text = (tmp_path / name / KEYS).read_text("utf-8")
        found.add(next(line for line in text.splitlines() if line.startswith("psk=")))
        assert set_up(tmp_path / name, "edge-1").returncode == 73
        assert (tmp_path / name / KEYS).read_text("utf-8") == text
    assert len(found) == 2
    assert all(len(line) == len("psk=") + 16 for line in found)


def test_a_name_that_is_no_unit_writes_nothing(tmp_path) -> None:
    assert set_up(tmp_path, "edge 1\npsk=x").returncode == 64
    assert list(tmp_path.iterdir()) == []
