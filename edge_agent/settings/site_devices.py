"""site.toml's tables of what stands on the site: buses, detectors, relays, wearables, cameras."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from edge_agent.domain.gauge import GaugeLimits, Measures
from edge_agent.domain.words import Words
from edge_agent.domain.zone import Opening, PictureArea, PlanPoint
from edge_agent.settings.site_values import Host, Id, PollSeconds, Port, TimeoutSeconds, UnitId

Floor = Annotated[
    str, Meta(pattern=r"^-?[0-9]{1,3}(\.[0-9])?$", description="floor number, as the platform writes it")
]


# A name that survives a restart is best: /dev/serial/by-id/...
SERIAL_PORT = r"^/dev/[A-Za-z0-9/_.:-]+$"


class BusTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[buses.<id>]: one Modbus gateway or line; one worker per bus.

    "modbus_tcp" and "modbus_rtu_tcp" (a serial server that passes RTU frames through) stand at `host` and
    `port`; "modbus_rtu" is the serial port `device` of this box, at `baud`, `parity` and `stop_bits`.
    """

    kind: Literal["modbus_tcp", "modbus_rtu_tcp", "modbus_rtu"]
    host: Host | None = None
    port: Port = 502
    device: Annotated[str, Meta(pattern=SERIAL_PORT, max_length=128)] | None = None
    baud: Literal[1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200] = 9600
    parity: Literal["N", "E", "O"] = "N"
    stop_bits: Literal[1, 2] = 1
    timeout_s: TimeoutSeconds = 0.5


class OpcUaTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[opcua.<id>]: one OPC UA server, asked at opc.tcp://host:port/path. Needs the extra [opcua].

    With a `security` other than "none" this box shows `certificate`, made out to itself and trusted at the server,
    and believes no server but the one of `server_certificate`. Relative paths begin at the site's folder.
    """

    host: Host
    port: Port = 4840
    path: Annotated[str, Meta(max_length=128)] = ""
    security: Literal["none", "sign", "sign_and_encrypt"] = "sign_and_encrypt"
    certificate: str | None = None
    private_key: str | None = None
    server_certificate: str | None = None
    username: str | None = None
    password_file: str | None = None
    timeout_s: Annotated[float, Meta(ge=0.2, le=5)] = 2.0


# Where a device is found that hangs on no Modbus bus: its part of an MQTT topic, or a node of an OPC UA server.
At = Annotated[str, Meta(min_length=1, max_length=128)]
GaugeUnit = Literal[
    "degC", "%RH", "m", "mm", "%", "Pa", "kPa", "MPa", "bar", "m3/h", "L/min", "mm/s", "A", "V", "mg/m3"
]
OUTPUT_OF_MODULE = r"^[a-z0-9][a-z0-9_-]{0,62}/[a-z0-9][a-z0-9_-]{0,62}$"
FIELD_BROKER = "field_broker"  # as a device's `bus`: it publishes on the broker of that table


class SensorTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a gas detector and a gauge have in common: where the sensor is found, and how it is read.

    `bus` is a [buses] table (then it has a `unit_id`), an [opcua] server or "field_broker" (then an `at`).
    `channel` is its place in a device that has several. `range` is what the nameplate says, for families whose
    wire does not say it; where the wire does, another one is a fault.
    """

    name: Words
    bus: Id
    unit_id: UnitId | None = None
    at: At | None = None
    profile: Id
    area: Id
    poll_s: PollSeconds = 1.0
    channel: Annotated[int, Meta(ge=1, le=999)] | None = None
    range: Annotated[float, Meta(gt=0, le=1_000_000)] | None = None
    unit: str | None = None
    timeout_s: TimeoutSeconds | None = None  # its own deadline, where it is slower or quicker than its bus's

    @property
    def what(self) -> str:
        """What it measures, as its readings call it."""
        raise TypeError(type(self).__name__)

    @property
    def lowest(self) -> float:
        """Where its range begins."""
        return 0.0


# By which one detector is told from another: where it hangs, its model, its nameplate, what it measures.
# A bottle of one gas says nothing of another gas, range or unit of the same head.
SELF = ("bus", "unit_id", "at", "channel", "profile", "serial", "gas", "range", "unit")


