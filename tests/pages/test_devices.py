"""The device check: the real doctor's findings on the page, with an agent and without; how tags are heard."""

import shutil
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from edge_agent.domain.words import Words
from edge_agent.ops.clock_watch import MEANS
from edge_agent.tell.live_clock import LiveClock
from edge_agent.tell.live_supply import LiveSupply
from tests.pages.phone import Phone
from tests.pages.test_tasks import WEARABLES
from tests.support.board_world import Folder, live
from tests.support.desk_peer import DeskPeer
from tests.support.pages import TREE, Served, emptied

UNSYNCED = LiveClock(
    trusted=False, source="kernel", since_utc=1.8e9, offset_s=0.0125, error_s=16.0, drift_ppm=-3.2,
    chip_off_s=None,
    means=MEANS[False],
)  # fmt: skip
ON_BATTERY = LiveSupply(
    asked="nut", on_mains=False, since_utc=1.795e9, charge_pct=81.0, minutes=42.0, measured_min=30.0,
    measured_utc=1.79e9, job="T-2042", job_min=95.0, lasts=False,
    means=Words("备用电源只能维持 30 分钟，短于作业：T-2042 还有 95 分钟",
                "the back-up supply lasts 30 min, which is shorter than the work: T-2042 has 95 min to go"),
)  # fmt: skip


def tank(folder: Path) -> Path:
    """The demo tank, of whose devices none is there: nobody listens at these ports of this machine."""
    shutil.copytree(TREE / "zones" / "demo-tank", folder, ignore=shutil.ignore_patterns("state", "runtime", "web"))
    file = folder / "site.toml"
    text = file.read_text("utf-8").replace('runtime = "runtime"', 'runtime = "run"')
    for nobody, port in enumerate((11883, 11884, 15020, 15021), 1):
        text = text.replace(f"port = {port}", f"port = {nobody}")
    file.write_text(text.replace("127.0.0.1:8554/", "127.0.0.1:5/"), "utf-8")
    (folder / "web").mkdir()
    return emptied(folder)


def test_a_technician_finds_what_is_wrong_and_what_to_do(tmp_path: Path, phones: Callable[..., Phone]) -> None:
    site = tank(tmp_path / "site")
    folder = Folder(site / "run")
    with Served(site) as pages, folder.kept(lambda: live(wearables=WEARABLES, clock=UNSYNCED, supply=ON_BATTERY)):
        phone, panel = phones(pages.url, "zh", "phone"), phones(pages.url, "en", "panel")
        with DeskPeer(folder.path):  # an agent that runs
            phone.enter("chen-admin", "/devices")
            phone("details summary").click()
            expect(phone.page.get_by_text("正在运行，以下由它报告")).to_be_visible()
            panel.enter("chen-admin", "/")
        panel.page.get_by_role("link", name="Device check").click()
        panel.page.get_by_role("button", name="Run again").click()  # none runs now: the devices are asked
        for one, port, part in ((panel, "Port", "buses.gateway-1"), (phone, "端口", "relays.relay-1")):
            if one is phone:
                phone.page.get_by_role("button", name="重新检查").click()
            found = one.page.get_by_role("region", name=port, exact=True)
            expect(found.get_by_text(part, exact=True)).to_be_visible()
            expect(found.locator(".remedy").first).to_be_visible()
            expect(
                one.page.get_by_role("button", name="重新检查" if one is phone else "Run again")
            ).to_be_enabled()
            time = one(".box-time")
            expect(time.get_by_text("不可信" if one is phone else "Not trusted", exact=True)).to_be_visible()
            expect(time.get_by_text("12.5 ms")).to_be_visible()
            fed = one('[data-fed="battery"]')
            for told in ("42", "81 %", "30"):
                expect(fed.locator("dl")).to_contain_text(told)
            expect(fed.locator('[data-lasts="false"]')).to_contain_text("T-2042")
            tags = one(".wearables")
            expect(tags.get_by_text("8.5")).to_have_count(len(WEARABLES))
            expect(tags.get_by_text("73 %")).to_be_visible()
            one.look("60-devices")
            one.go("/board")
            expect(one(".banner.supply")).to_contain_text("T-2042")
            one.look("60-board-on-its-battery")
