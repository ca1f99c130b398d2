"""Somebody's wearable is changed during the work: the new one is judged at once, the old one is nobody's."""

from edge_agent.domain.request import Ask
from edge_agent.settings.site import Settings
from tests.scenarios.stories.telling import story
from tests.support.story import Story


def beside(site: Settings) -> Story:
    """Work is under way. The relief guard is not on site: his wearable is a spare one, and hangs at the post."""
    told = Story(site)
    told.bring(told.known("chen-jie", tag=None))
    told.field.also["tag-guard-2"] = {"x_m": 6.5, "y_m": 0.8, "moving": True, "battery_pct": 90.0}
    told.begin_work()
    told.run(2)
    return told


@story
def a_guard_changes_his_dead_wearable_during_the_work(site: Settings) -> Story:
    """In time: nothing stops. What the old one says then is nobody's, and the new one's absence stops the work."""
    told = beside(site)
    told.field.silent.add("tag-guard")
    told.step(every_s=0.5)
    told.run(4)
    told.ask(Ask.WEAR, "li-na", about=("li-na",), wearable="tag-guard-2")
    told.run(6)
    told.field.silent.discard("tag-guard")
    told.field.guard |= {"x_m": 89.0, "worn": False, "sos": True}
    told.run(6)
    told.field.silent.add("tag-guard-2")
    told.step(every_s=0.5)
    told.run(10)
    return told


@story
def a_wearable_that_is_put_on_in_the_office_shows_no_guard(site: Settings) -> Story:
    """Nothing is taken over from the old one, which stood at the post a second ago."""
    told = beside(site)
    told.field.also["tag-guard-2"] |= {"x_m": 70.0}
    told.step()
    told.ask(Ask.WEAR, "wang-lei", about=("li-na",), wearable="tag-guard-2")
    told.run(5)
    return told


@story
def wearables_that_nobody_may_put_on(site: Settings) -> Story:
    """Somebody else's, one that is silent, one without charge, none of this site; and by whom, and for whom."""
    told = beside(site)
    for asks, whose, which in (
        ("li-na", "li-na", "tag-worker-1"),
        ("li-na", "li-na", "tag-worker-2"),
        ("li-na", "li-na", "tag-nowhere"),
        ("li-na", "li-na", "tag-guard"),
        ("zhou-qiang", "zhou-qiang", "tag-guard-2"),
        ("li-na", "sun-yan", "tag-guard-2"),
        ("li-na", "nobody", "tag-guard-2"),
    ):
        told.ask(Ask.WEAR, asks, about=(whose,), wearable=which)
        told.step()
    told.field.also["tag-guard-2"]["battery_pct"] = 10.0
    told.step()
    for whose in ("li-na", "zhou-qiang"):
        told.ask(Ask.WEAR, "li-na", about=(whose,), wearable="tag-guard-2")
        told.step()
    told.field.also["tag-guard-2"]["battery_pct"] = 11.0
    told.field.worker["sos"] = True
    told.step()
    told.ask(Ask.WEAR, "li-na", about=("zhou-qiang",), wearable="tag-guard-2")
    told.step()
    return told


@story
def a_changed_wearable_is_still_worn_after_a_restart(site: Settings) -> Story:
    told = beside(site)
    told.ask(Ask.WEAR, "wang-lei", about=("zhou-qiang",), wearable="tag-guard-2")
    told.run(2)
    woken = told.again(5.0)
    woken.field.also["tag-guard-2"] |= {"fall": True}
    woken.run(3)
    return woken


@story
def a_wearable_is_changed_before_its_battery_is_empty(site: Settings) -> Story:
    """Of the guard and of a worker: at twenty per cent they are told; with another one on, it is over."""
    told = beside(site)
    told.field.guard["battery_pct"] = 21.0
    told.field.worker["battery_pct"] = 21.0
    told.run(2)
    told.field.guard["battery_pct"] = 20.0
    told.run(3)
    told.field.worker["battery_pct"] = 20.0
    told.step()
    told.ask(Ask.WEAR, "li-na", about=("li-na",), wearable="tag-guard-2")
    told.run(3)
    told.field.worker["battery_pct"] = None  # not every message says it: what it said last counts
    told.run(2)
    told.field.worker["battery_pct"] = 21.0
    told.run(2)
    return told
