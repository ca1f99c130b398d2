"""The cameras over HTTP: what is told of each; live pictures for whom they concern, so many viewers at a time."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import msgspec
import pytest
from flask.testing import FlaskClient

from edge_agent.domain.zone import PlanPoint
from edge_agent.field.onlookers import SOCKET, Asked, CameraPulse, CameraPulses, Shown
from edge_agent.sense.camera.onlookers.door import Door
from tests.support.board_world import Folder, live
from tests.support.pages import cookie, make_client
from tests.web.test_raw import jpeg
from web_ui import onlookers
from web_ui.api.cameras import SEEN, residual_m
from web_ui.sessions import COOKIE

PICTURE = "/api/v1/cameras/cam-1/picture"
SQUARE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
JPEG = jpeg(90)


def say(asked: Asked, _may_wait: bool) -> bytes | None:  # noqa: FBT001 (the door's own signature)
    """As the agent's program does: picture 7, and how one camera is."""
    if not asked.camera:
        told = CameraPulse(camera="cam-1", come_hz=5.0, judged_hz=4.9, late_s=0.2, model="ppe")
        return msgspec.json.encode(CameraPulses(cameras=(told,))) + b"\n"
    size = len(JPEG) if asked.after != 7 else 0
    return msgspec.json.encode(Shown(camera=asked.camera, seq=7, size=size, view="clear")) + b"\n" + JPEG[:size]


@contextmanager
def showing(runtime: Path, told: Callable[[Asked, bool], bytes | None] = say) -> Iterator[None]:
    """The real door of the agent's program, with these words."""
    ended: list[bool] = []

    def serve(door: Door) -> None:
        while not ended:
            door.turn(0.02, lambda: 0.0)

    with Door(runtime / SOCKET, told) as door:
        thread = Thread(target=serve, args=(door,))
        thread.start()
        yield
        ended.append(True)
        thread.join()


