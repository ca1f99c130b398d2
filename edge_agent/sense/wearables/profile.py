"""What a platform says of a wearer beside his place: the shape of `firmware_configs/wearables/<name>.toml`.

omlox leaves `properties` of a Location to each platform, so every platform has names and words of its own
for SOS, falls and buttons. A profile is data: which key says what. A new platform is a new file.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from edge_agent.domain.words import Words
from edge_agent.field import toml_file
from edge_agent.settings.fault import BadSettings, Fault

WEARABLE_FOLDER = Path("firmware_configs") / "wearables"

Name = Annotated[str, Meta(min_length=1, max_length=80)]
Key = Name | Annotated[tuple[Name, ...], Meta(min_length=2, max_length=6)]  # several: one object in another
Word = Annotated[str, Meta(pattern=r"^[^A-Z\s]([^A-Z]*[^A-Z\s])?$")]  # compared in lower case, without edges


class Flag(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A yes or no: a JSON boolean, 0 or 1, or one of these words; anything else cannot be read."""

    key: Key
    yes: Annotated[tuple[Word, ...], Meta(min_length=1)] = ("true", "1", "yes", "on")
    no: Annotated[tuple[Word, ...], Meta(min_length=1)] = ("false", "0", "no", "off")


class Number(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number, also when written as text, times `scale`; `unmeasured` are figures that mean "not measured"."""

    key: Key
    scale: Annotated[float, Meta(gt=0)] = 1.0
    unmeasured: tuple[float, ...] = ()


class WearableProfile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One platform, as its file says. What it does not name is never known."""

    schema: Literal[1]
    title: Words
    source: Annotated[str, Meta(min_length=1)]
    message: Literal["omlox_location"]
    # Kinds of fix (omlox provider_type) that tell which beacon was heard and not where the wearer stands.
    zone_only: tuple[Literal["uwb", "gps", "wifi", "rfid", "ibeacon", "virtual", "unknown"], ...] = ()
    moving: Flag | None = None
    worn: Flag | None = None
    sos: Flag | None = None
    fall: Flag | None = None
    here: Flag | None = None
    no_motion_s: Number | None = None
    heart_rate_bpm: Number | None = None
    battery_pct: Number | None = None


def load(root: Path, name: str) -> WearableProfile:
    """The profile `<root>/firmware_configs/wearables/<name>.toml`; raises BadSettings with every fault."""
    profile = toml_file.read(root, WEARABLE_FOLDER, name, WearableProfile)
    faults = tuple(_contradictions(str(WEARABLE_FOLDER / f"{name}.toml"), profile))
    if faults:
        raise BadSettings(faults)
    return profile


def _contradictions(file: str, profile: WearableProfile) -> Iterator[Fault]:
    """What the types cannot say: a word that means yes and no."""
    for key in ("moving", "worn", "sos", "fall", "here"):
        flag = getattr(profile, key)
        both = sorted(set(flag.yes) & set(flag.no)) if flag is not None else []
        if both:
            listed = ", ".join(both)
            problem = Words(f"既表示是又表示否：{listed}", f"means yes and no: {listed}")
            remedy = Words("每个词只写在 yes 或 no 中", "name each word in yes or in no")
            yield Fault(file=file, key=key, problem=problem, remedy=remedy)
