"""`edge-agent request` for a report and a ticket: what the desk hears of it, and what is typed wrongly."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from edge_agent.decide.hazards import HAZARDS
from edge_agent.domain.report import Report
from edge_agent.domain.request import Ask, Request
from edge_agent.domain.ticket import MeasureKind, Point
from tests.support.command_line import ROOT, typed
from tests.support.desk_site import Site, running
from tests.support.story import scenario_site

DEMO = ROOT / "zones" / "demo-tank"
USAGE, NOT_A_COMMAND = 64, 2
SPACE = (
    "--type",
    "confined_space",
    "--area",
    "tank-inside",
    "--until",
    "+8h",
    "--guard",
    "wang",
    "--worker",
    "wu",
)
Typed = Callable[..., Request]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = tmp_path_factory.mktemp("console") / "site"
    shutil.copytree(DEMO, site, ignore=shutil.ignore_patterns("state", "runtime"))
    (site / "runtime").mkdir()
    return site


@pytest.fixture(scope="module")
def desk(folder: Path) -> Iterator[Site]:
    """The real desk, behind which a brain says yes."""
    site = running(Site(folder / "runtime"))
    yield site
    site.stop.set()
    site.thread.join()


@pytest.fixture
def heard(desk: Site, folder: Path) -> Typed:
    """The request that the brain got of what was typed."""

    def of(ask: str, *words: str) -> Request:
        done = typed("request", folder, ask, "--by", "li", *words, pin="2468")
        assert done.returncode == 0, done.stderr + done.stdout
        return desk.requests[-1]

    return of


def test_a_report_says_its_kind_and_perhaps_where_and_more(heard: Typed) -> None:
    found = heard("report", "--kind", "leak", "--area", "tank-inside", "--note", "of eggs", "--permit", "T-1")
    assert (found.ask, found.person, found.permit) == (Ask.REPORT, "li", "T-1")
    assert found.report == Report(kind="leak", area="tank-inside", note="of eggs")
    assert heard("report", "--kind", "fire").report == Report(kind="fire")


def test_a_ticket_in_few_words_has_the_middle_the_devices_and_all_measures(heard: Typed, folder: Path) -> None:
    found = heard("ticket", *SPACE).ticket
    assert found is not None
    assert (found.type, found.area, found.holder) == ("confined_space", "tank-inside", "li")
    assert (found.guards, found.workers, found.point) == (("wang",), ("wu",), Point(0.0, 0.0))
    assert found.devices == ("gas-ch4", "gas-o2", "gas-h2s", "gas-co", "relay-1")
    assert (found.measures, found.linked, found.scopes, found.outdoor) == (None, None, None, None)
    said = typed("request", folder, "ticket", "--by", "li", *SPACE, pin="2468").stderr
    for words in ("the work point is the middle of the area (0, 0) m", "gas-h2s", "rescue_ready", "区域中间"):
        assert words in said


def test_a_ticket_with_everything(heard: Typed) -> None:
    found = heard(
        "ticket",
        *("--type", "hot", "--level", "1", "--area", "tank-inside", "--point=-1.5,2,0.5", "--outdoors"),
        *("--begin", "2027-01-04T08:00", "--until", "2027-01-04T16:00+08:00"),
        *("--holder", "wang", "--guard", "a", "--guard", "b", "--worker", "c", "--device", "gas-h2s"),
        *("--device", "cam-1", "--content", "weld", "--jsa", "J-1", "--scope", "high_voltage"),
        *("--linked", "box-1-4", "--leave-out", "blinded", "--measure", "fence=a fence around it"),
        *("--shown-by", "gas_watched=gas-h2s", "--shown-by", "fence=cam-1", "--coordinator", "qian-wei"),
    ).ticket
    assert found is not None
    assert (found.level, found.point, found.outdoor) == ("1", Point(-1.5, 2.0, 0.5), True)
    morning = datetime(2027, 1, 4, tzinfo=UTC).timestamp()  # 8 o'clock in Shanghai
    assert (found.valid_from_utc, found.valid_to_utc) == (morning, morning + 8 * 3600)
    assert (found.holder, found.guards, found.devices) == ("wang", ("a", "b"), ("gas-h2s", "cam-1"))
    assert found.content is not None
    assert (found.content.zh, found.jsa, found.coordinator) == ("weld", "J-1", "qian-wei")
    assert (found.scopes, found.linked) == (("high_voltage",), ("box-1-4",))
    assert found.measures is not None
    kept = {one.id: one for one in found.measures}
    assert list(kept) == [
        *(id_ for id_ in scenario_site().rulebook.works["hot.1"].measures if id_ != "blinded"),
        "fence",
    ]
    assert (kept["gas_watched"].kind, kept["gas_watched"].source) == (MeasureKind.IOT, "gas-h2s")
    assert (kept["fence"].kind, kept["fence"].source) == (MeasureKind.AI, "cam-1")
    assert kept["extinguishers"].kind is MeasureKind.MANUAL


def test_people_look_where_a_device_could_show_it(heard: Typed) -> None:
    found = heard("ticket", *SPACE, "--shown-by", "gas_watched=people").ticket
    assert found is not None
    assert found.measures is not None
    assert {one.kind for one in found.measures} == {MeasureKind.MANUAL}


def test_a_blind_plate_and_work_indoors(heard: Typed) -> None:
    found = heard("ticket", "--type", "blind_plate", "--area", "yard", "--pipe", "P-104", "--indoors").ticket
    assert found is not None
    assert (found.pipe, found.outdoor, found.guards) == ("P-104", False, None)


def test_more_time_says_the_end_alone(heard: Typed) -> None:
    found = heard("ticket", "--extends", "T-1", "--until", "+2h", "--worker", "wu").ticket
    assert found is not None
    assert (found.extends, found.workers, found.holder, found.measures) == ("T-1", ("wu",), None, None)
    assert found.valid_to_utc is not None


WRONG = {
    "a report of nothing": (("report",), "what is wrong? Say it with --kind (? lists them)"),
    "no such hazard": (("report", "--kind", "leek"), 'there is no kind of hazard leek; nearest: "leak"'),
    "another's option": (("start", "--permit", "T", "--kind", "leak"), "start has no option --kind"),
    "a ticket's option": (("report", "--kind", "leak", "--indoors"), "report has no option --outdoors/--indoors"),
    "no permit": (("start",), "which permit? Say it with --permit"),
    "no such area": (
        ("ticket", *SPACE, "--area", "tank-insid"),
        'there is no area tank-insid; nearest: "tank-inside"',
    ),
    "no such work": (("ticket", *SPACE, "--level", "9"), "there is no kind of work confined_space.9"),
    "half a point": (("ticket", *SPACE, "--point", "6.5"), "the point 6.5: write X,Y or X,Y,Z in metres"),
    "a point nowhere": (("ticket", *SPACE, "--point", "nan,1"), "the point nan,1: write X,Y"),
    "a time in words": (("ticket", *SPACE, "--until", "noon"), "the time noon: write 2026-12-01T16:00, or +8h"),
    "no such measure": (
        ("ticket", *SPACE, "--leave-out", "blind"),
        'there is no measure blind; nearest: "blinded"',
    ),
    "proof of nothing": (("ticket", *SPACE, "--shown-by", "fence=cam-1"), "there is no measure fence"),
    "half a measure": (("ticket", *SPACE, "--measure", "fence"), "fence: write ID=TEXT"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_typed_wrongly_is_said_with_its_remedy_and_not_filed(desk: Site, folder: Path, case: str) -> None:
    words, said = WRONG[case]
    before = len(desk.requests)
    done = typed("request", folder, *words, "--by", "li", pin="2468")
    assert done.returncode == USAGE
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert len(desk.requests) == before


def test_a_request_that_there_is_not(folder: Path) -> None:
    done = typed("request", folder, "pray", "--by", "li", pin="2468")
    assert done.returncode == NOT_A_COMMAND
    assert "invalid choice: 'pray'" in done.stderr


def test_what_there_is_to_report_and_to_draw_up_is_listed(folder: Path) -> None:
    hazards = typed("request", folder, "report", "--by", "li", "--kind", "?")
    assert [line.split()[0] for line in hazards.stdout.splitlines()] == [one.kind for one in HAZARDS]
    works = typed("request", folder, "ticket", "--by", "li", "--type", "?")
    assert "--type hot --level special" in works.stdout
    assert "受限空间作业 / confined space entry" in works.stdout


def test_the_help_names_every_request_and_every_option() -> None:
    said = " ".join(typed("request", "--help").stdout.split())
    for one in Ask:
        assert one.value in said
    for option in ("--kind", "--point", "--leave-out", "--shown-by", "--linked", "--extends", "EDGE_AGENT_PIN"):
        assert option in said
