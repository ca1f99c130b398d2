"""The models that may judge pictures: models/manifest.toml, and the proof that a file is the one named.

A model decides about people's safety, so only a file whose SHA-256 stands in the manifest is loaded.
Further keys of an entry (licence, card, measured recall) are for readers and are not read here.
"""

import hashlib
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from edge_agent.domain.words import Words, WordsError
from edge_agent.field import system_words

Share = Annotated[float, Meta(gt=0, lt=1)]
Side = Annotated[int, Meta(ge=32, le=2048, multiple_of=32)]  # the coarsest stride is 32
PERSON = "person"


class ModelError(WordsError, ValueError):
    """A model that cannot be used, in words for the person who must mend it."""


class Model(Struct, frozen=True, kw_only=True):
    """One entry: file, its SHA-256, input as (width, height), how pictures go in, how its output is to be read.

    How pictures go in has no default: a model that is given them in another way than in its training sees worse,
    and nothing says so.
    `score_threshold` is the confidence above which a detection counts; `nms_iou` the overlap above
    which two boxes of one class are the same thing. `hints` are labels too unreliable to be shown.
    """

    file: Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    input: tuple[Side, Side]
    labels: tuple[str, ...]
    head: Literal["yolox", "ultralytics", "end_to_end"]
    colour: Literal["bgr", "rgb"]
    scale: Literal["0-255", "0-1"]
    letterbox: Literal["top-left", "centre"]
    pad: Annotated[int, Meta(ge=0, le=255)]
    score_threshold: Share
    nms_iou: Share
    hints: tuple[str, ...] = ()


def model(folder: Path, name: str) -> Model:
    """The entry `name` of `folder`/manifest.toml. Raises ModelError."""
    path = folder / "manifest.toml"
    try:
        entries = msgspec.toml.decode(path.read_bytes(), type=dict[str, dict[str, object]])
    except (OSError, msgspec.MsgspecError) as fault:
        raise ModelError(_unreadable(path, fault)) from fault
    if name not in entries:
        known = sorted(entries)
        zh = f"{path}：没有模型 {name}，本机已有：{'、'.join(known) or '无'}"
        en = f'{path}: no model "{name}"; the models of this box: {", ".join(known) or "none"}'
        raise ModelError(Words(zh, en))
    try:
        entry = msgspec.convert(entries[name], Model)
    except msgspec.ValidationError as fault:
        zh = f"{path}：{name} 的内容有误，请用发布包中的文件恢复"
        raise ModelError(Words(zh, f"{path}: {name}: {fault}; restore the manifest from the release")) from fault
    if PERSON not in entry.labels:
        labels = list(entry.labels)
        zh = f'{path}：{name}.labels = {labels}：没有 "{PERSON}"，无法识别人员'
        raise ModelError(Words(zh, f'{path}: {name}.labels = {labels}: no "{PERSON}": it cannot see people'))
    return entry


def weights(folder: Path, name: str) -> bytes:
    """The checked bytes of model `name`. Raises ModelError if the file is missing or another one."""
    entry = model(folder, name)
    return checked(folder / entry.file, entry.sha256, name)


def checked(path: Path, sha256: str, name: str) -> bytes:
    """The bytes of a file that belongs to model `name`. Raises ModelError if it is missing or another one."""
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise ModelError(_unreadable(path, fault)) from fault
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        got, wanted = found[:12], sha256[:12]
        zh = (
            f"{path}：不是清单为 {name} 指定的文件（sha256 {got}…，应为 {wanted}…），"
            "请用发布包中的文件恢复，或在 manifest.toml 中登记审核过的模型"
        )
        en = (
            f"{path}: not the file that the manifest names for {name} (sha256 {got}..., expected "
            f"{wanted}...); restore it from the release, or enter a reviewed model in manifest.toml"
        )
        raise ModelError(Words(zh, en))
    return content


def _unreadable(path: Path, fault: OSError | msgspec.MsgspecError) -> Words:
    said = system_words.of(fault) if isinstance(fault, OSError) else Words("内容有误", str(fault))
    zh = f"{path}：无法读取（{said.zh}），请用发布包中的文件恢复"
    return Words(zh, f"{path}: cannot be read ({said.en}); restore it from the release")
