"""OPC UA: a real server in a process of its own, its faults, its security; and status codes one by one."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from msgspec.structs import replace

from edge_agent.domain.observation import Observation, Quality, Reading
from edge_agent.sense.opcua.server import OpcUaServer
from edge_agent.sense.opcua.status import meaning
from edge_agent.sense.sampled.profile import SampledProfile, load_opcua
from edge_agent.sense.sampled.sensor import Place, Sensor
from edge_agent.settings.site_lines import OpcUaTable
from edge_agent.simulate.handle import Simulator
from tests.sense.field_fakes import CLOCK, ROOT, Heard, running, unanswered
from tests.support.languages import faults

BLOCK = 'ns=3;s="GD101"'
COUNTED = "siemens_s7-1500_gas_ppm"
STAMPED = "analog_item_lel"
READY_S = 300.0  # it builds its address space first: 3 s of a core, which a busy machine does not have


def of(name: str) -> tuple[SampledProfile, str]:
    """The shipped profile, and where the simulated PLC has its channel."""
    return load_opcua(ROOT, name), BLOCK if name == COUNTED else f'{BLOCK}."PV"'


def server(port: int, name: str = COUNTED, stale_s: float = 60.0, **table: Any) -> OpcUaServer:
    """`stale_s` is far longer than a busy machine needs between two values."""
    profile, at = of(name)
    place = Place(device="gas-1", at=at, period_s=0.2, stale_s=stale_s, gas="h2s")
    settings = replace(OpcUaTable(host="127.0.0.1", port=port, security="none"), **table)
    return OpcUaServer("plc", settings, (Sensor(place, profile),), CLOCK)


def is_(quality: Quality, words: str = "") -> Callable[[Observation], bool]:
    return lambda seen: isinstance(seen, Reading) and seen.quality is quality and words in seen.detail.en


def good(heard: Heard, after: int) -> list[Observation]:
    return [one for one in heard.all[after:] if is_(Quality.GOOD)(one)]


@pytest.fixture(scope="module")
def standing() -> Iterator[Simulator]:
    with Simulator("opcua", "--level", "3.5", ready_s=READY_S) as plc:
        yield plc


@pytest.fixture
def plc(standing: Simulator) -> Iterator[Simulator]:
    yield standing
    standing.command("heal")
    standing.command("set", level=3.5)


def test_a_channel_with_its_unit_lives_by_its_counter(plc: Simulator) -> None:
    heard = Heard()
    with running(server(plc.port), heard):
        seen = heard.wait(is_(Quality.GOOD))
        assert isinstance(seen, Reading)
        assert (seen.channel, seen.level, seen.unit, seen.device_alarm) == ("h2s", 3.5, "ppm", False)
        plc.command("set", level=41.0)
        heard.wait(lambda one: isinstance(one, Reading) and one.level == 41.0)
    assert is_(Quality.STALE, "first word")(heard.all[0]) or is_(Quality.STALE)(heard.all[0])


ILLS: dict[str, tuple[dict[str, Any], Quality, str]] = {
    "uncertain": ({"kind": "status", "code": 0x40000000}, Quality.SUSPECT, "uncertain"),
    "last usable": ({"kind": "status", "code": 0x40900000}, Quality.STALE, "no longer updated"),
    "sensor failure": ({"kind": "status", "code": 0x808C0000}, Quality.FAULT, "sensor failure"),
    "no communication": ({"kind": "status", "code": 0x80310000}, Quality.COMM_FAIL, "does not hear"),
    "overridden by hand": ({"kind": "status", "code": 0x00960000}, Quality.INHIBITED, "by hand"),
    "at its upper limit": ({"kind": "status", "code": 0x00000600}, Quality.OVERRANGE, "upper limit"),
    "text": ({"kind": "text"}, Quality.FAULT, "no number"),
    "nan": ({"kind": "nan"}, Quality.FAULT, "no number"),
    "another unit": ({"kind": "unit", "text": "mg/m3"}, Quality.FAULT, "unit mg/m3"),
    "node gone": ({"kind": "node_gone"}, Quality.FAULT, "no such node"),
    "its own word": ({"kind": "state", "number": 2}, Quality.INHIBITED, "maintenance"),
    "an unknown word": ({"kind": "state", "number": 9}, Quality.FAULT, "state 9"),
    "not running": ({"kind": "not_running"}, Quality.COMM_FAIL, "does not run"),
}


@pytest.mark.parametrize("ill", ILLS)
def test_what_is_ill_is_never_good_and_heals(plc: Simulator, ill: str) -> None:
    fault, quality, words = ILLS[ill]
    heard = Heard()
    with running(server(plc.port), heard):
        heard.wait(is_(Quality.GOOD))
        plc.command("fault", **fault)
        seen = heard.wait(is_(quality, words))
        assert isinstance(seen, Reading)
        assert seen.level is None or quality is Quality.SUSPECT
        after = heard.mark()
        heard.wait(is_(quality, words), after)
        assert not good(heard, after)
        plc.command("heal")
        heard.wait(is_(Quality.GOOD), after)


def test_a_value_that_is_only_repeated_is_stale_although_its_status_is_good(plc: Simulator) -> None:
    heard = Heard()
    with running(server(plc.port, stale_s=2.0), heard):
        heard.wait(is_(Quality.GOOD))
        plc.command("fault", kind="frozen")
        heard.wait(is_(Quality.STALE, "last new value"), heard.mark())
        after = heard.mark()
        heard.wait(is_(Quality.STALE), after)
        assert not good(heard, after)


def test_a_server_that_stamps_its_values_is_judged_by_their_time(plc: Simulator) -> None:
    heard = Heard()
    with running(server(plc.port, STAMPED, stale_s=2.0), heard):
        seen = heard.wait(is_(Quality.GOOD))
        assert isinstance(seen, Reading)
        assert (seen.level, seen.unit) == (3.5, "%LEL")
        plc.command("fault", kind="frozen_time")  # written on and on, with the time of now
        heard.wait(is_(Quality.STALE, "last new value"), heard.mark())
        plc.command("fault", kind="no_time")
        heard.wait(is_(Quality.FAULT, "no time of measurement"))


def test_a_frozen_channel_that_was_never_seen_to_live_is_never_good(plc: Simulator) -> None:
    plc.command("fault", kind="frozen")
    heard = Heard()
    with running(server(plc.port), heard):
        heard.wait(is_(Quality.STALE, "first word"))
        plc.command("heal")
        heard.wait(is_(Quality.GOOD))
    first = next(at for at, one in enumerate(heard.all) if is_(Quality.STALE, "first word")(one))
    assert first < next(at for at, one in enumerate(heard.all) if is_(Quality.GOOD)(one))


def test_after_a_lost_server_everything_is_read_again(plc: Simulator) -> None:
    heard = Heard()
    with running(server(plc.port), heard):
        heard.wait(is_(Quality.GOOD))
        plc.command("gone")
        heard.wait(is_(Quality.COMM_FAIL))
        plc.command("set", level=7.5)
        after = heard.mark()
        plc.command("back")
        heard.wait(lambda one: isinstance(one, Reading) and one.level == 7.5, after)
        assert 3.5 not in {one.level for one in heard.all[after:] if isinstance(one, Reading)}


def test_a_server_that_never_was_is_told_every_period() -> None:
    heard = Heard()
    with unanswered() as port, running(server(port), heard):
        heard.wait(is_(Quality.COMM_FAIL, str(port)))
        heard.wait(is_(Quality.COMM_FAIL, str(port)), heard.mark())


def identity(folder: Path, name: str, uri: str) -> tuple[Path, Path]:
    """A self-signed application certificate and its key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=True, data_encipherment=True,
        key_agreement=False, key_cert_sign=True, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.UniformResourceIdentifier(uri), x509.DNSName("localhost")]), False
        )
        .add_extension(usage, False)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH]), False
        )
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / f"{name}.pem", folder / f"{name}.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate, private


