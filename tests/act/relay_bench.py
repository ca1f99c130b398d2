"""A job's relay against the coupler simulator: outputs, contacts, and what the brain would ask of them."""

from collections.abc import Callable
from pathlib import Path

from edge_agent.act import relay_profile
from edge_agent.act.modbus_relay import ModbusRelay
from edge_agent.act.relay_profile import RelayProfile
from edge_agent.clock import SystemClock
from edge_agent.domain.observation import Contact, DeviceHealth, Observation
from edge_agent.domain.outcome import Action, Output
from edge_agent.domain.words import Words
from edge_agent.settings.site_relays import ContactTable, OutputTable, RelayTable
from edge_agent.simulate.handle import Line

ROOT = Path(__file__).resolve().parents[2]
CLOCK = SystemClock(declared=True)
DEVICE = "relay-1"
POWER, SIREN = 0, 1  # coils
LONG_S = 60.0
WAGO = relay_profile.load(ROOT, "wago_750-362")


def table(
    port: int,
    *,
    profile: str = "wago_750-362",
    timeout_s: float = 0.5,
    watchdog_s: float = 2.0,
    heart: bool = False,
) -> RelayTable:
    beats = {"heart": OutputTable(coil=2, does="heartbeat", period_s=1.0)} if heart else {}
    return RelayTable(
        name=Words("继电器", "relay"),
        host="127.0.0.1",
        port=port,
        profile=profile,
        timeout_s=timeout_s,
        watchdog_s=watchdog_s,
        outputs={
            "power": OutputTable(coil=POWER, does="permissive"),
            "siren": OutputTable(coil=SIREN, does="siren"),
            **beats,
        },
        contacts={
            "fed-back": ContactTable(input=0, kind="feedback", of="power"),
            "stop": ContactTable(input=1, kind="stop_button"),
        },
    )


def relay(
    port: int,
    *,
    timeout_s: float = 0.5,
    watchdog_s: float = 2.0,
    profile: RelayProfile = WAGO,
) -> ModbusRelay:
    return ModbusRelay(DEVICE, table(port, timeout_s=timeout_s, watchdog_s=watchdog_s), profile, CLOCK)


def relay_of(row: RelayTable) -> ModbusRelay:
    return ModbusRelay(DEVICE, row, WAGO, CLOCK)


def want(*, power: bool, siren: bool = False) -> tuple[Action, ...]:
    return (
        Action(device=DEVICE, channel="power", output=Output.PERMISSIVE, on=power),
        Action(device=DEVICE, channel="siren", output=Output.SIREN, on=siren),
    )


def health(*, ok: bool, word: str = "") -> Callable[[Observation], bool]:
    return lambda seen: isinstance(seen, DeviceHealth) and seen.ok is ok and word in seen.detail.en


def contact(channel: str, *, closed: bool | None) -> Callable[[Observation], bool]:
    def is_it(seen: Observation) -> bool:
        return isinstance(seen, Contact) and seen.channel == channel and seen.closed is closed

    return is_it


def coil(number: int, *, on: bool, why: str | None = None) -> Callable[[Line], bool]:
    return lambda line: line.get("coil") == number and line.get("on") is on and why in (None, line.get("why"))
