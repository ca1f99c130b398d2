"""What a relay module says on the wire: the shape of `firmware_configs/relays/<vendor>_<model>.toml`."""

from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from edge_agent.domain.words import Words
from edge_agent.field import toml_file

Address = Annotated[int, Meta(ge=0, le=0xFFFF)]
Word = Annotated[int, Meta(ge=0, le=0xFFFF)]

RELAY_FOLDER = Path("firmware_configs") / "relays"


class Coils(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the first output is written (functions 5 and 15) and read back (function 1)."""

    write_at: Address
    read_back_at: Address


class Inputs(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the first digital input is read (function 2)."""

    read_at: Address


class Watchdog(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The module's own watchdog: its registers, and what to write into them."""

    time_at: Address
    time_unit_s: Annotated[float, Meta(gt=0)]
    mask_at: Address
    mask: Word
    trigger_at: Address
    status_at: Address
    running: Word
    expired: Word
    stop_at: Address
    stop: Word
    alternative_at: Address
    alternative: Word


class RelayProfile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One relay module family. A module without a watchdog of its own is not fit for a permissive."""

    schema: Literal[1]
    title: Words
    source: Annotated[str, Meta(min_length=1)]
    coils: Coils
    inputs: Inputs
    watchdog: Watchdog


def load(root: Path, name: str) -> RelayProfile:
    """The profile `<root>/firmware_configs/relays/<name>.toml`; raises BadSettings with its faults."""
    return toml_file.read(root, RELAY_FOLDER, name, RelayProfile)
