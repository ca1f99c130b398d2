"""Gas charts: a day of a channel with what was not measured as gaps, what was decided, and what is due."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from playwright.sync_api import expect

from edge_agent.ops.folders import DATABASE, HISTORY
from edge_agent.store.batch import Batch
from edge_agent.store.chain import GENESIS
from edge_agent.store.history import History, Minute
from edge_agent.store.store import Store
from edge_agent.tell.live_curves import Curve, Curves
from edge_agent.tell.live_file import write_curves
from edge_agent.tell.live_measured import LiveLimits
from edge_agent.tell.live_vouched import LiveRecord
from tests.pages.phone import Phone
from tests.support.board_world import Folder, channel, live, permit
from tests.support.pages import Served
from tests.support.store_values import entries, event

DAY_MIN = 1440
# Every colour that a chart has drawn.
INK = """(canvas) => { const { width, height } = canvas, seen = new Set();
    const all = canvas.getContext("2d").getImageData(0, 0, width, height).data;
    for (let at = 0; at < all.length; at += 4)
        if (all[at + 3] > 200) seen.add(`${all[at]},${all[at + 1]},${all[at + 2]}`);
    return [...seen]; }"""
INK_OF_MEAN, BLIND, OVER, RED = "13,20,27", "195,203,211", "243,182,176", "143,15,8"


def a_day(state: Path) -> None:
    """Hydrogen sulphide: a silence of two hours, a spell over its range, an alarm."""
    now_min = int(time.time()) // 60
    history = History(state / HISTORY)
    for ago in range(DAY_MIN, 0, -1):
        silent, over = 600 < ago < 720, 310 < ago < 318
        level = None if silent or over else 0.4 + (8.0 if 300 < ago < 330 else 0.0) + (ago % 7) / 20
        history.keep(
            [
                Minute(
                    channel="gas-h2s",
                    minute=now_min - ago,
                    low=level,
                    high=None if level is None else level + 0.5,
                    total=0.0 if level is None else 30 * (level + 0.2),
                    numbers=0 if level is None else 30,
                    seconds=60,
                    worst="m" if silent else "o" if over else "g",
                )
            ]
        )
    history.close()
    words = {"zh": "硫化氢 8.4 ppm", "en": "H2S 8.4 ppm"}
    raised = replace(
        event(1, source="gas-h2s", detail=words), type="alarm.raised", at_utc=now_min * 60 - 330 * 60.0
    )
    with Store.open(state / DATABASE) as store:
        store.commit(Batch(audit=entries([raised], GENESIS)))


@pytest.fixture
def site(box: Served, folder: Folder) -> Path:
    a_day(box.site / "state")
    now = time.time()
    quarter = Curve(
        from_utc=now - 900, step_s=2.0, levels=(0.4,) * 300 + (None,) * 150, quality=("g",) * 300 + ("f",) * 150
    )
    write_curves(folder.path, Curves(at_utc=now, channels={"gas-h2s": quarter}))
    return box.site


def test_a_day_of_gas_is_read_in_both_languages(
    site: Path, folder: Folder, served: Served, phones: Callable[..., Phone]
) -> None:
    assert site
    now = time.time()
    record = LiveRecord(
        status="in_service", calibration_due_utc=now - 86_400, bump_tested_utc=now - 86_400, bump_due=True
    )
    h2s = channel(limits=LiveLimits(warn=5.0, stop=7.2), record=record)
    with folder.kept(lambda: live(gas=(h2s, *live().gas[:1]), permits=(permit(gas=("gas-h2s",)),))):
        for language, size in (("zh", "phone"), ("en", "panel"), ("zh", "tablet")):
            phone = phones(served.url, language, size)
            phone.enter("li-na", "/board")
            phone.page.get_by_role("link", name="Gas" if language == "en" else "气体", exact=True).click()
            figure = phone('[data-channel="gas-h2s"]')
            expect(figure.locator("canvas")).to_be_visible()
            expect(figure).to_contain_text("9.2")  # the highest
            seen = set(figure.locator("canvas").evaluate(INK))
            assert {INK_OF_MEAN, BLIND, OVER, RED} <= seen, "line, gap, over its range, limit"
            expect(figure.locator(".legend .over")).to_be_visible()
            expect(figure.locator('.due [data-due="true"]')).to_have_count(2)
            figure.locator("summary").click()
            expect(figure.get_by_role("link")).to_contain_text("报警" if language == "zh" else "larm")
            figure.locator(".u-over").hover(position={"x": 40, "y": 60})
            expect(figure.locator(".moment")).to_contain_text("ppm")
            phone.look("70-gas")
        phone.page.get_by_role("button", name="15 分钟").click()
        expect(figure).to_have_attribute("data-hours", "quarter")
        expect(figure.locator(".legend .gap")).to_contain_text("故障")
        expect(phone('[data-channel="gas-ch4"]')).to_contain_text("没有测得数值")
