"""Each further box of a site: settings from a template and a table, people from a table, its label printed.

How long people have their hands on it is counted by the rates of hands.py: at most 90 s, the office's part too.
What is no hands-on time is the machine's: it is told, and no test of time.
"""

import csv
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import expect

from tests.pages.first_work import begins_work, claims, enters_people, standing
from tests.pages.hands import READ_S, TAP_S, Hands, Times
from tests.pages.new_box import Box, boxed
from tests.pages.phone import Phone

HANDS_ON_S = 90.0
UNITS = ("edge-1", "edge-2", "edge-3")
DEVICES = """
[buses.gateway-1]
kind = "modbus_tcp"
host = "@gateway@"
port = {gateway}

[gas.gas-ch4-1]
name = {{ zh = "甲烷", en = "Methane" }}
bus = "gateway-1"
unit_id = 1
profile = "cn10_single_gas"
gas = "ch4"
area = "inside"

[relays.relay-1]
name = {{ zh = "继电器", en = "Relay" }}
areas = ["inside", "around"]
host = "@gateway@"
port = {relay}
unit_id = 1
profile = "wago_750-362"

[relays.relay-1.outputs.permissive]
coil = 0
does = "permissive"

[relays.relay-1.contacts.feedback]
input = 0
kind = "feedback"
of = "permissive"

[wearables.tag-1]
name = {{ zh = "监护人手环", en = "Guard's tag" }}
profile = "omlox_wristband"
provider_id = "tag-guard"
period_s = 1.0
"""


class Further(Box):
    """A box whose settings come from the office."""

    def provisioned(self, unit: str) -> None:
        """In the office: one command for every box of the table; then this one's folder is put into its place."""
        template = self.folder / "template"
        self.site = template
        self.begun()
        text = (template / "site.toml").read_text("utf-8")
        text = text.replace('unit = "edge-1"', 'unit = "@unit@"').replace('en = "Plant 7"', 'en = "@en@"')
        text += DEVICES.format(gateway=self.gateway.port, relay=self.relay.port)
        (template / "site.toml").write_text(text, "utf-8")
        with (self.folder / "boxes.csv").open("w", encoding="gb18030", newline="") as file:
            csv.writer(file, delimiter=";").writerows(
                (("unit", "en", "gateway"), *((one, f"Plant 7, {one}", "127.0.0.1") for one in UNITS))
            )
        given = [str(self.folder / name) for name in ("template", "boxes.csv", "out")]
        subprocess.run([sys.executable, "-m", "edge_agent", "provision", *given], check=True)
        self.site = self.folder / "out" / unit


@pytest.fixture
def box() -> Iterator[Further]:  # type: ignore[override]
    with ExitStack() as ends:
        yield ends.enter_context(boxed(Further))


def test_a_further_box_takes_little_of_peoples_time(box: Further, phones: Callable[..., Phone]) -> None:
    times = Times(HANDS_ON_S)
    box.provisioned("edge-2")
    assert (box.folder / "out" / "labels.pdf").read_bytes().startswith(b"%PDF")
    fitter = times.watched(Hands(phones(box.url, "en", "phone")))
    fitter.command("edge-agent provision template boxes.csv out")
    times.told("office: settings and labels of all boxes")
    for line in (
        "apt install -y ./edge-agent_*.deb",
        "cp -r out/edge-2/. /etc/edge-agent",
        "systemctl start edge-agent.target",
    ):
        fitter.command(line)
    box.started()
    times.told("console")
    fitter.person_s += TAP_S + READ_S  # the code on its label, read with the phone
    claims(fitter, box.code, opens=("people", "trial"))
    times.told("claim")
    for step in ("detector", "relay", "wearable"):
        standing(fitter, step, "done")
    people = enters_people(fitter, box)
    times.told("people, by their table")
    assert fitter.person_s <= HANDS_ON_S, f"hands on it for {fitter.person_s:.0f} s"
    times.kept()
    expect(fitter.phone(".setup-steps [data-step='people']")).to_have_attribute("data-standing", "done")
    begins_work(box, {one: Hands(phones(box.url, "en", "phone")) for one in people})
