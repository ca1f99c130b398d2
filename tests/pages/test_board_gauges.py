"""The board shows temperatures and levels beside the site's own limits, and what they trip; and who has air."""

from msgspec.structs import replace
from playwright.sync_api import expect

from edge_agent.domain.words import Words
from edge_agent.tell.live import Live
from edge_agent.tell.live_measured import LiveGauge
from edge_agent.tell.live_people import LiveWorn
from tests.pages.phone import Phone
from tests.support.board_world import Folder, live, person
from web_ui.words import LANGUAGES, TABLES

REACTOR = LiveGauge(
    id="reactor-3",
    name=Words("3 号反应釜", "Reactor 3"),
    what=Words("温度", "temperature"),
    level=92.4,
    unit="°C",
    quality="good",
    age_s=0.6,
    crossed="high_high",
    limits={"high_high": 85.0, "high": 75.0},
    area_id="yard",
    interlock="tripped",
)
POOL = LiveGauge(
    id="pool",
    name=Words("应急池", "Emergency pool"),
    what=Words("液位", "level"),
    level=1.2,
    unit="m",
    quality="good",
    age_s=0.4,
    crossed="",
    limits={"high_high": 3.0, "high": 2.5},
    area_id="yard",
)
ROOM = replace(POOL, id="room", name=Words("配电室", "Switch room"), level=None, quality="stale", age_s=14.0)
HEATED = replace(POOL, id="kettle", level=2.6, crossed="high", interlock="missing")


def measured() -> Live:
    """One beyond its limit, one well, one silent, one near its limit that nothing is interlocked with."""
    air = LiveWorn(item="scba", name=Words("空气呼吸器", "breathing apparatus"), state="worn", for_s=400.0)
    return live(gauges=(REACTOR, POOL, ROOM, HEATED), people=(person(worn=(air,)),))


def test_gauges_stand_beside_their_limits_and_what_they_trip(board: Phone, folder: Folder) -> None:
    with folder.kept(measured):
        for language in LANGUAGES:
            t = TABLES[language]
            board.watch(language)
            for size in ("phone", "panel"):
                board.resize(size)
                reactor, pool, room, kettle = (
                    board(f'[data-gauge="{id_}"]') for id_ in ("reactor-3", "pool", "room", "kettle")
                )
                expect(reactor).to_have_attribute("data-look", "danger")
                expect(reactor).to_contain_text("92.4 °C")
                expect(reactor).to_contain_text(t["limit"]["high_high"])
                expect(reactor).to_contain_text(t["gauge"]["tripped"])
                expect(pool).to_have_attribute("data-look", "good")
                expect(pool).to_contain_text(f"{t['limit']['high']} 2.5")
                expect(room).to_contain_text(t["gas"]["no_value"])
                expect(room).to_contain_text(t["quality"]["stale"])
                expect(kettle).to_contain_text(t["gauge"]["no_interlock"])
                expect(board('[data-worn="worn"]')).to_contain_text(t["worn"]["worn"])
                board.look("02-gauges")


def test_a_site_without_gauges_has_no_such_part(board: Phone, folder: Folder) -> None:
    with folder.kept():
        board.watch()
        expect(board("#wind")).to_be_visible()
        expect(board("#gauges")).to_have_count(0)
