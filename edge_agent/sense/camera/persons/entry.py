"""What the manifest says about telling what persons wear: the lines between worn and missing, the second model."""

import hashlib
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from edge_agent.domain.words import Words
from edge_agent.sense.camera.manifest import ModelError

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


def judge(folder: Path, table: Wearing) -> bytes:
    """The checked bytes of the judge of persons that `table` names. Raises ModelError."""
    path = folder / str(table.judge)
    try:
        content = path.read_bytes()
    except OSError as fault:
        zh = f"{path}：无法读取，请用发布包中的文件恢复"
        raise ModelError(Words(zh, f"{path}: cannot be read; restore it from the release")) from fault
    if hashlib.sha256(content).hexdigest() != table.judge_sha256:
        zh = f"{path}：不是清单指定的文件，请用发布包中的文件恢复"
        en = f"{path}: not the file that the manifest names; restore it from the release"
        raise ModelError(Words(zh, en))
    return content
