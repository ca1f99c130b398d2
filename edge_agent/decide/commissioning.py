"""What a commissioning has to try here, what the box measures by itself, and why a certificate does not hold.

Pure. An output's fall, the way to the centre, a power cut and the back-up supply are seen while a commissioning is
under way: nothing is switched for it, so the fall is that of work which somebody really stopped.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import to_builtins
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.decide.state import Draft
from edge_agent.domain.commissioning import Certificate, Commissioning, Item, Outcome, Trial, TrialKind
from edge_agent.domain.outcome import POWERS, Output, Priority
from edge_agent.domain.words import Words
from edge_agent.fuse.same import Same
from edge_agent.fuse.sirens import SOUNDERS
from edge_agent.fuse.world import World
from edge_agent.settings.site import Settings

DAY_S = 86_400.0
TOO_OLD = Words("测试已过期", "was tried too long ago")
SESSION_S = 8 * 3600.0  # a shift: a commissioning that goes on for longer opens nothing
SOUNDED_S = 10.0  # a siren that sounds on is noted again so often: each note is written to the disk
UNIT = "unit"
WALKED_PCT = 90.0  # of the pictures in which the walker was (sense/camera/walk.py)
SHOWN_BY_A_STOP = frozenset({TrialKind.RELAY, TrialKind.SIREN})
NAMES = {
    TrialKind.BUMP: Words("标气测试", "bump test"),
    TrialKind.SURVEY: Words("定位核对", "survey check"),
    TrialKind.WALK: Words("走测", "walk test"),
    TrialKind.SIREN: Words("警报器听音", "siren heard"),
    TrialKind.RELAY: Words("继电器断开", "output falls"),
    TrialKind.UPLINK: Words("上行断开与恢复", "uplink cut and restored"),
    TrialKind.POWER: Words("断电后恢复监护", "guarding again after a power cut"),
    TrialKind.UPS: Words("备用电源时间", "back-up supply"),
}
CLAUSES = {
    TrialKind.BUMP: "ISEA; OSHA SHIB 09-30-2013",
    TrialKind.SURVEY: "docs/domain.md 5",
    TrialKind.WALK: "models/README.md",
    TrialKind.SIREN: "ledger 2-41",
    TrialKind.UPLINK: "ledger 4-31",
    TrialKind.POWER: "ledger 2-41",
    TrialKind.UPS: "ledger 2-41",
}


def items(settings: Settings) -> Mapping[str, Item]:
    """By key, everything that there is to try on this site. The very same while the settings are."""
    return _items("all", settings)


@Same
def _items(settings: Settings) -> Mapping[str, Item]:
    return {one.key: one for one in (*_gas(settings), *_areas(settings), *_outputs(settings), *_unit(settings))}


def _item(kind: TrialKind, of: str, device: str, name: Words, covers: Any, **more: Any) -> Item:
    digest = sha256(msgspec.json.encode(covers, order="deterministic")).hexdigest()
    what = NAMES[kind]
    return Item(
        key=f"{kind}/{of}",
        kind=kind,
        of=of,
        device=device,
        name=Words(f"{what.zh}：{name.zh}", f"{what.en}: {name.en}"),
        covers=digest,
        **{"clause": CLAUSES.get(kind, "")} | more,
    )


def _gas(settings: Settings) -> Iterator[Item]:
    table = settings.site.commissioning
    for id_, gas in settings.site.gas.items():
        yield _item(TrialKind.BUMP, id_, id_, gas.name, gas, limit=table.bump_pct, unit="%")
    for id_, camera in settings.site.cameras.items():
        yield _item(TrialKind.WALK, id_, id_, camera.name, camera, limit=WALKED_PCT, unit="%")


def _areas(settings: Settings) -> Iterator[Item]:
    if not settings.site.wearables:
        return
    limit_m = settings.site.commissioning.survey_m
    for area in settings.areas:
        covers = (area.corners, area.floor_m, area.ceiling_m, settings.site.positioning)
        yield _item(TrialKind.SURVEY, area.id, area.id, area.name, covers, limit=limit_m, unit="m")


def _outputs(settings: Settings) -> Iterator[Item]:
    falls = settings.rulebook.device.isolation_s
    for id_, relay in settings.site.relays.items():
        for channel, row in relay.outputs.items():
            name = Words(f"{relay.name.zh} {channel}", f"{relay.name.en} {channel}")
            if Output(row.does) in SOUNDERS:
                yield _item(TrialKind.SIREN, f"{id_}/{channel}", id_, name, relay)
            elif Output(row.does) in POWERS:
                of = f"{id_}/{channel}"
                yield _item(
                    TrialKind.RELAY, of, id_, name, relay, limit=falls.value, unit="s", clause=falls.clause
                )


def _unit(settings: Settings) -> Iterator[Item]:
    site, table = settings.site, settings.site.commissioning
    name = Words(site.site.unit, site.site.unit)
    yield _item(TrialKind.UPLINK, UNIT, "", name, (site.uplink.host, site.uplink.port))
    yield _item(TrialKind.POWER, UNIT, "", name, site.site.unit, limit=table.restart_s, unit="s")
    yield _item(TrialKind.UPS, UNIT, "", name, site.site.unit, limit=table.ups_min, unit="min")


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
    now, fallen = _falls(_on(now, world), world, settings)
    for made in (*fallen, *_supplies(now, world, settings)):
        now = record(draft, now, made)
    return _way(draft, now, world, settings)


def _on(now: Commissioning, world: World) -> Commissioning:
    """Which sirens have to sound now, and which outputs are on by their mirror contact."""
    session = now.session
    if session is None:
        return now
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
    item = items(settings)[f"{TrialKind.UPLINK}/{UNIT}"]
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


def lacking(settings: Settings, kept: Commissioning, instant: Instant) -> Mapping[str, Words]:
    """By device ("" for the unit) why no work may start; nothing where nobody asks for a certificate.

    While a commissioning is under way, work that relies on what was tried well may start without one: only work
    that is stopped shows that an output falls and that a siren is heard.
    """
    if not settings.site.start.commissioned:
        return {}
    site, certificate, session = settings.site.site, kept.certificate, kept.session
    if session is not None and 0 <= instant.utc - session.begun_utc < SESSION_S:
        return _untried("all", settings, kept.trials) | _too_old(settings, kept, instant)
    if certificate is None:
        return {"": Words("本机没有投运证书", "there is no commissioning certificate of this unit")}
    if (certificate.site, certificate.unit) != (site.id, site.unit):
        of = f"{certificate.site}/{certificate.unit}"
        return {"": Words(f"投运证书属于 {of}", f"the commissioning certificate is that of {of}")}
    if instant.utc >= certificate.valid_until_utc:
        return {"": Words("投运证书已过期", "the commissioning certificate has run out")}
    return _void("all", settings, certificate)


@Same
def _untried(settings: Settings, trials: Mapping[str, Trial]) -> dict[str, Words]:
    """By device: what was not tried well of all but what a stop shows."""
    found: dict[str, Words] = {}
    for key, item in items(settings).items():
        why = None if item.kind in SHOWN_BY_A_STOP or not item.device else _against(item, trials.get(key))
        if why is not None:
            found.setdefault(item.device, _said(item, why))
    return found


def _too_old(settings: Settings, kept: Commissioning, instant: Instant) -> dict[str, Words]:
    """By device: what was tried so long ago that no certificate would be given on it either."""
    old_utc = instant.utc - settings.site.commissioning.valid_days * DAY_S
    known = items(settings)
    late = (known[key] for key, one in kept.trials.items() if key in known and one.at_utc < old_utc)
    return {item.device: _said(item, TOO_OLD) for item in late if item.device and item.kind not in SHOWN_BY_A_STOP}


def _said(item: Item, why: Words) -> Words:
    return Words(f"{item.name.zh}：{why.zh}", f"{item.name.en}: {why.en}")


@Same
def _void(settings: Settings, certificate: Certificate) -> Mapping[str, Words]:
    """By device: what was changed, never tried, or failed."""
    tried = {one.key: one for one in certificate.trials}
    found: dict[str, Words] = {}
    for key, item in items(settings).items():
        made = tried.get(key)
        why = _against(item, made)
        if why is not None and (item.device or (made is not None and made.outcome == "failed")):
            found.setdefault(item.device, _said(item, why))
    return found


def _against(item: Item, made: Trial | None) -> Words | None:
    if made is None:
        return Words("未测试", "has not been tried")
    if made.covers != item.covers:
        return Words("测试后设备设置已更改，须重新测试", "was changed since it was tried: try it again")
    if made.outcome == "failed":
        return Words("未通过", "has failed")
    if made.outcome == "not_done":
        return Words(f"未做：{made.note}", f"was not done: {made.note}")
    return None
