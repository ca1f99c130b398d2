"""What a weather station says on the wire: the shape of `firmware_configs/weather/<vendor>_<model>.toml`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

from edge_agent.domain.words import Words
from edge_agent.field import toml_file
from edge_agent.sense.profile import Address, Block, Seconds, Value
from edge_agent.sense.profile_file import not_read
from edge_agent.settings.fault import BadSettings, Fault

WEATHER_FOLDER = Path("firmware_configs") / "weather"


class Alive(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A register that lies in this range in a station that measures, and outside in one that does not."""

    register: Address
    least: Annotated[int, Meta(ge=0, le=0xFFFF)]
    most: Annotated[int, Meta(ge=0, le=0xFFFF)]


class WeatherProfile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One station family, as its file says. Wind in m/s, humidity in %RH, temperature in degrees Celsius.

    `direction`: where the wind comes from, in degrees.
    Dust in micrograms per cubic metre, noise in dB. `force` is the wind once more, as a Beaufort number: a family
    whose makers changed the scale of its wind from one delivery to the next is only believed where both agree.
    `alive` may not be empty: a dead element reads 0, and 0 is calm.
    """

    schema: Annotated[int, Meta(ge=1, le=1)]
    title: Words
    source: Annotated[str, Meta(min_length=1)]
    blocks: Annotated[tuple[Block, ...], Meta(min_length=1)]
    wind: Value
    wind_range_mps: Annotated[float, Meta(gt=0)]
    alive: Annotated[tuple[Alive, ...], Meta(min_length=1)]
    direction: Value | None = None
    humidity: Value | None = None
    temperature: Value | None = None
    pm2_5: Value | None = None
    pm10: Value | None = None
    noise: Value | None = None
    force: Value | None = None
    min_poll_s: Seconds = 0.0


def load(root: Path, name: str) -> WeatherProfile:
    """The profile `<root>/firmware_configs/weather/<name>.toml`; raises BadSettings with every fault."""
    profile = toml_file.read(root, WEATHER_FOLDER, name, WeatherProfile)
    file = str(WEATHER_FOLDER / f"{name}.toml")
    faults = tuple(
        Fault(file=file, key=key, problem=problem, remedy=remedy)
        for key, problem, remedy in not_read(profile.blocks, _used(profile))
    )
    if faults:
        raise BadSettings(faults)
    return profile


def _used(profile: WeatherProfile) -> Iterator[tuple[str, int]]:
    for key in ("wind", "direction", "humidity", "temperature", "pm2_5", "pm10", "noise", "force"):
        value = getattr(profile, key)
        if value is not None:
            for offset in range(value.registers):
                yield f"{key}.register", value.register + offset
    for one in profile.alive:
        yield "alive.register", one.register
