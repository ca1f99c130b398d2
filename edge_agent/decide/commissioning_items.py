"""What a commissioning has to try on this site, and what of the settings each trial is worth anything for. Pure.

`covers` is a hash of meaning alone: what is not said, or is as it is anyway, is not in it, and of each device only
what its trial has shown. A field that a later version adds makes no trial void; another range, unit, address, gas
or coil does, of that device alone.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Struct

from edge_agent.domain.commissioning import Item, TrialKind
from edge_agent.domain.outcome import POWERS, Output
from edge_agent.domain.words import Words
from edge_agent.fuse.same import Same
from edge_agent.fuse.sirens import SOUNDERS
from edge_agent.settings.site import Settings
from edge_agent.settings.site_cameras import CameraTable
from edge_agent.settings.site_relays import RelayTable
from edge_agent.settings.site_sensors import SELF, GasTable

UNIT = "unit"
WALKED_PCT = 90.0  # of the pictures in which the walker was (sense/camera/walk.py)
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
# Of a camera what a walk before it shows: where it looks and what judges it; of a module where it is reached.
WALKED = ("url", "model", "fps", "areas", "on_plan", "openings", "ptz")
REACHED = ("bus", "node", "host", "chip", "port", "unit_id", "profile")


def items(settings: Settings) -> Mapping[str, Item]:
    """By key, everything that there is to try on this site. The very same while the settings are."""
    return _items("all", settings)


@Same
def _items(settings: Settings) -> Mapping[str, Item]:
    return {one.key: one for one in (*_gas(settings), *_areas(settings), *_outputs(settings), *_unit(settings))}


def meaning(value: Any) -> Any:
    """A value of the settings without what it leaves out or says as it is anyway."""
    if isinstance(value, Struct):
        fields = msgspec.structs.fields(value)
        said = {
            field.name: getattr(value, field.name)
            for field in fields
            if getattr(value, field.name) != _default(field)
        }
        return {name: meaning(one) for name, one in said.items()}
    if isinstance(value, Mapping):
        return {key: meaning(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [meaning(one) for one in value]
    return value


def _default(field: msgspec.structs.FieldInfo) -> Any:
    return field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()


def digest(value: Any) -> str:
    """The hash of what a value means."""
    return _hash(meaning(value))


def _hash(value: Any) -> str:
    return sha256(msgspec.json.encode(value, order="deterministic")).hexdigest()


def _item(  # noqa: PLR0913, PLR0917 (what an item is)
    kind: TrialKind, of: str, device: str, name: Words, covers: Any, was: Any, **more: Any
) -> Item:
    what = NAMES[kind]
    return Item(
        key=f"{kind}/{of}",
        kind=kind,
        of=of,
        device=device,
        name=Words(f"{what.zh}：{name.zh}", f"{what.en}: {name.en}"),
        covers=digest(covers),
        formerly=_hash(was),
        **{"clause": CLAUSES.get(kind, "")} | more,
    )


def _gas(settings: Settings) -> Iterator[Item]:
    table = settings.site.commissioning
    for id_, gas in settings.site.gas.items():
        covers = _head(settings, gas)
        yield _item(TrialKind.BUMP, id_, id_, gas.name, covers, gas, limit=table.bump_pct, unit="%")
    for id_, camera in settings.site.cameras.items():
        covers = _of(camera, WALKED)
        yield _item(TrialKind.WALK, id_, id_, camera.name, covers, camera, limit=WALKED_PCT, unit="%")


def _head(settings: Settings, gas: GasTable) -> dict[str, Any]:
    """One detector: its nameplate and what it measures, and the line that it hangs on."""
    bus = settings.site.buses.get(gas.bus)
    line = {} if bus is None else {"kind": bus.kind, "host": bus.host, "port": bus.port, "device": bus.device}
    return {**_of(gas, SELF), "line": line}


def _of(table: GasTable | CameraTable | RelayTable, names: tuple[str, ...]) -> dict[str, Any]:
    """The fields that a trial is about, without those that are not said."""
    fields = {field.name: field for field in msgspec.structs.fields(table)}
    said = {name: getattr(table, name) for name in names}
    return {name: value for name, value in said.items() if value != _default(fields[name])}


def _areas(settings: Settings) -> Iterator[Item]:
    if not settings.site.wearables:
        return
    limit_m = settings.site.commissioning.survey_m
    for area in settings.areas:
        covers = (area.corners, area.floor_m, area.ceiling_m, settings.site.positioning)
        yield _item(TrialKind.SURVEY, area.id, area.id, area.name, covers, covers, limit=limit_m, unit="m")


def _outputs(settings: Settings) -> Iterator[Item]:
    falls = settings.rulebook.device.isolation_s
    for id_, relay in settings.site.relays.items():
        for channel, row in relay.outputs.items():
            name = Words(f"{relay.name.zh} {channel}", f"{relay.name.en} {channel}")
            of, covers = f"{id_}/{channel}", _wire(relay, channel)
            if Output(row.does) in SOUNDERS:
                yield _item(TrialKind.SIREN, of, id_, name, covers, relay)
            elif Output(row.does) in POWERS:
                more = {"limit": falls.value, "unit": "s", "clause": falls.clause}
                yield _item(TrialKind.RELAY, of, id_, name, covers, relay, **more)


def covers_output(relay: RelayTable, channel: str) -> str:
    """The hash of what the settings say of one output: where it is reached, what it does, what shows that."""
    return digest(_wire(relay, channel))


def _wire(relay: RelayTable, channel: str) -> dict[str, Any]:
    """One output of a module, and the contacts that show what it does."""
    shown = {name: row for name, row in relay.contacts.items() if row.of == channel}
    return {**_of(relay, REACHED), "output": relay.outputs[channel], "feedback": shown}


def _unit(settings: Settings) -> Iterator[Item]:
    site, table = settings.site, settings.site.commissioning
    name = Words(site.site.unit, site.site.unit)
    if site.uplink.centre:
        way = (site.uplink.host, site.uplink.port)
        yield _item(TrialKind.UPLINK, UNIT, "", name, way, way)
    unit = site.site.unit
    yield _item(TrialKind.POWER, UNIT, "", name, unit, unit, limit=table.restart_s, unit="s")
    yield _item(TrialKind.UPS, UNIT, "", name, unit, unit, limit=table.ups_min, unit="min")
