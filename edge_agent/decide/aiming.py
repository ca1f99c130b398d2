"""Where each camera that can turn is to look: at the place of an alarm or of an order for a while, then home.

It only ever follows what has been decided: no alarm and no stop waits for a camera.
"""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from edge_agent.decide.state import Draft, State
from edge_agent.domain.delivery import CentreOrder
from edge_agent.domain.observation import Aim, Aimed
from edge_agent.domain.outcome import Alarm, AlarmState, Priority
from edge_agent.domain.permit import Permit
from edge_agent.domain.person import Role
from edge_agent.domain.words import Words
from edge_agent.settings.site import Settings
from edge_agent.settings.site_cameras import PtzTable

STANDS = frozenset({AlarmState.UNACK_ACTIVE, AlarmState.ACK_ACTIVE})
MAY_ORDER = frozenset({Role.SAFETY_OFFICER, Role.SHIFT_LEAD, Role.AREA_OWNER, Role.AUDITOR, Role.ADMIN})


class Wish(Struct, frozen=True, kw_only=True):
    """The preset that a camera is to show, of which place, and why (an alarm's key, an order); "" home."""

    preset: str
    area: str = ""
    why: str = ""
    permit: str = ""


def wanted(settings: Settings, state: State, now_s: float) -> Mapping[str, Wish]:
    """By camera that can turn."""
    return {
        id_: _wish(id_, table.ptz, state, now_s)
        for id_, table in settings.site.cameras.items()
        if table.ptz is not None
    }


def _wish(camera: str, ptz: PtzTable, state: State, now_s: float) -> Wish:
    """The worst alarm first, of two the older one; then what was ordered; else home."""
    alarms = sorted(_calling(camera, ptz, state.alarms.values(), now_s), key=_rank)
    for alarm in alarms:
        area = _area(alarm, state.permits)
        if area in ptz.presets:
            finding = alarm.verdict.finding
            return Wish(preset=ptz.presets[area], area=area, why=alarm.verdict.key, permit=finding.permit)
    look = state.looks.get(camera)
    if look is not None and look.until_s > now_s and look.area in ptz.presets:
        return Wish(preset=ptz.presets[look.area], area=look.area, why=look.order)
    return Wish(preset=ptz.home)


def _rank(alarm: Alarm) -> tuple[int, float]:
    return int(alarm.verdict.priority), alarm.raised_s or 0.0


def _calling(camera: str, ptz: PtzTable, alarms: Iterable[Alarm], now_s: float) -> Iterator[Alarm]:
    """Alarms that want to be looked at and have not been for long enough.

    What this very camera sees from home needs no turning: it would lose sight of it.
    """
    for alarm in alarms:
        finding, raised_s = alarm.verdict.finding, alarm.raised_s
        locked = camera in finding.facts.get("cameras", ())
        seen_by_it = camera in finding.subject.split("/")
        calls = (alarm.verdict.looks or locked) and not seen_by_it and alarm.state in STANDS
        if calls and raised_s is not None and now_s - raised_s < ptz.stay_s:
            yield alarm


def _area(alarm: Alarm, permits: Mapping[str, Permit]) -> str:
    finding = alarm.verdict.finding
    permit = permits.get(finding.permit)
    return str(finding.facts.get("area", "")) or ("" if permit is None else permit.ticket.area)


def ordered(draft: Draft, settings: Settings, asked: CentreOrder) -> tuple[Words, ...]:
    """The centre wants a place looked at; why it is not, if so."""
    table = settings.site.cameras.get(asked.camera)
    ptz = None if table is None else table.ptz
    reasons = tuple(_against(asked, ptz))
    if ptz is not None and not reasons:
        draft.look(asked.camera, asked.area, asked.id, draft.instant.now_s + ptz.stay_s)
    return reasons


def _against(asked: CentreOrder, ptz: PtzTable | None) -> Iterator[Words]:
    if asked.role not in MAY_ORDER:
        roles = ", ".join(sorted(MAY_ORDER))
        yield Words(f"{asked.role} 无权下达此指令：须为 {roles}", f"{asked.role} may not order this: {roles} may")
    if ptz is None:
        yield Words(f"{asked.camera} 没有云台", f"{asked.camera} is no camera that can turn")
    elif asked.area not in ptz.presets:
        known = ", ".join(ptz.presets) or "-"
        yield Words(
            f"区域 {asked.area} 没有预置位（有：{known}）", f"no preset shows {asked.area} (there are: {known})"
        )


def follow(draft: Draft, state: State, settings: Settings, after: Mapping[str, Aimed]) -> None:
    """Tell of each camera that has come to a place, or home again: with it a picture is kept."""
    before = state.memory.aims
    wishes = wanted(settings, state, draft.instant.now_s)
    for id_, now in after.items():
        was = before.get(id_)
        if now.aim not in {Aim.AWAY, Aim.HOME} or (
            was is not None and (was.aim, was.preset) == (now.aim, now.preset)
        ):
            continue
        wish = wishes.get(id_, Wish(preset=now.preset))
        there = now.aim is Aim.AWAY and wish.preset == now.preset
        said = {
            "source": id_,
            "preset": now.preset,
            "area": wish.area if there else "",
            "why": wish.why if there else "",
            "pan": now.pan,
            "tilt": now.tilt,
            "zoom": now.zoom,
        }
        subject = wish.permit if there and wish.permit else "unit"
        draft.event("camera.aimed" if now.aim is Aim.AWAY else "camera.home", subject, Priority.LOW, said)
