"""Training and exporting a model of Ultralytics' family, in a folder of its own, on the CPU or the first GPU.

It is built from one of their yaml files, with the weights it is born with, or begins with a file of weights that
the user has. Their package is kept from reporting usage and from installing anything by itself.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from msgspec import Struct

from edge_agent.ops.model.shelf import LABELS, BadShelf

PLAN, RUN = "ultralytics.json", "run"  # in the run's folder: what was asked for, and what their trainer writes
THREE, ROW = 3, 6  # dimensions of an output; numbers of a row of one that has chosen its boxes
RARE = 1000  # epochs without progress after which it would stop: never
AGPL = (
    "Ultralytics 为 AGPL-3.0：其作者认为由它训练的模型同样受此许可约束，使用前请确认; Ultralytics is AGPL-3.0: "
    "its authors hold that models trained with it are too; see that this suits you before you use one\n"
)


class Plan(Struct, frozen=True, kw_only=True):
    """One run: what it is built from, and how it is taught. `start` is a file of weights."""

    yaml: str
    start: str | None
    side: int
    epochs: int
    batch: int
    seed: int
    rate: float | None = None


def is_run(folder: Path) -> bool:
    """Whether a run's folder belongs to this family."""
    return (folder / PLAN).exists()


def weights(folder: Path) -> Path:
    """The last checkpoint of a run."""
    return folder / RUN / "weights" / "last.pt"


def _package(folder: Path) -> Any:
    """Their package, with its settings kept in the run's folder."""
    os.environ["YOLO_CONFIG_DIR"] = str(folder / "settings")
    os.environ.setdefault("YOLO_AUTOINSTALL", "false")
    os.environ.setdefault("YOLO_VERBOSE", "false")
    (folder / "settings").mkdir(parents=True, exist_ok=True)
    import ultralytics  # noqa: PLC0415 - an extra, AGPL-3.0: never imported unless asked for

    ultralytics.settings.update({"sync": False, "datasets_dir": str(folder)})
    return ultralytics


def begin(plan: Plan, out: Path) -> None:
    """Keep what is asked for; prove that the package is there before anything takes long. Raises BadShelf."""
    asked, kept = {key: getattr(plan, key) for key in plan.__struct_fields__}, out / PLAN
    try:
        if kept.exists() and json.loads(kept.read_bytes()) != asked:
            raise BadShelf(
                f"{kept}: 该目录中已有另一次训练，请改用新目录或原参数; another training was begun here: "
                "give a new folder, or the same options"
            )
        _package(out)
        kept.write_text(json.dumps(asked) + "\n", "utf-8")
    except (OSError, ValueError) as fault:
        if isinstance(fault, BadShelf):
            raise
        raise BadShelf(f"{kept}: 无法使用 cannot be used: {fault}") from fault
    sys.stderr.write(AGPL)


def train(plan: Plan, data: Path, out: Path, threads: int) -> None:
    """Train as `plan` says, or go on where it was. Raises BadShelf."""
    package = _package(out)
    import torch  # noqa: PLC0415

    torch.set_num_threads(threads)
    last = weights(out)
    if last.exists():
        if torch.load(last, map_location="cpu", weights_only=False)["epoch"] < 0:
            sys.stderr.write(f"{last}: 训练已完成 the training is finished\n")
            return
        package.YOLO(str(last)).train(resume=True)
        return
    try:
        model = package.YOLO(plan.yaml)
        if plan.start is not None:
            model.load(plan.start)
    except OSError as fault:
        raise BadShelf(f"{plan.start or plan.yaml}: 没有该模型或权重 no such model or weights: {fault}") from fault
    more = {} if plan.rate is None else {"lr0": plan.rate, "optimizer": "SGD"}
    model.train(
        data=str(data), epochs=plan.epochs, imgsz=plan.side, batch=plan.batch, seed=plan.seed, pretrained=False,
        project=str(out.resolve()), name=RUN, exist_ok=True, workers=0, plots=False, amp=False, patience=RARE,
        device=0 if torch.cuda.is_available() else "cpu", **more,
    )  # fmt: skip


def exported(folder: Path, side: int) -> bytes:
    """The last checkpoint as ONNX, without their own choice of boxes where it can be left out. Raises BadShelf."""
    last = weights(folder)
    if not last.exists():
        raise BadShelf(f"{last}: 没有可用的训练结果 no checkpoint of this kind")
    model = _package(folder).YOLO(str(last))
    if tuple(model.names.values()) != LABELS:
        raise BadShelf(f"{last}: 类别须为 the labels must be {', '.join(LABELS)}: {model.names}")
    made = Path(model.export(format="onnx", imgsz=side, simplify=False))
    content = made.read_bytes()
    made.unlink()
    return content


def head(content: bytes) -> tuple[str, str]:
    """Name of the output of an exported file, and which head of the manifest reads it. Raises BadShelf."""
    import onnx  # noqa: PLC0415

    (out, *_) = onnx.load_from_string(content).graph.output
    shape = [dim.dim_value for dim in out.type.tensor_type.shape.dim]
    if len(shape) == THREE and shape[1] == 4 + len(LABELS):
        return out.name, "ultralytics"
    if len(shape) == THREE and shape[2] == ROW:
        return out.name, "end_to_end"
    raise BadShelf(f"输出形状 {shape} 不受支持 no head of the manifest reads an output of this shape: {shape}")
