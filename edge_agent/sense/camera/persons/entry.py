"""What the manifest says about telling what persons wear: the lines between worn and missing, the second model."""

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from edge_agent.domain.words import Words
from edge_agent.sense.camera.manifest import ModelError, checked

Share = Annotated[float, Meta(ge=0, le=1)]


class Band(Struct, frozen=True, forbid_unknown_fields=True):
    """Below `missing_below` it is missing, from `worn_from` on it is worn, between them nobody can tell."""

    missing_below: Share
    worn_from: Share

    def __post_init__(self) -> None:
        """Nothing is worn and missing."""
        if self.missing_below > self.worn_from:
            raise ValueError(f"missing_below ({self.missing_below}) is above worn_from ({self.worn_from})")


class Wearing(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a model tells what a person wears: manifest table `[NAME.wearing]`.

    A person lower than `least_px` in the picture is never told. `judge` is the file of the second model
    that looks at each person at full resolution; without one the boxes alone decide.
    """

    least_px: Annotated[int, Meta(ge=1)]
    helmet: Band
    vest: Band
    judge: str | None = None
    judge_sha256: str | None = None


class _Entry(Struct):
    wearing: Wearing | None = None


def wearing(folder: Path, name: str) -> Wearing | None:
    """The table of model `name`, which stands in `folder`/manifest.toml; None if nobody has drawn its lines."""
    file = folder / "manifest.toml"
    try:
        return msgspec.toml.decode(file.read_bytes(), type=dict[str, _Entry])[name].wearing
    except msgspec.ValidationError as fault:
        zh = f"{file}：{name}.wearing 的内容有误（{fault}）"
        raise ModelError(Words(zh, f"{file}: {name}.wearing: {fault}")) from fault


def judge(folder: Path, name: str, table: Wearing) -> bytes:
    """The checked bytes of the judge of persons that `table` of model `name` names. Raises ModelError."""
    return checked(folder / str(table.judge), str(table.judge_sha256), name)
