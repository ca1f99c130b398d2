"""Labels: of every place and device that the settings have, for those who keep them; each leads to its page."""

import re
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.support.pages import TREE, cookie, make_client

SCALE = 6  # web_ui/api/qr.py
STEP = re.compile(r"([Mmh])(-?[0-9.]+)(?: (-?[0-9.]+))?")
TABLES = """
[gas.gas-1]
name = { zh = "甲烷", en = "Methane" }
area = "tank-mouth"

[relays.relay-1]
name = { zh = "继电器", en = "Relay" }

[wearables."tag 7/x"]
"""


@pytest.fixture
def labelled(site: Path) -> Path:
    """A site with one of each."""
    with (site / "site.toml").open("a", encoding="utf-8") as file:
        file.write(TABLES)
    (site / "areas.toml").write_bytes((TREE / "zones" / "demo-tank" / "areas.toml").read_bytes())
    return site


def scanned(svg: str) -> str:
    """What a phone reads of a drawing: its dark runs painted module by module, as a browser paints them."""
    size = int(svg.partition('height="')[2].partition('"')[0]) // SCALE
    picture, x, y = np.full((size, size), 255, np.uint8), 0, 0
    for verb, first, second in STEP.findall(svg.partition(' d="')[2].partition('"')[0]):
        if verb == "h":
            picture[y, x : x + int(first)] = 0
            x += int(first)
        else:
            across, down = int(first), int(float(second))
            x, y = (across, down) if verb == "M" else (x + across, y + down)
    return str(cv2.QRCodeDetector().detectAndDecode(np.kron(picture, np.ones((4, 4), np.uint8)))[0])


def test_every_place_camera_and_device_has_one_and_its_code_leads_to_its_page(labelled: Path) -> None:
    client = make_client(labelled, cookie(labelled, "gu-tech"))
    told = client.get("/api/v1/labels").json
    assert told is not None
    assert (told["site"], told["unit"]) == ("demo-tank", "box-1")
    found = {f"{one['kind']}/{one['id']}": one for one in told["labels"]}
    assert set(found) == {
        "point/tank-mouth", "point/tank-inside", "point/yard", "camera/cam-1", "device/gas-1", "device/relay-1",
        "device/tag 7/x",
    }  # fmt: skip
    assert found["device/gas-1"]["place"]["en"] == "Manhole, guard's post"
    assert found["device/tag 7/x"]["name"]["zh"] == "tag 7/x", "a device without a name is called by its id"
    for key, one in found.items():
        if "/" in one["id"]:
            continue  # no id of the settings has one; nothing is drawn for it
        svg = client.get(f"/api/v1/qr/{key}.svg").text
        assert scanned(svg) == f"https://192.0.2.7:8443{one['path']}", key
    assert found["point/yard"]["path"] == "/at/yard"
    assert found["device/gas-1"]["path"] == "/detectors?of=gas-1"


def test_nothing_is_drawn_for_what_the_settings_do_not_have(labelled: Path) -> None:
    client = make_client(labelled, cookie(labelled, "gu-tech"))
    for key in ("point/none", "camera/gas-1", "device/cam-1", "device/%0d%0aX", "device/..%2f..%2fsite"):
        answer = client.get(f"/api/v1/qr/{key}.svg")
        assert answer.status_code == 404, key


def test_a_device_that_was_entered_just_now_has_one_too(labelled: Path) -> None:
    client = make_client(labelled, cookie(labelled, "gu-tech"))
    assert client.get("/api/v1/qr/device/gas-2.svg").status_code == 404
    with (labelled / "site.toml").open("a", encoding="utf-8") as file:
        file.write('[gas.gas-2]\nname = { zh = "氧", en = "Oxygen" }\n')
    assert client.get("/api/v1/qr/device/gas-2.svg").status_code == 200


def test_settings_that_cannot_be_read_are_told_and_give_no_empty_sheet(labelled: Path) -> None:
    client = make_client(labelled, cookie(labelled, "gu-tech"))
    (labelled / "site.toml").write_text("[", encoding="utf-8")
    answer = client.get("/api/v1/labels")
    assert answer.json is not None
    assert answer.json["error"]["code"] == "E-NO-PLAN"
    assert "site.toml" in str(answer.json)
