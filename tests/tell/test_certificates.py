"""A broker that asks for a certificate: shown, refused in words, and replaced without a restart."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.broker import Mosquitto
from tests.tell.conftest import Agent
from tests.tell.test_forwarder import certificate

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
