"""Labels on paper: what a technician chooses is printed in both languages, and a phone reads every code."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import cv2
import numpy as np
from playwright.sync_api import expect

from tests.pages.phone import Phone
from tests.support.board_world import Folder, live
from tests.support.pages import TREE, Served

DEVICES = """
[gas.gas-ch4]
name = { zh = "甲烷检测仪", en = "Methane detector" }
area = "tank-inside"
[wearables.tag-1]
name = { zh = "手环一", en = "Wristband 1" }
"""
MM = 96 / 25.4  # CSS pixels of one
A4_MM = (210, 297)


def scanned(picture: bytes) -> set[str]:
    """Every code that is read of a picture."""
    seen = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert seen is not None
    _, texts, _, _ = cv2.QRCodeDetector().detectAndDecodeMulti(cv2.resize(seen, None, fx=2, fy=2))
    return set(texts) - {""}


def on_paper(phone: Phone) -> bytes:
    """The page as it goes to the printer, seen from above."""
    phone.page.emulate_media(media="print")
    phone.page.set_viewport_size({"width": round(A4_MM[0] * MM), "height": round(A4_MM[1] * MM)})
    picture = phone.page.screenshot(full_page=True)
    phone.page.emulate_media(media="null")
    phone.resize(phone.size)
    return picture


@contextmanager
def devices(file: Path) -> Iterator[None]:
    """The site has a detector and a wristband more meanwhile."""
    before = file.read_text("utf-8")
    file.write_text(before + DEVICES, "utf-8")
    yield
    file.write_text(before, "utf-8")


def test_labels_are_chosen_printed_and_read_by_a_phone(
    served: Served, folder: Folder, phones: Callable[..., Phone], tmp_path: Path
) -> None:
    areas = (TREE / "zones" / "demo-tank" / "areas.toml").read_bytes()
    (folder.path.parent / "areas.toml").write_bytes(areas)
    with devices(folder.path.parent / "site.toml"), folder.kept(live):
        for language, size in (("zh", "phone"), ("en", "tablet"), ("zh", "panel")):
            fitter = phones(served.url, language, size)
            fitter.enter("gu-tech", "/setup")
            fitter.tap('a[href="/labels"]')
            expect(fitter(".label")).to_have_count(6)
            fitter.has_pictures(".label img")
            fitter.look("130-labels")
        sheet = on_paper(fitter)
        (tmp_path / "sheet.png").write_bytes(sheet)
        read = {urlsplit(text)._replace(scheme="", netloc="").geturl() for text in scanned(sheet)}
        assert read == {
            "/at/tank-mouth", "/at/tank-inside", "/at/yard", "/cameras/cam-1", "/detectors?of=gas-ch4",
            "/detectors?of=tag-1",
        }  # fmt: skip
        fitter.page.pdf(path=tmp_path / "sheet.pdf", prefer_css_page_size=True)
        fitter.page.get_by_role("button", name="每页一张").click()
        expect(fitter(".sheet")).to_have_count(6)
        fitter.look("131-door-labels")
        fitter.page.pdf(path=tmp_path / "door.pdf", prefer_css_page_size=True)
        scanning = phones(served.url, "en", "phone")
        scanning.enter("gu-tech", "/detectors?of=gas-ch4")
        expect(scanning("[data-scanned]")).to_contain_text("gas-ch4")
