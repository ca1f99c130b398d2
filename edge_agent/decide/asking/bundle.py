"""Another text of a file of the settings: who may give it, and that it takes nothing from people at work.

The box starts anew with it, which pauses whatever is under way: so nothing may be. Work that stands still already
stays so, and loses nothing that it began with (settings_effect.py). Interlock outputs that hold fall with it:
whoever asks has agreed to each of them (technicians and administrators answer for the plant). Passwords and keys
go to whom they were entered for: only an administrator has one of before shown to somebody else.
"""

from msgspec import to_builtins

from edge_agent.decide.asking.case import Errand, Errands, Reasons
from edge_agent.decide.settings_effect import effects, not_agreed, shown_words
from edge_agent.domain.outcome import Output, Priority
from edge_agent.domain.permit import TERMINAL
from edge_agent.domain.person import Person, Role
from edge_agent.domain.request import Ask
from edge_agent.domain.settings_change import SettingsChange
from edge_agent.domain.words import Words, joined

MAY = frozenset({Role.TECHNICIAN, Role.ADMIN})
NOT_ONE_OF_THEM = Words(
    "须由全站的仪表员或管理员办理", "only a technician or an administrator of the whole site may do this"
)
NOTHING = Words("与当前设置相同", "nothing in it is another than now")


def _settings(errand: Errand) -> Reasons:
    change, draft = errand.request.settings, errand.draft
    if not _may(errand.person):
        return (NOT_ONE_OF_THEM,)
    if change is None or not change.changes:
        return (NOTHING,)
    if change.shown_to_others and not _administers(errand.person):
        return (shown_words(change.shown_to_others),)
    touching = effects(draft.permits.values(), change, _holding(errand))
    against = tuple(one.words for one in touching if one.refused)
    if against:
        return against
    falls = tuple(one for one in _holding(errand) if one not in change.interlocks_off)
    if falls:
        return (not_agreed(falls),)
    touched = {*change.areas, *change.removed}
    data = {
        "by": errand.request.person,
        "file": change.file,
        "sha256": change.sha256,
        "before": change.before,
        "also": to_builtins(change.also),
        "changes": to_builtins(change.changes),
        "areas": sorted(touched),
        "permits": [
            one.ticket.id
            for one in draft.permits.values()
            if one.state not in TERMINAL and one.ticket.area in touched
        ],
        "effects": to_builtins(tuple(one.words for one in touching)),
        "interlocks_off": list(_holding(errand)),
        "reason": errand.request.reason,
        "words": to_builtins(joined(change.changes)),
    }
    _swap(errand, change)
    draft.event("settings.changed", "unit", Priority.HIGH, data)
    return ()


def _holding(errand: Errand) -> tuple[str, ...]:
    return tuple(
        f"{id_}/{wire.channel}"
        for id_, relay in errand.world.relays.items()
        for wire in relay.wires
        if wire.does is Output.INTERLOCK and wire.wanted_on
    )


def _swap(errand: Errand, change: SettingsChange) -> None:
    """Another device hangs under an id: what was vouched for of the one before it is over."""
    draft = errand.draft
    for record in change.swapped:
        before = draft.records.get(record.id)
        words = Words(
            f"{record.id} 已更换，原检定记录作废",
            f"{record.id} is another now: the old one's record is closed",
        )
        data = {
            "by": errand.request.person,
            "was": None if before is None else to_builtins(before),
            "record": to_builtins(record),
            "reason": errand.request.reason,
            "words": to_builtins(words),
        }
        draft.event("device.swapped", record.id, Priority.HIGH, data)
    if change.swapped:
        draft.records = {**draft.records, **{one.id: one for one in change.swapped}}


def _administers(person: Person | None) -> bool:
    return person is not None and Role.ADMIN in person.roles


def _may(person: Person | None) -> bool:
    return person is not None and not MAY.isdisjoint(person.roles) and not person.areas


HANDLERS: Errands = {Ask.SETTINGS: _settings}
