"""`wearables`: tags of people, published as omlox Locations on `omlox/<provider_id>/location` (MQTT).

Options: `--host --port` of the broker (port is needed), `--tags JSON` or `--tags-file FILE` (list of
`tag.TagSpec`: provider_id, x, y; z, roam_m, accuracy_m, floor, battery_pct, source, provider_type),
`--interval 1.0`, `--gaps steady|real` (real: drawn from a real wristband's distribution), `--qos 0|1`, `--seed N`,
`--username U --password-file FILE`. The port of the ready line is the broker's.
The position is a GeoJSON Point (`coordinates` [x, y] or [x, y, z]) in site metres, as omlox has it.

Commands (`cmd` and its fields, every one may carry `id`; `tag` is a provider_id):
- `tag`: the fields of a TagSpec: adds a tag
- `move`: `tag`, `x`, `y`, `speed` = 1.3 m/s: walks there and stays about there
- `still`: `tag`: no motion at all; `stir`: `tag`: moves about its post again
- `take_off`, `put_on`: `tag` (a tag that is not worn reports no motion either)
- `silent`: `tag`, `for_s` (until `speak` if left out); `speak`: `tag`
- `sos`: `tag`, `on` = true; `battery`: `tag`, `pct`; `accuracy`: `tag`, `m`
- `pulse`: `tag`, `bpm` (null: not measured)
- `fall`: `tag`, `on` = true: falls and lies still, or is up again; `press`: `tag`, `for_s` = 1.5: the side button
- `retained_stale`: `tag`, `age_s` = 3600: leaves a retained message with an old fix; `clear_retained`: `tag`
- `malformed`: `tag`, `kind`: truncated, not_json, array, wrong_types, nan, nulls, huge, binary, empty
- `duplicate`: `tag`: the last message once more; `out_of_order`: `tag`, `age_s` = 30: an older fix now
- `raw`: `topic`, `payload`, `retain` = false
- `pace`: `gaps` steady/real, `interval_s` = 1
- `status`: answers `tags`: tag, x, y, mode, moving, worn, sos, silent
Observations: `published` with tag, x, y (true place), moving, worn, sos; `broker` true/false.
"""

import argparse
import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from edge_agent.simulate.control import Refused, Say
from edge_agent.simulate.tag import Tag, TagSpec, real_gap_s
from edge_agent.simulate.walker import Place
from edge_agent.simulate.wearable_commands import (
    Accuracy,
    AddTag,
    Battery,
    ClearRetained,
    Duplicate,
    Fall,
    Malform,
    Move,
    OutOfOrder,
    Pace,
    Press,
    Pulse,
    PutOn,
    Raw,
    RetainedStale,
    Silent,
    Sos,
    Speak,
    Status,
    Still,
    Stir,
    TagCommand,
    TakeOff,
)


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """Where, how often and how surely is published; `seed` repeats the same walks."""

    host: str
    port: int
    pace: Pace
    qos: int = 0
    seed: int = 1


