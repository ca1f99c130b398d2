"""Planted dangers: one thing goes wrong in one job, and the work must stop within the rulebook's own time.

Each kind names the rule that alone can find it: without that rule's row the danger is missed, which is tested.
"""

from collections.abc import Callable, Iterable

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.decide.rules.rule import Rule
from edge_agent.decide.rules.table import RULES
from edge_agent.domain.observation import Quality, View
from edge_agent.domain.permit import State
from edge_agent.domain.person import Proof
from edge_agent.domain.request import Ask, PersonDelivery, Request
from edge_agent.domain.rulebook import Rulebook, WorkLimits
from tests.soak.crew import Crew
from tests.soak.draw import dice
from tests.soak.play import TICK_S, Play
from tests.soak.sources import Wifi
from tests.soak.yard import DAY_UTC, book, posts, settings

BEGINS_WITHIN_S = 400.0
SLACK_S = 2 * TICK_S  # the step's own spacing: seen at one tick, timed to the next

Plant = Callable[[Crew], None]


class Danger(Struct, frozen=True, kw_only=True):
    """One kind of danger: how it is planted, which rule finds it, and how long that may take."""

    name: str
    rule: str
    plant: Plant
    within_s: Callable[[Rulebook, WorkLimits], float]
    kinds: tuple[str, ...] = ("confined_space",)
    wristband: bool | None = None  # None: either kind of tag on the guard
    named: bool = False  # another rule would stop the work too: this one must be among the causes


class Missed(Struct, frozen=True, kw_only=True):
    """A danger that did not stop the work in time."""

    danger: str
    seed: str
    within_s: float
    why: str


class Planted(Struct, kw_only=True):
    """What came of a number of dangers."""

    played: int = 0
    steps: int = 0
    missed: tuple[Missed, ...] = ()
    worst_s: dict[str, float] = {}  # the longest time from planting to the stop, by danger


def at_once(_: Rulebook, __: WorkLimits) -> float:
    """The next word, and the step that it wakes."""
    return 1.5


def blind_gas(rules: Rulebook, work: WorkLimits) -> float:
    """Stale after ten seconds without a word, then the grace (docs/domain.md 2.3)."""
    return rules.gas.stale_min_s.value + (work.gas_grace_s or rules.gas.not_good_pause_s).value


# --- what is planted ------------------------------------------------------------------------------------


def _some_gas(crew: Crew) -> str:
    return crew.play.rng.choice(sorted(crew.detectors))


def _beyond(crew: Crew, gas: str) -> float:
    """A level beyond a stop limit, in the detector's unit; 10 %LEL of methane is its 0.5 %vol."""
    rng = crew.play.rng
    if gas == "o2":
        return rng.choice((rng.uniform(5.0, 19.4), rng.uniform(23.6, 25.0)))
    least = {"ch4": 10.1, "h2s": 7.3, "co": 27.0}[gas]
    return rng.uniform(least, least * 4)


def gas_over(crew: Crew) -> None:
    """A channel goes beyond its limit and stays there."""
    gas = _some_gas(crew)
    crew.detectors[gas].level = _beyond(crew, gas)


def gas_spike(crew: Crew) -> None:
    """One single sample beyond the limit; the next one is clean again."""
    gas = _some_gas(crew)
    detector, play = crew.detectors[gas], crew.play
    play.say(replace(detector.word(), level=_beyond(crew, gas)))
    play.say(detector.word())


def gas_over_range(crew: Crew) -> None:
    """The detector is beyond its range: no number, and danger all the same."""
    crew.detectors[_some_gas(crew)].quality = Quality.OVERRANGE


def gas_device_alarm(crew: Crew) -> None:
    """The detector alarms by itself below the limit of the rulebook."""
    crew.detectors[_some_gas(crew)].device_alarm = True


def gas_silent(crew: Crew) -> None:
    """The detector is not heard any more."""
    crew.detectors[_some_gas(crew)].silent = True


def gas_not_good(crew: Crew) -> None:
    """The detector answers, and says that its number is worth nothing."""
    bad = (
        Quality.WARMUP,
        Quality.FAULT,
        Quality.UNDERRANGE,
        Quality.INHIBITED,
        Quality.SUSPECT,
        Quality.COMM_FAIL,
    )
    crew.detectors[_some_gas(crew)].quality = crew.play.rng.choice(bad)


def guard_leaves(crew: Crew) -> None:
    """He walks away, further than the limit, in one direction or the other."""
    rng = crew.play.rng
    crew.tags[crew.guard].place = (crew.post.x_m + rng.uniform(60.0, 110.0), rng.uniform(-20.0, 20.0))


def guard_unsure(crew: Crew) -> None:
    """His fixes become so coarse that nobody can say where he is."""
    crew.tags[crew.guard].accuracy_m = crew.play.rng.uniform(70.0, 200.0)


