"""What the box measures by itself while a commissioning is under way, and how a trial is kept.

Pure. An output's fall, the way to the centre, a power cut and the back-up supply are seen while a commissioning is
under way: nothing is switched for it, so the fall is that of work which somebody really stopped.
"""

from collections.abc import Iterator
from typing import Any

from msgspec import to_builtins
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.decide.commissioning_items import UNIT, items
from edge_agent.decide.state import Draft
from edge_agent.domain.commissioning import Commissioning, Item, Outcome, Session, Trial, TrialKind
from edge_agent.domain.outcome import POWERS, Priority
from edge_agent.fuse.sirens import SOUNDERS
from edge_agent.fuse.world import World
from edge_agent.settings.site import Settings

SOUNDED_S = 10.0  # a siren that sounds on is noted again so often: each note is written to the disk


def trial(item: Item, by: str, instant: Instant, outcome: Outcome, **more: Any) -> Trial:
    """What came of an item now."""
    return Trial(
        key=item.key, kind=item.kind, of=item.of, covers=item.covers, outcome=outcome, by=by,
        at_utc=instant.utc, unit=item.unit, limit=item.limit, clause=item.clause, **more,
    )  # fmt: skip


def record(draft: Draft, now: Commissioning, made: Trial) -> Commissioning:
    """Keep one trial in place of the one before, and tell it."""
    priority = Priority.MEDIUM if made.outcome == "failed" else Priority.LOW
    draft.event("commissioning.tried", "unit", priority, {"trial": to_builtins(made)})
    return replace(now, trials={**now.trials, made.key: made})


def follow(draft: Draft, now: Commissioning, world: World, settings: Settings) -> Commissioning:
    """What the box has measured since the last step, where a commissioning is under way."""
    if now.session is None:
        return now
    now, fallen = _falls(_on(now, now.session, world), world, settings)
    for made in (*fallen, *_supplies(now, world, settings)):
        now = record(draft, now, made)
    return _way(draft, now, world, settings)


def _on(now: Commissioning, session: Session, world: World) -> Commissioning:
    """Which sirens have to sound now, and which outputs are on by their mirror contact."""
    wanted = [
        (f"{id_}/{wire.channel}", wire)
        for id_, relay in world.relays.items()
        for wire in relay.wires
        if wire.wanted_on
    ]
    utc, noted = world.instant.utc, session.sounded
    sounders = [key for key, wire in wanted if wire.does in SOUNDERS]
    sounding = [key for key in sounders if key not in noted or abs(utc - noted[key]) >= SOUNDED_S]
    powered = [key for key, wire in wanted if wire.does in POWERS and wire.feedback]
    news = [key for key in powered if key not in session.powered]
    if not sounding and not news:
        return now
    heard = noted | dict.fromkeys(sounding, utc)
    return replace(now, session=replace(session, sounded=heard, powered=(*session.powered, *news)))


def _falls(now: Commissioning, world: World, settings: Settings) -> tuple[Commissioning, list[Trial]]:
    """Outputs that were on, were told to fall, and whose mirror contact opened after that; or did not in time."""
    session, found = now.session, list[Trial]()
    if session is None or not session.powered:
        return now, found
    left = list(session.powered)
    for id_, relay in world.relays.items():
        for wire in relay.wires:
            item = items(settings).get(f"{TrialKind.RELAY}/{id_}/{wire.channel}")
            if item is None or item.of not in left or wire.wanted_on:
                continue
            fell = wire.feedback is False and wire.switched_s >= wire.since_s
            took_s = (wire.switched_s if fell else world.now_s) - wire.since_s
            late = item.limit is not None and took_s > item.limit
            if fell or late:
                outcome: Outcome = "failed" if late else "passed"
                found.append(
                    trial(item, session.by, world.instant, outcome, measured=True, value=round(took_s, 3))
                )
                left.remove(item.of)
    return (replace(now, session=replace(session, powered=tuple(left))), found) if found else (now, found)


def _supplies(now: Commissioning, world: World, settings: Settings) -> Iterator[Trial]:
    """The mains went and came back while the back-up carried the box: for how long."""
    item = items(settings)[f"{TrialKind.UPS}/{UNIT}"]
    before, session = now.trials.get(item.key), now.session
    for one in world.power.values():
        if session is None or not one.over or one.delay_s is None or one.lost_utc < session.begun_utc:
            continue
        if before is not None and before.outcome != "not_done" and before.at_utc >= one.lost_utc:
            continue
        minutes = (world.instant.utc - one.lost_utc) / 60
        outcome: Outcome = "passed" if item.limit is None or minutes >= item.limit else "failed"
        yield trial(item, session.by, world.instant, outcome, measured=True, value=round(minutes, 1))


def _way(draft: Draft, now: Commissioning, world: World, settings: Settings) -> Commissioning:
    """The way to the centre: since when it is cut; back, it is told how long that was noticed."""
    session, said = now.session, world.health.get("uplink")
    if session is None or said is None:
        return now
    if not said.ok:
        cut = session.cut_utc if session.cut_utc is not None else world.instant.utc
        return now if session.cut_utc is not None else replace(now, session=replace(session, cut_utc=cut))
    if session.cut_utc is None:
        return now
    item = items(settings).get(f"{TrialKind.UPLINK}/{UNIT}")
    if item is None:  # the site has no centre
        return now
    away_s = round(world.instant.utc - session.cut_utc, 1)
    made = trial(item, session.by, world.instant, "passed", measured=True, value=away_s)
    now = replace(now, session=replace(session, cut_utc=None))
    return record(draft, now, replace(made, unit="s"))


def woken(draft: Draft, now: Commissioning, settings: Settings, alive_utc: float | None) -> Commissioning:
    """The box has come up: a commissioning under way goes on, and a real power cut is measured.

    Only a machine that has run for a shorter time than the box was away has lost its power; a program that was
    started anew has not.
    """
    session, instant = now.session, draft.instant
    if session is None:
        return now
    now = replace(now, session=replace(session, cut_utc=None, powered=()))
    if alive_utc is None or not instant.trusted:
        return now
    away_s = instant.utc - alive_utc
    if not 0 < instant.now_s <= away_s:
        return now
    item = items(settings)[f"{TrialKind.POWER}/{UNIT}"]
    outcome: Outcome = "passed" if item.limit is None or away_s <= item.limit else "failed"
    return record(draft, now, trial(item, session.by, instant, outcome, measured=True, value=round(away_s, 1)))
