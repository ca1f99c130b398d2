"""Relay modules: what is wanted of each output, and what the module's contacts say."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from edge_agent.domain.device import Device
from edge_agent.domain.observation import Contact
from edge_agent.domain.outcome import Action, Output
from edge_agent.domain.words import NOTHING, Words
from edge_agent.fuse.contacts import NotWell, not_well, read
from edge_agent.fuse.memory import Memory
from edge_agent.fuse.same import Same
from edge_agent.settings.site_relays import RelayTable

UNHEARD: Mapping[str, Contact] = {}
NEVER: Mapping[str, float] = {}


class Wanted(Struct, frozen=True, kw_only=True):
    """An output's wanted state and the monotonic second since which it has been wanted."""

    action: Action
    since_s: float


class Wire(Struct, frozen=True, kw_only=True, gc=False):
    """One output, what is wanted of it and since when, and its mirror contact."""

    device: Device
    channel: str
    does: Output
    wanted_on: bool
    since_s: float
    feedback: bool | None  # None: no mirror contact configured, or it could not be read
    pulses: bool = False  # it goes on and off by turns while it is wanted on
    switched_s: float = float("-inf")  # since when its mirror contact has said what it says


class Relay(Struct, frozen=True, kw_only=True, gc=False):
    """One relay module now."""

    device: Device
    silent_s: float | None  # None: never heard
    ok: bool
    detail: Words
    wires: tuple[Wire, ...]
    not_well: tuple[NotWell, ...]  # contacts on their unsafe side, or unreadable
    stop_pressed: tuple[str, ...]  # stop buttons that are open (pressed, or their wire is cut)


class _Output(Struct, frozen=True, gc=False):
    """One output, the key of what is wanted of it, and its mirror contact as it was last read."""

    key: str
    channel: str
    does: Output
    feedback: bool | None
    switched_s: float


class _Looked(Struct, frozen=True, kw_only=True, gc=False):
    """What a module's contacts say; another one only when a contact spoke."""

    read_s: float | None  # when any of them could last be read
    outputs: tuple[_Output, ...]
    not_well: tuple[NotWell, ...]
    stop_pressed: tuple[str, ...]


def relay(device: Device, table: RelayTable, memory: Memory, wanted: Mapping[str, Wanted], now_s: float) -> Relay:
    """What this module does now."""
    contacts, switched = memory.contacts.get(device.id, UNHEARD), memory.switched_s.get(device.id, NEVER)
    looked = _looked(device.id, device, table, contacts, switched)
    health = memory.health.get(device.id)
    return Relay(
        device=device,
        silent_s=None if looked.read_s is None else now_s - looked.read_s,
        ok=looked.read_s is not None if table.bus is not None else health is not None and health.ok,
        detail=NOTHING if health is None else health.detail,
        wires=tuple([_wire(device, output, wanted.get(output.key), now_s) for output in looked.outputs]),
        not_well=looked.not_well,
        stop_pressed=looked.stop_pressed,
    )


def _wire(device: Device, output: _Output, wanted: Wanted | None, now_s: float) -> Wire:
    return Wire(
        device=device,
        channel=output.channel,
        does=output.does,
        wanted_on=wanted is not None and wanted.action.on,
        since_s=now_s if wanted is None else wanted.since_s,
        feedback=output.feedback,
        pulses=wanted is not None and wanted.action.pulse is not None,
        switched_s=output.switched_s,
    )


@Same
def _looked(
    device: Device, table: RelayTable, contacts: Mapping[str, Contact], switched: Mapping[str, float]
) -> _Looked:
    wrong = not_well(table, contacts)
    return _Looked(
        read_s=_read_s(table, contacts),
        outputs=tuple(_outputs(device.id, table, contacts, switched)),
        not_well=wrong,
        stop_pressed=tuple(one.channel for one in wrong if one.kind == "stop_button" and one.seen),
    )


def _read_s(table: RelayTable, contacts: Mapping[str, Contact]) -> float | None:
    """When all of them could last be read: one that cannot makes the module one that is not heard.

    A cabinet is told of by itself and stops nothing, unless there is nothing else on the module.
    """
    stops = [name for name, row in table.contacts.items() if row.kind != "cabinet"] or table.contacts
    heard = [contacts[name] for name in stops if name in contacts]
    if any(contact.closed is None for contact in heard):
        return None
    return max((contact.at_s for contact in heard), default=None)


def _outputs(
    device: str, table: RelayTable, contacts: Mapping[str, Contact], switched: Mapping[str, float]
) -> Iterator[_Output]:
    mirrors = {contact.of: name for name, contact in table.contacts.items() if contact.kind == "feedback"}
    for name, row in table.outputs.items():
        mirror = mirrors.get(name)
        feedback = None if mirror is None else read(contacts, mirror)
        since_s = float("-inf") if mirror is None else switched.get(mirror, float("-inf"))
        yield _Output(f"{device}/{name}", name, Output(row.does), feedback, since_s)
