"""A certificate that ran out, soon will, or is none, is named with its day and what to do."""

import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace

from edge_agent.clock import Instant, SystemClock
from edge_agent.ops.doctor.certificates import look, named
from edge_agent.settings.site import Settings
from edge_agent.settings.site_brokers import BrokerTable
from tests.support.languages import HAN
from tests.support.story import scenario_site

DAY_S = 86_400.0


class At:
    """A clock that stands so many days from now."""

    def __init__(self, days: float, *, trusted: bool = True) -> None:
        self._days, self._trusted = days, trusted

    def instant(self) -> Instant:
        now = SystemClock(declared=True).instant()
        return replace(now, utc=now.utc + self._days * DAY_S, trusted=self._trusted)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Its uplink shows a certificate of 90 days."""
    folder = tmp_path_factory.mktemp("site")
    command = (
        f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 90 -subj /CN=unit "
        f"-keyout {folder}/unit.key -out {folder}/unit.crt"
    )
    subprocess.run(command.split(), check=True, capture_output=True)
    settings = scenario_site()
    files = {"ca": f"{folder}/unit.crt", "client_cert": f"{folder}/unit.crt", "client_key": f"{folder}/unit.key"}
    uplink = BrokerTable(host="127.0.0.1", port=1, **files)
    return replace(settings, folder=folder, site=replace(settings.site, uplink=uplink))


def codes(site: Settings, days: float, *, trusted: bool = True) -> list[str]:
    found = list(look(site, At(days, trusted=trusted)))  # type: ignore[arg-type]
    assert all(HAN.search(one.says.zh) for one in found)
    return [one.code for one in found]


DAYS = {0: "fine", 59: "fine", 61: "certificate_ends", 89: "certificate_ends", 91: "certificate_over"}


@pytest.mark.parametrize(("days", "code"), DAYS.items())
def test_it_is_told_a_month_before_and_after_the_day(site: Settings, days: float, code: str) -> None:
    assert set(codes(site, days)) == {code}


def test_without_a_date_nothing_is_said_to_be_fine(site: Settings) -> None:
    assert codes(site, 0, trusted=False) == ["no_date"]


def test_what_is_no_certificate_is_named(site: Settings, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.pem"
    wrong.write_text("no certificate")
    uplink = replace(site.site.uplink, client_cert=str(wrong))
    settings = replace(site, site=replace(site.site, uplink=uplink))
    assert codes(settings, 0) == ["certificate_unusable"]
    assert set(named(settings)) == {"uplink.ca", "uplink.client_cert"}
