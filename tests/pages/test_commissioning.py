"""The commissioning page: how each item stands, and a bump test that is signed on a phone."""

import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from edge_agent.clock import Instant
from edge_agent.ops.commission.standing import standing
from edge_agent.tell.live_file import write_commissioning
from tests.pages.phone import Phone
from tests.pages.test_devices import tank
from tests.scenarios.stories.commissioning import (
    a_commissioning_that_leaves_something_out_gives_no_certificate,
    asking_site,
)
from tests.support.board_world import Folder, live
from tests.support.desk_peer import DeskPeer
from tests.support.pages import Served

STEPS_BEFORE_IT_IS_DROPPED = -3


def test_a_technician_sees_what_is_left_and_signs_a_bump_test(
    tmp_path: Path, phones: Callable[..., Phone]
) -> None:
    site = tank(tmp_path / "site")
    folder = Folder(site / "run")
    told = a_commissioning_that_leaves_something_out_gives_no_certificate(asking_site())
    kept = told.decisions[STEPS_BEFORE_IT_IS_DROPPED].state.commissioning
    with Served(site) as pages, folder.kept(live), DeskPeer(folder.path) as peer:
        write_commissioning(
            folder.path, standing(told.settings, kept, Instant(now_s=told.now_s, utc=told.utc, trusted=True))
        )
        phone, panel = phones(pages.url, "zh", "phone"), phones(pages.url, "en", "panel")
        panel.enter("chen-admin", "/commissioning")
        expect(panel.page.get_by_text("FAILED (measured by the box)").first).to_be_visible()
        expect(panel.page.get_by_text("not seen yet: the box measures it when it happens").first).to_be_visible()
        panel.look("61-commissioning")
        phone.enter("gu-tech", "/commissioning")
        phone.page.get_by_role("button", name="测试", exact=True).first.click()
        phone.page.get_by_label("数值").fill("1.25")
        phone.page.get_by_label("备注").fill("bottle 7")
        phone.look("61-commissioning")
        phone.badge("badge-gu-tech")
        expect(phone.page.get_by_label("数值")).to_have_count(0)
        form = json.loads([said for said in peer.asked if said["do"] == "signed"][-1]["form"])
    assert form["commission"] == {"do": "take", "of": "bump/gas-ch4", "value": 1.25, "note": "bottle 7"}
