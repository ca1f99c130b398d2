"""What the unit knows of itself, for up/health: what is wrong, and how its own hardware did. Pure."""

from collections.abc import Iterator
from typing import Any

from msgspec import UNSET
from msgspec.structs import replace

from edge_agent.decide.state import State
from edge_agent.domain.centre_record import CentreRecord, unverified
from edge_agent.domain.outcome import Priority
from edge_agent.fuse import book
from edge_agent.fuse.gauges import Gauge
from edge_agent.fuse.people import Tag
from edge_agent.fuse.relays import Wire
from edge_agent.fuse.tags import MEDIAN_PCT, SLOW_PCT, quantile
from edge_agent.fuse.world import World
from edge_agent.settings.site import Settings
from edge_agent.store.batch import Outgoing
from edge_agent.tell import messages
from edge_agent.tell.contract.asyncapi import VERSION
from edge_agent.tell.contract.health import (
    DeviceTold,
    DiskTold,
    Facts,
    GaugeState,
    IntervalsTold,
    OutputTold,
    SirenTest,
    SwitchoverTold,
)
from edge_agent.tell.measured import Voice


def health(  # noqa: PLR0913, PLR0917 (what it knows, and who tells it)
    settings: Settings, state: State, world: World, voice: Voice, program: str, disk: DiskTold | None = None
) -> Outgoing:
    """That the unit is in touch, with what it knows of itself."""
    told = messages.health(
        site=voice.site,
        unit=voice.unit,
        boot=voice.boot,
        online=True,
        demo=voice.demo,
        facts=replace(facts(settings, state, world, program), disk=UNSET if disk is None else disk),
    )
    return Outgoing(
        topic=messages.up_topic(voice.site, voice.unit, "health"),
        payload=messages.encode(told),
        priority=Priority.LOW,
        retain=True,
    )


def facts(settings: Settings, state: State, world: World, program: str) -> Facts:
    """All that there is to say."""
    return Facts(
        program=program,
        contract=VERSION,
        rulebook=settings.rulebook.name,
        rulebook_version=settings.rulebook.version,
        models={id_: table.model for id_, table in settings.site.cameras.items()},
        may_update=not any(permit.busy for permit in state.permits.values()),
        settings=settings.digest,
        clock_trusted=world.instant.trusted,
        shift="" if world.shift is None else world.shift.id,
        permits={id_: permit.state.value for id_, permit in state.permits.items()},
        devices={id_: DeviceTold(ok=one.ok, detail=one.detail.en) for id_, one in world.health.items()},
        cameras={id_: one.view.value for id_, one in world.cameras.items()},
        gauges={id_: _gauge(one) for id_, one in world.gauges.items()},
        wearables={id_: _intervals(tag) for id_, tag in world.tags.items()},
        outputs=dict(_outputs(world)),
        sirens_heard=dict(world.sirens),
        siren_test=_siren_test(state.last_trial),
        power={
            id_: SwitchoverTold(lost=messages.utc_text(one.lost_utc), over=one.over, delay_s=one.delay_s)
            for id_, one in world.power.items()
        },
        copies={id_: _copy(one, world.instant.utc) for id_, one in state.centre.items()},
    )


def _gauge(one: Gauge) -> GaugeState:
    table = one.table
    return GaugeState(
        quality=one.quality.value,
        crossed=one.beyond or one.near,
        limits={name: limit.value for name, limit in table.limits.all},
        interlock=table.trips or table.without_trip or "",
    )


def _intervals(tag: Tag) -> IntervalsTold:
    return IntervalsTold(
        promised_s=tag.device.period_s,
        intervals=len(tag.gaps),
        p50_s=quantile(tag.gaps, MEDIAN_PCT) if tag.gaps else None,
        p99_s=quantile(tag.gaps, SLOW_PCT) if tag.gaps else None,
    )


def _outputs(world: World) -> Iterator[tuple[str, OutputTold]]:
    for id_, relay in world.relays.items():
        for wire in relay.wires:
            yield (
                f"{id_}/{wire.channel}",
                OutputTold(
                    does=wire.does.value,
                    wanted_on=wire.wanted_on,
                    feedback=wire.feedback,
                    off_after_s=_off_after_s(wire),
                ),
            )


def _off_after_s(wire: Wire) -> float | None:
    """How long after it was told to fall its mirror contact opened; None where that was not seen."""
    took_s = wire.switched_s - wire.since_s
    return round(took_s, 3) if wire.feedback is False and not wire.wanted_on and took_s >= 0 else None


def _siren_test(last: dict[str, Any] | None) -> SirenTest | None:
    if last is None:
        return None
    sirens = {one["siren"]: {"heard": one["heard"], "line": one["line"]} for one in last["sirens"]}
    return SirenTest(began=messages.utc_text(last["began_utc"]), result=last["result"], sirens=sirens)


def _copy(record: CentreRecord, now_utc: float) -> dict[str, Any]:
    """How old a copy of the centre's is, whether it still counts, and which contacts nobody has tried lately."""
    told: dict[str, Any] = {
        "version": record.version,
        "received": messages.utc_text(record.received_utc),
        "counts": record.counts(now_utc),
    }
    if record.contacts is not None:
        told["unverified"] = [one.name for one in unverified(record.contacts, now_utc)]
    if record.rule is not None:
        told["limits"] = {key: row.value for key, row in book.wanted(record).items()}
        told["held"] = list(record.held)
    if record.model is not None:
        told |= {"name": record.model.name, "sha256": record.model.sha256, "live": record.live}
    if record.update is not None:
        order = record.update
        told |= {"release": order.release, "sha256": order.sha256, "wave": order.wave, "passed": record.live}
    if record.site is not None:
        told["map_version"] = record.site.map_version
    return told
