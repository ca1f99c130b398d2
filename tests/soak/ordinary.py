"""Ordinary permit-hours: several kinds of work at once in one yard, and every stop by a rule is a false one."""

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from edge_agent.decide.rules.rule import Rule
from edge_agent.decide.rules.table import RULES
from edge_agent.domain.outcome import Event
from tests.soak.crew import AT_WORK, Crew, Pause
from tests.soak.draw import dice
from tests.soak.play import Play
from tests.soak.sources import Yard
from tests.soak.yard import DAY_UTC, PEER, book, posts, settings

WANTED_KINDS = (
    "confined_space",
    "hot.1",
    "hot.special",
    "height.2",
    "hot.2",
    "temporary_power",
    "lifting.3",
    "blind_plate",
)
AT_ONCE = 4
LOOK_S = 10.0
LONGEST_PLAY_S = 12 * 3600.0


class Ordinary(Struct, kw_only=True):
    """What came of one play, or of several."""

    seed: str = ""
    hours: float = 0.0  # of permits with work under way
    box_hours: float = 0.0  # of the box that guards them all
    steps: int = 0
    pauses: tuple[Pause, ...] = ()
    not_begun: tuple[str, ...] = ()
    kinds: dict[str, float] = {}
    alarms: dict[str, int] = {}
    refused: dict[str, int] = {}


def _count(alarms: Counter[str], event: Event) -> None:
    """Every alarm of the box, whoever's it is."""
    if event.type == "alarm.raised":
        alarms[str(event.data["code"])] += 1


def play(seed: str, hours: float, rules: Iterable[Rule] = RULES) -> Ordinary:
    """At least so many permit-hours, from this seed."""
    rng = dice(seed)
    rulebook = book()
    known = [kind for kind in WANTED_KINDS if kind in rulebook.works]
    here = posts(tuple(rng.sample(known, min(AT_ONCE, len(known)))))
    box = Play(settings(here, rulebook, (PEER,)), rng, DAY_UTC, rules)
    yard = Yard(box)
    crews = [Crew(box, yard, post) for post in here]
    for crew in crews:
        box.after(rng.uniform(1, 300), lambda crew=crew: crew.begin(rng.uniform(5400, 14400)))
    begun_s = box.now_s
    active_s: Counter[str] = Counter()
    alarms: Counter[str] = Counter()
    box.listeners.append(lambda event: _count(alarms, event))
    while sum(active_s.values()) < hours * 3600 and box.now_s < LONGEST_PLAY_S:
        box.run(LOOK_S)
        for crew in crews:
            if crew.state in AT_WORK:
                active_s[crew.post.kind] += LOOK_S
    return Ordinary(
        seed=seed,
        hours=sum(active_s.values()) / 3600,
        box_hours=(box.now_s - begun_s) / 3600,
        steps=box.steps,
        pauses=tuple(pause for crew in crews for pause in crew.pauses),
        not_begun=tuple(f"{crew.post.kind}: {words.en}" for crew in crews for words in crew.not_begun),
        kinds={kind: seconds / 3600 for kind, seconds in active_s.items()},
        alarms=dict(alarms),
        refused=dict(sum((crew.refused for crew in crews), Counter())),
    )
