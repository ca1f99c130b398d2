"""A still of an event leaves the box masked, with what it says of itself; with faces for who answers for that."""

import hashlib
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge_agent.domain.observation import Aim
from edge_agent.domain.request import Ask
from edge_agent.domain.words import WordsError
from edge_agent.field.lettering import lettered
from edge_agent.ops.recordings.masking import masked_still
from edge_agent.ops.recordings.remux import RemuxError
from edge_agent.sense.camera.proof.drawn import CANARY, HEIGHT, WIDTH, drawn
from edge_agent.tell.evidence import stamp_of, stamped
from tests.ops.test_recording_command import INSIDE, Console, console, source  # noqa: F401 (fixtures)
from tests.ops.test_recordings import Site

STAMP = json.dumps({"event": 412, "camera": "cam-1", "area": "tank-inside"}).encode()
HEAD_BLOCK = 8.0  # spread of grey levels over a face's row: a masked one is flat within its blocks


def still() -> bytes:
    _, jpeg = cv2.imencode(".jpg", drawn(CANARY), [cv2.IMWRITE_JPEG_QUALITY, 95])
    return stamped(jpeg.tobytes(), STAMP)


def people(_picture: np.ndarray) -> list[tuple[float, float, float, float]]:
    return [tuple(corners) for corners in CANARY.persons.tolist()]


def changed(one: bytes, other: bytes, box: tuple[float, ...]) -> float:
    """By how much the two differ inside a box, in grey levels."""
    a, b = (
        cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE).astype(float) for jpeg in (one, other)
    )
    x1, y1, x2, y2 = (round(part * side) for part, side in zip(box, (WIDTH, HEIGHT) * 2, strict=True))
    return float(np.abs(a - b)[y1:y2, x1:x2].mean())


def test_every_head_is_hidden_and_the_rest_is_as_it_was() -> None:
    copy = masked_still(still(), people, (), "")
    for x1, y1, x2, y2 in CANARY.persons.tolist():
        high = y2 - y1
        assert changed(still(), copy, (x1, y1, x2, y1 + 0.25 * high)) > HEAD_BLOCK
        assert changed(still(), copy, (x1, y1 + 0.5 * high, x2, y2)) < HEAD_BLOCK / 2
    assert stamp_of(copy) == STAMP


def test_who_stands_outside_the_place_of_the_work_is_hidden_whole() -> None:
    copy = masked_still(still(), people, (INSIDE,), INSIDE.area)
    inside, outside, _ = CANARY.persons.tolist()
    for (x1, y1, x2, y2), whole in ((inside, False), (outside, True)):
        legs = changed(still(), copy, (x1, y1 + 0.6 * (y2 - y1), x2, y2))
        assert (legs > HEAD_BLOCK) is whole


def test_what_is_no_picture_is_not_copied() -> None:
    for jpeg in (b"", b"\xff\xd8\xff", b"no picture"):
        with pytest.raises(RemuxError):
            masked_still(jpeg, people, (), "")


def test_the_stamp_is_found_where_it_was_put_and_nowhere_else() -> None:
    _, plain = cv2.imencode(".jpg", drawn(CANARY))
    assert stamp_of(plain.tobytes()) is None
    assert stamp_of(b"\xff\xd8") is None
    assert stamp_of(b"\xff\xd8\xff") is None
    assert stamp_of(stamped(plain.tobytes(), STAMP)) == STAMP


