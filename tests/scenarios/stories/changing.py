"""A newer version of a ticket while its work goes on: read by the guard before it counts, or refused."""

from msgspec.structs import replace

from edge_agent.domain.observation import View
from edge_agent.domain.request import Ask
from edge_agent.domain.ticket import Point
from edge_agent.domain.words import Words
from edge_agent.settings.site import Settings
from tests.scenarios.stories.gate import CLEARED
from tests.scenarios.stories.telling import story, working
from tests.support.story import DEVICES, HOT, Story, ticket


def _reads(told: Story, version: int, guard: str = "li-na") -> None:
    told.ask(Ask.ACCEPT_CHANGE, guard, about=(str(version),))
    told.step()


@story
def a_change_counts_when_the_guard_has_read_it(site: Settings) -> Story:
    """Video was not required; the change asks for it, and it counts from his word on."""
    told = working(site, video_required=False)
    newer = ticket(version=2, measures=(CLEARED,), team="second team", gas_interval_s=600.0)
    told.bring(newer)
    told.run(2)
    told.field.view = View.DARK
    told.run(8)
    _reads(told, 2, "wang-lei")
    _reads(told, 1)
    _reads(told, 2)
    told.run(8)
    _reads(told, 2)
    told.bring(newer)  # once more the same
    told.step()
    return told


@story
def a_newer_change_overtakes_the_one_that_waits(site: Settings) -> Story:
    told = working(site)
    told.bring(ticket(version=2, coordinator="qian-wei"))
    told.run(2)
    told.bring(ticket(version=2, coordinator="zhao-min"))  # the same version says something else
    told.bring(ticket(version=3, coordinator="zhao-min"))
    _reads(told, 2)
    _reads(told, 3)
    told.run(2)
    return told


@story
def another_place_or_a_later_end_is_a_new_ticket(site: Settings) -> Story:
    told = working(site)
    one = ticket()
    told.bring(
        replace(
            one,
            version=2,
            level="2",
            area="yard",
            point=Point(9.0, 0.0),
            content=Words("焊接", "welding"),
            scopes=("high_voltage",),
            holder="qian-wei",
            valid_from_utc=one.valid_from_utc - 60,
            valid_to_utc=one.valid_to_utc + 3600,
        )
    )
    told.step()
    told.bring(replace(one, version=1, team="another"))  # no newer version
    told.step()
    return told


@story
def a_shorter_end_counts_at_once(site: Settings) -> Story:
    told = working(site)
    told.bring(ticket(version=2, valid_to_utc=told.utc + 20))
    told.run(22)
    told.bring(ticket(version=3))  # over is over
    told.step()
    return told


@story
def a_withdrawn_guard_leaves_the_post_at_once(site: Settings) -> Story:
    told = working(site, guards=("li-na", "chen-jie"))
    told.bring(ticket(version=2, guards=("chen-jie",)))
    told.run(2)
    _reads(told, 2)
    return told


@story
def a_newer_version_replaces_every_guard(site: Settings) -> Story:
    """Nobody of the former ones is left to read it: work stands until its own guard is there and has read it.

    At first she is too far away; a resume waits for her to read, and is the people's all the same.
    """
    told = working(site)
    told.field.also["tag-guard-2"] = {"x_m": 40.0, "y_m": 0.0, "moving": True}
    told.bring(ticket(version=2, guards=("chen-jie",), team="second team"))
    told.run(2)
    _reads(told, 2)
    told.ask(Ask.CHECK_IN, "li-na")
    told.ask(Ask.CHECK_IN, "chen-jie")
    told.step()
    _reads(told, 2, "chen-jie")
    told.field.also["tag-guard-2"] = {"x_m": 6.5, "y_m": 0.5, "moving": True}
    told.run(2)
    told.ask(Ask.CHECK_IN, "chen-jie")
    told.run(70)
    told.ask(Ask.RESUME, "wang-lei")
    told.step()
    _reads(told, 2, "chen-jie")
    for person in ("wang-lei", "chen-jie"):
        told.ask(Ask.RESUME, person)
        told.run(2)
    return told


@story
def a_restart_comes_between_a_new_guard_and_what_she_reads(site: Settings) -> Story:
    """Who was there before it is there no more: she checks in again, reads, and people resume."""
    told = working(site)
    told.field.also["tag-guard-2"] = {"x_m": 6.5, "y_m": 0.5, "moving": True}
    told.bring(ticket(version=2, guards=("chen-jie",)))
    told.run(2)
    told.ask(Ask.CHECK_IN, "chen-jie")
    told.run(2)
    again = told.again(30.0)
    again.run(2)
    _reads(again, 2, "chen-jie")
    again.ask(Ask.CHECK_IN, "chen-jie")
    again.run(2)
    _reads(again, 2, "chen-jie")
    again.run(70)
    again.ask(Ask.RETEST, "sun-yan", samples=again.samples)
    again.run(2)
    for person in ("wang-lei", "chen-jie"):
        again.ask(Ask.RESUME, person)
        again.run(2)
    return again


@story
def a_withdrawn_worker_may_not_go_in_any_more(site: Settings) -> Story:
    """Somebody new may, once the guard has read that he belongs there."""
    told = Story(site)
    told.begin_work(goes_in=("zhou-qiang",))
    told.bring(ticket(version=2, workers=("zhou-qiang", "sun-yan"), devices=DEVICES[1:]))
    told.run(2)
    told.ask(Ask.ENTER, "li-na", about=("wu-gang",))
    told.step()
    _reads(told, 2)
    told.run(2)
    return told


@story
def a_change_waits_over_a_restart(site: Settings) -> Story:
    told = working(site)
    told.bring(ticket(version=2, team="second team"))
    told.run(2)
    again = told.again(30.0)
    again.run(2)
    again.ask(Ask.CHECK_IN, "li-na")
    again.step()
    _reads(again, 2)
    again.run(2)
    return again


@story
def who_signed_before_the_start_is_no_area_owner_any_more(site: Settings) -> Story:
    """His signature was good when the work began: what he is today stops nobody."""
    told = working(site)
    told.bring(told.known("feng-tao", roles=("worker",)))
    told.run(4)
    return told


@story
def a_change_no_longer_names_the_analysis(site: Settings) -> Story:
    """It was made and named before the start, which is when it is asked for."""
    told = working(site, **HOT)
    told.bring(ticket(version=2, **HOT | {"jsa": ""}))
    _reads(told, 2)
    told.run(4)
    return told
