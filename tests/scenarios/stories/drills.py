"""Drills: what is played acts and is marked, what is real wins."""

from edge_agent.decide.state import Kept
from edge_agent.domain.drill import Drill, DrillStep
from edge_agent.domain.outcome import Alarm, AlarmState
from edge_agent.domain.request import Ask
from edge_agent.settings.site import Settings
from tests.scenarios.stories.gas import OWN, air, two_for_chlorine, with_clean
from tests.scenarios.stories.telling import story, story_at, working
from tests.support.story import GOOD_AIR, ROOT, Story, scenario_site

LEAK = DrillStep(after_s=2, kind="gas", source="gas-ch4", level=15.0, unit="%LEL")


def drilling(site: Settings, *steps: DrillStep, seed: int | None = None, longest_s: float = 60.0) -> Story:
    """Work is under way, and a drill with it."""
    told = working(site)
    told.ask(Ask.DRILL, "zhao-min", drill=Drill(name="leak", steps=steps, seed=seed, longest_s=longest_s))
    told.step()
    return told


@story
def a_drill_from_the_sensor_to_the_resume(site: Settings) -> Story:
    told = drilling(site, LEAK)
    told.run(6)
    told.ask(Ask.ACKNOWLEDGE, "li-na")
    told.run(3)
    told.ask(Ask.END_DRILL, "zhao-min")
    told.run(12)
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.step()
    told.resume("zhao-min", "wang-lei", "li-na")
    told.run(3)
    return told


@story
def a_drill_in_which_everybody_comes_out_in_time(site: Settings) -> Story:
    told = drilling(site, LEAK)
    told.run(5)
    told.ask(Ask.ACKNOWLEDGE, "li-na")
    told.ask(Ask.HERE, "li-na")
    told.run(2)
    told.comes_out("zhou-qiang")
    told.run(2)
    told.comes_out("wu-gang")
    told.ask(Ask.END_DRILL, "zhao-min")
    told.step()
    return told


@story
def a_drill_in_which_somebody_comes_out_too_late(site: Settings) -> Story:
    told = drilling(site, LEAK, longest_s=300.0)
    told.run(5)
    told.ask(Ask.STOP, "zhou-qiang")
    told.run(site.rulebook.entry.still_inside_s.value + 5)
    told.comes_out()
    told.ask(Ask.END_DRILL, "zhao-min")
    told.step()
    return told


@story_at(lambda: scenario_site(ROOT / "zones" / "demo-plant"))
def chlorine_in_earnest_ends_a_drill(site: Settings) -> Story:
    """Nobody works at the chlorine station, and yet nothing is played on while its area is cleared."""
    told = drilling(site, LEAK)
    told.run(4)
    told.field.gas["gas-cl2"] = {"level": 2.0}
    told.run(3)
    return told


def chlorine(*levels: float) -> tuple[DrillStep, ...]:
    """One level after the other, three seconds each."""
    return tuple(
        DrillStep(after_s=2 + 3 * at, kind="gas", source="cl2-1", level=level, unit="ppm")
        for at, level in enumerate(levels)
    )


def drilling_chlorine(site: Settings, *levels: float) -> Story:
    """Work beside two detectors of chlorine, one of them its own."""
    told = with_clean(Story(site), "cl2-1", "cl2-2")
    told.begin_work(goes_in=(), devices=(*OWN, "cl2-1"))
    told.run(2)
    told.ask(Ask.DRILL, "zhao-min", drill=Drill(name="chlorine", steps=chlorine(*levels), longest_s=60.0))
    told.step()
    return told


@story_at(two_for_chlorine)
def a_drill_plays_the_three_levels_of_chlorine(site: Settings) -> Story:
    """Each level is told as in earnest, and as played; the third ends no ticket."""
    told = drilling_chlorine(site, 0.3, 0.31, 1.0, 3.1)
    told.run(15)
    told.ask(Ask.ACKNOWLEDGE, "li-na")
    told.step()
    told.ask(Ask.END_DRILL, "zhao-min")
    told.run(8)
    told.ask(Ask.RETEST, "sun-yan", samples=told.samples)
    told.step()
    told.resume("zhao-min", "wang-lei", "li-na")
    return told


