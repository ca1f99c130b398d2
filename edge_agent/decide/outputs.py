"""What every output should be: a permissive holds only for permitted work, and everything else falls."""

from collections.abc import Iterable, Mapping
from typing import assert_never

from edge_agent.decide.permit_machine import PERMITTED
from edge_agent.domain.outcome import Action, Alarm, AlarmState, Effect, Output
from edge_agent.domain.permit import UNDER_WAY, Permit, State
from edge_agent.fuse.world import Wanted
from edge_agent.settings.site import Settings

STOPPED = frozenset({State.PAUSED, State.SUSPENDED, State.RESUME_CHECK})


def wanted(settings: Settings, permits: Iterable[Permit], alarms: Iterable[Alarm]) -> tuple[Action, ...]:
    """The wanted state of every output of the site, in the settings' order."""
    relays, loud = settings.site.relays, _loud(alarms)
    bound: dict[str, list[Permit]] = {device: [] for device in relays}
    for permit in permits:
        if permit.state in UNDER_WAY or permit.leaving:
            for device in relays.keys() & permit.ticket.devices:
                bound[device].append(permit)
    return tuple(
        Action(device=device, channel=name, output=(does := Output(row.does)), on=_on(does, bound[device], loud))
        for device, table in relays.items()
        for name, row in table.outputs.items()
    )


def _on(does: Output, bound: list[Permit], loud: frozenset[str]) -> bool:
    match does:
        case Output.PERMISSIVE:
            # One output shared by several jobs falls with the first of them that may not work; also while the
            # people of a job that has ended may still be at it.
            return bool(bound) and all(permit.state in PERMITTED and not permit.shadow for permit in bound)
        case Output.BEACON:
            return any((permit.state in STOPPED or permit.leaving) and not permit.shadow for permit in bound)
        case Output.SIREN:
            return any(permit.ticket.id in loud for permit in bound)
        case Output.AMBER:
            return any(permit.overrides for permit in bound)
        case _:
            assert_never(does)


def _loud(alarms: Iterable[Alarm]) -> frozenset[str]:
    """Permits whose siren sounds: a stop nobody has acknowledged, or an evacuation still going on."""
    return frozenset(
        alarm.verdict.finding.permit
        for alarm in alarms
        if not alarm.verdict.overridden
        if (alarm.shown is AlarmState.UNACK_ACTIVE and alarm.verdict.effect >= Effect.PAUSE)
        or (alarm.shown is AlarmState.ACK_ACTIVE and alarm.verdict.effect is Effect.EVACUATE)
    )


def since(before: Mapping[str, Wanted], actions: Iterable[Action], now_s: float) -> dict[str, Wanted]:
    """Each wanted action with the second since which it has been wanted."""
    after: dict[str, Wanted] = {}
    for action in actions:
        key = f"{action.device}/{action.channel}"
        old = before.get(key)
        kept = old is not None and old.action == action
        after[key] = old if kept and old is not None else Wanted(action=action, since_s=now_s)
    return after
