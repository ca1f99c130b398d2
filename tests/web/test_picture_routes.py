"""The picture and its files over HTTP: headers, faults in words, stills, no way out of the folder, the stream."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import msgspec
import pytest
from flask.testing import FlaskClient

from edge_agent.tell.live import LIVE_S
from tests.support.board_world import Folder, live, person
from web_ui.people import People
from web_ui.picture import Reader
from web_ui.records import Records
from web_ui.sessions import Sessions
from web_ui.standing import Standings
from web_ui.stills import CURRENT_S, known
from web_ui.viewers import Bounds, Viewers

PATHS = [
    "/",
    "/api/v1/live",
    "/api/v1/stills/cam-1.jpg",
    "/no/where",
    "/api/v1/stills/none.jpg",
]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_locked_down(client: FlaskClient, folder: Folder, path: str) -> None:
    folder.put(live())
    folder.put_still()
    with client.get(path) as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"


def test_the_live_picture_comes_with_its_age(client: FlaskClient, folder: Folder) -> None:
    folder.put(live(at_utc=time.time() - 100))
    answer = client.get("/api/v1/live")
    assert answer.status_code == 200
    assert float(answer.headers["X-Picture-Age-S"]) >= 100
    assert answer.json is not None
    assert answer.json["site"] == "demo-tank"


WHOLE = msgspec.json.encode(live())
BAD = {
    "empty": b"",
    "torn": WHOLE[: len(WHOLE) // 2],
    "not json": b"\x00\xff\xfe garbage",
    "another shape": b'{"hello": 1}',
    "a list": b"[]",
    "not a number": WHOLE.replace(b'"waiting":0', b'"waiting":NaN'),
    "deep": b"[" * 100_000,
    "no utf-8": WHOLE.replace(b"demo-tank", b"\xff\xfe"),
    "too large": b" " * 2_100_000,
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD.keys())
def test_a_bad_picture_is_a_fault_in_words(client: FlaskClient, folder: Folder, content: bytes) -> None:
    folder.put_bytes(content)
    answer = client.get("/api/v1/live")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["error"]["code"] == "E-NO-PICTURE"
    assert "live.json" in answer.json["error"]["cause"]["zh"]
    assert "live.json" in answer.json["error"]["cause"]["en"]
    assert client.get("/api/v1/stills/cam-1.jpg").status_code == 404


def test_a_missing_picture_says_what_to_do_and_heals(client: FlaskClient, folder: Folder) -> None:
    answer = client.get("/api/v1/live")
    assert answer.status_code == 503
    assert answer.json is not None
    assert "systemctl status edge-agent" in answer.json["error"]["cause"]["en"]
    folder.put(live())
    assert client.get("/api/v1/live").status_code == 200
    (folder.path / "live.json").unlink()
    assert client.get("/api/v1/live").status_code == 503


def test_a_folder_in_its_place_is_a_fault(client: FlaskClient, folder: Folder) -> None:
    (folder.path / "live.json").mkdir()
    assert client.get("/api/v1/live").status_code == 503


def test_a_picture_from_the_future_is_a_fault(client: FlaskClient, folder: Folder) -> None:
    """The clock was set back and the agent is gone: without this it would look live for hours."""
    folder.put(live(at_utc=time.time() + 3600))
    answer = client.get("/api/v1/live")
    assert answer.status_code == 503
    assert answer.json is not None
    assert "clock" in answer.json["error"]["cause"]["en"]


def test_an_unchanged_picture_ages_even_if_the_clock_is_set_back(folder: Folder) -> None:
    clock = {"mono": 50.0, "utc": 1_800_000_000.0}
    reader = Reader(folder.path, monotonic=lambda: clock["mono"], utc=lambda: clock["utc"])
    folder.put(live(at_utc=clock["utc"]))
    reader.look()
    clock["mono"] += 10
    clock["utc"] -= 2
    picture = reader.look()
    assert picture.live is not None
    assert reader.age_s(picture.live, picture.seen_s) == 10 > LIVE_S


def test_a_still_is_shown_only_while_it_is_current(client: FlaskClient, folder: Folder) -> None:
    folder.put(live())
    assert client.get("/api/v1/stills/cam-1.jpg").status_code == 404
    folder.put_still()
    answer = client.get("/api/v1/stills/cam-1.jpg")
    assert answer.status_code == 200
    assert answer.mimetype == "image/jpeg"
    old = time.time() - CURRENT_S - 5
    os.utime(folder.path / "cam-1.masked.jpg", (old, old))
    assert client.get("/api/v1/stills/cam-1.jpg").status_code == 404


def test_a_file_that_is_no_jpeg_is_not_served(client: FlaskClient, folder: Folder) -> None:
    folder.put(live())
    (folder.path / "cam-1.masked.jpg").write_bytes(b"<script>alert(1)</script>")
    assert client.get("/api/v1/stills/cam-1.jpg").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/api/v1/stills/../secret.jpg", "/api/v1/stills/..%2Fsecret.jpg", "/api/v1/stills/%2e%2e/secret.jpg",
     "/api/v1/stills/secret.jpg",
     "/api/v1/stills/..%5Csecret.jpg", "/api/v1/stills/cam-1%00.jpg",
     "/assets/../index.html", "/assets/..%2F..%2Fapp.py", "/..%2Fapp.py", "/%2e%2e"],
)  # fmt: skip
def test_no_path_leads_out(client: FlaskClient, folder: Folder, path: str) -> None:
    folder.put(live())
    folder.put_still("secret")
    folder.put_still("../secret")
    assert client.get(path).status_code == 404


def test_even_a_hostile_camera_name_in_the_picture_leads_nowhere(client: FlaskClient, folder: Folder) -> None:
    folder.put_still("../secret")
    camera = msgspec.structs.replace(live().cameras[0], id="../secret")
    folder.put(live(cameras=(camera,)))
    assert client.get("/api/v1/stills/..%2Fsecret.jpg").status_code == 404
    for name in ("../secret", "..", "", "a/b", "a.b", "a\x00b", "täk"):
        assert not known(live(cameras=(msgspec.structs.replace(camera, id=name),)), name)
    assert known(live(), "cam-1")


def test_a_link_in_the_folder_is_not_followed(client: FlaskClient, folder: Folder, tmp_path: Path) -> None:
    folder.put(live())
    folder.put_still("elsewhere")
    (folder.path / "elsewhere.jpg").rename(tmp_path / "elsewhere.jpg")
    (folder.path / "cam-1.masked.jpg").symlink_to(tmp_path / "elsewhere.jpg")
    assert client.get("/api/v1/stills/cam-1.jpg").status_code == 404


def events_of(raw: bytes) -> list[tuple[str, dict[str, object]]]:
    blocks = [block for block in raw.decode().split("\n\n") if block.startswith("event: ")]
    assert all(block.count("\n") == 1 for block in blocks)
    lines = [block.split("\n") for block in blocks]
    return [(event.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for event, data in lines]


def viewers(folder: Folder, closing: Event, **bounds: float) -> Viewers:
    reader = Reader(folder.path, monotonic=time.monotonic, utc=time.time)
    standings = Standings(Sessions(Records(folder.path.parent / "web"), time.time), People(folder.path, time.time))
    bound = msgspec.structs.replace(Bounds(look_s=0.001), **bounds)
    several = Viewers(reader, standings, bound, closing, time.monotonic)
    Thread(target=several.watch, daemon=True).start()
    return several


@pytest.fixture
def closing() -> Iterator[Event]:
    end = Event()
    yield end
    end.set()


def test_a_stream_sends_the_picture_then_beats_then_says_that_it_ends(folder: Folder, closing: Event) -> None:
    folder.put(live(people=(person(name="a\n\nevent: picture\ndata: {}"),)))
    raw = b"".join(viewers(folder, closing, lifetime_s=0.05, beat_s=0.003).stream(None, lambda: True))
    kinds = [kind for kind, _ in events_of(raw)]
    assert kinds[:3] == ["who", "picture", "beat"]
    assert kinds[-1] == "bye"
    assert set(kinds[2:-1]) == {"beat"}


def test_a_stream_tells_a_change_and_a_fault(folder: Folder, closing: Event) -> None:
    folder.put(live())
    stream = viewers(folder, closing, lifetime_s=60, beat_s=60).stream(None, lambda: True)
    next(stream)
    assert events_of(next(stream))[0][0] == "picture"
    folder.put(live(waiting=5))
    (kind, data), (beat, age) = events_of(next(stream))
    assert (kind, beat) == ("picture", "beat")
    assert data["waiting"] == 5
    assert isinstance(age["age_s"], float)
    folder.put_bytes(b"{")
    assert events_of(next(stream))[0][0] == "fault"
    stream.close()  # type: ignore[attr-defined]


def test_a_stream_ends_at_once_when_the_service_does(folder: Folder, closing: Event) -> None:
    folder.put(live())
    stream = viewers(folder, closing, lifetime_s=60, beat_s=60).stream(None, lambda: True)
    assert next(stream)
    assert next(stream)
    closing.set()
    assert [kind for kind, _ in events_of(b"".join(stream))] == ["bye"]


def test_places_are_bounded_and_given_back(client: FlaskClient, folder: Folder) -> None:
    folder.put(live())
    first, second = client.get("/api/v1/stream"), client.get("/api/v1/stream")
    assert first.status_code == second.status_code == 200
    refused = client.get("/api/v1/stream")
    assert refused.status_code == 503
    assert "2" in refused.text
    assert client.head("/api/v1/stream").status_code == 200
    first.close()
    with client.get("/api/v1/stream") as again:
        assert again.status_code == 200
    second.close()
