"""What a new box still needs: judged from what is there; whatever is not known now is never done."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from edge_agent.domain.guide import WorkKind
from edge_agent.domain.words import Words, same
from edge_agent.tell.live import LiveOutput, LiveSight
from edge_agent.tell.live_camera import LiveCamera
from edge_agent.tell.live_people import LiveWearable
from tests.support.board_world import Folder, channel, live
from tests.support.pages import cookie, make_client
from web_ui.api.setup import TEMPLATE, _areas
from web_ui.setup import STEPS, Seen, Trial, judged, trials

HERE = frozenset({("tank", ((0.0, 0.0), (4.0, 0.0), (4.0, 4.0)))})
WORK = WorkKind(
    type="hot", level="2", words=same("hot"), longest_s=None, approvals=("area_owner",), guards=1, jsa=False,
    video=False, pipe=False, wind=False, certificates=(), measures=(),
)  # fmt: skip
CAMERA = LiveCamera(
    id="cam-1", name=same("cam"), view="clear", age_s=0.1, persons=0, persons_in=(), still="cam-1.jpg"
)
RELAY = LiveOutput(
    device="relay-1",
    name=same("relay"),
    channel="permissive",
    does="permissive",
    wanted_on=False,
    feedback_closed=False,
)
SIREN = replace(RELAY, channel="siren", does="siren", feedback_closed=None)
LAMP = replace(SIREN, channel="beacon", does="beacon", contact=False)  # nothing reads it back
SEEN = LiveSight(by="gu-tech", name="Gu Tech", at_utc=1.8e9, until_utc=1.83e9)
HEATER = replace(RELAY, channel="heater", does="interlock", feedback_closed=None, contact=False)
TAG = LiveWearable(
    id="tag-1", name=same("tag"), wearer="", wearer_name="", heard=True, heard_s=0.2, placed_s=0.2, worn=True,
    battery_pct=90.0, low=False, promised_s=1.0, intervals=50, p50_s=1.0, p99_s=1.1,
)  # fmt: skip
WHOLE = Seen(
    live=live(gas=(channel(),), cameras=(CAMERA,), outputs=(RELAY, SIREN), wearables=(TAG,)),
    name=Words("三号罐", "Tank 3"),
    areas=HERE,
    template=frozenset({("inside", ())}),
    roles=frozenset({"holder", "guard", "tester", "area_owner"}),
    works=(WORK,),
    trials=(Trial(id="T-1", started=True, stopped_by_box=True, ended=True),),
    tried={"relay-1/siren": True},
)


UNREAD = {"relay-1/siren": None}
TRIED = {"relay-1/siren": True, "relay-1/beacon": None}


def standing(seen: Seen) -> dict[str, str]:
    return {one.id: one.standing for one in judged(seen).steps}


def test_everything_in_place_is_done() -> None:
    assert set(standing(WHOLE).values()) == {"done"}
    assert [one.id for one in judged(WHOLE).steps] == [name for name, *_ in STEPS]


def without(**changes: object) -> Seen:
    assert WHOLE.live is not None
    return replace(WHOLE, live=replace(WHOLE.live, **changes))


@pytest.mark.parametrize(
    ("step", "seen", "expected"),
    [
        ("time", without(clock_trusted=False), "fault"),
        ("uplink", without(uplink_ok=False), "fault"),
        ("uplink", without(uplink_ok=None), "unknown"),
        ("camera", without(cameras=()), "open"),
        ("camera", without(cameras=(replace(CAMERA, view="covered"),)), "fault"),
        ("detector", without(gas=()), "open"),
        ("detector", without(gas=(channel(quality="warmup"),)), "open"),
        ("detector", without(gas=(channel(quality="warmup"), channel(quality="fault"))), "fault"),
        ("relay", without(outputs=()), "open"),
        ("relay", without(outputs=(SIREN,)), "open"),
        ("relay", without(outputs=(replace(RELAY, feedback_closed=None), SIREN)), "fault"),
        ("relay", without(outputs=(replace(RELAY, feedback_closed=True), SIREN)), "fault"),
        ("relay", replace(WHOLE, tried={}), "open"),
        ("relay", replace(WHOLE, tried={"relay-1/siren": None}), "open"),
        ("relay", replace(WHOLE, tried={"relay-1/siren": False}), "fault"),
        ("relay", replace(WHOLE, tried=None), "unknown"),
        ("relay", without(outputs=(RELAY, SIREN, LAMP)), "open"),
        ("relay", replace(without(outputs=(RELAY, SIREN, LAMP)), tried=TRIED), "open"),
        ("relay", replace(without(outputs=(RELAY, replace(SIREN, seen=SEEN))), tried=UNREAD), "open"),
        ("relay", replace(without(outputs=(RELAY, SIREN, replace(HEATER, seen=SEEN))), tried=TRIED), "fault"),
        ("wearable", without(wearables=()), "open"),
        ("wearable", without(wearables=(replace(TAG, heard=False),)), "fault"),
        ("zone", replace(WHOLE, areas=WHOLE.template), "open"),
        ("zone", replace(WHOLE, areas=None), "unknown"),
        ("people", replace(WHOLE, roles=frozenset({"holder", "guard", "area_owner"})), "open"),
        ("people", replace(WHOLE, works=None), "unknown"),
        ("trial", replace(WHOLE, trials=()), "open"),
        ("trial", replace(WHOLE, trials=None), "unknown"),
        ("trial", replace(WHOLE, trials=(Trial(id="T-1", started=True),)), "open"),
        ("trial", replace(WHOLE, trials=(Trial(id="T-1", started=True, stopped_by_box=True),)), "open"),
    ],
)  # fmt: skip
def test_what_is_missing_is_open_and_says_so(step: str, seen: Seen, expected: str) -> None:
    found = next(one for one in judged(seen).steps if one.id == step)
    assert found.standing == expected
    assert found.says.zh
    assert found.says.en
    assert [name for name, one in standing(seen).items() if one != "done"] == [step]


def test_what_nothing_reads_back_stands_in_the_name_of_whoever_saw_it() -> None:
    """It stayed open for ever before, as the guide's own lamp did; what cuts power is never believed on sight."""
    seen = replace(without(outputs=(RELAY, SIREN, replace(LAMP, seen=SEEN))), tried=TRIED)
    found = next(one for one in judged(seen).steps if one.id == "relay")
    assert found.standing == "done"
    assert "relay-1/beacon seen or heard by Gu Tech" in found.says.en


