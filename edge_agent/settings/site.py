"""The settings bundle of one site, as frozen values. Each field's range stands in its type.

`site.toml` holds everything but areas (`areas.toml`), people (`persons.toml`) and limits
(`zones/rulebooks/<name>.toml`). Table names below are the TOML's own.
"""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from edge_agent.domain.device import Device, DeviceRecord, DeviceStatus
from edge_agent.domain.local_time import LocalTime
from edge_agent.domain.person import Person, Role
from edge_agent.domain.rulebook import Moment, Rulebook
from edge_agent.domain.words import Words
from edge_agent.domain.zone import Area
from edge_agent.settings.site_backup import BackupTable
from edge_agent.settings.site_cameras import CameraTable, NvrTable, RecordingTable, VisionTable
from edge_agent.settings.site_lines import SERIAL_PORT, BusTable, OpcUaTable
from edge_agent.settings.site_relays import RelayTable
from edge_agent.settings.site_sensors import GasTable, GaugeTable, WeatherTable
from edge_agent.settings.site_start import CommissioningTable, StartTable
from edge_agent.settings.site_upload import FetchTable, UploadTable
from edge_agent.settings.site_values import Clock, Degrees, Host, HostName, Id, Interface, Port, TopicLevel
from edge_agent.settings.site_worn import PositioningTable, WearableTable


class SiteTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[site]: who this box is, which rulebook it obeys, where the site's metres begin."""

    id: Id
    unit: Id
    name: Words
    rulebook: Id
    origin_lat: Annotated[float, Meta(ge=-90, le=90)]
    origin_lon: Degrees
    rotation_deg: Degrees = 0.0
    timezone: Annotated[str, Meta(min_length=1, max_length=64)] = "Asia/Shanghai"  # a name of the IANA database
    video_required: bool = False  # every job is watched by camera, whatever its ticket and its kind of work ask


class ShiftTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[[shifts]]: one shift of every day, from `begins` (site time) until the next one's beginning."""

    id: Id
    name: Words
    begins: Clock


Day = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEK: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class UpgradeTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[upgrade]: nights, rest days and holidays (site time), when the rules of the higher kind of work hold.

    What a site does not say is taken strictly. `working_days` are rest days that are worked in exchange for
    others; `never` is a DEMO site's, which plays at any hour.
    """

    night_begins: Clock = "18:00"
    night_ends: Clock = "06:00"
    rest_days: tuple[Weekday, ...] = ("saturday", "sunday")
    holidays: tuple[Day, ...] = ()
    working_days: tuple[Day, ...] = ()
    never: bool = False


class PeerTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[[peers]]: another box of this site, whose works may stand beside ours; heard over the field broker.

    `ed25519` is the public half of its own key: only what it signed is taken. `leave_with` says who leaves here
    when people leave there: everybody ("site", also where nothing is said), whoever is in the same area, nobody.
    """

    unit: Id
    name: Words
    ed25519: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{43}=?$")]
    leave_with: Literal["site", "area", "never"] = "site"


class FoldersTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[folders]: `state` survives a reboot (database, journal); `runtime` need not (live picture).

    `web` is the people's pages' own (sessions, certificates): their service may write nowhere else.

    A relative path begins at the site's folder: ask Settings for the whole path.
    """

    state: str = "/var/lib/edge-agent"
    runtime: str = "/run/edge-agent"
    web: str = "/var/lib/edge-agent-web"


class ClockTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[clock]: "kernel" trusts the kernel's sync flag; "declared" is a demo site's own word."""

    source: Literal["kernel", "declared"] = "kernel"


class KeyTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[[downlink.keys]]: one Ed25519 public key (32 bytes, base64url) whose messages are obeyed."""

    kid: Annotated[str, Meta(min_length=1, max_length=64)]
    ed25519: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{43}=?$")]


class RulebookKeyTable(KeyTable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[[rulebook_keys]]: the public key by which one safety officer signs for looser limits."""

    person: Id


class DownlinkTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[downlink]: whose signed messages are obeyed.

    `drills`: whether the centre may play a drill here, too; without it only people on site may.
    """

    keys: tuple[KeyTable, ...]
    drills: bool = False


class BrokerTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[uplink] and [field_broker]: an MQTT broker. `ca` makes it TLS; there is no fallback to plain.

    `client_cert` with `client_key` (PEM, the key without a password) is what the box shows a broker that asks.
    """

    host: Host
    port: Port
    keepalive_s: Annotated[int, Meta(ge=5, le=600)] = 15
    username: str | None = None
    password_file: str | None = None
    ca: str | None = None
    client_cert: str | None = None
    client_key: str | None = None


class UplinkTable(BrokerTable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[uplink]: the centre's broker; `interface` (eth0) where only that one may be used to reach it."""

    centre: bool = True  # False: this site has no centre; nobody is looked for there, and nobody is missed
    interface: Interface | None = None


class SecondUplinkTable(UplinkTable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[second_uplink]: taken when [uplink] has been lost for `after_s`: another broker, or the same by a modem.

    Each `back_s` the first is looked at, and taken again once it answers.
    """

    after_s: Annotated[float, Meta(ge=1, le=600)] = 15.0
    back_s: Annotated[float, Meta(ge=1, le=3600)] = 60.0


def login(table: BrokerTable) -> dict[str, Any]:
    """What any broker's table says of the way to it, for a configuration that is one too."""
    return {name: getattr(table, name) for name in BrokerTable.__struct_fields__}


class SparkplugTable(BrokerTable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[sparkplug]: the broker where a SCADA listens, and as what (Sparkplug B 3.0); `node` is the unit by default.

    With a `primary_host` nothing is said until that host's STATE is online.
    """

    group: TopicLevel
    node: TopicLevel | None = None
    primary_host: TopicLevel | None = None


class HttpTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[field_http]: where phones and a Traccar server send positions to; `token_file` holds what they must show.

    Plain HTTP: the address belongs to the field's own network. A relative path begins at the site's folder.
    """

    host: Host
    port: Port
    token_file: Annotated[str, Meta(min_length=1, max_length=512)]


class BoardTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[board]: where the people's pages listen: https on `port`; on `enrol_port` (http) how to trust them.

    `names` are names and addresses of this box that it cannot know itself; `cert` and `key` are the site's
    own certificate, without which the box makes one (a relative path begins at the site's folder).
    """

    host: Host = "0.0.0.0"  # noqa: S104 (phones come from the site's network; every page asks for a log-in)
    port: Port = 8443
    enrol_port: Port = 8080
    names: tuple[HostName, ...] = ()
    cert: str | None = None
    key: str | None = None


class PrivacyTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[privacy]: who may see faces. Others see masked pictures; each look without the mask is on record."""

    raw_for: tuple[Role, ...] = (Role.SAFETY_OFFICER, Role.ADMIN)


class RecordTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[records.<device>]: what is vouched for of a device; a newer word of the centre (dn/device) replaces it."""

    status: DeviceStatus
    calibration_due: Moment | None = None
    bump_tested: Moment | None = None  # the last one that passed
    self_test_ok: bool | None = None
    valid_until: Moment | None = None


class ShadowTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[[shadow]]: what is only written down and not done, until when, on whose word. It protects nobody.

    `what` is the kind of work ("hot.special") or the rule; the whole site needs none.
    """

    scope: Literal["site", "kind", "rule"]
    what: str = ""
    until: Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")]
    by: Id
    reason: Annotated[str, Meta(min_length=1, max_length=200)]

    @property
    def until_utc(self) -> float:
        """The second from which everything is real again."""
        return datetime.fromisoformat(self.until).timestamp()


class SirenTestTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[siren_test]: every day at this time of the site each siren sounds for `lasts_s`, told `told_s` before."""

    at: Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    lasts_s: Annotated[float, Meta(ge=3, le=5)] = 3.0  # its feedback is judged after 2 s
    told_s: Annotated[float, Meta(ge=30, le=600)] = 60.0


class PowerTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[power]: `ups` = "kernel": the kernel knows the battery behind the box (/sys/class/power_supply).

    "nut": the UPS `ups_name` of Network UPS Tools, whose `upsd` listens at `host` and `port`. A supply that only
    closes a contact is a `mains` contact of a relay module; both may be there.
    """

    ups: Literal["none", "kernel", "nut"] = "none"
    host: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._:-]{1,253}$")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=1, le=65535)] = 3493
    ups_name: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,64}$")] = "ups"


class VoiceTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[voice]: the box speaks on a sound device (its name in `aplay -L`), in one language after the other."""

    device: Annotated[str, Meta(min_length=1, max_length=128)] = "default"
    languages: Annotated[tuple[Literal["zh", "en"], ...], Meta(min_length=1, max_length=2)] = ("zh", "en")


class ShortMessagesTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[short_messages]: a modem for what is critical while the centre cannot be reached; people are dn/contacts.

    A critical event that the broker has not got for `after_s` goes to those whose role it names, `per_hour` at
    most to one number; without a receipt within `receipt_s` the second number is tried. `mode` "text" is for
    modems that know no units (PDU); anything but plain letters goes as a unit all the same.
    """

    device: Annotated[str, Meta(pattern=SERIAL_PORT)]
    baud: Annotated[int, Meta(ge=1200, le=4_000_000)] = 115200
    mode: Literal["pdu", "text"] = "pdu"
    language: Literal["zh", "en"] = "zh"
    after_s: Annotated[float, Meta(ge=1, le=600)] = 30.0
    receipt_s: Annotated[float, Meta(ge=1, le=3600)] = 120.0
    per_hour: Annotated[int, Meta(ge=1, le=60)] = 10


class Site(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """site.toml as written."""

    schema: Literal[1]
    site: SiteTable
    folders: FoldersTable = FoldersTable()
    clock: ClockTable = ClockTable()
    start: StartTable = StartTable()
    commissioning: CommissioningTable = CommissioningTable()
    downlink: DownlinkTable
    rulebook_keys: tuple[RulebookKeyTable, ...] = ()
    uplink: UplinkTable
    second_uplink: SecondUplinkTable | None = None
    short_messages: ShortMessagesTable | None = None
    field_broker: BrokerTable
    field_http: HttpTable | None = None
    sparkplug: SparkplugTable | None = None
    upload: UploadTable | None = None
    fetch: FetchTable | None = None
    backup: BackupTable | None = None
    power: PowerTable = PowerTable()
    board: BoardTable = BoardTable()
    shifts: tuple[ShiftTable, ...] = ()
    upgrade: UpgradeTable = UpgradeTable()
    peers: tuple[PeerTable, ...] = ()
    shadow: tuple[ShadowTable, ...] = ()
    buses: dict[Id, BusTable] = {}
    opcua: dict[Id, OpcUaTable] = {}
    gas: dict[Id, GasTable] = {}
    weather: dict[Id, WeatherTable] = {}
    gauges: dict[Id, GaugeTable] = {}
    relays: dict[Id, RelayTable] = {}
    wearables: dict[Id, WearableTable] = {}
    positioning: PositioningTable = PositioningTable()
    cameras: dict[Id, CameraTable] = {}
    vision: VisionTable = VisionTable()
    recording: RecordingTable | None = None
    privacy: PrivacyTable = PrivacyTable()
    siren_test: SirenTestTable | None = None
    voice: VoiceTable | None = None
    nvrs: dict[Id, NvrTable] = {}
    records: dict[Id, RecordTable] = {}


class Settings(Struct, frozen=True, kw_only=True):
    """The whole bundle, checked: what every part of the agent is built from."""

    folder: Path
    site: Site
    areas: tuple[Area, ...]
    persons: tuple[Person, ...]
    rulebook: Rulebook
    records: tuple[DeviceRecord, ...] = ()  # derived: what is vouched for of devices
    devices: tuple[Device, ...]  # derived from the tables: what the rules watch
    local_time: LocalTime = LocalTime()  # derived: time zone and shifts
    digest: str  # sha256 over the files read: which settings decided

    @property
    def state_folder(self) -> Path:
        """Where the database and the journal are kept."""
        return self.folder / self.site.folders.state

    @property
    def runtime_folder(self) -> Path:
        """Where the live picture and the stills are written."""
        return self.folder / self.site.folders.runtime

    @property
    def demo(self) -> bool:
        """Whether limits are shortened for show; then every page and event says so."""
        return self.rulebook.demo
