"""What the board answers over HTTP: headers, languages, faults in words, stills, and no way out of its folder."""

import json
import os
import time
from pathlib import Path
from threading import Event

import msgspec
import pytest
from board_world import TREE, Folder, live, person
from flask.testing import FlaskClient

from web_ui.app import Parts, create_app
from web_ui.picture import STALE_S, Reader
from web_ui.stills import CURRENT_S, known
from web_ui.viewers import Bounds, Viewers


@pytest.fixture
def client(folder: Folder) -> FlaskClient:
    parts = Parts(runtime=folder.path, monotonic=time.monotonic, utc=time.time, closing=Event())
    return create_app(parts).test_client()


PATHS = ["/", "/live.json", "/still/cam-1.jpg", "/static/board.js", "/nowhere", "/still/none.jpg"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_locked_down(client: FlaskClient, folder: Folder, path: str) -> None:
    folder.put(live())
    folder.put_still()
    with client.get(path) as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"


def test_the_page_brings_no_script_or_style_of_its_own_and_nothing_from_outside(client: FlaskClient) -> None:
    page = client.get("/").text
    assert "<style" not in page
    assert " style=" not in page
    assert " onerror=" not in page
    assert "//" not in page.replace("http://www.w3.org", "")
    for script in (TREE / "web_ui" / "static").glob("*.js"):
        assert "innerHTML" not in script.read_text()
        assert "eval(" not in script.read_text()


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["/", "/live.json", "/stream", "/still/cam-1.jpg"])
def test_nothing_can_be_sent_to_it(client: FlaskClient, method: str, path: str) -> None:
    answer = getattr(client, method)(path)
    assert answer.status_code == 405
    assert "只读" in answer.text


def test_chinese_first_then_what_was_chosen_and_kept(client: FlaskClient) -> None:
    assert 'lang="zh-CN"' in client.get("/").text
    assert 'lang="en"' in client.get("/?lang=en").text
    assert 'lang="en"' in client.get("/").text
    assert "no such page" in client.get("/nowhere").text
    assert 'lang="zh-CN"' in client.get("/?lang=zh").text


@pytest.mark.parametrize("wish", ["de", "", "en\r\nX: y", "../en"])
def test_a_language_that_does_not_exist_is_chinese(client: FlaskClient, wish: str) -> None:
    answer = client.get("/", query_string={"lang": wish})
    assert 'lang="zh-CN"' in answer.text
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "192.0.2.7:8080", "[::2]"])
def test_only_this_machines_own_names_are_answered(client: FlaskClient, host: str) -> None:
    answer = client.get("/live.json", headers={"Host": host})
    assert answer.status_code == 421
    assert "127.0.0.1" in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8080", "localhost:8080", "[::1]:8080", "[::1]"])
def test_its_own_names_are_answered(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


def test_the_live_picture_comes_with_its_age(client: FlaskClient, folder: Folder) -> None:
    folder.put(live(at_utc=time.time() - 100))
    answer = client.get("/live.json")
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
    answer = client.get("/live.json")
    assert answer.status_code == 503
    assert answer.json is not None
    assert "live.json" in answer.json["fault"]["zh"]
    assert "live.json" in answer.json["fault"]["en"]
    assert client.get("/").status_code == 200
    assert client.get("/still/cam-1.jpg").status_code == 404


def test_a_missing_picture_says_what_to_do_and_heals(client: FlaskClient, folder: Folder) -> None:
    answer = client.get("/live.json")
    assert answer.status_code == 503
    assert answer.json is not None
    assert "systemctl status edge-agent" in answer.json["fault"]["en"]
    folder.put(live())
    assert client.get("/live.json").status_code == 200
    (folder.path / "live.json").unlink()
    assert client.get("/live.json").status_code == 503


def test_a_folder_in_its_place_is_a_fault(client: FlaskClient, folder: Folder) -> None:
    (folder.path / "live.json").mkdir()
    assert client.get("/live.json").status_code == 503


def test_a_picture_from_the_future_is_a_fault(client: FlaskClient, folder: Folder) -> None:
    """The clock was set back and the agent is gone: without this it would look live for hours."""
    folder.put(live(at_utc=time.time() + 3600))
    answer = client.get("/live.json")
    assert answer.status_code == 503
    assert answer.json is not None
    assert "clock" in answer.json["fault"]["en"]


def test_an_unchanged_picture_ages_even_if_the_clock_is_set_back(folder: Folder) -> None:
    clock = {"mono": 50.0, "utc": 1_800_000_000.0}
    reader = Reader(folder.path, monotonic=lambda: clock["mono"], utc=lambda: clock["utc"])
    folder.put(live(at_utc=clock["utc"]))
    reader.look()
    clock["mono"] += 10
    clock["utc"] -= 2
    picture = reader.look()
    assert picture.live is not None
    assert reader.age_s(picture.live, picture.seen_s) == 10 > STALE_S


def test_demo_is_said_on_every_page(client: FlaskClient, folder: Folder) -> None:
    folder.put(live(demo=False))
    assert 'class="banner demo" hidden' in client.get("/").text
    folder.put(live(demo=True, at_utc=time.time() + 0.1))
    for path in ("/", "/nowhere", "/still/none.jpg"):
        page = client.get(path).text
        assert 'class="banner demo">' in page


def test_a_still_is_shown_only_while_it_is_current(client: FlaskClient, folder: Folder) -> None:
    folder.put(live())
    assert client.get("/still/cam-1.jpg").status_code == 404
    folder.put_still()
    answer = client.get("/still/cam-1.jpg")
    assert answer.status_code == 200
    assert answer.mimetype == "image/jpeg"
    old = time.time() - CURRENT_S - 5
    os.utime(folder.path / "cam-1.jpg", (old, old))
    assert client.get("/still/cam-1.jpg").status_code == 404


def test_a_file_that_is_no_jpeg_is_not_served(client: FlaskClient, folder: Folder) -> None:
    folder.put(live())
    (folder.path / "cam-1.jpg").write_bytes(b"<script>alert(1)</script>")
    assert client.get("/still/cam-1.jpg").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/still/../secret.jpg", "/still/..%2Fsecret.jpg", "/still/%2e%2e/secret.jpg", "/still/secret.jpg",
     "/still/..%5Csecret.jpg", "/still/cam-1%00.jpg", "/static/../app.py", "/static/%2e%2e/app.py"],
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
    assert client.get("/still/..%2Fsecret.jpg").status_code == 404
    for name in ("../secret", "..", "", "a/b", "a.b", "a\x00b", "täk"):
        assert not known(live(cameras=(msgspec.structs.replace(camera, id=name),)), name)
    assert known(live(), "cam-1")


