"""The settings bundle of one site, as frozen values. Each field's range stands in its type.

`site.toml` holds everything but areas (`areas.toml`), people (`persons.toml`) and limits
(`zones/rulebooks/<name>.toml`). Table names are the TOML's own; what stands in them: site_*.py.
"""

from pathlib import Path
from typing import Literal

from msgspec import Struct

from edge_agent.domain.device import Device, DeviceRecord
from edge_agent.domain.local_time import LocalTime
from edge_agent.domain.person import Person
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.zone import Area
from edge_agent.settings.site_backup import BackupTable
from edge_agent.settings.site_brokers import (
    BrokerTable,
    DownlinkTable,
    RulebookKeyTable,
    SecondUplinkTable,
    SparkplugTable,
    UplinkTable,
)
from edge_agent.settings.site_cameras import CameraTable, NvrTable, RecordingTable, VisionTable
from edge_agent.settings.site_itself import (
    ClockTable,
    FoldersTable,
    PeerTable,
    PowerTable,
    RecordTable,
    ShadowTable,
    ShiftTable,
    SiteTable,
    UpgradeTable,
)
from edge_agent.settings.site_lines import BusTable, OpcUaTable
from edge_agent.settings.site_relays import RelayTable
from edge_agent.settings.site_sensors import GasTable, GaugeTable, WeatherTable
from edge_agent.settings.site_start import CommissioningTable, StartTable
from edge_agent.settings.site_told import (
    BoardTable,
    HttpTable,
    PrivacyTable,
    ShortMessagesTable,
    SirenTestTable,
    VoiceTable,
)
from edge_agent.settings.site_upload import FetchTable, UploadTable
from edge_agent.settings.site_values import Id
from edge_agent.settings.site_worn import PositioningTable, WearableTable


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
