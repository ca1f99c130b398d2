"""Shelving: a named person silences one alarm for a while (ISA-18.2). Pure.

It silences only: siren and escalation stop, the alarm's effect on a permit does not.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from edge_agent.decide.alarms import ACTIVE
from edge_agent.domain.outcome import Alarm, AlarmState, Effect, Priority, Shelf


def may_be_shelved(alarm: Alarm) -> bool:
    """Nothing that makes people leave, and nothing of the highest priority: gas danger and SOS never."""
    return shelvable(alarm.verdict.effect, alarm.verdict.priority)


def shelvable(effect: Effect, priority: Priority) -> bool:
    """The same, of a rule's row."""
    return effect < Effect.EVACUATE and priority > Priority.CRITICAL


def shelved(alarms: Mapping[str, Alarm], key: str, shelf: Shelf) -> dict[str, Alarm]:
    """The list with one alarm on the shelf."""
    return {**alarms, key: replace(alarms[key], shelf=shelf)}


def taken_off(alarms: Mapping[str, Alarm], key: str, now_s: float) -> dict[str, Alarm]:
    """The list with one alarm off the shelf: if it stands, it calls anew."""
    return {**alarms, key: called_anew(replace(alarms[key], shelf=None), now_s)}


def called_anew(alarm: Alarm, now_s: float) -> Alarm:
    """An alarm that people have not been hearing: if it stands, it asks for an acknowledgement again."""
    if alarm.state not in ACTIVE:
        return alarm
    return replace(alarm, state=AlarmState.UNACK_ACTIVE, called_s=now_s, escalated=0)


def over(alarms: Mapping[str, Alarm], now_s: float) -> tuple[Alarm, ...]:
    """Alarms whose time on the shelf has ended."""
    return tuple(alarm for alarm in alarms.values() if alarm.shelf is not None and now_s >= alarm.shelf.until_s)
