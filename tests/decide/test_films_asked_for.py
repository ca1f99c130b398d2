"""Films in the records and on request: what is told of them, who may take them, what a recorder is worth."""

from typing import Any

import pytest
from msgspec.structs import replace

from edge_agent.domain.noted import EvidenceKept, EvidenceSent, KeptFile, SentFile
from edge_agent.domain.observation import DeviceHealth, Filming, Sighting, View
from edge_agent.domain.outcome import Event, Priority
from edge_agent.domain.permit import State
from edge_agent.domain.person import Person, Role
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words
from edge_agent.fuse.cameras import RECORDER_STALE_S, camera
from edge_agent.fuse.memory import Memory, absorb
from edge_agent.settings.site_told import PrivacyTable
from tests.scenarios.stories.video import SPECIAL
from tests.support.story import Story, scenario_site

FILM = "P-1/cam-1/20261126T120000.000Z-permit.film"
NO_ANSWER = Words("没有应答", "no answer")


@pytest.fixture
def told() -> Story:
    return Story(scenario_site())


def events(told: Story, type_: str) -> list[Event]:
    return [event for one in told.decisions for event in one.events if event.type == type_]


def test_what_was_kept_stands_in_the_records(told: Story) -> None:
    for permit, camera_id, subject in (("P-1", "cam-1", "P-1"), ("", "cam-1", "unit")):
        kept = EvidenceKept(
            id=f"film {subject}", at_s=told.now_s, kind="clip", camera=camera_id, permit=permit, events=(3,),
            files=(KeptFile(name=FILM, sha256="ab" * 32, size=7),), began_utc=1.0, ended_utc=2.0,
            clock_trusted=True,
        )  # fmt: skip
        told.file(kept)
        told.step()
        event = events(told, "evidence.kept")[-1]
        assert event.subject == subject
        assert event.data["files"] == [{"name": FILM, "sha256": "ab" * 32, "size": 7}]
        assert {"id", "at_s", "type"}.isdisjoint(event.data)
        assert told.decisions[-1].answers[0].accepted


@pytest.mark.parametrize(
    ("person", "deed", "may"),
    [
        ("zhao-min", "raw", True),
        ("zhao-min", "look", True),
        ("zhao-min", "let_go", True),
        ("qian-wei", "masked", True),
        ("qian-wei", "keep", True),
        ("qian-wei", "bundle", True),
        ("zhou-qiang", "bundle", False),
        ("qian-wei", "raw", False),
        ("qian-wei", "look", False),
        ("qian-wei", "let_go", False),
        ("zhou-qiang", "masked", False),
    ],
)
def test_who_may_do_what_with_a_film(told: Story, person: str, deed: str, *, may: bool) -> None:
    told.ask(Ask.FILM, person, permit="", about=(FILM, deed), reason="accident")
    told.step()
    assert told.decisions[-1].answers[0].accepted is may
    done = [event for event in told.decisions[-1].events if event.type.startswith("evidence.")]
    assert [(event.subject, event.data["by"], event.data["how"]) for event in done] == (
        [("P-1", person, deed)] if may else []
    )


@pytest.mark.parametrize("deed", ["play", "masked", "keep"])
@pytest.mark.parametrize(
    ("areas", "film", "may"),
    [
        ((), FILM, True),
        (("tank-mouth",), FILM, True),
        (("tank-mouth",), FILM + "#0-20-token1", True),
        (("tank-inside",), FILM, False),  # no such work is open, and the camera looks at the mouth
        (("yard",), FILM, False),
        (("tank-mouth",), FILM.replace("cam-1", "cam-gone"), False),  # nobody knows what it looked into
        ((), FILM.replace("cam-1", "cam-gone"), True),
        (("tank-mouth",), "7", False),
    ],
)
def test_an_area_owner_is_shown_films_of_his_own_area(
    told: Story, deed: str, areas: tuple[str, ...], film: str, *, may: bool
) -> None:
    told.bring(Person(id="owner", name="Owner", roles=(Role.AREA_OWNER,), areas=areas, pin_hash="$"))
    told.step()
    told.ask(Ask.FILM, "owner", permit="", about=(film, deed), reason="what was it")
    told.step()
    assert told.decisions[-1].answers[0].accepted is may
    looked = [event for event in told.decisions[-1].events if event.type.startswith("evidence.")]
    assert [event.data["by"] for event in looked] == (["owner"] if may else [])


def test_whoever_owns_the_area_of_the_work_is_shown_its_film_wherever_the_camera_looks(told: Story) -> None:
    told.begin_work()
    told.bring(Person(id="owner", name="Owner", roles=(Role.AREA_OWNER,), areas=("tank-inside",), pin_hash="$"))
    told.step()
    told.ask(Ask.FILM, "owner", permit="", about=(FILM, "play"), reason="what was it")
    told.step()
    assert told.decisions[-1].answers[0].accepted