def test_a_link_in_the_folder_is_not_followed(client: FlaskClient, folder: Folder, tmp_path: Path) -> None:
    folder.put(live())
    folder.put_still("elsewhere")
    (folder.path / "elsewhere.jpg").rename(tmp_path / "elsewhere.jpg")
    (folder.path / "cam-1.jpg").symlink_to(tmp_path / "elsewhere.jpg")
    assert client.get("/still/cam-1.jpg").status_code == 404


def events_of(raw: bytes) -> list[tuple[str, dict[str, object]]]:
    blocks = [block for block in raw.decode().split("\n\n") if block.startswith("event: ")]
    assert all(block.count("\n") == 1 for block in blocks)
    lines = [block.split("\n") for block in blocks]
    return [(event.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for event, data in lines]


def viewers(folder: Folder, **bounds: float) -> Viewers:
    reader = Reader(folder.path, monotonic=time.monotonic, utc=time.time)
    return Viewers(reader, msgspec.structs.replace(Bounds(look_s=0.001), **bounds), Event())


def test_a_stream_sends_the_picture_then_beats_then_says_that_it_ends(folder: Folder) -> None:
    folder.put(live(people=(person(name="a\n\nevent: live\ndata: {}"),)))
    raw = b"".join(viewers(folder, lifetime_s=0.01, beat_s=0.003).stream())
    kinds = [kind for kind, _ in events_of(raw)]
    assert kinds[0] == "live"
    assert kinds[-1] == "bye"
    assert set(kinds[1:-1]) == {"beat"}


def test_a_stream_tells_a_change_and_a_fault(folder: Folder) -> None:
    folder.put(live())
    stream = viewers(folder, lifetime_s=60, beat_s=60).stream()
    next(stream)
    assert events_of(next(stream))[0][0] == "live"
    folder.put(live(waiting=5))
    [(kind, data)] = events_of(next(stream))
    assert kind == "live"
    assert data["live"]["waiting"] == 5  # type: ignore[index]
    folder.put_bytes(b"{")
    assert events_of(next(stream))[0][0] == "fault"
    stream.close()  # type: ignore[attr-defined]


def test_a_stream_ends_before_its_bytes_could_block_the_server(folder: Folder) -> None:
    folder.put(live())
    raw = b"".join(viewers(folder, lifetime_s=60, most_bytes=100).stream())
    assert [kind for kind, _ in events_of(raw)] == ["live", "bye"]


def test_places_are_bounded_and_given_back(folder: Folder) -> None:
    folder.put(live())
    parts = Parts(
        runtime=folder.path, monotonic=time.monotonic, utc=time.time, closing=Event(), bounds=Bounds(viewers=2)
    )
    client = create_app(parts).test_client()
    first, second = client.get("/stream"), client.get("/stream")
    assert first.status_code == second.status_code == 200
    refused = client.get("/stream")
    assert refused.status_code == 503
    assert "2" in refused.text
    assert client.head("/stream").status_code == 200
    first.close()
    with client.get("/stream") as again:
        assert again.status_code == 200
    second.close()
