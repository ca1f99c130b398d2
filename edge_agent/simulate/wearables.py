"""`wearables`: tags of people, as their positioning platform publishes them.

Without `--platform` it is an omlox hub: Locations on `omlox/<provider_id>/location` (MQTT).

Options: `--host --port` of the broker (port is needed), `--tags JSON` or `--tags-file FILE` (list of
`tag.TagSpec`: provider_id, x, y; z, roam_m, accuracy_m, floor, battery_pct, source, provider_type, held_s),
`--interval 1.0`, `--gaps steady|real` (real: drawn from a real wristband's distribution), `--qos 0|1`, `--seed N`,
`--username U --password-file FILE`. The port of the ready line is the broker's, or the HTTP receiver's.
`--platform omlox|card|wristband|at101|abeeway|april|minew` (MQTT), `traccar|traccar_client|osmand` (HTTP: `--path
/profile[/token]`, `--bearer TOKEN`; see platforms.py); `--crs local|wgs84|gcj02|bd09`, `--origin LAT,LON`;
`--gateways JSON`: list of mac, x, y, for beacons.
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
- `lose_fix`: `tag`, `on` = true; `hold_fix`: `tag`, `age_s` = 1800: an old fix in fresh messages
- `beacons`: `tag`, `count`: of how many the fix is made
- `retained_stale`: `tag`, `age_s` = 3600: leaves a retained message with an old fix; `clear_retained`: `tag`
- `malformed`: `tag`, `kind`: truncated, not_json, array, wrong_types, nan, nulls, huge, binary, empty
- `duplicate`: `tag`: the last message once more; `out_of_order`: `tag`, `age_s` = 30: an older fix now
- `raw`: `topic`, `payload`, `retain` = false
- `pace`: `gaps` steady/real, `interval_s` = 1
- `status`: answers `tags`: tag, x, y, mode, moving, worn, sos, silent
Observations: `published` with tag, x, y (true place), moving, worn, sos; `broker` true/false; `answered` with the
status of each HTTP request (null: nobody took it); `rang` with `token`: an Abeeway tracker plays a
melody (downlinks.py).
"""

