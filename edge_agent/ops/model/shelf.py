"""Sets of labelled pictures: `DIR/SET/images/*` and `DIR/SET/labels/*.txt` (YOLO), described by a sets file.

Sets differ in what they label and in how they draw a box; the sets file says both, so that nothing is
taught as "not there" that was merely not labelled, and all boxes follow one convention.
"""

from pathlib import Path
from typing import Annotated, Literal

import cv2
import msgspec
import numpy as np
from msgspec import Meta, Struct
from numpy.typing import NDArray

LABELS = ("person", "hardhat", "vest", "no_hardhat")  # of the detector
FILE_LABELS = (*LABELS, "no_vest")  # of the label files, by number
PICTURES = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".webp"})
HAT_OF_HEAD = 0.6  # the hat's height, as a share of a box around head and hat (median of 274)
SIDE_OF_HEAD = 0.04  # what lies beside the hat in such a box, each side
HEAD_OF_HAIR = 1.6  # height of a head, in heights of its hair
Floats = NDArray[np.float32]
Picture = NDArray[np.uint8]
Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]


class BadShelf(ValueError):  # noqa: N818 - named after what is wrong, like BadSettings
    """Pictures or labels that cannot be used, in words for the person who must mend it."""


class Source(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One set: what is labelled in it, and how.

    `use` says whether it teaches or judges. `pictures` is a pattern, `share` how many of them an epoch
    takes. `hardhat_box` is "head" where the boxes go around head and hat, `no_hardhat_box` "hair" where
    they hold the hair alone; they are brought to "hat" and "head".
    """

    folder: Name
    origin: str
    licence: str
    labelled: tuple[Literal["person", "hardhat", "vest", "no_hardhat", "no_vest"], ...]
    use: Literal["train", "judge"] = "train"
    pictures: str = "*"
    share: Annotated[float, Meta(gt=0, le=10)] = 1.0
    hardhat_box: Literal["hat", "head"] = "hat"
    no_hardhat_box: Literal["head", "hair"] = "head"


class Labelled(Struct, frozen=True):
    """One picture and its boxes: label number, then corners as shares of the picture (n x 5)."""

    path: Path
    source: str
    boxes: Floats

    @property
    def key(self) -> str:
        """Unique on the shelf."""
        return f"{self.source}/{self.path.stem}"


def sources(file: Path) -> dict[str, Source]:
    """The sets that `file` describes. Raises BadShelf."""
    try:
        return msgspec.toml.decode(file.read_bytes(), type=dict[str, Source])
    except OSError as fault:
        raise BadShelf(f"{file}: 无法读取 cannot be read: {fault.strerror}") from fault
    except msgspec.MsgspecError as fault:
        raise BadShelf(f"{file}: 内容有误 {fault}") from fault


def teaching(file: Path, without: tuple[str, ...]) -> dict[str, Source]:
    """Those that teach, but for some. Raises BadShelf."""
    known = sources(file)
    strange = [name for name in without if name not in known]
    if strange:
        raise BadShelf(f"{file}: 没有 {strange[0]}，可选 no such set; the sets: {', '.join(known)}")
    return {name: source for name, source in known.items() if source.use == "train" and name not in without}


def picture(path: Path) -> Picture:
    """A picture, blue-green-red. Raises BadShelf."""
    try:
        content = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError as fault:
        raise BadShelf(f"{path}: 无法读取 cannot be read: {fault.strerror}") from fault
    made = cv2.imdecode(content, cv2.IMREAD_COLOR) if len(content) else None
    if made is None:
        raise BadShelf(f"{path}: 不是可用的图片（损坏或格式不支持） not a picture, or a broken one")
    return np.asarray(made, np.uint8)


def labelled(data: Path, name: str, source: Source) -> list[Labelled]:
    """All pictures of one set with their boxes, in order. Raises BadShelf."""
    folder = data / source.folder / "images"
    paths = sorted(path for path in folder.glob(source.pictures) if path.suffix.lower() in PICTURES)
    if not paths:
        raise BadShelf(f"{folder}/{source.pictures}: 没有图片 no pictures here")
    return [Labelled(path, name, one_convention(read(_beside(path)), source)) for path in paths]


def _beside(picture: Path) -> Path:
    return picture.parent.parent / "labels" / f"{picture.stem}.txt"


def read(path: Path) -> Floats:
    """Boxes of one label file as label number and corners. Raises BadShelf."""
    try:
        rows = [
            [float(word) for word in line.split()] for line in path.read_text("ascii").splitlines() if line.strip()
        ]
        values = np.array(rows, np.float32).reshape(-1, 5)
    except OSError as fault:
        raise BadShelf(f"{path}: 无法读取 cannot be read: {fault.strerror}") from fault
    except ValueError as fault:
        raise BadShelf(f"{path}: 每行须为 5 个数 each line must be 5 numbers: label x y width height") from fault
    known = np.isin(values[:, 0], range(len(FILE_LABELS)))
    if not known.all() or not np.isfinite(values).all():
        raise BadShelf(
            f"{path}: 类别须为 0 到 {len(FILE_LABELS) - 1}; labels are numbers from 0 to {len(FILE_LABELS) - 1}"
        )
    middle, half = values[:, 1:3], values[:, 3:5] / 2
    corners = np.clip(np.concatenate((middle - half, middle + half), 1), 0, 1)
    return np.concatenate((values[:, :1], corners), 1)


def one_convention(boxes: Floats, source: Source) -> Floats:
    """Hard hats without the face below them, bare heads with it."""
    boxes = boxes.copy()
    height = boxes[:, 4] - boxes[:, 2]
    if source.hardhat_box == "head":
        hats = boxes[:, 0] == FILE_LABELS.index("hardhat")
        boxes[hats, 4] = boxes[hats, 2] + HAT_OF_HEAD * height[hats]
        beside = SIDE_OF_HEAD * (boxes[hats, 3] - boxes[hats, 1])
        boxes[hats, 1], boxes[hats, 3] = boxes[hats, 1] + beside, boxes[hats, 3] - beside
    if source.no_hardhat_box == "hair":
        heads = boxes[:, 0] == FILE_LABELS.index("no_hardhat")
        boxes[heads, 4] = np.minimum(1, boxes[heads, 2] + HEAD_OF_HAIR * height[heads])
    return boxes