@pytest.mark.parametrize("deed", ["raw", "look"])
def test_the_site_says_who_may_see_faces(deed: str) -> None:
    settings = scenario_site()
    privacy = PrivacyTable(raw_for=(Role.SHIFT_LEAD,))
    told = Story(replace(settings, site=replace(settings.site, privacy=privacy)))
    for person, may in (("qian-wei", True), ("zhao-min", False)):
        told.ask(Ask.FILM, person, permit="", about=("7-cam-1.jpg", deed), reason="accident")
        told.step()
        assert told.decisions[-1].answers[0].accepted is may


def test_a_look_at_faces_is_on_record_with_who_which_and_why(told: Story) -> None:
    told.ask(Ask.FILM, "zhao-min", permit="", about=("7-cam-1.jpg", "look"), reason="who fell")
    told.step()
    (event,) = events(told, "evidence.looked")
    said = [event.data[name] for name in ("by", "file", "how", "reason")]
    assert said == ["zhao-min", "7-cam-1.jpg", "look", "who fell"]


def test_the_stills_of_an_event_are_marked_by_its_number(told: Story) -> None:
    told.ask(Ask.FILM, "zhao-min", permit="", about=("7", "keep"), reason="accident")
    told.step()
    assert events(told, "evidence.marked")[0].subject == "unit"


@pytest.mark.parametrize(
    ("about", "reason"), [((FILM, "raw"), " "), ((FILM, "burn"), "x"), ((FILM,), "x"), (("", "raw"), "x")]
)
def test_a_film_goes_nowhere_without_a_name_a_deed_and_a_reason(
    told: Story, about: tuple[str, ...], reason: str
) -> None:
    told.ask(Ask.FILM, "zhao-min", permit="", about=about, reason=reason)
    told.step()
    assert not told.decisions[-1].answers[0].accepted


@pytest.mark.parametrize(
    ("about", "after"),
    [(("cam-1",), None), (("cam-1", "1"), 1), (("cam-1", "7"), 0), (("cam-9",), 0), (("cam-1", "x"), 0), ((), 0)],
)
def test_a_picture_on_request_is_of_a_camera_of_the_site(
    told: Story, about: tuple[str, ...], after: int | None
) -> None:
    told.ask(Ask.PICTURE, "zhou-qiang", permit="", about=about)
    told.step()
    asked = events(told, "picture.asked")
    assert [event.data.get("after") for event in asked] == ([] if after == 0 else [after])
    assert told.decisions[-1].answers[0].accepted is bool(asked)


def test_a_camera_is_kept_as_long_as_its_recorder_is_heard() -> None:
    site = scenario_site()
    device = next(device for device in site.devices if device.id == "cam-1")
    seen = Sighting(source="cam-1", at_s=100.0, view=View.CLEAR, filming=Filming.OFF)
    memory = absorb(Memory(booted_s=0.0), (seen,))
    assert camera(device, memory, 100.0, "nvr-1").filming is Filming.FAILED
    well = absorb(memory, (DeviceHealth(source="nvr-1", at_s=100.0, ok=True),))
    assert camera(device, well, 100.0, "nvr-1").filming is Filming.RUNNING
    assert camera(device, well, 100.0 + RECORDER_STALE_S + 0.1, "nvr-1").filming is Filming.FAILED
    ill = absorb(memory, (DeviceHealth(source="nvr-1", at_s=100.0, ok=False, detail=NO_ANSWER),))
    assert camera(device, ill, 100.0, "nvr-1").filming_detail == NO_ANSWER
    assert camera(device, well, 100.0).filming is Filming.OFF


def test_a_job_under_way_is_not_content_with_a_camera_that_could_be_filmed(told: Story) -> None:
    told.begin_work(**SPECIAL)
    assert told.state == State.ACTIVE
    told.field.filming = Filming.READY
    told.run(8)
    assert [event.subject for event in events(told, "permit.paused")] == ["P-1"]


@pytest.mark.parametrize(("fate", "priority"), [("sent", Priority.LOW), ("altered", Priority.HIGH)])
def test_what_became_of_a_copy_is_told_and_an_altered_one_is_told_loudly(fate: Any, priority: Priority) -> None:
    told = Story(scenario_site())
    file = SentFile(name="7-cam-1.masked.jpg", sha256="5f" * 32, size=7, fate=fate)
    told.file(EvidenceSent(id="s-1", at_s=told.now_s, of=7, files=(file,)))
    told.step()
    (event,) = events(told, "evidence.sent")
    assert (event.subject, event.priority, event.data["of"]) == ("unit", priority, 7)
    assert told.decisions[-1].answers[-1].accepted