def badge_hung(crew: Crew) -> None:
    """The badge hangs on a rail at the post, and still says that it is worn."""
    crew.tags[crew.guard].hung = True


def badge_off(crew: Crew) -> None:
    """The wearable is off the wrist, and says so."""
    crew.tags[crew.guard].worn = False


def guard_leaves_the_site(crew: Crew) -> None:
    """He walks out of every area of the plan."""
    crew.tags[crew.guard].place = (crew.post.x_m, crew.play.rng.uniform(180.0, 250.0))


def guard_checks_out(crew: Crew) -> None:
    """He leaves his post, and says so; nobody has come for him."""
    crew.ask(Ask.CHECK_OUT, crew.guard)


def guard_climbs(crew: Crew) -> None:
    """Near on the plan, and on another level."""
    crew.tags[crew.guard].z_m = crew.play.rng.choice((-1, 1)) * crew.play.rng.uniform(7.0, 20.0)


def fall(crew: Crew) -> None:
    """A wearable says that its wearer fell."""
    tag = crew.tags[crew.play.rng.choice((*crew.post.workers, crew.guard))]
    tag.fall = True
    crew.play.say(tag.word())


def tag_silent(crew: Crew) -> None:
    """The guard's wearable is not heard any more."""
    crew.tags[crew.guard].silent = True


def sos(crew: Crew) -> None:
    """Somebody who works here presses SOS."""
    tag = crew.tags[crew.play.rng.choice((*crew.post.workers, crew.guard))]
    tag.sos = True
    crew.play.say(tag.word())


def barred(crew: Crew) -> None:
    """The centre says that somebody may not work here any more."""
    who = crew.play.rng.choice((crew.post.holder, crew.guard, *crew.post.workers))
    person = replace(crew.play.decision.state.persons[who], denied="barred")
    crew.play.ask(PersonDelivery(id="bar", at_s=crew.play.now_s, person=person))


def without_tag(crew: Crew) -> None:
    """The guard's wearable is taken from the list of people."""
    person = replace(crew.play.decision.state.persons[crew.guard], tag=None)
    crew.play.ask(PersonDelivery(id="untag", at_s=crew.play.now_s, person=person))


def relay_silent(crew: Crew) -> None:
    """The relay module is not heard any more."""
    crew.relay.silent = True


def relay_opens(crew: Crew) -> None:
    """The contactor falls although it is told to hold."""
    crew.relay.stuck = False


def stop_button(crew: Crew) -> None:
    """Somebody presses the stop button, or its wire is cut."""
    crew.relay.stop_closed = False


def camera_gone(crew: Crew) -> None:
    """The required camera shows nothing."""
    rng = crew.play.rng
    if rng.random() < 0.5:
        crew.camera.silent = True
    else:
        crew.camera.view = rng.choice((View.FROZEN, View.DARK, View.GONE, View.UNJUDGED))


def stopped_by_hand(crew: Crew) -> None:
    """Anyone may stop: no rule is needed."""
    play = crew.play
    who = play.rng.choice((crew.post.holder, crew.guard, "safety-1", *crew.post.workers))
    asked = Request(id="stop", at_s=play.now_s, ask=Ask.STOP, person=who, proof=Proof.NONE, permit=crew.number)
    play.ask(asked)


ANY = ("confined_space", "hot.1", "hot.special")
GAS = ("confined_space", "hot.1", "hot.special")