@story_at(two_for_chlorine)
def chlorine_in_earnest_beside_the_played_one(site: Settings) -> Story:
    """The first level in earnest is told beside the played one; the second ends the drill."""
    told = drilling_chlorine(site, 0.5)
    told.run(4)
    air(told, "cl2-2", 0.31, 0.31, 1.0, 1.0)
    return told


@story
def a_real_alarm_ends_the_drill_at_once(site: Settings) -> Story:
    told = drilling(site, LEAK)
    told.run(5)
    told.field.gas["gas-ch4"] = {"level": 12.0}  # the very detector of the drill, in earnest
    told.run(3)
    return told


@story
def a_drill_hides_no_danger(site: Settings) -> Story:
    told = drilling(site, DrillStep(after_s=1, kind="silence", source="gas-ch4"))
    told.run(12)  # stale in the drill
    told.field.gas["gas-ch4"] = {"level": 12.0}
    told.run(3)
    return told


@story
def a_drill_with_everything_at_once(site: Settings) -> Story:
    told = drilling(
        site,
        DrillStep(after_s=1, kind="guard_gone"),
        DrillStep(after_s=1, kind="uplink_cut"),
        DrillStep(after_s=1, kind="power_cut"),
        *(DrillStep(after_s=2, kind="silence", source=one) for one in ("relay-1", "cam-1")),
        DrillStep(after_s=40, kind="end"),
    )
    told.run(45)
    return told


@story
def an_unscripted_drill_ends_by_its_time(site: Settings) -> Story:
    told = drilling(site, seed=20261118, longest_s=30.0)
    told.run(35)
    return told


@story
def the_box_restarts_during_a_drill(site: Settings) -> Story:
    before = drilling(site, LEAK)
    before.run(5)
    state = before.decisions[-1].state
    alarms: tuple[Alarm, ...] = tuple(a for a in state.alarms.values() if a.state is AlarmState.UNACK_ACTIVE)
    told = Story(site, kept=Kept(permits=tuple(state.permits.values()), alarms=alarms), utc=before.utc + 30)
    told.run(3)
    return told


@story
def the_permit_is_withdrawn_during_a_drill(site: Settings) -> Story:
    told = drilling(site, LEAK)
    told.run(5)
    told.ask(Ask.REVOKE, "zhao-min", reason="over")
    told.run(2)
    return told


@story
def drills_that_are_refused(site: Settings) -> Story:
    told = Story(site)
    told.begin_work()
    good = Drill(name="leak", steps=(LEAK,), longest_s=60.0)
    told.ask(Ask.DRILL, "li-na", drill=good)  # not hers to begin
    told.ask(Ask.DRILL, "zhao-min")
    told.ask(Ask.DRILL, "zhao-min", drill=Drill(name="nothing"))
    told.ask(Ask.DRILL, "zhao-min", drill=Drill(name="long", seed=1, longest_s=1e6))
    wrong = (
        DrillStep(after_s=1, kind="gas", source="gas-x", level=1.0, unit="ppm"),
        DrillStep(after_s=1, kind="gas", source="gas-co", level=None, unit="ppm"),
        DrillStep(after_s=1, kind="gas", source="cam-1", level=1.0, unit="ppm"),
        DrillStep(after_s=1, kind="silence"),
        DrillStep(after_s=60, kind="guard_gone"),
    )
    told.ask(Ask.DRILL, "zhao-min", drill=Drill(name="wrong", steps=wrong, longest_s=60.0))
    told.ask(Ask.END_DRILL, "zhao-min")  # none is under way
    told.step()
    told.ask(Ask.DRILL, "zhao-min", drill=good)
    told.step()
    told.ask(Ask.DRILL, "zhao-min", drill=good)  # one at a time
    told.ask(Ask.END_DRILL, "li-na")
    told.step()
    told.ask(Ask.END_DRILL, "zhao-min")
    told.step()
    told.field.gas["gas-ch4"] = {"level": 12.0}
    told.run(2)
    told.ask(Ask.DRILL, "zhao-min", drill=good)  # not now
    told.bring(told.known("li-na", tag=None))
    told.step()
    gone = DrillStep(after_s=1, kind="guard_gone")
    told.ask(Ask.DRILL, "zhao-min", drill=Drill(name="gone", steps=(gone,), longest_s=60.0))  # who would go?
    told.step()
    return told