def test_a_secured_server_lets_in_whom_it_trusts_with_the_right_password(tmp_path: Path) -> None:
    ours, our_key = identity(tmp_path, "box", "urn:edge:box")
    stranger, stranger_key = identity(tmp_path, "stranger", "urn:edge:stranger")
    theirs, their_key = identity(tmp_path, "plc", "urn:plc:server")
    secret = tmp_path / "secret"
    secret.write_text("right\n")
    options = ("--certificate", theirs, "--key", their_key, "--trust", ours, "--user", "box:right")
    table: dict[str, Any] = {
        "security": "sign_and_encrypt", "certificate": str(ours), "private_key": str(our_key),
        "server_certificate": str(theirs), "username": "box", "password_file": str(secret),
    }  # fmt: skip
    with Simulator("opcua", *map(str, options), ready_s=READY_S) as plc:
        heard = Heard()
        with running(server(plc.port, **table), heard):
            heard.wait(is_(Quality.GOOD))
        wrong = {
            "trust it at the server": {"certificate": str(stranger), "private_key": str(stranger_key)},
            "check username": {"password_file": str(tmp_path / "other")},
            "No such file": {"password_file": str(tmp_path / "gone")},
        }
        (tmp_path / "other").write_text("wrong\n")
        for words, changed in wrong.items():
            heard = Heard()
            with running(server(plc.port, **{**table, **changed}), heard):
                heard.wait(is_(Quality.COMM_FAIL, words))
            assert not good(heard, 0)
        heard = Heard()
        with running(server(plc.port, security="none"), heard):
            heard.wait(is_(Quality.COMM_FAIL))
        assert not good(heard, 0)


@pytest.mark.parametrize("severity", range(4))
def test_only_the_plain_good_is_good(severity: int) -> None:
    for subcode in range(0x400):
        code = severity << 30 | subcode << 16
        quality, words = meaning(code)
        assert (quality is Quality.GOOD) == (code == 0), hex(code)
        assert faults(words) == []
    assert meaning(0x00000400)[0] is Quality.GOOD  # about a data value, with nothing to say of it
    limits = [Quality.UNDERRANGE, Quality.OVERRANGE, Quality.SUSPECT]
    assert [meaning(0x00000400 | limit << 8)[0] for limit in (1, 2, 3)] == limits
    assert meaning(0x00000480)[0] is Quality.SUSPECT
