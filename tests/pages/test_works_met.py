"""Works that must not meet, on a whole box: three real tickets, what is said of them, and how it goes away."""

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from playwright.sync_api import expect

from edge_agent.domain.request import Ask
from edge_agent.domain.ticket import Point
from edge_agent.ops.demo.live_cast import PINS, LiveCast
from edge_agent.ops.demo.plays import tickets
from edge_agent.ops.demo.plays.common import arrives, begins, goes_in
from edge_agent.ops.demo.stage import Stage
from edge_agent.ops.demo.timeline import Timeline
from edge_agent.settings.load import load
from tests.pages.conftest import any_port
from tests.pages.phone import Phone
from tests.support.demo_root import REPOSITORY

PLANT = REPOSITORY / "zones" / "demo-plant"
HOUR_S = 3600.0


@pytest.fixture(scope="module")
def plant() -> Iterator[Stage]:
    """The demo plant's box, from the field to the pages, on ports of the kernel's choice."""
    if shutil.which("mosquitto", path="/usr/bin:/usr/sbin:/usr/local/sbin") is None:
        pytest.skip("mosquitto is not installed (apt-get install mosquitto)")
    folder = Path(tempfile.mkdtemp(prefix="edge-works-"))
    folder.chmod(0o755)  # mosquitto gives up root and must reach its own folder in it
    source = folder / "source"
    shutil.copytree(PLANT, source, ignore=shutil.ignore_patterns("state", "runtime", "web"))
    text = any_port((source / "site.toml").read_text("utf-8"))
    text = re.sub(r"(?m)^port = \d+", "port = 0", text).replace("127.0.0.1:8554/", "127.0.0.1:0/")
    (source / "site.toml").write_text(text, "utf-8")
    with Stage(source, folder, None, warmup_s=0) as set_up:
        yield set_up
    shutil.rmtree(folder, ignore_errors=True)


def test_what_must_not_meet_is_seen_and_so_is_that_it_is_over(plant: Stage, phones: Callable[..., Phone]) -> None:
    cast = LiveCast(plant, load(plant.site, REPOSITORY), Timeline())
    inside, weld = tickets.tank(cast.now_utc), tickets.weld(cast.now_utc)
    later = replace(
        tickets.scaffold(cast.now_utc),
        area="welding-point",
        point=Point(11.0, -5.0),
        valid_from_utc=cast.now_utc + 5 * HOUR_S,
        valid_to_utc=cast.now_utc + 9 * HOUR_S,
    )
    begins(cast, inside, "li-na", "relay-1")
    goes_in(cast, inside, "li-na")
    cast.walk("tag-guard-3", 10.0, -2.0)
    cast.walk("tag-worker-3", 10.0, -5.0)
    cast.there("tag-guard-3", 30)
    arrives(cast, weld, "ma-chao")
    cast.refused(Ask.START, "xu-hui", weld.id, "TANK-1")
    cast.bring(later)
    cast.sees("permit.received", later.id, 10)
    officers = []
    for language, size in (("zh", "phone"), ("en", "phone"), ("en", "tablet"), ("zh", "panel"), ("en", "panel")):
        officer = phones(f"https://127.0.0.1:{plant.ports.board}", language, size)
        officer.go("/login?then=/works")
        officer.log_in("zhao-min", PINS["zhao-min"])
        waits = officer('[data-pair="TANK-1 WELD-1"], [data-pair="WELD-1 TANK-1"]')
        expect(waits).to_have_attribute("data-effect", "block")
        expect(waits.locator("strong")).to_contain_text("WELD-1")
        bar = officer('.bar-row[href="/p/WELD-1"]')
        expect(bar.locator(".waits")).to_contain_text("TANK-1")
        expect(officer(".waits")).to_have_count(1)  # the height work of this afternoon waits for nobody
        apart = officer('[data-pair="WELD-1 HEIGHT-1"], [data-pair="HEIGHT-1 WELD-1"]')
        expect(apart).to_have_attribute("data-effect", "coordinate")
        expect(apart.locator(".hint")).to_be_visible()  # they are not at one time
        expect(officer(".bar")).to_have_count(3)
        officer.look("114-works-met")
        officers.append(officer)
    cast.do(Ask.REVOKE, "feng-tao", inside.id, reason="done for today")
    for officer in officers:
        expect(officer(".pairs li")).to_have_count(1)
        expect(officer(".pairs strong")).to_have_count(0)
        expect(officer(".bar")).to_have_count(2)
    officers[0].look("115-works-apart")
