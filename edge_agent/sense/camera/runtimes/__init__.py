"""What runs a model: one file per runtime, all with the same two methods; loading one is `choose.load`."""

from typing import Protocol

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from edge_agent.domain.words import NOTHING, Words, WordsError

Tensor = NDArray[np.float32]
Shape = tuple[int | None, ...]  # None: any length


class Description(Struct, frozen=True, kw_only=True):
    """What a loaded model runs on: program and version, device, its input's shape, what there is to say of it."""

    runtime: str
    device: str
    input: Shape
    remark: Words = NOTHING


class BadPictures(WordsError, ValueError):  # noqa: N818 - what is wrong, not what happened
    """Pictures that a model cannot be given."""


class Runtime(Protocol):
    """A loaded model. Exchangeable: tests/vision/test_every_runtime.py says what each must do."""

    def run(self, pictures: Tensor) -> Tensor:
        """The model's raw output for a batch of 1 x 3 x height x width. Raises BadPictures."""

    def describe(self) -> Description:
        """What it runs on now."""


def check(pictures: Tensor, wanted: Shape) -> None:
    """Raise BadPictures unless shape and kind of number are the model's; a runtime's own words name no remedy."""
    shape = pictures.shape
    fits = len(shape) == len(wanted) and all(want in (None, got) for got, want in zip(shape, wanted, strict=True))
    if not fits or pictures.dtype != np.float32:
        got, want = f"{_by(shape)} {pictures.dtype}", f"{_by(wanted)} float32"
        zh = f"模型的输入应为 {want}，得到的是 {got}，请核对 manifest.toml 的 input"
        raise BadPictures(Words(zh, f"the model takes {want}, not {got}: mend input in manifest.toml"))


def _by(shape: Shape) -> str:
    return " x ".join("N" if length is None else str(length) for length in shape)
