"""`edge-agent sign`: what it signs the box obeys; what the box would refuse is not signed, and says why."""

import json
import re
import stat
from pathlib import Path
from typing import Any

import msgspec
import pytest

from edge_agent.__main__ import main
from edge_agent.clock import Instant
from edge_agent.domain.ticket import Ticket
from edge_agent.ops.sign_arguments import TYPES
from edge_agent.settings.site_brokers import DownlinkTable, KeyTable
from edge_agent.tell.downlink import PARSERS, Addressee, Envelope, load_keys, open_envelope
from tests.support.story import ticket

US = Addressee(site="refinery", unit="box-7")


@pytest.fixture
def key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[Path, str]:
    path = tmp_path / "centre.pem"
    assert main(["sign", "--new-key", str(path), "--kid", "centre-1"]) == 0
    public = re.search(r'ed25519 = "(.+)"', capsys.readouterr().out)
    assert public is not None
    return path, public[1]


def body(tmp_path: Path, **changes: Any) -> Path:
    path = tmp_path / "body.json"
    path.write_text(json.dumps(msgspec.to_builtins(ticket()) | changes))
    return path


def order(path: Path, key: Path, *more: str) -> list[str]:
    return ["sign", str(path), "--key", str(key), "--kid", "centre-1", "--site", US.site, "--unit", US.unit, *more]


def test_what_it_signs_a_box_with_the_printed_key_obeys(
    tmp_path: Path, key: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(order(body(tmp_path), key[0], "--hours", "1", "--id", "m-1")) == 0
    keys = load_keys(DownlinkTable(keys=(KeyTable(kid="centre-1", ed25519=key[1]),)))
    message = capsys.readouterr().out.strip().encode()
    issued = msgspec.json.decode(_payload(message))["issued_at"]
    opened = open_envelope(message, keys, US, Instant(now_s=1.0, utc=issued + 3599, trusted=True), {})
    assert isinstance(opened, Envelope)
    assert opened.id == "m-1"
    assert isinstance(opened.body, Ticket)
    assert opened.body.id == "P-1"
    late = open_envelope(message, keys, US, Instant(now_s=1.0, utc=issued + 3601, trusted=True), {})
    assert not isinstance(late, Envelope)


def _payload(message: bytes) -> bytes:
    from base64 import urlsafe_b64decode  # noqa: PLC0415

    part = message.split(b".")[1]
    return urlsafe_b64decode(part + b"=" * (-len(part) % 4))


def test_a_key_is_its_owners_alone_and_is_never_written_over(
    key: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    path, _ = key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    assert main(["sign", "--new-key", str(path), "--kid", "x"]) == 65
    assert path.read_bytes() == before
    assert "name a new file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"gaurd": "li-na"}, "body.gaurd: unknown field"),
        ({"id": "P/1"}, "body.id"),
        ({"valid_to_utc": 1_800_000_000_000}, "UTC seconds"),
        ({"holder": 7}, "holder"),
    ],
)
def test_what_the_box_would_refuse_is_not_signed(
    tmp_path: Path, key: tuple[Path, str], capsys: pytest.CaptureFixture[str], changes: dict[str, Any], said: str
) -> None:
    assert main(order(body(tmp_path, **changes), key[0])) == 65
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err


def test_a_wrong_key_file_and_a_missing_option_are_named(
    tmp_path: Path, key: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.pem"
    other.write_text("-----BEGIN PUBLIC KEY-----\nabc\n-----END PUBLIC KEY-----\n")
    assert main(order(body(tmp_path), other)) == 65
    assert "no private Ed25519 key" in capsys.readouterr().err
    assert main(["sign", str(body(tmp_path)), "--kid", "k", "--key", str(key[0])]) == 65
    assert "--site --unit" in capsys.readouterr().err
    (tmp_path / "body.json").write_text("{")
    assert main(order(tmp_path / "body.json", key[0])) == 65
    assert "not JSON" in capsys.readouterr().err


def test_a_records_version_is_the_time_so_that_it_rises(
    tmp_path: Path, key: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "device.json"
    path.write_text(json.dumps({"id": "gas-ch4", "status": "in_service"}))
    versions = []
    for more in ((), ("--version", "7")):
        assert main(order(path, key[0], "--type", "device", *more)) == 0
        versions.append(json.loads(_payload(capsys.readouterr().out.encode()))["version"])
    assert versions[0] > 1_700_000_000_000
    assert versions[1] == 7


def test_whatever_a_box_reads_can_be_signed() -> None:
    assert set(TYPES) == set(PARSERS)


def test_whatever_a_unit_takes_can_be_signed() -> None:
    assert set(TYPES) == set(PARSERS)
