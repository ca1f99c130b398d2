"""The box's own access point, as it is set up: closed, off, a password of its own, nothing behind it in reach."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import pytest

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


GIVES = """
set -e
ip link set lo up; ip link add wlan0 type veth peer name phone
unshare --net sleep 60 & other=$!
until [ "$(readlink /proc/$other/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done
ip link set phone netns $other
ip address add 10.77.0.1/24 dev wlan0; ip link set wlan0 up
nsenter -t $other -n ip link set phone up
$DNSMASQ --user=root --dhcp-leasefile="$LEASES" & server=$!
nsenter -t $other -n "$PYTHON" -c "$ASKS"; kill $server $other
"""
# A telephone's first question: DHCPDISCOVER, answered by broadcast (RFC 2131).
ASKS = """
import socket, time
line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
line.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
line.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"phone")
line.bind(("", 68)); line.settimeout(1)
head = bytes([1, 1, 6, 0]) + b"edge" + bytes(2) + b"\\x80\\0" + bytes(16)
head += bytes.fromhex("020000000001") + bytes(10 + 192) + b"\\x63\\x82\\x53\\x63"
for _ in range(30):
    try:
        line.sendto(head + bytes([53, 1, 1, 55, 2, 3, 6, 255]), ("255.255.255.255", 67))
        print(line.recv(2048).hex()); break
    except OSError: time.sleep(0.1)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="root makes network interfaces")
def test_a_telephone_gets_an_address_and_no_way_on(tmp_path) -> None:
    """By the unit's own line and Debian's dnsmasq, on a cable in place of the radio, which no machine here has."""
    set_up(tmp_path, "edge-1")
    unit = (tmp_path / "etc/systemd/system/edge-agent-ap-dhcp.service").read_text("utf-8")
    command = re.search(r"(?ms)^ExecStart=/usr/sbin/(.*?[^\\])$", unit)
    assert command is not None
    told = {
        "DNSMASQ": command[1].replace("\\\n", ""),
        "LEASES": str(tmp_path / "leases"),
        "PYTHON": sys.executable,
    }
    environment = os.environ | told | {"ASKS": ASKS, "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"}
    done = subprocess.run(
        ["unshare", "--net", "bash", "-c", GIVES], env=environment, capture_output=True, text=True, check=False
    )
    answer = bytes.fromhex(done.stdout.strip())
    assert answer[16:19] == bytes([10, 77, 0]), done.stderr
    assert 20 <= answer[19] <= 120
    options = dict(_options(answer[240:]))
    assert 3 not in options, "no gateway: the plant's network stays out of reach"
    assert 6 not in options, "no DNS"


def _options(text: bytes) -> Iterator[tuple[int, bytes]]:
    while text and text[0] != 255:
        yield text[0], text[2 : 2 + text[1]]
        text = text[2 + text[1] :]
