"""A box that comes up without a date learns later how long it was down: no age may stay shorter than it was."""

from msgspec.structs import replace

from edge_agent.decide.state import Kept
from edge_agent.domain.permit import Permit, State
from tests.support.story import T0_S, Story, scenario_site

DOWN_S = 2 * 3600.0


def after_a_boot_without_a_date(*, trusted_after: bool) -> tuple[Permit, Permit, Story]:
    """A stopped job with people inside; the box is down for two hours, and its clock stood still meanwhile."""
    before = Story(scenario_site())
    before.begin_work()
    before.field.gas["gas-h2s"] |= {"level": 60.0}
    before.run(5)
    kept = before.decisions[-1].state.permits["P-1"]
    told = Story(before.settings, kept=Kept(permits=(kept,)), trusted=False, utc=before.utc)
    told.run(10)
    if trusted_after:
        told.trusted = True
        told.utc += DOWN_S
        told.run(2)
    return kept, told.decisions[-1].state.permits["P-1"], told


def test_the_first_trusted_date_makes_everything_as_old_as_it_is() -> None:
    kept, now, told = after_a_boot_without_a_date(trusted_after=True)
    assert kept.state is now.state is State.PAUSED
    assert kept.stopped_utc is not None
    assert now.stopped_s == told.now_s - 1 - (told.utc - 1 - kept.stopped_utc)  # put right a step ago
    assert told.now_s - now.inside[0].since_s > DOWN_S
    assert told.now_s - now.inside[0].heard_s > DOWN_S
    assert now.undated_s is None


def test_without_one_they_stay_guesses_that_are_never_younger_than_the_boot() -> None:
    _, now, told = after_a_boot_without_a_date(trusted_after=False)
    assert now.undated_s == T0_S
    assert now.stopped_s is not None
    assert now.stopped_s <= T0_S
    assert told.now_s - now.inside[0].since_s < DOWN_S


def test_what_began_after_the_boot_keeps_its_second() -> None:
    kept, _, told = after_a_boot_without_a_date(trusted_after=False)
    told.comes_out(*(one.person for one in kept.inside[:1]))
    told.field.silent = {"relay-1"}
    told.run(30)  # a stop's new cause, of this boot
    fresh = told.decisions[-1].state.permits["P-1"].causes[-1]
    assert fresh.at_s > T0_S
    told.trusted = True
    told.utc += DOWN_S
    told.run(2)
    after = told.decisions[-1].state.permits["P-1"]
    assert fresh in after.causes
    assert all(cause.at_s < T0_S - DOWN_S + 60 for cause in after.causes if cause.at_utc < kept.since_utc + 1)


def test_a_date_that_lies_before_the_guess_makes_nothing_younger() -> None:
    _, before, told = after_a_boot_without_a_date(trusted_after=False)
    told.trusted = True
    told.utc -= DOWN_S
    told.run(2)
    after = told.decisions[-1].state.permits["P-1"]
    assert replace(after, undated_s=before.undated_s).stopped_s == before.stopped_s