class GasTable(SensorTable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[gas.<id>]: one gas detector, read by a profile of firmware_configs/gas/, opcua/ or mqtt/."""

    gas: Id
    unit: Literal["ppm", "%LEL", "%vol", "mg/m3"] | None = None
    serial: Annotated[str, Meta(min_length=1, max_length=64)] | None = (
        None  # of the nameplate: which one hangs here
    )
    # How the head measures; without it the worse is assumed: a catalytic bead or an electrochemical cell.
    principle: Literal["catalytic", "infrared", "electrochemical", "pid", "paramagnetic"] | None = None

    @property
    def what(self) -> str:
        """The gas."""
        return self.gas

    @property
    def identity(self) -> str:
        """Which detector this is, readable by people; what the table does not say is not in it."""
        said = ((name, getattr(self, name)) for name in SELF)
        return " ".join(f"{name}={value}" for name, value in said if value is not None)


class GaugeTable(SensorTable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[gauges.<id>]: any other figure with the site's own limits; read as a gas detector is, or off a station.

    `bus` may also be a [weather] station, whose temperature or humidity it then is, without a `profile`.
    `range_from` is where its range begins. Beyond a danger limit, or while nothing good is known of it, the output
    `trips` ("module/output", which does "interlock") falls. `without_trip` says who else trips it, or why nothing
    need be: nobody who reads the settings should have to ask.
    """

    profile: Id = ""
    measures: Measures
    unit: GaugeUnit | None = None
    range_from: Annotated[float, Meta(ge=-1_000_000, le=1_000_000)] = 0.0
    limits: GaugeLimits
    trips: Annotated[str, Meta(pattern=OUTPUT_OF_MODULE)] | None = None
    without_trip: Annotated[str, Meta(min_length=1, max_length=128)] | None = None

    @property
    def what(self) -> str:
        """The quantity."""
        return self.measures

    @property
    def lowest(self) -> float:
        """Where its range begins."""
        return self.range_from


class WeatherTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[weather.<id>]: one weather station; `bus`, `unit_id` and `at` as a gas detector's."""

    name: Words
    bus: Id
    unit_id: UnitId | None = None
    at: At | None = None
    profile: Id
    poll_s: PollSeconds = 2.0


# `profile` of a relay table that is no module: the lines of a chip of this board (act/gpio_relay.py).
GPIO = "gpio"
# A line by the name that the board gives it, which survives a new kernel, or by its number on the chip ("17").
Line = Annotated[str, Meta(min_length=1, max_length=64)]


class ContactTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[relays.<id>.contacts.<name>]: a digital input of the relay module.

    A "stop_button" is normally closed: open, or unreadable, means stop (a cut wire stops the work).
    A "feedback" is the mirror contact of an output's contactor: closed = the load has power, the siren sounds.
    A "hook" is closed while the harness of whoever wears `tag` is hooked to something; he may have two. A
    "breathing" one is closed while he wears his breathing apparatus (the pressure switch of its demand valve).
    A "cabinet" of rescue gear in `area` stands open to everybody: opened, it is told and shown, and stops nothing.
    A "backup" is closed while the back-up supply of this module's "mains" carries the load: its delay is measured.
    An "interlock" (door, panel lock), an "earth_clamp", a "light_curtain", a "flood" or
    level switch, a "siren_line" (its monitoring relay) and the "mains" of the box's supply are closed while all is
    well; open, or unreadable, is the unsafe side.

    `normal` = "open" is for a switch that closes when something is wrong. A cut wire then looks like all being
    well, so that the site writes `break_unseen = true`: whoever signs the settings has read it. The unsafe side is
    told at once, the safe one when it has stood for `settle_s`.

    Of a module it is an `input`, of this board a `line`: a closed contact reads "low" there (it pulls to ground),
    or "high". The resistor that holds the line otherwise, so that a cut wire is open, is the chip's or outside it.
    """

    input: Annotated[int, Meta(ge=0, le=63)] | None = None
    line: Line | None = None
    closed_at: Literal["low", "high"] | None = None
    pull: Literal["chip", "outside"] | None = None
    kind: Literal[
        "feedback",
        "stop_button",
        "interlock",
        "earth_clamp",
        "light_curtain",
        "flood",
        "siren_line",
        "mains",
        "hook",
        "breathing",
        "cabinet",
        "backup",
    ]
    name: Words | None = None  # what it is, for people
    of: Id | None = None  # the output whose feedback this is
    tag: Id | None = None  # the wearable of whoever hangs on this hook, or wears this apparatus
    area: Id | None = None  # where this cabinet stands
    normal: Literal["closed", "open"] = "closed"
    break_unseen: bool = False
    settle_s: Annotated[float, Meta(ge=0, le=30)] = 0.0

    def well(self, closed: bool | None) -> bool:  # noqa: FBT001 (what was read)
        """Whether this is what it reads while all is well; never, where it could not be read."""
        return closed is (self.normal == "closed")


class OutputTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[relays.<id>.outputs.<name>]: one coil and what it does on site.

    A "siren" sounds in pulses to stop work and without a break to leave; "evacuate" is a sounder of its own, or
    a siren's second tone, that sounds only when people must leave. An "interlock" holds while the gauges that trip
    it are known to be within their limits: it goes into the enabling circuit of the plant's own control, so that
    people start again there what it stopped. A "heartbeat" goes on and off once in
    `period_s` while the brain steps and every stop was seen to be done: for a watchdog relay outside.
    """

    coil: Annotated[int, Meta(ge=0, le=63)] | None = None  # of a module
    line: Line | None = None  # of this board
    on_at: Literal["low", "high"] | None = None  # the level of the line while it is on; "high" if nothing is said
    does: Literal["permissive", "interlock", "siren", "evacuate", "beacon", "amber", "heartbeat"]
    period_s: Annotated[float, Meta(ge=0.8, le=10)] | None = None  # of a heartbeat, and of nothing else


class RelayTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[relays.<id>]: one relay module, written by a profile of firmware_configs/relays/.

    `profile` = "gpio": the lines of `chip` of this board (its label, or a device file). Needs the extra [gpio].
    `profile` = "log_only": nothing is wired yet.
    With a `bus` ("field_broker" or an [opcua] server) it has contacts and no outputs: what they are is published,
    or served, by a profile of firmware_configs/mqtt or opcua that measures contacts; `node` is its part of the
    topic or node, and `poll_s` how often it says something new.
    """

    name: Words
    areas: tuple[Id, ...] = ()  # where its siren is heard
    bus: Id | None = None
    node: At | None = None
    poll_s: PollSeconds = 1.0
    host: Host | None = None  # of a module
    chip: Annotated[str, Meta(min_length=1, max_length=128)] | None = None
    port: Port = 502
    unit_id: UnitId = 1
    profile: Id
    timeout_s: TimeoutSeconds = 0.5
    watchdog_s: Annotated[float, Meta(ge=0.5, le=5)] = 2.0
    outputs: dict[Id, OutputTable] = {}
    contacts: dict[Id, ContactTable] = {}

    @property
    def at(self) -> str:
        """The module's host; "" of what is no module (settings/relay_lines.py asks every module for one)."""
        return self.host or ""


class WearableTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[wearables.<id>]: one tag, as its platform names it, heard over the field broker or by HTTP.

    What the platform's messages mean stands in a profile of firmware_configs/wearables/. A heart rate is about
    somebody's health: it is read only where the site says so.
    """

    name: Words
    profile: Id
    provider_id: Annotated[str, Meta(min_length=1, max_length=128)]
    period_s: Annotated[float, Meta(ge=0.1, le=3600)] = 5.0  # how often it promises to speak
    heart_rate: bool = False
    battery_life_h: Annotated[float, Meta(gt=0, le=100_000)] | None = None  # of a full charge, by its maker's word


class PositioningTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[positioning]: what the positioning platform's own names mean on this site.

    `zones`: the zone that a single beacon stands for, and the area that it is; `floors_m`: how high each floor
    lies above the site's origin; `crs`: the coordinate system of a profile that leaves it to the site;
    `call_at`: what a profile's [call] needs of the site, such as a ChirpStack application's id.
    """

    crs: dict[Id, Literal["wgs84", "cgcs2000", "gcj02", "bd09", "local"]] = {}
    call_at: dict[Id, Annotated[str, Meta(min_length=1, max_length=128)]] = {}
    zones: dict[str, Id] = {}
    floors_m: dict[Floor, Annotated[float, Meta(ge=-500, le=1000)]] = {}


# What can run a model, and the package that it needs (sense/camera/runtimes/choose.py loads them).
RUNTIMES = {
    "onnx-cpu": "onnxruntime",
    "onnx-cuda": "onnxruntime",
    "onnx-tensorrt": "onnxruntime",
    "openvino-cpu": "openvino",
}


Pct = Annotated[float, Meta(gt=0, le=100)]
Hue = Annotated[float, Meta(ge=0, le=360)]


class GuardColour(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[vision.guard_colour]: the colour of this site's guards: their vest or the band on their arm.

    `hue_deg` runs from the first to the second angle of the colour circle (red 0, yellow 60, green 120, blue 240),
    over 360 where the first is the larger. Of somebody's upper body so many per cent are in it: from
    `worn_from_pct` on he wears it, below `missing_below_pct` he does not, between them nobody can tell.
    """

    hue_deg: tuple[Hue, Hue]
    saturation_least_pct: Pct = 40.0
    brightness_least_pct: Pct = 25.0
    worn_from_pct: Pct = 15.0
    missing_below_pct: Pct = 5.0


Token = Annotated[str, Meta(min_length=1, max_length=64)]  # ONVIF's name of a preset

# Over the network, from a file (tests and trials), or on a cable of this box: usb:///dev/video0, csi://0.
ADDRESS = r"^((rtsp|rtsps|file)://|usb:///dev/[A-Za-z0-9/_.:-]+$|csi://[0-9]$)"
PLUGGED = frozenset({"usb", "csi"})


class VisionTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[vision]: what runs the models on this board, with how many threads; how often the canary is shown.

    `board` names a profile of firmware_configs/boards: for cameras that are plugged into the box, and where its
    own decoder shall take the processor's work (`decoding = "board"`; the processor takes over when that fails).
    """

    runtime: Id = "onnx-cpu"
    board: Id | None = None
    decoding: Literal["processor", "board"] = "processor"
    threads: Annotated[int, Meta(ge=1, le=16)] = 1
    canary_minutes: Annotated[float, Meta(ge=0.5, le=60)] = 1.0
    # Where cameras' logins stand, closed to everybody else (settings/camera_logins.py).
    logins_file: Annotated[str, Meta(min_length=1, max_length=512)] = "camera-logins.toml"
    guard_colour: GuardColour | None = None  # where guards wear one that nobody else does


class RecordingTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[recording]: films of jobs that must be seen all the time, and clips of events; sealed with `key_file`.

    `quota_gb` is for films of whole jobs, `clips_gb` for clips; `reserve_gb` of the disk are never filled. How
    long they are kept is the rulebook's camera.film_days; by `mbps` and `hours_a_day` the disk is reckoned.
    """

    key_file: Annotated[str, Meta(min_length=1, max_length=512)]
    quota_gb: Annotated[float, Meta(ge=0.1, le=100_000)] = 32.0
    clips_gb: Annotated[float, Meta(ge=0.1, le=100_000)] = 4.0
    reserve_gb: Annotated[float, Meta(ge=0.1, le=1000)] = 2.0
    mbps: Annotated[float, Meta(ge=0.1, le=100)] = 4.0
    hours_a_day: Annotated[float, Meta(ge=0.5, le=24)] = 8.0


class NvrTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[nvrs.<id>]: a recorder of the site, which keeps what some cameras show; asked at its RTSP port."""

    name: Words
    host: Host
    port: Port = 554


class PtzTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[cameras.<id>.ptz]: a camera that can turn, told so over ONVIF at `service` with the camera's own login.

    `presets` are the camera's presets (their tokens) by the area that each shows. On an alarm there it turns for
    at most `stay_s`; then it goes back to `home`, where its areas are drawn and people are judged.
    """

    service: Annotated[str, Meta(pattern=r"^http://[^@/]+/", max_length=256)]
    home: Token
    presets: dict[Id, Token]
    stay_s: Annotated[float, Meta(ge=10, le=1800)] = 120.0
    settle_s: Annotated[float, Meta(ge=0, le=30)] = 2.0  # of a picture that is not shaken any more


Share = Annotated[float, Meta(ge=0, le=1)]
PictureBox = tuple[Share, Share, Share, Share]


class CameraTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[cameras.<id>]: one stream, judged `fps` times a second by `model` of models/manifest.toml."""

    name: Words
    url: Annotated[str, Meta(pattern=ADDRESS, max_length=512)]
    model: Id
    login: Id | None = None  # one of the logins' file: an address never carries a password itself
    fps: Annotated[float, Meta(ge=0.2, le=15)] = 5.0
    areas: tuple[PictureArea, ...] = ()
    gb28181: Annotated[str, Meta(pattern=r"^[0-9]{20}$")] | None = None  # its code on the park's video platform
    recorded_by: Id | None = None  # a recorder of the site keeps whole jobs instead of the box
    on_plan: tuple[PlanPoint, ...] = ()  # four or more: then feet in the picture are places on the plan
    openings: tuple[Opening, ...] = ()  # through which people are counted in and out
    # Parts of the picture that nobody is shown without a look on record: left, top, right, bottom, fractions 0..1.
    hide: Annotated[tuple[PictureBox, ...], Meta(max_length=20)] = ()
    ptz: PtzTable | None = None  # it can turn
