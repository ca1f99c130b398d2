"""A real box whose centre is cut off: what it had sent goes on counting, and people are telephoned."""

import shutil
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge_agent.domain.centre_record import Body, ContactPerson, Contacts
from edge_agent.domain.centre_rule import RuleLimit, RuleTable
from edge_agent.ops.demo.stage import Stage
from edge_agent.simulate.modem import SimulatedModem
from edge_agent.tell import signing
from tests.system.conftest import anywhere
from tests.system.site import Site, centre_key, until

ZHAO, FENG = "+8613800000001", "+8613800000002"


@pytest.fixture
def modem() -> Iterator[SimulatedModem]:
    with SimulatedModem() as played:
        yield played


@pytest.fixture
def site(modem: SimulatedModem) -> Iterator[Site]:
    folder = Path(tempfile.mkdtemp(prefix="edge-cut-"))
    folder.chmod(0o755)
    source = anywhere(folder / "source")
    with (source / "site.toml").open("a") as settings:
        settings.write(f'\n[short_messages]\ndevice = "{modem.device}"\nlanguage = "en"\nafter_s = 1.0\n')
    with Stage(source, folder, None, warmup_s=0) as stage:
        yield Site(stage)
    shutil.rmtree(folder, ignore_errors=True)


def tells(site: Site, body: Body, version: int = 1) -> None:
    """The centre sends it."""
    now_utc = time.time()
    made = signing.envelope(
        body, message=str(uuid.uuid4()), version=version, issued_at=now_utc, expires_at=now_utc + 600,
        site="demo-tank", unit="edge-1",
    )  # fmt: skip
    kind = made["type"]
    site.seen.send(
        f"edge/demo-tank/edge-1/dn/{kind}", signing.sign(made, centre_key(site.stage.site), "demo-centre")
    )
    site.event("record.updated", kind=kind, version=version)


def test_a_limit_of_the_centre_stops_the_work_and_who_answers_for_it_is_telephoned(
    site: Site, modem: SimulatedModem
) -> None:
    people = (
        ContactPerson(name="Zhao Min", role="safety_officer", phone=ZHAO, verified_utc=time.time() - 86400),
        ContactPerson(name="Feng Tao", role="area_owner", phone=FENG),
    )
    tells(site, Contacts(id="contacts", people=people, valid_until_utc=time.time() + 86400))
    site.begin_work()
    limit = RuleLimit(value=4.0, unit="ppm", reason="instruction S-12")
    tells(site, RuleTable(id="rule", rulebook="demo-confined-space", limits={"gases.h2s.stop_high": limit}))
    site.event("alarm.raised", rule="limits_of_the_centre")
    site.stage.central.stop()
    mark = site.stage.relay.mark()
    site.stage.gateway.command("set", gas="h2s", level=4.5)
    site.coil(mark, on=False)
    said = " ppm (allowed: at most 4 ppm)"  # the value itself has some noise
    until(
        lambda: {number for number, text in modem.sent if text.endswith(said)} == {ZHAO, FENG},
        f"both are telephoned: {modem.sent}",
    )
    site.event("notice.told", state="arrived", name="Zhao Min", verified=True)
