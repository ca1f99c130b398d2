"""site.toml's tables of what measures: gas detectors, gauges, weather stations."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from edge_agent.domain.gauge import GaugeLimits, Measures
from edge_agent.domain.words import Words
from edge_agent.settings.site_lines import At
from edge_agent.settings.site_values import Id, PollSeconds, TimeoutSeconds, UnitId

GaugeUnit = Literal[
    "degC", "%RH", "m", "mm", "%", "Pa", "kPa", "MPa", "bar", "m3/h", "L/min", "mm/s", "A", "V", "mg/m3"
]
OUTPUT_OF_MODULE = r"^[a-z0-9][a-z0-9_-]{0,62}/[a-z0-9][a-z0-9_-]{0,62}$"


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
