"""Ultralytics' own models, built from their yaml with a fixed seed, and what their own predictor sees.

Nobody trained them: their layers are normed on the picture, so that something comes through, and spread.
"""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from ultralytics import YOLO
from ultralytics.cfg import DEFAULT_CFG_DICT
from ultralytics.nn.tasks import DetectionModel

from edge_agent.sense.camera.fitting import Fitting
from tests.vision.parity.cases import IOU, LABELS, SCORE, SIDE, Case, entry, picture

OPSET = 17


def exported(case: Case, folder: Path) -> Path:
    """The ONNX file of the case."""
    torch.manual_seed(1)
    model = YOLO(f"{case.yaml}.yaml")
    network = DetectionModel(f"{case.yaml}.yaml", nc=len(LABELS), verbose=False)
    network.args = {**DEFAULT_CFG_DICT, **model.overrides}
    network.names = dict(enumerate(LABELS))
    network.task = model.task
    _enliven(network, case)
    model.model = network
    network.yaml_file = str(folder / f"{case.name}.yaml")
    network.pt_path = str(folder / f"{case.name}.pt")
    model.ckpt_path = network.pt_path
    how: dict[str, Any] = {"nms": False} if case.chooses else {}
    return Path(model.export(format="onnx", imgsz=SIDE, simplify=False, opset=OPSET, **how)).resolve()


def _enliven(network: Any, case: Case) -> None:
    for part in network.modules():
        if isinstance(part, torch.nn.BatchNorm2d):
            part.reset_running_stats()
            part.momentum = None  # the plain mean of what follows
    fitting = Fitting(entry(case))
    fitting.fit(picture())
    shown = torch.from_numpy(fitting.tensor())
    with torch.no_grad():
        network.train()
        network(torch.cat((shown, shown.flip(3))))
        network.eval()
        _spread(network, shown)


def _spread(network: Any, pictures: torch.Tensor) -> None:
    """Give what the last layers say a mean and a spread: a few sure things, and boxes with two sides."""
    head, said = network.model[-1], {}
    layers = [
        (name, level[-1])
        for name in ("cv2", "cv3", "one2one_cv2", "one2one_cv3")
        for level in getattr(head, name, None) or []
    ]
    hooks = [
        layer.register_forward_hook(lambda layer, _, out: said.update({layer: (out.mean(), out.std())}))
        for _, layer in layers
    ]
    network(pictures)
    for hook in hooks:
        hook.remove()
    for name, layer in layers:
        if name.endswith("cv3"):
            wanted, spread = -2.5, 1.0  # logits of the labels
        elif head.reg_max == 1:
            wanted, spread = 3.0, 0.7  # strides from the cell to each edge
        else:
            continue  # a distribution over distances: always two sides
        mean, deviation = said[layer]
        scale = spread / deviation
        layer.weight.mul_(scale)
        layer.bias.copy_(wanted - (mean - layer.bias) * scale)


def seen(file: Path) -> NDArray[np.float32]:
    """Rows of corners in pixels of the picture, score, label: all of it theirs."""
    (found,) = YOLO(str(file), task="detect").predict(
        picture(), imgsz=SIDE, conf=SCORE, iou=IOU, max_det=300, verbose=False
    )
    rows: NDArray[np.float32] = found.boxes.data.numpy()
    return rows


def taken(file: Path) -> NDArray[np.float32]:
    """The input that their predictor makes of the picture: 1 x 3 x height x width."""
    model = YOLO(str(file), task="detect")
    made: list[NDArray[np.float32]] = []
    model.add_callback("on_predict_start", lambda predictor: _listen(predictor, made))
    model.predict(picture(), imgsz=SIDE, verbose=False)
    return made[-1]


def _listen(predictor: Any, made: list[NDArray[np.float32]]) -> None:
    prepare = predictor.preprocess

    def heard(pictures: Any) -> Any:
        tensor = prepare(pictures)
        made.append(tensor.numpy())
        return tensor

    predictor.preprocess = heard
