"""What a sensor says in named values: the shape of `firmware_configs/mqtt/` and `firmware_configs/opcua/`.

`at` says where each value is found: over MQTT a JSON Pointer (RFC 6901) into the message, on an OPC UA server the
node, in which `{at}` stands for the `at` of the device's table in site.toml. Codes that a file does not list are
faults of the reading, never "fine".
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from edge_agent.domain.words import Words
from edge_agent.field import toml_file
from edge_agent.sense.profile import Meaning, Unit, UnitCode
from edge_agent.settings.fault import BadSettings, Fault
from edge_agent.settings.site_sensors import SensorTable, WeatherTable

MQTT_FOLDER = Path("firmware_configs") / "mqtt"
SITE = "site"
OPCUA_FOLDER = Path("firmware_configs") / "opcua"

CONTACT = "contact."  # before the number of an input, as the name of its value

At = Annotated[str, Meta(min_length=1, max_length=256)]
Positive = Annotated[float, Meta(gt=0)]


class Number(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A measured number, multiplied by `scale`."""

    at: At
    scale: Positive = 1.0


class UnitText(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The unit as the sensor says it with every value; one that is not listed is a fault."""

    at: At
    codes: dict[str, UnitCode]


class Codes(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the sensor's own words about its value, of which the worst counts; one that is not listed is a fault.

    Numbers are written as text.
    """

    at: At
    codes: dict[str, Meaning]


class GasText(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The gas as the sensor names it, and the gas ids of site.toml that each name may stand for."""

    at: At
    codes: dict[str, tuple[str, ...]]


class Flag(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """True, or any number but 0: the sensor's own alarm."""

    at: At


class Time(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When the value was measured, by the sensor's own clock (over MQTT; an OPC UA server stamps every value)."""

    at: At
    form: Literal["iso8601", "unix_s", "unix_ms"] = "iso8601"


class Inputs(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The dry contacts of a module, input 0 first; `closed`: what it says of one that is closed (false: inverted).

    Only true, false, 1 and 0 are words of a contact: anything else cannot be read.
    """

    at: Annotated[tuple[At, ...], Meta(min_length=1, max_length=64)]
    closed: bool = True


class Sequence(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number that is another one with every measurement: without change nothing new was measured."""

    at: At


class SampledProfile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One family of sensors, as its file says. A gas or gauge has `level`, `unit`, `full_scale`; a station `wind`.

    Wind in m/s, temperature in degrees Celsius, humidity in %RH, dust in micrograms per cubic metre, noise in dB.
    """

    schema: Literal[1]
    title: Words
    source: Annotated[str, Meta(min_length=1)]
    measures: Literal["gas", "gauge", "weather", "contacts"]
    topic: Annotated[str, Meta(min_length=1, max_length=256)] | None = None
    level: Number | None = None
    unit: UnitText | Unit | Literal["site"] | None = None  # "site": as the nameplate says, in site.toml
    full_scale: Positive | Literal["site"] | None = None
    range_from: float = 0.0
    gas: GasText | None = None
    wind: Number | None = None
    wind_range_mps: Positive | None = None
    temperature: Number | None = None
    humidity: Number | None = None
    pm2_5: Number | None = None
    pm10: Number | None = None
    noise: Number | None = None
    quality: tuple[Codes, ...] = ()
    alarm: Flag | None = None
    time: Time | None = None
    sequence: Sequence | None = None
    inputs: Inputs | None = None

    @property
    def places(self) -> dict[str, str]:
        """Where each value that the profile asks for is found, by its name here."""
        parts = {
            "level": self.level, "unit": self.unit, "gas": self.gas, "wind": self.wind,
            "temperature": self.temperature, "humidity": self.humidity, "pm2_5": self.pm2_5, "pm10": self.pm10,
            "noise": self.noise,
            "alarm": self.alarm, "time": self.time, "sequence": self.sequence,
        }  # fmt: skip
        found = {name: part.at for name, part in parts.items() if part is not None and not isinstance(part, str)}
        if self.inputs is not None:
            found |= {f"{CONTACT}{number}": at for number, at in enumerate(self.inputs.at)}
        return found | {f"quality.{number}": one.at for number, one in enumerate(self.quality)}


def load_mqtt(root: Path, name: str) -> SampledProfile:
    """The profile `<root>/firmware_configs/mqtt/<name>.toml`; raises BadSettings with every fault."""
    return _load(root, MQTT_FOLDER, name)


def load_opcua(root: Path, name: str) -> SampledProfile:
    """The profile `<root>/firmware_configs/opcua/<name>.toml`; raises BadSettings with every fault."""
    return _load(root, OPCUA_FOLDER, name)


def fitted(profile: SampledProfile, table: SensorTable | WeatherTable) -> SampledProfile:
    """The profile with what the site says of this detector: its range and unit (settings/detectors.py)."""
    if not isinstance(table, SensorTable):
        return profile
    unit = table.unit if profile.unit == SITE else profile.unit
    if profile.full_scale != SITE:
        return replace(profile, unit=unit)
    return replace(profile, unit=unit, full_scale=table.range, range_from=table.lowest)


def of_one_contact(profile: SampledProfile, number: int) -> SampledProfile:
    """The profile of one input of a module: it lives and dies by itself."""
    inputs = profile.inputs
    if inputs is None:
        return profile
    return replace(profile, inputs=Inputs(at=(inputs.at[number],), closed=inputs.closed))


def _load(root: Path, folder: Path, name: str) -> SampledProfile:
    profile = toml_file.read(root, folder, name, SampledProfile)
    file = str(folder / f"{name}.toml")
    faults = (
        *_needed(file, profile),
        *_one_unit(file, profile),
        *(_over_mqtt if folder == MQTT_FOLDER else _on_a_server)(file, profile),
    )
    if faults:
        raise BadSettings(faults)
    return profile


def _missing(file: str, key: str, remedy: Words) -> Fault:
    return Fault(file=file, key=key, problem=Words("缺失", "is missing"), remedy=remedy)


NEEDED = {
    "gas": ("level", "unit", "full_scale"),
    "gauge": ("level", "unit", "full_scale"),
    "weather": ("wind", "wind_range_mps"),
    "contacts": ("inputs",),
}


def _needed(file: str, profile: SampledProfile) -> Iterator[Fault]:
    for key in NEEDED[profile.measures]:
        if getattr(profile, key) is None:
            yield _missing(file, key, Words(f"{profile.measures} 需要它", f"{profile.measures} needs it"))


def _one_unit(file: str, profile: SampledProfile) -> Iterator[Fault]:
    """The range is in the reading's unit: whatever the sensor calls it, it must come to one."""
    if isinstance(profile.unit, UnitText) and len({one.unit for one in profile.unit.codes.values()}) > 1:
        problem = Words("换算到不同的单位", "come to different units")
        remedy = Words("请用 factor 换算到同一单位", "bring them to one unit with factor")
        yield Fault(file=file, key="unit.codes", problem=problem, remedy=remedy)


def _over_mqtt(file: str, profile: SampledProfile) -> Iterator[Fault]:
    """A message tells who speaks, whether the value is one, and that it is a new one."""
    if profile.topic is None or "{at}" not in profile.topic or set(profile.topic) & set("+#"):
        remedy = Words(
            "应含 {at}，代表 site.toml 中的 at，不用通配符",
            "write it with {at}, for the at of site.toml, and no wildcard",
        )
        yield _missing(file, "topic", remedy)
    if not profile.quality:
        yield _missing(file, "quality", Words("无它无法区分故障与测量值", "else a fault looks like a value"))
    if profile.time is None and profile.sequence is None:
        remedy = Words("至少给出 time 或 sequence 之一", "give time or sequence: else an old value looks new")
        yield _missing(file, "time", remedy)
    for key, at in profile.places.items():
        if not at.startswith("/"):
            problem = Words("不是 JSON Pointer", "is no JSON Pointer")
            remedy = Words('以 / 开头，如 "/data/value"', 'begin with /, like "/data/value"')
            yield Fault(file=file, key=f"{key}.at", problem=problem, remedy=remedy, value=at)


def _on_a_server(file: str, profile: SampledProfile) -> Iterator[Fault]:
    """Every value of a server bears its status and its time; a contact may stand for days all the same."""
    if profile.measures == "contacts" and profile.sequence is None:
        remedy = Words(
            "给出会计数的节点，否则看不出触点是否仍在更新", "give a node that counts: else a dead one looks closed"
        )
        yield _missing(file, "sequence", remedy)
    for key in ("topic", "time"):
        if getattr(profile, key) is not None:
            problem = Words("对 OPC UA 没有意义", "means nothing on an OPC UA server")
            yield Fault(file=file, key=key, problem=problem, remedy=Words("请删去", "remove it"))
