"""A broker that asks for a certificate: shown, refused in words, and replaced without a restart."""

import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import NameOID

from edge_agent.store.batch import Batch
from tests.support.broker import Mosquitto
from tests.tell.conftest import Agent
from tests.tell.test_forwarder import certificate, told

MakeAgent = Callable[..., Agent]


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Mosquitto]:
    """It lets in whoever has the certificate `unit` alone."""
    crt, key = certificate(tmp_path, "right")
    known, _ = certificate(tmp_path, "unit")
    lines = f"certfile {crt}\nkeyfile {key}\ncafile {known}\nrequire_certificate true"
    with Mosquitto(tmp_path / "broker", tls=lines) as broker:
        yield broker


def shown(folder: Path, name: str) -> dict[str, str]:
    return {
        "ca": str(folder / "right.crt"),
        "client_cert": str(folder / f"{name}.crt"),
        "client_key": str(folder / f"{name}.key"),
    }


def run_out(folder: Path, name: str) -> None:
    """Signs the key that `name` has anew, with an end that was an hour ago."""
    key = load_pem_private_key((folder / f"{name}.key").read_bytes(), password=None)
    assert isinstance(key, EllipticCurvePrivateKey)
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now - timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    (folder / f"{name}.crt").write_bytes(made.public_bytes(Encoding.PEM))


def test_a_broker_whose_certificate_has_run_out_gets_nothing_until_it_has_a_new_one(
    tmp_path: Path, make_agent: MakeAgent
) -> None:
    certificate(tmp_path, "right")
    good = (tmp_path / "right.crt").read_bytes()
    run_out(tmp_path, "right")
    tls = f"certfile {tmp_path}/right.crt\nkeyfile {tmp_path}/right.key"
    with Mosquitto(tmp_path / "broker", tls=tls) as broker:
        agent = make_agent(broker.port, ca=str(tmp_path / "right.crt"))
        agent.commit(Batch(outbox=tuple(told(seq) for seq in range(1, 51))))
        said = agent.wait_for_link(up=False).detail
        assert said.en.startswith("TLS:")
        assert "expired" in said.en
        assert agent.waiting() == 50
        broker.stop()
        (tmp_path / "right.crt").write_bytes(good)
        broker.start()
        agent.wait_for_link(up=True)
        while agent.waiting():
            threading.Event().wait(0.01)
        assert agent.deaths == 0


def test_a_unit_whose_certificate_has_run_out_says_so_and_keeps_everything(
    asking: Mosquitto, make_agent: MakeAgent, tmp_path: Path
) -> None:
    run_out(tmp_path, "unit")
    agent = make_agent(asking.port, **shown(tmp_path, "unit"))
    agent.commit(Batch(outbox=(told(1),)))
    assert "certificate" in agent.wait_for_link(up=False).detail.en
    assert agent.waiting() == 1


def test_a_unit_with_its_certificate_is_let_in(asking: Mosquitto, make_agent: MakeAgent, tmp_path: Path) -> None:
    assert make_agent(asking.port, **shown(tmp_path, "unit")).wait_for_link(up=True).up


def test_a_strangers_certificate_is_refused_and_the_right_one_counts_without_a_restart(
    asking: Mosquitto, make_agent: MakeAgent, tmp_path: Path
) -> None:
    certificate(tmp_path, "stranger")
    for kind in ("crt", "key"):
        shutil.copy(tmp_path / f"stranger.{kind}", tmp_path / f"now.{kind}")
    agent = make_agent(asking.port, **shown(tmp_path, "now"))
    assert agent.wait_for_link(up=False).detail.en
    for kind in ("crt", "key"):
        shutil.copy(tmp_path / f"unit.{kind}", tmp_path / f"now.{kind}")
    agent.wait_for_link(up=True)
    assert agent.deaths == 0


def test_without_a_certificate_or_with_anothers_key_it_is_refused_in_words(
    asking: Mosquitto, make_agent: MakeAgent, tmp_path: Path
) -> None:
    none = make_agent(asking.port, ca=str(tmp_path / "right.crt"))
    assert "certificate" in none.wait_for_link(up=False).detail.en
    none.end()
    certificate(tmp_path, "stranger")
    mixed = {**shown(tmp_path, "unit"), "client_key": str(tmp_path / "stranger.key")}
    assert make_agent(asking.port, **mixed).wait_for_link(up=False).detail.en.startswith("TLS:")


def test_a_key_with_a_password_is_refused_and_nobody_is_asked_for_it(
    asking: Mosquitto, make_agent: MakeAgent, tmp_path: Path
) -> None:
    locked = tmp_path / "locked.key"
    command = [
        "openssl",
        "ec",
        "-in",
        str(tmp_path / "unit.key"),
        "-aes256",
        "-passout",
        "pass:x",
        "-out",
        str(locked),
    ]
    subprocess.run(command, check=True, capture_output=True)
    files = {**shown(tmp_path, "unit"), "client_key": str(locked)}
    assert make_agent(asking.port, **files).wait_for_link(up=False).detail.en.startswith("TLS:")
