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


class Setting(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One holding register and its value."""

    at: Address
    value: Word


class Watchdog(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The module's own watchdog: how it is set, verified and started, and how one sees that it has expired.

    `resets` are written in their order: they stop it and clear the fault of an expired one. `keeps` must be read;
    what reads otherwise is written (some live in a memory that wears out, so nothing is written for nothing).
    """

    time_at: Address
    time_unit_s: Annotated[float, Meta(gt=0)]
    least_s: Annotated[float, Meta(gt=0)] = 0.1  # below it this watchdog is off, or cannot be set
    keeps: tuple[Setting, ...] = ()
    resets: tuple[Setting, ...] = ()
    trigger_at: Address | None = None  # another value but 0 starts it; None: the first write of an output
    status_at: Address | None = None
    running: Word | None = None  # what the status reads while it runs
    count_at: Address | None = None  # how often it has expired: any other number, and the outputs fell
    refuses: bool = False  # once expired, outputs cannot be written (exception 4) until it is reset
    rests_at: Address | None = None  # coils: what each output becomes once it has expired
    prove: bool = False  # registers alone do not show that it bites: it is let bite once before anything else

    def __post_init__(self) -> None:
        """A watchdog whose bite nobody would notice is none."""
        if (self.status_at is None) != (self.running is None):
            raise ValueError("status_at and running belong together")
        if self.status_at is None and self.count_at is None and not self.refuses:
            raise ValueError("needs status_at and running, or count_at, or refuses: else nobody sees it expire")


class RelayProfile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One relay module family. One without a watchdog is not fit for a permissive (settings/parts.py)."""

    schema: Literal[1]
    title: Words
    source: Annotated[str, Meta(min_length=1)]
    coils: Coils
    inputs: Inputs
    watchdog: Watchdog | None = None


def load(root: Path, name: str) -> RelayProfile:
    """The profile `<root>/firmware_configs/relays/<name>.toml`; raises BadSettings with its faults."""
    return toml_file.read(root, RELAY_FOLDER, name, RelayProfile)