def test_the_command_masks_with_the_boxs_own_model(console: Console, tmp_path: Path) -> None:  # noqa: F811
    folder = console.settings.state_folder / "evidence"
    folder.mkdir(exist_ok=True)
    (folder / "412-cam-1.jpg").write_bytes(still())
    why = ("--by", "zhao-min", "--reason", "police")
    out, raw = tmp_path / "out.jpg", tmp_path / "raw.jpg"
    assert console.typed("export", "412-cam-1.jpg", out, *why) == 0
    assert console.typed("export", "412-cam-1.jpg", raw, *why, "--raw") == 0
    assert raw.read_bytes() == still()
    assert stamp_of(out.read_bytes()) == STAMP
    (x1, y1, x2, y2), *_ = CANARY.persons.tolist()
    assert changed(still(), out.read_bytes(), (x1, y1, x2, y1 + 0.25 * (y2 - y1))) > HEAD_BLOCK
    assert out.stat().st_mode & 0o077 == 0
    assert [asked["about"][1] for asked in console.asked] == ["masked", "raw"]
    assert (
        console.typed("export", "412-cam-1.jpg", tmp_path / "no.jpg", "--by", "zhou-qiang", "--reason", "x") == 69
    )
    assert not (tmp_path / "no.jpg").exists()
    for name, target in (("413-cam-1.jpg", "x.jpg"), ("412-cam-1.jpg", "x.mp4"), ("412-cam-1.jpg", "out.jpg")):
        with pytest.raises(WordsError):
            console.typed("export", name, tmp_path / target, *why)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.mark.parametrize("by_hand", [False, True], ids=["stopped by a rule", "stopped by hand"])
def test_a_still_says_when_where_of_which_work_and_by_which_camera_and_the_records_know_it(
    site: Site, *, by_hand: bool
) -> None:
    _, jpeg = cv2.imencode(".jpg", drawn(CANARY))
    (site.box.folder / "cam-1.jpg").write_bytes(jpeg.tobytes())
    site.box.story.begin_work()
    if by_hand:
        site.box.story.ask(Ask.STOP, "zhou-qiang")
    else:
        site.box.story.field.gas["gas-h2s"] = {"level": 15.0}
    site.run(2)
    site.run(1)  # what was kept is told to the records with the next step
    kept = site.told("still")[-1]
    (file,) = kept.data["files"]
    bytes_ = (site.box.folder / "evidence" / file["name"]).read_bytes()
    assert hashlib.sha256(bytes_).hexdigest() == file["sha256"]
    said = json.loads(stamp_of(bytes_) or b"{}")
    assert (said["site"], said["unit"], said["camera"], said["permit"], said["area"]) == (
        "demo-tank", "edge-1", "cam-1", "P-1", "tank-inside"
    )  # fmt: skip
    assert said["point_m"] == [6.5, 0.0]
    assert said["origin"]
    assert said["clock_trusted"] is True
    assert said["event"] in kept.data["events"]
    assert abs(said["at_utc"] - kept.at_utc) < 10


def test_what_stands_on_the_picture_is_written_anew_over_a_mask() -> None:
    fields = ["2026-11-27 17:00:03 +08:00 时钟可信", "作业票 P-1"]
    stamp = json.dumps({"area": "", "fields": fields}).encode()
    _, jpeg = cv2.imencode(".jpg", np.full((360, 640, 3), 90, np.uint8))
    kept = stamped(lettered(jpeg.tobytes(), fields), stamp)
    copy = masked_still(kept, lambda _: [(0.0, 0.9, 1.0, 1.0), (0.0, 0.8, 1.0, 2.0)], (), "")
    band = cv2.imdecode(np.frombuffer(copy, np.uint8), cv2.IMREAD_GRAYSCALE)[330:]
    assert band.max() > 200
    bare = masked_still(stamped(jpeg.tobytes(), b"{}"), people, (), "")
    assert cv2.imdecode(np.frombuffer(bare, np.uint8), cv2.IMREAD_GRAYSCALE).max() < 100


def test_a_camera_that_has_turned_to_a_place_keeps_what_it_shows_there(site: Site) -> None:
    """The picture of the alarm itself is the one before: from home."""
    _, jpeg = cv2.imencode(".jpg", drawn(CANARY))
    (site.box.folder / "cam-1.jpg").write_bytes(jpeg.tobytes())
    site.box.story.begin_work()
    site.run(2)
    before = len(site.told("still"))
    site.box.story.field.aims["cam-1"] = {"aim": Aim.AWAY, "preset": "inside"}
    site.run(2)
    site.run(1)
    (kept,) = site.told("still")[before:]
    (file,) = kept.data["files"]
    assert file["name"].endswith("-cam-1.jpg")
