"""A model of the manifest for another side of its input, entered beside it: small is quick and sees less far."""

import hashlib
import json
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec.structs import replace

from edge_agent.ops.model.shelf import BadShelf
from edge_agent.ops.model.side import of_side
from edge_agent.sense.camera import manifest
from edge_agent.sense.camera.heads import reader
from edge_agent.sense.camera.persons import entry as persons
from edge_agent.sense.camera.runtimes import choose
from edge_agent.sense.camera.runtimes.wanted import Wanted

HEAD = """
# {name} with an input of {side} x {side}: the same weights, its lines untouched. Nobody has measured what it sees:
# `edge-agent model evaluate --model {name}`, and a walk test for each camera, before anything rests on it.
[{name}]
"""
LEFT_OUT = frozenset({"measured"})  # of another side


def resize(models: Path, name: str, side: int, out: Path) -> str:
    """Write the file and the entry into the models folder `out`; the new name. Raises ModelError, BadShelf."""
    entry, new = manifest.model(models, name), f"{name}-{side}"
    if entry.head != "yolox" or entry.input[0] != entry.input[1]:
        raise BadShelf(
            f"{name}: 只能改变 YOLOX 方形输入的边长 only a YOLOX with a square input can change its side"
        )
    listed = out / "manifest.toml"
    before = listed.read_text("utf-8") if listed.exists() else ""
    if new in msgspec.toml.decode(before):
        raise BadShelf(f"{listed}: 已有 {new} is there already")
    made = of_side(manifest.weights(models, name), entry.input[0], side)
    _prove(made, entry, side)
    file = f"{Path(entry.file).stem}_{side}.onnx"
    table = msgspec.toml.decode((models / "manifest.toml").read_bytes())[name]
    changes = {"file": file, "sha256": hashlib.sha256(made).hexdigest(), "input": [side, side]}
    text = HEAD.format(name=new, side=side) + _lines({**table, **changes}, new)
    out.mkdir(parents=True, exist_ok=True)
    wearing = persons.wearing(models, name)
    if wearing is not None and wearing.judge is not None:
        (out / wearing.judge).write_bytes(persons.judge(models, name, wearing))
    (out / file).write_bytes(made)
    listed.write_text(before + text, "utf-8")
    return new


def _prove(made: bytes, entry: manifest.Model, side: int) -> None:
    """Raise ModelError unless a runtime takes it and what comes out is read as its head."""
    nothing = np.zeros((1, 3, side, side), np.float32)
    reader(replace(entry, input=(side, side)))(choose.load(made, Wanted()).run(nothing), entry.score_threshold)


def _lines(table: dict[str, Any], name: str) -> str:
    """An entry in TOML: its own keys, then the tables below it."""
    own = [f"{key} = {_value(value)}" for key, value in table.items() if not isinstance(value, dict)]
    below = {key: value for key, value in table.items() if isinstance(value, dict) and key not in LEFT_OUT}
    for key, inner in below.items():
        own += ["", f"[{name}.{key}]", *(f"{k} = {_value(v)}" for k, v in inner.items())]
    return "\n".join(own) + "\n"


def _value(value: Any) -> str:
    """Words, numbers and lists are written in TOML as in JSON."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)
