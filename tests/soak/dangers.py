"""Plays planted dangers: one thing goes wrong in a job, and the work must stop within the rulebook's own time."""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.decide import alarms as alarm_list
from edge_agent.decide.rules.rule import Rule
from edge_agent.decide.rules.table import RULES
from edge_agent.domain.book_keys import found, with_limit
from edge_agent.domain.permit import State
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.words import Words
from tests.soak.crew import Crew
from tests.soak.draw import dice
from tests.soak.kinds import Danger
from tests.soak.play import TICK_S, Play
from tests.soak.sources import Yard
from tests.soak.yard import PEER, book, posts, settings

BEGINS_WITHIN_S = 400.0
SLACK_S = 2 * TICK_S  # the step's own spacing: seen at one tick, timed to the next


class Missed(Struct, frozen=True, kw_only=True):
    """A danger that did not stop the work in time."""

    danger: str
    seed: str
    why: str


class Planted(Struct, kw_only=True):
    """What came of a number of dangers."""

    played: int = 0
    steps: int = 0
    missed: tuple[Missed, ...] = ()
    worst_s: dict[str, float] = {}  # the longest time from planting to the stop, by danger


def play(danger: Danger, seed: str, rules: Iterable[Rule] = RULES) -> tuple[float | None, Missed | None, int]:
    """One job, and this danger in it: how long it took to stop the work, or that it was missed; and the steps.

    A job that stops by itself before the danger is ordinary work's matter: then another one is drawn.
    """
    steps = 0
    for attempt in ("", "/again", "/and again"):
        crew = _at_work_by(danger, seed + attempt, rules)
        begun = crew.state is State.ACTIVE
        crew.play.run(crew.play.rng.uniform(3.0, 60.0))
        steps += crew.play.steps
        if crew.state is State.ACTIVE:
            took_s, why = _stopped(danger, crew)
            steps += crew.play.steps
            break
        took_s, why = None, "stopped before it" if begun else f"never began: {_listed(crew.reasons)}"
    missed = None if took_s is not None else Missed(danger=danger.name, seed=seed + attempt, why=why)
    return took_s, missed, steps


def _at_work_by(danger: Danger, seed: str, rules: Iterable[Rule]) -> Crew:
    """A job of a kind that knows this danger, under way if nothing stood against it."""
    rng = dice(seed)
    rulebook = _tightened(danger)
    post = replace(posts((rng.choice(danger.kinds),))[0], wristband=rng.random() < 0.5, alone=danger.alone)
    if danger.wristband is not None:
        post = replace(post, wristband=danger.wristband)
    box = Play(settings((post,), rulebook, (PEER,)), rng, danger.starts_utc, rules)
    crew = Crew(box, Yard(box), post)
    crew.amends = danger.amends
    crew.begin(7200.0)
    begun_s = box.now_s
    while crew.state is not State.ACTIVE and box.now_s < begun_s + BEGINS_WITHIN_S:
        box.run(5.0)
    return crew


def _tightened(danger: Danger) -> Rulebook:
    """The default rulebook with the limits that this danger's site has tightened."""
    rulebook = book()
    for key, value in danger.tight:
        rulebook = with_limit(rulebook, key, replace(found(rulebook, key), value=value))
    return rulebook


def _stopped(danger: Danger, crew: Crew) -> tuple[float | None, str]:
    """How long the box took to stop the work by itself; None, and why that does not count."""
    box, rulebook = crew.play, crew.play.settings.rulebook
    crew.helpless = True  # nobody presses anything for anybody: the box alone must find it
    planted_s = box.now_s
    danger.plant(crew)
    within_s = danger.within_s(rulebook, rulebook.works[crew.post.kind]) + SLACK_S
    end_s = planted_s + within_s
    while box.now_s < end_s and not _found(danger, crew):
        box.run(TICK_S)
        if crew.deaf(wired=danger.wired):  # what the field does not let through, no rule can hear
            end_s = box.now_s + within_s if danger.anew else end_s + TICK_S
        if danger.excused and crew.wifi.down:
            end_s = planted_s + within_s + rulebook.network.grace_s.value
    if not _found(danger, crew):
        return None, f"{'no alarm' if danger.alarm else 'still at work'} after {box.now_s - planted_s:.0f} s"
    causes = () if crew.permit is None else crew.permit.causes
    if danger.named and danger.rule not in {cause.rule for cause in causes}:
        return None, "put down to something else"
    return box.now_s - planted_s, ""


def _listed(reasons: Iterable[Words]) -> str:
    return "; ".join(words.en for words in reasons)


def _found(danger: Danger, crew: Crew) -> bool:
    """Whether the work has stopped; of what shows only then, whether its alarm stands."""
    if not danger.alarm:
        return not _at_work(crew)
    alarms = alarm_list.pausing(crew.play.decision.state.alarms.values(), crew.number)
    return any(alarm.verdict.rule == danger.rule for alarm in alarms)


def _at_work(crew: Crew) -> bool:
    return crew.state is State.ACTIVE or crew.play.powered(crew.post.relay)


def play_many(seeds: Iterable[tuple[Danger, str]], rules: Iterable[Rule] = RULES) -> Planted:
    """Each of these dangers once."""
    done = Planted()
    missed: list[Missed] = []
    for danger, seed in seeds:
        took_s, miss, steps = play(danger, seed, rules)
        done.played += 1
        done.steps += steps
        if miss is not None:
            missed.append(miss)
        if took_s is not None:
            done.worst_s[danger.name] = max(took_s, done.worst_s.get(danger.name, 0.0))
    done.missed = tuple(missed)
    return done
