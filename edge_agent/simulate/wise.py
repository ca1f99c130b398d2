"""`wise`: an Advantech WISE-4000 module that publishes one analogue input as JSON (MQTT), from its manual.

WISE-4471 manual, appendix A: topic `Advantech/<MAC>/data`, payload
`{"s":1,"t":"2014-07-11T15:26:37Z","q":192,"c":1,"ai1":-1.234567,"ai_st1":1}`; the value in engineering units,
9999.9999 where the channel is switched off; `ai_st` 0 switched off, 1 streaming, 2 and 3 high alarm, 4 and 5 low
alarm. A module that has never got the time sends 0 for it.

Options: `--host --port` of the broker (port is needed), `--mac 00D0C9AABB01`, `--level 0.0`, `--interval 1.0`.

Commands (`cmd` and its fields, every one may carry `id`):
- `set`: `level`
- `fault`: `kind`: `silent`, `frozen_time` (publishes on with the time of now), `no_clock` (t is 0), `future` (an
  hour ahead), `bad_quality` (q is 0), `channel_off`, `nan`, `text` (the value as text), `missing` (no value at
  all), `not_json`, `high_alarm`
- `retain`: one message with the `level` and an `age_s` = 0, kept by the broker
- `backlog`: `count` = 5 messages from the hour before at once, as after an outage
- `heal`
- `status`: answers `sent`
Observations: `sent`, how many messages so far; `broker` true/false.
"""

import argparse
import asyncio
import time
from typing import Any, Literal

import msgspec
from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from edge_agent.simulate.control import Command, Refused, Say

Kind = Literal[
    "silent", "frozen_time", "no_clock", "future", "bad_quality", "channel_off", "nan", "text", "missing",
    "not_json", "high_alarm",
]  # fmt: skip


class Set(Command, frozen=True, kw_only=True, tag="set"):
    """The level at the input, in engineering units."""

    level: float


class Fault(Command, frozen=True, kw_only=True, tag="fault"):
    """Misbehave."""

    kind: Kind


class Retain(Command, frozen=True, kw_only=True, tag="retain"):
    """Leave a message at the broker."""

    level: float
    age_s: float = 0.0


class Backlog(Command, frozen=True, kw_only=True, tag="backlog"):
    """What was measured while nobody listened."""

    count: int = 5


class Heal(Command, frozen=True, kw_only=True, tag="heal"):
    """As it should be."""


class Status(Command, frozen=True, kw_only=True, tag="status"):
    """Tell how much was sent."""


class Wise:
    """The module as a Player (control.py)."""

    commands = Set | Fault | Retain | Backlog | Heal | Status

    def __init__(self, broker: tuple[str, int], mac: str, level: float, interval_s: float) -> None:
        """Publishes nothing before `start`."""
        self._broker, self._topic = broker, f"Advantech/{mac}/data"
        self._level, self._interval_s = level, interval_s
        self._fault: Kind | None = None
        self._since_utc = 0.0
        self._sent = 0
        self._client = Client(CallbackAPIVersion.VERSION2)

    async def start(self, say: Say) -> int:
        """Connect to the broker; raises OSError if it is not there."""
        self._say = say

        def connected(_c: Client, _u: Any, _f: ConnectFlags, code: ReasonCode, _p: Properties | None) -> None:
            say(broker=not code.is_failure)

        def lost(_c: Client, _u: Any, _f: DisconnectFlags, _r: ReasonCode, _p: Properties | None) -> None:
            say(broker=False)

        self._client.on_connect, self._client.on_disconnect = connected, lost
        self._client.reconnect_delay_set(1, 2)
        await asyncio.to_thread(self._client.connect, *self._broker)
        self._client.loop_start()
        self._publishing = asyncio.create_task(self._publish_all())
        return self._broker[1]

    async def stop(self) -> None:
        """Say goodbye to the broker."""
        self._client.disconnect()
        await asyncio.to_thread(self._client.loop_stop)

    async def obey(self, command: Any) -> dict[str, Any]:
        """Do one command (see the top of this file)."""
        match command:
            case Set():
                self._level = command.level
            case Fault():
                self._fault, self._since_utc = command.kind, time.time()
            case Retain():
                kept = self._payload(command.level, time.time() - command.age_s)
                told = self._client.publish(self._topic, kept, qos=1, retain=True)
                await asyncio.to_thread(told.wait_for_publish, 20)
            case Backlog():
                for number in range(command.count):
                    self._client.publish(self._topic, self._payload(self._level, time.time() - 3600 + number))
            case Heal():
                self._fault = None
            case Status():
                return {"sent": self._sent}
            case _:
                raise Refused("no such command")
        return {}

    async def _publish_all(self) -> None:
        while True:
            if self._fault != "silent":
                self._client.publish(self._topic, self._now())
                self._sent += 1
                self._say(sent=self._sent)
            await asyncio.sleep(self._interval_s)

    def _now(self) -> bytes:
        utc = {"frozen_time": self._since_utc, "future": time.time() + 3600}.get(self._fault or "", time.time())
        return self._payload(self._level, utc)

    def _payload(self, level: float, utc: float) -> bytes:
        """One message, ill as the fault says."""
        said: dict[str, Any] = {
            "s": self._sent % 65536,
            "t": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(utc)),
            "q": 192,
            "c": 1,
            "ai1": level,
            "ai_st1": 1,
        }
        match self._fault:
            case "no_clock":
                said["t"] = 0
            case "bad_quality":
                said["q"] = 0
            case "channel_off":
                said |= {"ai1": 9999.9999, "ai_st1": 0}
            case "text":
                said["ai1"] = f"{level}"
            case "missing":
                del said["ai1"]
            case "high_alarm":
                said["ai_st1"] = 3
            case "not_json":
                return b"{" + msgspec.json.encode(said)
            case "nan":
                return msgspec.json.encode(said).replace(b'"ai1":' + msgspec.json.encode(level), b'"ai1":NaN')
        return msgspec.json.encode(said)


def options(parser: argparse.ArgumentParser) -> None:
    """What may be said on the command line."""
    parser.add_argument("--mac", default="00D0C9AABB01")
    parser.add_argument("--level", type=float, default=0.0)
    parser.add_argument("--interval", type=float, default=1.0)


def build(args: argparse.Namespace) -> Wise:
    """The module that the command line asks for."""
    return Wise((args.host, args.port), args.mac, args.level, args.interval)