class Wearables:
    """The positioning platform as a Player (control.py)."""

    commands = AddTag | TagCommand | Raw | Pace | Status

    def __init__(self, tags: Sequence[TagSpec], client: Client, link: Link) -> None:
        """Publishes nothing before `start`."""
        self._seed = link.seed
        self._broker = (link.host, link.port)
        self._client = client
        self._pace = link.pace
        self._qos = link.qos
        self._tags: dict[str, Tag] = {}
        for spec in tags:
            self._add(spec)

    async def start(self, say: Say) -> int:
        """Connect to the broker; raises OSError if it is not there, Refused if it does not let us in."""
        self._say = say
        loop = asyncio.get_running_loop()
        let_in: asyncio.Future[ReasonCode] = loop.create_future()

        def connected(_c: Client, _u: Any, _f: ConnectFlags, code: ReasonCode, _p: Properties | None) -> None:
            say(broker=not code.is_failure)
            loop.call_soon_threadsafe(_settle, let_in, code)

        def lost(_c: Client, _u: Any, _f: DisconnectFlags, _r: ReasonCode, _p: Properties | None) -> None:
            say(broker=False)

        self._client.on_connect, self._client.on_disconnect = connected, lost
        self._client.reconnect_delay_set(1, 2)
        await asyncio.to_thread(self._client.connect, *self._broker)
        self._client.loop_start()
        code = await asyncio.wait_for(let_in, 20)
        if code.is_failure:
            raise Refused(f"the broker at {self._broker} refuses: {code}")
        self._publishing = asyncio.create_task(self._publish_all())
        return self._broker[1]

    async def stop(self) -> None:
        """Say goodbye to the broker."""
        self._client.disconnect()
        await asyncio.to_thread(self._client.loop_stop)

    async def obey(self, command: Any) -> dict[str, Any]:
        """Do one command (see the top of this file)."""
        match command:
            case AddTag():
                fields = {name: getattr(command, name) for name in TagSpec.__struct_fields__}
                self._add(TagSpec(**fields))
            case Raw():
                self._publish(command.topic, command.payload.encode(), retain=command.retain)
            case Pace():
                self._pace = command
                for tag in self._tags.values():
                    tag.due_s = time.monotonic()
            case Status():
                return {"tags": [_shown(tag) for tag in self._tags.values()]}
            case _:
                self._obey_tag(self._find(command.tag), command)
        return {}

    def _obey_tag(self, tag: Tag, command: TagCommand) -> None:
        match command:
            case Move():
                tag.walker.go(Place(command.x, command.y), command.speed)
            case Still():
                tag.walker.stay_still()
            case Stir():
                tag.walker.stir()
            case TakeOff() | PutOn():
                tag.worn = isinstance(command, PutOn)
            case Silent():
                tag.silent_until_s = time.monotonic() + command.for_s
            case Speak():
                tag.silent_until_s, tag.due_s = 0.0, time.monotonic()
            case Sos() | Fall() | Press() | Pulse():
                _befall(tag, command)
            case Battery():
                tag.battery_pct = command.pct
            case Accuracy():
                tag.claimed_m = command.m
            case _:
                self._misbehave(tag, command)

    def _misbehave(
        self, tag: Tag, command: ClearRetained | Duplicate | RetainedStale | OutOfOrder | Malform
    ) -> None:
        now_s, utc_s = time.monotonic(), time.time()
        match command:
            case ClearRetained():
                self._publish(tag.topic, b"", retain=True)
            case Duplicate():
                if tag.last is None:
                    raise Refused(f"{command.tag} has not published anything yet")
                self._publish(tag.topic, tag.last)
            case RetainedStale():
                old = msgspec.json.encode(tag.locate(now_s, utc_s - command.age_s))
                self._publish(tag.topic, old, retain=True)
            case OutOfOrder():
                self._publish(tag.topic, msgspec.json.encode(tag.locate(now_s, utc_s - command.age_s)))
            case Malform():
                self._publish(tag.topic, tag.malform(command.kind, now_s, utc_s))

    def _add(self, spec: TagSpec) -> None:
        if spec.provider_id in self._tags:
            raise Refused(f"there is a tag {spec.provider_id} already")
        self._tags[spec.provider_id] = Tag(spec, self._seed, time.monotonic())

    def _find(self, name: str) -> Tag:
        if name not in self._tags:
            raise Refused(f"there is no tag {name}; there are {sorted(self._tags)}")
        return self._tags[name]

    def _publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        try:
            self._client.publish(topic, payload, qos=self._qos, retain=retain)
        except ValueError as reason:  # a topic with wildcards, a payload beyond MQTT's limit
            raise Refused(f"cannot publish on {topic!r}: {reason}") from reason

    async def _publish_all(self) -> None:
        """Every tag when it is due; looked at often enough that a command shows at once."""
        while True:
            now_s = time.monotonic()
            for tag in self._tags.values():
                if now_s >= tag.due_s:
                    gap_s = real_gap_s(tag.chance) if self._pace.gaps == "real" else self._pace.interval_s
                    # From the due time, so that the rhythm does not drift; from now after a long hole.
                    tag.due_s = max(tag.due_s + gap_s, now_s)
                    if now_s >= tag.silent_until_s:
                        self._publish_one(tag, now_s)
            await asyncio.sleep(0.02)

    def _publish_one(self, tag: Tag, now_s: float) -> None:
        location = tag.locate(now_s, time.time())
        tag.last = msgspec.json.encode(location)
        self._publish(tag.topic, tag.last)
        shown = {key: location["properties"][key] for key in ("moving", "worn", "sos")}
        place = tag.walker.at
        self._say(published=tag.spec.provider_id, x=round(place.x_m, 2), y=round(place.y_m, 2), **shown)


def _befall(tag: Tag, command: Sos | Fall | Press | Pulse) -> None:
    """What happens to the wearer, or what he presses, is sent at once."""
    tag.due_s = time.monotonic()
    match command:
        case Sos():
            tag.sos = command.on
        case Fall():
            tag.fallen = command.on
            (tag.walker.stay_still if command.on else tag.walker.stir)()
        case Press():
            tag.pressed_until_s = tag.due_s + command.for_s
        case Pulse():
            tag.pulse_bpm = command.bpm


def _settle(future: "asyncio.Future[ReasonCode]", code: ReasonCode) -> None:
    """The first connection is waited for; later ones only told."""
    if not future.done():
        future.set_result(code)


def _shown(tag: Tag) -> dict[str, Any]:
    return {
        "tag": tag.spec.provider_id,
        "x": round(tag.walker.at.x_m, 2),
        "y": round(tag.walker.at.y_m, 2),
        "mode": tag.walker.mode,
        "moving": tag.walker.moving and tag.worn,
        "worn": tag.worn,
        "sos": tag.sos,
        "silent": time.monotonic() < tag.silent_until_s,
    }


def options(parser: argparse.ArgumentParser) -> None:
    """What may be said on the command line."""
    parser.add_argument("--tags", default="[]", help="JSON list of tags")
    parser.add_argument("--tags-file", type=Path)
    parser.add_argument("--interval", type=float, default=1.0)
    parser.add_argument("--gaps", choices=("steady", "real"), default="steady")
    parser.add_argument("--qos", type=int, choices=(0, 1), default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--username")
    parser.add_argument("--password-file", type=Path)


def build(args: argparse.Namespace) -> Wearables:
    """The platform that the command line asks for."""
    text = args.tags_file.read_bytes() if args.tags_file else args.tags.encode()
    client = Client(CallbackAPIVersion.VERSION2)
    if args.username:
        secret = args.password_file.read_text().strip() if args.password_file else None
        client.username_pw_set(args.username, secret)
    pace = Pace(gaps=args.gaps, interval_s=args.interval)
    link = Link(host=args.host, port=args.port, pace=pace, qos=args.qos, seed=args.seed)
    return Wearables(msgspec.json.decode(text, type=list[TagSpec]), client, link)