def test_what_is_there_and_not_well_is_mended_where_it_is_shown() -> None:
    moved = judged(without(cameras=(replace(CAMERA, view="moved"),))).steps
    assert next(one.to for one in moved if one.id == "camera") == "/cameras"
    none = judged(without(cameras=())).steps
    assert next(one.to for one in none if one.id == "camera") == "/setup/camera"


def test_without_a_picture_of_now_nothing_of_the_field_is_done() -> None:
    found = standing(replace(WHOLE, live=None))
    assert {name for name, one in found.items() if one == "unknown"} == {
        "time", "uplink", "camera", "detector", "relay", "wearable",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("received", Trial(id="T")),
        ("received paused", Trial(id="T")),  # nothing had begun
        ("received started", Trial(id="T", started=True)),
        ("received started closed", Trial(id="T", started=True, ended=True)),  # the box stopped nothing
        ("received started paused", Trial(id="T", started=True, stopped_by_box=True)),
        ("received started paused resumed", Trial(id="T", started=True, stopped_by_box=True, went_on=True)),
    ],
)
def test_a_trial_is_what_the_records_say(told: str, expected: Trial) -> None:
    assert trials(("T", f"permit.{one}") for one in told.split()) == (expected,)


def test_the_newest_permit_is_told_first() -> None:
    told = [("A", "permit.received"), ("B", "permit.received"), ("A", "permit.started")]
    assert [one.id for one in trials(told)] == ["A", "B"]


def test_a_new_box_without_an_agent_knows_nothing_but_its_name(site: Path) -> None:
    answer = make_client(site, cookie(site, "gu-tech")).get("/api/v1/setup")
    assert answer.json is not None
    found = {one["id"]: one["standing"] for one in answer.json["steps"]}
    assert found.pop("site") == "done"
    assert set(found.values()) == {"unknown"}


def test_an_old_picture_is_not_what_is_now(site: Path, folder: Folder) -> None:
    folder.put(live(at_utc=1000.0))
    answer = make_client(site, cookie(site, "gu-tech")).get("/api/v1/setup")
    assert answer.json is not None
    assert {one["id"]: one["standing"] for one in answer.json["steps"]}["time"] == "unknown"


def test_the_template_that_new_boxes_begin_with_can_be_read() -> None:
    assert _areas(TEMPLATE)