DANGERS = (
    Danger(name="gas over its limit", rule="gas_dangerous", plant=gas_over, within_s=at_once, kinds=GAS),
    Danger(name="one sample over the limit", rule="gas_dangerous", plant=gas_spike, within_s=at_once, kinds=GAS),
    Danger(name="gas over range", rule="gas_dangerous", plant=gas_over_range, within_s=at_once, kinds=GAS),
    Danger(
        name="the detector's own alarm", rule="gas_dangerous", plant=gas_device_alarm, within_s=at_once, kinds=GAS
    ),
    Danger(name="detector silent", rule="gas_not_good", plant=gas_silent, within_s=blind_gas, kinds=GAS),
    Danger(name="detector not good", rule="gas_not_good", plant=gas_not_good, within_s=blind_gas, kinds=GAS),
    Danger(
        name="guard leaves",
        rule="guard_too_far",
        plant=guard_leaves,
        # the tag's next word (a lost one is made up within 9 s), then the delay
        within_s=lambda book, _: book.guard.outside_on_s.value + 9.0,
        wristband=False,
        kinds=ANY,
    ),
    Danger(
        name="guard cannot be placed",
        rule="guard_perhaps_too_far",
        plant=guard_unsure,
        within_s=lambda book, _: book.guard.unsure_pause_s.value + 9.0,
        wristband=False,
        kinds=ANY,
    ),
    Danger(
        name="badge hung on a rail",
        rule="guard_still_too_long",
        plant=badge_hung,
        within_s=lambda book, _: book.guard.still_pause_s.value,
        wristband=False,
        kinds=ANY,
    ),
    Danger(
        name="badge off the wrist",
        rule="guard_tag_off",
        plant=badge_off,
        within_s=lambda book, _: book.guard.outside_on_s.value + 9.0,
        wristband=False,
        kinds=ANY,
    ),
    Danger(
        name="guard leaves the site",
        rule="guard_off_site",
        plant=guard_leaves_the_site,
        within_s=lambda book, _: book.guard.outside_on_s.value + 9.0,
        wristband=False,
        kinds=ANY,
        named=True,
    ),
    Danger(name="guard checks out", rule="guard_absent", plant=guard_checks_out, within_s=at_once, kinds=ANY),
    Danger(
        name="guard on another level",
        rule="guard_off_level",
        plant=guard_climbs,
        within_s=lambda book, _: book.guard.unsure_pause_s.value + 9.0,
        wristband=False,
        kinds=ANY,
    ),
    Danger(name="somebody falls", rule="fall", plant=fall, within_s=at_once, kinds=ANY),
    Danger(
        name="guard's tag silent",
        rule="guard_lost",
        plant=tag_silent,
        within_s=lambda book, _: book.guard.lost_pause_s.value,
        wristband=False,
        kinds=ANY,
    ),
    Danger(
        name="guard without a tag", rule="guard_without_wearable", plant=without_tag, within_s=at_once, kinds=ANY
    ),
    Danger(name="SOS", rule="sos", plant=sos, within_s=at_once, kinds=ANY),
    Danger(name="somebody is barred", rule="person_unfit", plant=barred, within_s=at_once, kinds=ANY),
    Danger(
        name="relay module silent",
        rule="device_silent",
        plant=relay_silent,
        within_s=lambda book, _: 10.0 + book.device.silent_pause_s.value,
        kinds=ANY,
    ),
    Danger(
        name="contactor falls",
        rule="output_not_following",
        plant=relay_opens,
        within_s=lambda book, _: 1.0 + book.device.isolation_s.value,
        kinds=ANY,
    ),
    Danger(name="stop button", rule="stop_button", plant=stop_button, within_s=at_once, kinds=ANY),
    Danger(
        name="required camera shows nothing",
        rule="camera_required_not_monitored",
        plant=camera_gone,
        within_s=lambda book, _: 10.0 + book.camera.not_monitored_s.value,
        kinds=("hot.special",),
    ),
    Danger(name="stopped by hand", rule="", plant=stopped_by_hand, within_s=at_once, kinds=ANY),
)


# --- how it is played -----------------------------------------------------------------------------------


def play(danger: Danger, seed: str, rules: Iterable[Rule] = RULES) -> tuple[float | None, Missed | None, int]:
    """One job, and this danger in it: how long it took to stop the work, or that it was missed; and the steps."""
    rng = dice(seed)
    rulebook = book()
    post = replace(posts((rng.choice(danger.kinds),))[0], wristband=rng.random() < 0.5)
    if danger.wristband is not None:
        post = replace(post, wristband=danger.wristband)
    box = Play(settings((post,), rulebook), rng, DAY_UTC, rules)
    crew = Crew(box, Wifi(box), post)
    crew.begin(7200.0)
    begun_s = box.now_s
    while crew.state is not State.ACTIVE and box.now_s < begun_s + BEGINS_WITHIN_S:
        box.run(5.0)
    within_s = danger.within_s(rulebook, rulebook.works[post.kind]) + SLACK_S
    if crew.state is not State.ACTIVE:
        why = "; ".join(words.en for words in crew.reasons)
        return None, Missed(danger=danger.name, seed=seed, within_s=within_s, why=f"never began: {why}"), box.steps
    box.run(rng.uniform(3.0, 60.0))
    if crew.state is not State.ACTIVE:
        return None, Missed(danger=danger.name, seed=seed, within_s=within_s, why="stopped before it"), box.steps
    crew.helpless = True  # nobody presses anything for him: the box alone must find it
    planted_s = box.now_s
    danger.plant(crew)
    end_s = planted_s + within_s
    while box.now_s < end_s and _at_work(crew):
        box.run(TICK_S)
        end_s += TICK_S if crew.deaf else 0.0  # what the field does not let through, no rule can hear
    causes = () if crew.permit is None else crew.permit.causes
    if danger.named and danger.rule not in {cause.rule for cause in causes}:
        return (
            None,
            Missed(danger=danger.name, seed=seed, within_s=within_s, why="put down to something else"),
            box.steps,
        )
    if _at_work(crew):
        return None, Missed(danger=danger.name, seed=seed, within_s=within_s, why="still at work"), box.steps
    return box.now_s - planted_s, None, box.steps


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
