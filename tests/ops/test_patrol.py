"""A guard's patrol record: his way while he is on duty, and nobody else's; it survives a disk that refuses."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.decide.state import Inputs
from edge_agent.domain.local_time import LocalTime
from edge_agent.domain.observation import Position
from edge_agent.ops.patrol import TOLD, Patrols, page
from edge_agent.settings.site import Settings
from edge_agent.tell.patrol import Point, Shelf, is_news
from tests.support.story import Story, scenario_site

HERE = Point(at_utc=1000.0, guard="li-na", tag="tag-guard", x_m=6.5, y_m=0.5)


@pytest.fixture
def site(tmp_path: Path) -> Settings:
    settings = scenario_site()
    folders = replace(settings.site.folders, state=str(tmp_path / "state"))
    return replace(settings, site=replace(settings.site, folders=folders))


def played(site: Settings) -> tuple[Story, Patrols]:
    """Half an hour of a job: the guard walks to and fro, and his tag is silent for a while."""
    told, patrols = Story(site), Patrols(site)

    def steps(seconds: int) -> None:
        for _ in range(seconds):
            told.step()
            patrols.beside(told.inputs(), told.decisions[-1])

    told.begin_work()
    steps(60)
    told.field.guard["x_m"] = 12.5
    steps(20)
    told.field.silent.add("tag-guard")
    steps(7)
    told.field.silent.clear()
    told.field.guard["x_m"] = 6.5
    steps(20)
    return told, patrols


def test_the_way_of_the_guard_on_duty_is_kept_and_nobody_elses(site: Settings) -> None:
    told, patrols = played(site)
    patrols.flush()
    points = Shelf(site.state_folder / "patrols").read("P-1")
    assert {(point.guard, point.tag) for point in points} == {("li-na", "tag-guard")}
    assert {point.x_m for point in points} == {6.5, 12.5}
    assert len(points) < 12, "one who stands is one point in half a minute"
    assert [point.at_utc for point in points] == sorted({point.at_utc for point in points})
    told.ask("check_out", "li-na")
    told.step()
    before = len(points)
    told.field.guard["x_m"] = 30.0
    told.step()
    patrols.beside(told.inputs(), told.decisions[-1])
    patrols.flush()
    assert len(Shelf(site.state_folder / "patrols").read("P-1")) == before, "off duty nobody is followed"


def test_the_page_says_who_guarded_when_and_where(site: Settings) -> None:
    told, patrols = played(site)
    patrols.flush()
    events = [event for decision in told.decisions for event in decision.events if event.type in TOLD]
    points = Shelf(site.state_folder / "patrols").read("P-1")
    lines = list(page("P-1", events, points, LocalTime()))
    assert any("li-na" in line and "checked in" in line for line in lines)
    row = next(line for line in lines if line.startswith("| li-na |"))
    assert "| 12 m |" in row
    assert any("(12.5, 0.5) m" in line for line in lines)


def test_what_the_disk_refuses_waits_and_is_written_later(site: Settings) -> None:
    _, patrols = played(site)
    blocked = site.state_folder / "patrols"
    blocked.parent.mkdir(parents=True)
    blocked.write_text("not a folder", encoding="utf-8")
    patrols.flush()
    blocked.unlink()
    patrols.flush()
    assert Shelf(blocked).read("P-1")
    before = Shelf(blocked).read("P-1")
    patrols.flush()
    assert Shelf(blocked).read("P-1") == before, "nothing is written twice"


@pytest.mark.parametrize(
    ("now", "news"),
    [
        (replace(HERE, at_utc=1001.0), False),
        (replace(HERE, at_utc=1001.0, x_m=9.4), False),
        (replace(HERE, at_utc=1001.0, x_m=9.5), True),
        (replace(HERE, at_utc=1029.0), False),
        (replace(HERE, at_utc=1030.0), True),
        (replace(HERE, at_utc=999.0, x_m=50.0), False),
        (replace(HERE, at_utc=1001.0, x_m=None, y_m=None), True),
        (replace(HERE, at_utc=1001.0, zone="tank-mouth"), True),
        (replace(HERE, at_utc=1001.0, worn=False), True),
        (replace(HERE, at_utc=1001.0, guard="chen-jie"), True),
        (replace(HERE, at_utc=1001.0, tag="tag-guard-2"), True),
    ],
)
def test_a_point_is_kept_when_it_says_more(now: Point, *, news: bool) -> None:
    assert is_news(HERE, now) is news


def test_the_oldest_records_give_way_and_a_torn_line_spoils_nothing(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, most_bytes=250)
    for number in range(4):
        shelf.add(f"P/{number}", [replace(HERE, at_utc=1000.0 + number)] * 2)
    assert shelf.read("P/0") == []
    assert len(shelf.read("P/3")) == 2
    assert all(path.parent == tmp_path for path in tmp_path.rglob("*"))
    with next(tmp_path.glob("*3.jsonl")).open("ab") as file:
        file.write(b'{"at_utc": 5, "gua')
    assert len(shelf.read("P/3")) == 2


def test_without_positions_nothing_is_kept(site: Settings) -> None:
    told, patrols = Story(site), Patrols(site)
    told.begin_work()
    quiet = Inputs(instant=Instant(now_s=told.now_s, utc=told.utc, trusted=True))
    patrols.beside(quiet, told.decisions[-1])
    stranger = Position(source="tag-worker-1", at_s=told.now_s, x_m=1.0, y_m=1.0)
    patrols.beside(replace(quiet, observations=(stranger,)), told.decisions[-1])
    patrols.flush()
    assert Shelf(site.state_folder / "patrols").read("P-1") == []
