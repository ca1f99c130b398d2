"""From checkpoints to a models folder: ONNX files, and their entry in its manifest."""

import hashlib
import logging
from pathlib import Path
from typing import Any

import numpy as np
import torch
from msgspec import Struct
from torch import Tensor, nn

from edge_agent.ops.model.shelf import LABELS, BadShelf
from edge_agent.ops.model.training import revive
from edge_agent.ops.model.training.network import ShippedDetector, ShippedJudge, YoloxNano
from edge_agent.ops.model.training.persons import eyed
from edge_agent.ops.model.training.plan import eye_of
from edge_agent.ops.model.ultralytics import training as ultralytics
from edge_agent.sense.camera.persons import crops
from edge_agent.sense.camera.runtimes.onnx import OnnxRuntime

OPSET = 18
SAME = 1e-3  # what ONNX Runtime may differ from torch, at most

ENTRY = """
[{name}]
file = "{file}"
sha256 = "{sha256}"
card = "{card}"
licence = "{licence}"
input_name = "images"
input = [{side}, {side}]
colour = "{colour}"
scale = "{scale}"
letterbox = "{letterbox}"
pad = 114
output_name = "{output}"
head = "{head}"
strides = [8, 16, 32]
labels = [{labels}]
score_threshold = {threshold}
nms_iou = 0.5
hints = ["no_hardhat"]
"""
WEARING = """
# Not measured yet: `edge-agent model evaluate` says where to draw the lines.
[{name}.wearing]
judge = "{judge}"
judge_sha256 = "{sha256}"
least_px = 48
helmet = {{ missing_below = 0.1, worn_from = 0.9 }}
vest = {{ missing_below = 0.05, worn_from = 0.8 }}
"""


class Wanted(Struct, frozen=True, kw_only=True):
    """What to export: the runs of detector and judge, the model's name and licence, its input's side."""

    run: Path
    persons: Path | None
    name: str
    licence: str
    side: int
    mean_with: Path | None = None  # a detector's file: the weights half-way to it
    persons_mean_with: Path | None = None  # the same of the judge


def export(wanted: Wanted, out: Path) -> None:
    """Write `out`/NAME.onnx, the judge beside it, and the manifest's entry. Raises BadShelf."""
    name, persons = wanted.name, wanted.persons
    stem = name.replace("-", "_")
    manifest = out / "manifest.toml"
    before = manifest.read_text("utf-8") if manifest.exists() else ""
    if f"[{name}]" in before:
        raise BadShelf(f"{manifest}: 已有 {name} is there already: choose another --name")
    detector, read = _ultralytics(wanted) if ultralytics.is_run(wanted.run) else _yolox(wanted)
    labels = ", ".join(f'"{label}"' for label in LABELS)
    text = ENTRY.format(
        name=name, file=f"{stem}.onnx", sha256=hashlib.sha256(detector).hexdigest(), card=f"{stem}.md",
        licence=wanted.licence, side=wanted.side, labels=labels, threshold=0.35, **read,
    )  # fmt: skip
    out.mkdir(parents=True, exist_ok=True)
    if persons is not None:
        judge = _onnx(ShippedJudge(_loaded(eyed(eye_of(persons)), persons)), (3, crops.HEIGHT, crops.WIDTH))
        if wanted.persons_mean_with is not None:
            judge = revive.halfway(judge, wanted.persons_mean_with)
        (out / f"{stem}_persons.onnx").write_bytes(judge)
        text += WEARING.format(name=name, judge=f"{stem}_persons.onnx", sha256=hashlib.sha256(judge).hexdigest())
    (out / f"{stem}.onnx").write_bytes(detector)
    manifest.write_text(before + text, "utf-8")


def _yolox(wanted: Wanted) -> tuple[bytes, dict[str, str]]:
    """The detector of our own training, and how the manifest says that it is fed and read."""
    made = _onnx(ShippedDetector(_loaded(YoloxNano(len(LABELS)), wanted.run)), (3, wanted.side, wanted.side))
    if wanted.mean_with is not None:
        made = revive.halfway(made, wanted.mean_with)
    return made, {"colour": "bgr", "scale": "0-255", "letterbox": "top-left", "output": "out", "head": "yolox"}


def _ultralytics(wanted: Wanted) -> tuple[bytes, dict[str, str]]:
    """The same of a run of Ultralytics' trainer. Raises BadShelf."""
    if wanted.mean_with is not None:
        raise BadShelf("--mean-with 不适用于 ultralytics --mean-with is not for a run of --family ultralytics")
    made = ultralytics.exported(wanted.run, wanted.side)
    output, head = ultralytics.head(made)
    return made, {"colour": "rgb", "scale": "0-1", "letterbox": "centre", "output": output, "head": head}


def _loaded(network: nn.Module, run: Path) -> nn.Module:
    file = run / "last.pth"
    try:
        kept = torch.load(file, map_location="cpu", weights_only=True)
        network.load_state_dict(kept["model"])
    except (OSError, RuntimeError, KeyError) as fault:
        raise BadShelf(f"{file}: 没有可用的训练结果 no checkpoint of this kind: {fault}") from fault
    return network.eval()


def _bare(model: Any) -> bytes:
    """Without what the exporter notes about this machine and its sources."""
    for part in (
        model,
        model.graph,
        *model.graph.node,
        *model.graph.initializer,
        *model.graph.input,
        *model.graph.output,
    ):
        part.ClearField("metadata_props")
        part.ClearField("doc_string")
    model.graph.ClearField("value_info")
    made: bytes = model.SerializeToString()
    return made


def _onnx(network: nn.Module, shape: tuple[int, int, int]) -> bytes:
    """The ONNX file, proven to say what torch says."""
    for chatty in ("onnx_ir", "onnxscript"):  # a hundred lines about their own insides
        logging.getLogger(chatty).setLevel(logging.WARNING)
    network.eval()
    shown = torch.from_numpy(np.random.default_rng(1).uniform(0, 255, (1, *shape)).astype(np.float32))
    program = torch.onnx.export(
        network,
        (shown,),
        input_names=["images"],
        output_names=["out"],
        opset_version=OPSET,
        dynamo=True,
        verbose=False,
    )
    made = _bare(program.model_proto)
    with torch.no_grad():
        expected: Tensor = network(shown)
    apart = float(np.abs(OnnxRuntime(made).run(shown.numpy()) - expected.numpy()).max())
    if apart > SAME:
        raise BadShelf(
            f"ONNX 与训练网络结果相差 {apart:.3g} the exported file differs from the network by {apart:.3g}"
        )
    return made
