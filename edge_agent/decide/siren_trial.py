"""What a test of the sirens showed, or of other outputs: one event at its end, so that nobody has to believe it.

A siren without a feedback contact is told to be unproven, never to have sounded. A test that the box slept
through, or that a restart cut short, has no event: the next day's has.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct, to_builtins

from edge_agent.decide.state import Draft, State
from edge_agent.domain.outcome import Priority
from edge_agent.domain.words import Words
from edge_agent.fuse.relays import Relay
from edge_agent.fuse.sirens import Trial, TrialOrder, Tried, sounds
from edge_agent.fuse.world import World
from edge_agent.settings.site import Settings
from edge_agent.settings.site_relays import RelayTable

BY = "schedule"  # nobody began it: it stands in the settings


class Result(StrEnum):
    """What a test proved."""

    PASSED = "passed"
    FAILED = "failed"
    UNPROVEN = "unproven"  # nothing spoke against it, and not everything for it


WORDS = {
    Result.PASSED: Words("警报器测试通过", "the sirens were tried and all were heard"),
    Result.FAILED: Words("警报器测试未通过", "the sirens were tried: not all can be relied on"),
    Result.UNPROVEN: Words("警报器已测试，未全部证实", "the sirens were tried; not all are known to have sounded"),
}


ORDERED = {
    Result.PASSED: Words("输出测试通过", "the outputs were tried and all were read back"),
    Result.FAILED: Words("输出测试未通过", "the outputs were tried: not all can be relied on"),
    Result.UNPROVEN: Words("输出已测试，未全部证实", "the outputs were tried; not all are known to have gone on"),
}


class _Siren(Struct, frozen=True, kw_only=True):
    """One siren of the test, as it is told."""

    siren: str  # module and output
    name: Words
    heard: bool | None  # None: no feedback contact, or it could not be read
    line: str


def follow(
    draft: Draft, state: State, world: World, settings: Settings
) -> tuple[Tried | None, dict[str, Any] | None]:
    """The test under way after this step, and what the last one showed; its end is an event."""
    before = state.tried
    trial = world.siren_trial
    if trial is not None and trial.in_s == 0:
        began_utc = world.instant.utc if before is None else before.began_utc
        heard = _heard({} if before is None else before.heard, world, trial)
        return Tried(began_utc=began_utc, heard=heard, order=trial.order), state.last_trial
    return None, state.last_trial if before is None else _told(draft, before, world, settings)


def still(order: TrialOrder | None, world: World) -> TrialOrder | None:
    """The ordered test, until it is over: one that somebody's work has overtaken does not come back."""
    new = order is not None and order.at_s > world.now_s
    gone = world.siren_trial is None or world.siren_trial.order is None
    return None if gone and not (new and not _busy(world)) else order


def _busy(world: World) -> bool:
    return any(job.permit.busy for job in world.jobs)


def _heard(before: Mapping[str, bool | None], world: World, trial: Trial) -> dict[str, bool | None]:
    """By siren: once heard is heard; silent only where its feedback has said so."""
    found: dict[str, bool | None] = {}
    tell_s = world.rulebook.device.isolation_s.value
    for id_, relay in world.relays.items():
        for wire in relay.wires:
            key = f"{id_}/{wire.channel}"
            if trial.of(key, wire.does):
                now = sounds(wire, world.now_s, tell_s)
                was = before.get(key)
                found[key] = was if was or now is None else now
    return found


def _told(draft: Draft, tried: Tried, world: World, settings: Settings) -> dict[str, Any]:
    table = settings.site.siren_test
    sirens = tuple(_sirens(tried, world, settings.site.relays))
    result = _result(sirens)
    order = tried.order
    data = {
        "planned": "" if table is None or order is not None else table.at,
        "by": BY if order is None else order.by,
        "began_utc": tried.began_utc,
        "ended_utc": world.instant.utc,
        "result": result,
        "sirens": sirens,
        "words": (WORDS if order is None else ORDERED)[result],
    }
    if order is not None:
        data["reason"] = order.reason
    priority = Priority.HIGH if result is Result.FAILED else Priority.LOW
    draft.event("unit.sirens_tried", "unit", priority, data)
    told: dict[str, Any] = to_builtins(data)
    return told


def _sirens(tried: Tried, world: World, tables: Mapping[str, RelayTable]) -> Iterator[_Siren]:
    for key, heard in tried.heard.items():
        module, _, channel = key.partition("/")
        relay = world.relays[module]
        name = relay.device.name
        called = Words(f"{name.zh} {channel}", f"{name.en} {channel}")
        yield _Siren(siren=key, name=called, heard=heard, line=_line(relay, tables[module]))


def _line(relay: Relay, table: RelayTable) -> str:
    """What watches the module's siren lines says: whole, broken, unread; "unwatched" where nothing does."""
    watched = {name for name, row in table.contacts.items() if row.kind == "siren_line"}
    wrong = [one for one in relay.not_well if one.channel in watched]
    if not watched:
        return "unwatched"
    if any(one.seen for one in wrong):
        return "broken"
    return "unread" if wrong else "whole"


def _result(sirens: tuple[_Siren, ...]) -> Result:
    if any(one.heard is False or one.line == "broken" for one in sirens):
        return Result.FAILED
    proven = bool(sirens) and all(one.heard and one.line != "unread" for one in sirens)
    return Result.PASSED if proven else Result.UNPROVEN
