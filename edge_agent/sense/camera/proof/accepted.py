"""Which model each camera was accepted with, and a copy of it: what runs on when another is refused.

`accepted.json` in the folder `models` of the box's state; beside it each model's weights by their hash, so that a
release which no longer brings the old model does not leave the box with the refused one alone.
"""

import hashlib
import os
import sys
from pathlib import Path

import msgspec
from msgspec import Struct

from edge_agent.domain.words import Words
from edge_agent.sense.camera.manifest import Model
from edge_agent.sense.camera.proof.canary import Answer

FILE = "accepted.json"


class Accepted(Struct, frozen=True, kw_only=True):
    """A model that passed the gate: its name and entry then, the runtime, and what it says of the canary."""

    name: str
    entry: Model
    runtime: str
    expected: Answer

    @property
    def key(self) -> str:
        """Another file, another reading of it, or another runtime is another model."""
        return key(self.entry, self.runtime)


class Record(Struct, frozen=True, kw_only=True):
    """What each camera was accepted with, and what people's own pictures refused (by the model's key)."""

    cameras: dict[str, Accepted] = {}
    refused: dict[str, Words] = {}


def key(entry: Model, runtime: str) -> str:
    """What a model is known by."""
    return hashlib.sha256(msgspec.json.encode((entry, runtime))).hexdigest()


def read(folder: Path) -> Record:
    """What is kept. What cannot be read is nothing: each camera's model then counts as its first."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=Record)
    except FileNotFoundError:
        return Record()
    except (OSError, msgspec.MsgspecError) as fault:
        print(f"accepted models cannot be read: {fault}", file=sys.stderr)  # noqa: T201 - the agent's log
        return Record()


def weights(folder: Path, model: Accepted) -> bytes | None:
    """The kept copy, None if it is gone or damaged."""
    try:
        content = _copy(folder, model).read_bytes()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == model.entry.sha256 else None


def keep(folder: Path, record: Record, files: dict[str, bytes]) -> None:
    """Write `record` and the `files` that it names by hash, each whole or not at all. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    for model in record.cameras.values():
        if weights(folder, model) is None and model.entry.sha256 in files:
            _put(_copy(folder, model), files[model.entry.sha256])
    _put(folder / FILE, msgspec.json.format(msgspec.json.encode(record)))
    named = {model.entry.sha256 for model in record.cameras.values()}
    for copy in folder.glob("*.onnx"):
        if copy.stem not in named:
            copy.unlink()


def _copy(folder: Path, model: Accepted) -> Path:
    return folder / f"{model.entry.sha256}.onnx"


def _put(path: Path, content: bytes) -> None:
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