import argparse
import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from edge_agent.simulate import downlinks
from edge_agent.simulate.control import Refused, Say
from edge_agent.simulate.maps import Map
from edge_agent.simulate.platforms import BY_HTTP, PLATFORMS, Gateway, Message, Scene, spoilt
from edge_agent.simulate.tag import Tag, TagSpec, real_gap_s
from edge_agent.simulate.walker import Place
from edge_agent.simulate.wearable_commands import (
    Accuracy,
    AddTag,
    Battery,
    Beacons,
    ClearRetained,
    Duplicate,
    Fall,
    HoldFix,
    LoseFix,
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
from edge_agent.simulate.wire import HttpWire, MqttWire, Wire


class Speech(msgspec.Struct, frozen=True, kw_only=True):
    """What a platform says, and how often; `seed` repeats the same walks."""

    pace: Pace
    seed: int = 1
    platform: str = "omlox"
    scene: Scene = Scene()


class Wearables:
    """The positioning platform as a Player (control.py)."""

    commands = AddTag | TagCommand | Raw | Pace | Status

    def __init__(self, tags: Sequence[TagSpec], wire: Wire, speech: Speech) -> None:
        """Publishes nothing before `start`."""
        self._wire = wire
        self._speech = speech
        self._pace = speech.pace
        self._tags: dict[str, Tag] = {}
        for spec in tags:
            self._add(spec)
        self._downlinks: dict[str, list[downlinks.Down]] = {}
        self._tokens: dict[str, int] = {}
        if speech.platform == "abeeway":
            wire.hear(downlinks.TOPIC, self._queue)

    async def start(self, say: Say) -> int:
        """Connect; raises OSError if nobody is there, Refused if we are not let in."""
        self._say = say
        port = await self._wire.connect(say)
        self._publishing = asyncio.create_task(self._publish_all())
        return port

    async def stop(self) -> None:
        """Say goodbye."""
        await self._wire.close()

    async def obey(self, command: Any) -> dict[str, Any]:
        """Do one command (see the top of this file)."""
        match command:
            case AddTag():
                fields = {name: getattr(command, name) for name in TagSpec.__struct_fields__}
                self._add(TagSpec(**fields))
            case Raw():
                self._wire.publish(command.topic, command.payload.encode(), retain=command.retain)
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
            case Battery() | Accuracy() | LoseFix() | HoldFix() | Beacons():
                _measure(tag, command)
            case _:
                self._misbehave(tag, command)

    def _misbehave(
        self, tag: Tag, command: ClearRetained | Duplicate | RetainedStale | OutOfOrder | Malform
    ) -> None:
        now_s, utc_s = time.monotonic(), time.time()
        match command:
            case ClearRetained():
                self._wire.publish(tag.topic, b"", retain=True)
            case Duplicate():
                if not tag.last:
                    raise Refused(f"{command.tag} has not published anything yet")
                self._send(tag.last)
            case RetainedStale():
                self._send(self._said(tag, now_s, utc_s - command.age_s), retain=True)
            case OutOfOrder():
                self._send(self._said(tag, now_s, utc_s - command.age_s))
            case Malform() if self._speech.platform == "omlox":
                self._wire.publish(tag.topic, tag.malform(command.kind, now_s, utc_s))
            case Malform():
                noise = tag.chance.randbytes(64)
                self._send([spoilt(one, command.kind, noise) for one in self._said(tag, now_s, utc_s)])

    def _add(self, spec: TagSpec) -> None:
        if spec.provider_id in self._tags:
            raise Refused(f"there is a tag {spec.provider_id} already")
        self._tags[spec.provider_id] = Tag(spec, self._speech.seed, time.monotonic())

    def _find(self, name: str) -> Tag:
        if name not in self._tags:
            raise Refused(f"there is no tag {name}; there are {sorted(self._tags)}")
        return self._tags[name]

    def _said(self, tag: Tag, now_s: float, utc_s: float) -> list[Message]:
        """What the platform says of the tag: several messages where several gateways hear it."""
        speak = PLATFORMS[self._speech.platform]
        return speak(tag, tag.locate(now_s, utc_s), utc_s, self._speech.scene)

    def _send(self, messages: Sequence[Message], *, retain: bool = False) -> None:
        for message in messages:
            self._wire.publish(message.topic, message.payload, retain=retain)

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
        tag.last = self._said(tag, now_s, time.time())
        self._send(tag.last)
        shown = {"moving": tag.walker.moving and tag.worn, "worn": tag.worn, "sos": tag.sos}
        place = tag.walker.at
        self._deliver(tag.spec.provider_id)
        self._say(published=tag.spec.provider_id, x=round(place.x_m, 2), y=round(place.y_m, 2), **shown)

    def _queue(self, payload: bytes) -> None:
        """A downlink waits at the server until its device has spoken."""
        asked = downlinks.read(payload)
        if asked is not None:
            self._downlinks.setdefault(asked.dev_eui, []).append(asked)

    def _deliver(self, name: str) -> None:
        waiting = self._downlinks.get(name)
        if not waiting:
            return
        asked = waiting.pop(0)
        token = downlinks.rings(asked, self._tokens.get(name))
        if token is not None:
            self._tokens[name] = token
            self._say(rang=name, token=token)
        if asked.confirmed:
            self._send([downlinks.ack(asked)])


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


def _measure(tag: Tag, command: Battery | Accuracy | LoseFix | HoldFix | Beacons) -> None:
    """What the tag measures from now on, or its platform makes of it."""
    match command:
        case Battery():
            tag.battery_pct = command.pct
        case Accuracy():
            tag.claimed_m = command.m
        case LoseFix():
            tag.lost_fix = command.on
        case HoldFix():
            tag.held_s = command.age_s
        case Beacons():
            tag.beacons = command.count


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
    parser.add_argument("--platform", choices=sorted(PLATFORMS), default="omlox")
    parser.add_argument("--crs", choices=("local", "wgs84", "gcj02", "bd09"), default="wgs84")
    parser.add_argument("--origin", default="31.0,121.0", help="LAT,LON of metre 0, 0")
    parser.add_argument("--gateways", default="[]", help="JSON list of gateways that hear beacons")
    parser.add_argument("--path", default="/", help="of the HTTP receiver")
    parser.add_argument("--bearer", help="token that HTTP requests show")
    parser.add_argument("--username")
    parser.add_argument("--password-file", type=Path)


def build(args: argparse.Namespace) -> Wearables:
    """The platform that the command line asks for."""
    text = args.tags_file.read_bytes() if args.tags_file else args.tags.encode()
    lat, lon = map(float, args.origin.split(","))
    scene = Scene(
        map=Map(lat=lat, lon=lon, crs=args.crs),
        gateways=tuple(msgspec.json.decode(args.gateways, type=list[Gateway])),
        path=args.path,
    )
    pace = Pace(gaps=args.gaps, interval_s=args.interval)
    speech = Speech(pace=pace, seed=args.seed, platform=args.platform, scene=scene)
    return Wearables(msgspec.json.decode(text, type=list[TagSpec]), _wire(args), speech)


def _wire(args: argparse.Namespace) -> Wire:
    if args.platform in BY_HTTP:
        return HttpWire(args.host, args.port, args.bearer)
    client = Client(CallbackAPIVersion.VERSION2)
    if args.username:
        secret = args.password_file.read_text().strip() if args.password_file else None
        client.username_pw_set(args.username, secret)
    return MqttWire(client, args.host, args.port, args.qos)