def code(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.json is not None
    return str(answer.json["error"]["code"])


@pytest.fixture
def seen(folder: Folder) -> Folder:
    folder.put(live())
    return folder


def test_a_picture_comes_with_what_was_seen_in_it(client: FlaskClient, seen: Folder) -> None:
    with showing(seen.path):
        answer = client.get(PICTURE)
        assert (answer.data, answer.mimetype) == (JPEG, "image/jpeg")
        assert json.loads(answer.headers[SEEN])["seq"] == 7
        assert client.get(f"{PICTURE}?after=7").status_code == 204


def test_who_has_nothing_to_do_with_a_camera_is_not_shown_it(site: Path, seen: Folder) -> None:
    stranger = make_client(site, cookie(site, "he-yard"))
    with showing(seen.path):
        assert code(stranger, PICTURE) == "E-NO-CAMERA"
        assert code(stranger, PICTURE.replace("cam-1", "..%2fcam-1")) in {"E-NO-CAMERA", "E-NO-ROUTE"}
        assert (stranger.get("/api/v1/cameras").json or {})["cameras"] == []


@pytest.mark.parametrize("told", [b"", b"{}\n", b"what\n", b'{"camera":"cam-1","size":99}\nshort'])
def test_what_cannot_be_understood_is_no_picture(client: FlaskClient, seen: Folder, told: bytes) -> None:
    with showing(seen.path, lambda _asked, _wait: told or b"\n"):
        assert code(client, PICTURE) == "E-NO-STILL"
        assert (client.get("/api/v1/cameras").json or {})["fault"]["en"] != ""


def test_without_the_agent_there_is_none_and_it_is_said(client: FlaskClient, seen: Folder) -> None:
    assert seen
    assert code(client, PICTURE) == "E-NO-STILL"
    (one,) = (client.get("/api/v1/cameras").json or {})["cameras"]
    assert one["health"] is None


def test_somebody_who_listens_and_says_nothing_costs_a_while_and_no_more(
    client: FlaskClient, seen: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onlookers, "VISIT_S", 0.2)
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(str(seen.path / SOCKET))
        deaf.listen()
        assert code(client, PICTURE) == "E-NO-STILL"


def test_the_number_of_viewers_is_bounded_and_a_place_is_given_back(tmp_path: Path) -> None:
    now_s = [100.0]
    door = onlookers.Onlookers(tmp_path, lambda: now_s[0])
    for one in range(onlookers.MOST_VIEWERS):
        assert door.admit((f"s{one}", "cam-1"), f"p{one}") == "in"
    assert door.admit(("one more", "cam-1"), "q") == "full"
    assert door.admit(("s0", "cam-1"), "p0") == "in"  # who has a place keeps it
    now_s[0] += onlookers.LINGER_S + 0.1
    assert door.admit(("one more", "cam-1"), "q") == "in"


def test_one_person_takes_no_place_from_others_and_closes_the_oldest_of_his_own(tmp_path: Path) -> None:
    now_s = [100.0]
    door = onlookers.Onlookers(tmp_path, lambda: now_s[0])
    pages = [(f"s{one % 2}", f"cam-{one}") for one in range(onlookers.MOST_VIEWERS)]
    for page in pages:
        now_s[0] += 0.1
        assert door.admit(page, "p", anew=True) == "in"
    assert [one for one in pages if door.admit(one, "p") == "in"] == pages[-onlookers.MOST_OF_ONE :]
    others = [door.admit((f"o{one}", "cam-1"), f"o{one}") for one in range(onlookers.MOST_VIEWERS)]
    assert others.count("in") == onlookers.MOST_VIEWERS - onlookers.MOST_OF_ONE
    assert door.admit(pages[0], "p") == "elsewhere"  # it does not fight for its place
    assert door.admit(pages[0], "p", anew=True) == "in"  # he opens it again: his then oldest one goes
    assert door.admit(pages[-onlookers.MOST_OF_ONE], "p") == "elsewhere"


def test_a_picture_closed_for_a_newer_one_says_so(
    site: Path, seen: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onlookers, "MOST_OF_ONE", 1)
    pages, [phone, tablet, other] = (
        make_client(site),
        [cookie(site, one) for one in ("li-na", "li-na", "zhao-min")],
    )

    def asked(secret: str, query: str = "") -> str:
        pages.set_cookie(COOKIE, secret, secure=True)
        answer = pages.get(PICTURE + query)
        return "" if answer.status_code == 200 else str((answer.json or {})["error"]["code"])

    with showing(seen.path):
        assert [asked(phone), asked(other), asked(tablet, "?anew=1")] == ["", "", ""]
        assert [asked(phone), asked(other)] == ["E-ELSEWHERE", ""]
        assert [asked(phone, "?anew=1"), asked(tablet)] == ["", "E-ELSEWHERE"]


def test_every_camera_is_told_with_its_areas_and_how_it_is(site: Path, seen: Folder, client: FlaskClient) -> None:
    with (site / "site.toml").open("a", encoding="utf-8") as file:
        file.write('id = "mouth"\npost = true\ncorners = [[0, 0], [1, 0], [1, 1]]\n')
    with showing(seen.path):
        told = client.get("/api/v1/cameras").json
    assert told is not None
    (one,) = told["cameras"]
    assert (one["id"], one["health"]["judged_hz"], one["residual_m"]) == ("cam-1", 4.9, None)
    assert (one["areas"][0]["id"], one["areas"][0]["post"]) == ("mouth", True)
    assert len(told["sha256"]) == 64


def test_points_tell_by_how_much_they_miss_the_plan() -> None:
    exact = tuple(PlanPoint(picture=(x, y), plan_m=(10 * x, 20 * y)) for x, y in SQUARE)
    assert residual_m(exact) == 0.0
    assert residual_m(exact[:3]) is None
    off = (*exact, PlanPoint(picture=(0.5, 0.5), plan_m=(6.0, 10.0)))
    assert 0.1 < (residual_m(off) or 0.0) < 1.0
