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
from edge_agent.sense.camera.persons.entry import Wearing
from edge_agent.sense.camera.proof.canary import Answer

FILE = "accepted.json"


class Accepted(Struct, frozen=True, kw_only=True):
    """A model that passed the gate: name, entry and lines then, the runtime, and what it says of the canary."""

    name: str
    entry: Model
    wearing: Wearing | None
    runtime: str
    expected: Answer

    @property
    def key(self) -> str:
        """Another file, another reading of it, or another runtime is another model."""
        return key(self.entry, self.wearing, self.runtime)

    @property
    def hashes(self) -> tuple[str, ...]:
        """Of its files."""
        judge = None if self.wearing is None else self.wearing.judge_sha256
        return (self.entry.sha256,) if judge is None else (self.entry.sha256, judge)


class Record(Struct, frozen=True, kw_only=True):
    """What each camera was accepted with, and what people's own pictures refused (by the model's key)."""

    cameras: dict[str, Accepted] = {}
    refused: dict[str, Words] = {}


def key(entry: Model, wearing: Wearing | None, runtime: str) -> str:
    """What a model is known by."""
    return hashlib.sha256(msgspec.json.encode((entry, wearing, runtime))).hexdigest()


def read(folder: Path) -> Record:
    """What is kept. What cannot be read is nothing: each camera's model then counts as its first."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=Record)
    except FileNotFoundError:
        return Record()
    except (OSError, msgspec.MsgspecError) as fault:
        print(f"accepted models cannot be read: {fault}", file=sys.stderr)  # noqa: T201 - the agent's log
        return Record()


def weights(folder: Path, digest: str) -> bytes | None:
    """The kept copy of a file, None if it is gone or damaged."""
    try:
        content = _copy(folder, digest).read_bytes()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == digest else None


def keep(folder: Path, record: Record, files: dict[str, bytes]) -> None:
    """Write `record` and the `files` that it names by hash, each whole or not at all. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    named = {digest for model in record.cameras.values() for digest in model.hashes}
    for digest in named & set(files):
        if weights(folder, digest) is None:
            _put(_copy(folder, digest), files[digest])
    _put(folder / FILE, msgspec.json.format(msgspec.json.encode(record)))
    for copy in folder.glob("*.onnx"):
        if copy.stem not in named:
            copy.unlink()


def _copy(folder: Path, digest: str) -> Path:
    return folder / f"{digest}.onnx"


def _put(path: Path, content: bytes) -> None:
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
