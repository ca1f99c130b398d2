"""What other boxes of the site call for, and what it means that one is not heard."""

from collections.abc import Callable

from msgspec.structs import replace

from edge_agent.domain.claim import Standing
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words
from edge_agent.settings.site import Settings
from tests.scenarios.stories.simops import two_boxes
from tests.scenarios.stories.telling import story_at, working
from tests.support.story import Story, ticket

LEAK = Standing(
    code="GAS-01",
    area="yard",
    leave=True,
    title=Words("气体危险 撤离", "Dangerous gas: evacuate"),
    detail=Words("硫化氢 12.0 ppm", "hydrogen sulfide 12.0 ppm"),
    permit="P-77",
)
STOPPED = Standing(
    code="GRD-01",
    area="yard",
    leave=False,
    title=Words("监护人不在岗", "The guard is not at the post"),
    detail=Words("陈杰", "Chen Jie"),
    permit="P-78",
)


def leaving_with(who: str) -> Callable[[], Settings]:
    """Two boxes; who leaves here when people leave there."""

    def site() -> Settings:
        base = two_boxes()
        peers = tuple(replace(peer, leave_with=who) for peer in base.site.peers)
        return replace(base, site=replace(base.site, peers=peers))

    return site


def beside_a_quiet_box(site: Settings) -> Story:
    """Work is under way, and the other box tells that all is well there."""
    told = Story(site)
    told.field.peers["edge-2"] = ()
    told.run(1)
    told.begin_work()
    told.run(2)
    return told


@story_at(leaving_with("site"))
def people_leave_at_the_other_box_and_here_with_them(site: Settings) -> Story:
    """It falls silent meanwhile: what it called for stands until it says itself that it is over."""
    told = beside_a_quiet_box(site)
    told.field.peer_alarms["edge-2"] = (LEAK,)
    told.run(3)
    told.comes_out()
    told.ask(Ask.ACKNOWLEDGE, "li-na")
    told.field.peers.clear()
    told.run(20)
    told.ask(Ask.RESUME, "wang-lei")
    told.step()
    told.field.peers["edge-2"] = ()
    told.field.peer_alarms.clear()
    told.run(8)
    told.resume("wang-lei", "li-na", "zhao-min")
    told.run(2)
    return told


@story_at(leaving_with("area"))
def people_leave_at_the_other_box_in_the_same_area(site: Settings) -> Story:
    """Elsewhere it is told, and sounds where nobody works by permit; in the area of the work everybody leaves."""
    told = beside_a_quiet_box(site)
    told.field.peer_alarms["edge-2"] = (replace(LEAK, area="far-away"),)  # no area of this box
    told.run(2)
    told.field.peer_alarms["edge-2"] = (LEAK,)
    told.run(2)
    told.field.peer_alarms["edge-2"] = (replace(LEAK, area="tank-inside"),)
    told.run(3)
    return told


@story_at(leaving_with("area"))
def people_leave_at_the_other_box_and_nobody_knows_where(site: Settings) -> Story:
    told = beside_a_quiet_box(site)
    told.field.peer_alarms["edge-2"] = (replace(LEAK, area=""),)
    told.run(2)
    return told


@story_at(leaving_with("never"))
def the_other_box_has_alarms_that_stop_nothing_here(site: Settings) -> Story:
    told = beside_a_quiet_box(site)
    told.field.peer_alarms["edge-2"] = (STOPPED, LEAK)
    told.run(3)
    told.field.peer_alarms["edge-2"] = (replace(STOPPED, detail=Words("陈杰，3 分钟", "Chen Jie, 3 min")),)
    told.run(2)
    told.field.peer_alarms.clear()
    told.run(2)
    return told


@story_at(leaving_with("site"))
def nothing_resumes_before_the_other_box_is_heard_again(site: Settings) -> Story:
    """This box came up anew: people may be leaving next door, and it would not know."""
    before = beside_a_quiet_box(site)
    told = before.again(30.0)
    told.field.peers.clear()
    told.run(2)
    told.ask(Ask.CHECK_IN, "li-na")
    told.run(1)
    told.ask(Ask.RESUME, "wang-lei")
    told.run(6)
    told.field.peers["edge-2"] = ()
    told.run(2)
    told.ask(Ask.RESUME, "wang-lei")
    told.run(2)
    return told


@story_at(leaving_with("never"))
def a_box_whose_alarms_do_not_count_here_may_be_silent_at_a_resume(site: Settings) -> Story:
    told = working(site)
    told.field.peers.clear()
    told.run(8)
    told.bring(ticket(version=2))
    told.run(2)
    return told


@story_at(leaving_with("site"))
def the_other_box_is_silent_for_a_moment(site: Settings) -> Story:
    told = beside_a_quiet_box(site)
    told.field.peers.clear()
    told.run(10)
    told.field.peers["edge-2"] = ()
    told.run(2)
    return told


@story_at(leaving_with("site"))
def the_other_box_is_heard_soon_after_a_restart(site: Settings) -> Story:
    told = beside_a_quiet_box(site).again(30.0)
    told.field.peers.clear()
    told.run(5)
    told.field.peers["edge-2"] = ()
    told.run(2)
    return told
