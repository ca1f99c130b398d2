"""What the box says aloud, as pieces that were spoken beforehand: how urgent, which gas, and why; no place.

A saying begins with what to do ("leave immediately", "stop work", "please answer"), then comes the gas where one
is meant, then the title of the rule's alarm. It stands as long as the siren's reason does (outputs.py): a call to
leave until its danger is over, a stop until somebody has acknowledged it. What merely happened is said once.
"""

from collections.abc import Iterable, Iterator
from enum import IntEnum

from msgspec import Struct

from edge_agent.decide.rules.rule import Rule
from edge_agent.domain.outcome import Alarm, AlarmState, Effect, Event
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.words import Words
from edge_agent.settings.site import Settings

HEADS = {
    "leave": Words("请立即撤离", "Leave immediately"),
    "stop": Words("停止作业", "Stop work"),
    "answer": Words("请注意，请应答", "Attention, please answer"),
    "drill": Words("这是演练", "This is a drill"),
    "drill_over": Words("演练结束", "The drill is over"),
    "trial": Words("即将测试警报器，不是真实报警", "The siren will be tested, this is not an alarm"),
    "resume_refused": Words("不能恢复作业，请看屏幕", "Work may not be resumed, look at the screen"),
    "start_refused": Words("不能开始作业，请看屏幕", "Work may not begin, look at the screen"),
    "resumed": Words("已恢复作业", "Work is resumed"),
    "started": Words("作业开始", "Work begins"),
}
ONCE = {
    "drill.began": "drill",
    "drill.ended": "drill_over",
    "drill.overtaken": "drill_over",
    "permit.resume_refused": "resume_refused",
    "permit.start_refused": "start_refused",
    "permit.resumed": "resumed",
    "permit.started": "started",
}
TRIAL_NEAR = "siren_trial_near"  # the rule that announces the daily test of the sirens


class Urgency(IntEnum):
    """What goes before what: a smaller one interrupts a larger one."""

    LEAVE = 0
    STOP = 1
    ANSWER = 2
    TOLD = 3


class Saying(Struct, frozen=True, kw_only=True):
    """One thing to say: the pieces in their order, each recorded in every language."""

    key: str
    urgency: Urgency
    pieces: tuple[str, ...]


def pieces(rules: Iterable[Rule], books: Iterable[Rulebook]) -> dict[str, Words]:
    """Every piece that may be asked for, with its words: what has to be recorded."""
    found = {f"head.{name}": words for name, words in HEADS.items()}
    found |= {f"gas.{key}": gas.name for book in books for key, gas in book.gases.items()}
    return found | {f"rule.{rule.name}": rule.text.title for rule in rules if spoken(rule.effect, rule.signal)}


def spoken(effect: Effect, signal: tuple[str, ...]) -> bool:
    """Whether an alarm of this kind is said aloud: it stops work, or somebody has to answer."""
    return effect >= Effect.PAUSE or bool(signal)


def urgency(alarm: Alarm) -> Urgency | None:
    """How urgently it has to be told to people just now; None: not at all."""
    verdict, calls = alarm.verdict, alarm.shown is AlarmState.UNACK_ACTIVE
    if verdict.overridden or verdict.quiet:
        return None
    leave = verdict.effect is Effect.EVACUATE or verdict.clears
    if leave and (calls or alarm.shown is AlarmState.ACK_ACTIVE):
        return Urgency.LEAVE
    if not calls or not spoken(verdict.effect, verdict.signal):
        return None
    return Urgency.STOP if verdict.effect >= Effect.PAUSE else Urgency.ANSWER


def standing(settings: Settings, alarms: Iterable[Alarm]) -> tuple[Saying, ...]:
    """What has to be said again and again now, the most urgent and then the oldest first."""
    calling = [(level, alarm) for alarm in alarms if (level := urgency(alarm)) is not None]
    calling.sort(key=lambda one: (one[0], one[1].first_seen_s, one[1].verdict.key))
    return tuple(_saying(settings, level, alarm) for level, alarm in calling)


def happened(events: Iterable[Event]) -> Iterator[Saying]:
    """What is said once, because it has just happened."""
    for event in events:
        head = ONCE.get(event.type)
        if event.type == "alarm.raised" and event.data.get("rule") == TRIAL_NEAR:
            head = "trial"
        if head is not None:
            yield Saying(key=f"{event.type}|{event.subject}", urgency=Urgency.TOLD, pieces=(f"head.{head}",))


def _saying(settings: Settings, urgency: Urgency, alarm: Alarm) -> Saying:
    verdict = alarm.verdict
    head = {Urgency.LEAVE: "leave", Urgency.STOP: "stop"}.get(urgency, "answer")
    drill = ("head.drill",) if verdict.drill else ()
    detector = settings.site.gas.get(verdict.finding.subject)
    gas = () if detector is None else (f"gas.{detector.gas}",)
    said = (*drill, f"head.{head}", *gas, f"rule.{verdict.rule}")
    return Saying(key=verdict.key, urgency=urgency, pieces=said)
