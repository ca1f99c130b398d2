# ruff: noqa: PLC0415 - each way loads what it needs and no more
"""What others' loops cost on a model and a film. Run by an environment of their own, which has no edge_agent.

`peer_loops.py export OUT.onnx SIZE` writes YOLO11n with the weights it is born with (seeded); `peer_loops.py
KIND MODEL.onnx SIZE FILM EVERY COUNT` prints CPU seconds per 1000 inferred frames, warm: `plain` is cv2, ONNX
Runtime and non-maximum suppression, `trackers` the same with Roboflow's ByteTrack behind it, `ultralytics`
YOLO(MODEL).track().
"""

import os
import shutil
import sys
import time
from collections.abc import Callable
from typing import Any

WARM_UP = 20
SCORE = 0.35
IOU = 0.5


def export(out: str, size: int) -> None:
    """The model of the comparison."""
    import torch
    from ultralytics import YOLO

    torch.manual_seed(1)
    shutil.move(YOLO("yolo11n.yaml").export(format="onnx", imgsz=size, simplify=False), out)


def plain(model: str, size: int) -> Callable[[Any], Any]:
    """Letterbox, session, boxes above the score, suppression."""
    import cv2
    import numpy as np
    import onnxruntime

    told = onnxruntime.SessionOptions()
    told.intra_op_num_threads = 1
    told.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(model, told, providers=["CPUExecutionProvider"])

    def look(picture: Any) -> Any:
        share = size / max(picture.shape[:2])
        canvas = np.full((size, size, 3), 114, np.uint8)
        small = cv2.resize(picture, None, fx=share, fy=share)
        canvas[: small.shape[0], : small.shape[1]] = small
        blob = cv2.dnn.blobFromImage(canvas, 1 / 255, swapRB=True)
        found = session.run(None, {"images": blob})[0][0].T
        scores = found[:, 4:].max(axis=1)
        found, scores = found[scores > SCORE], scores[scores > SCORE]
        corner = found[:, :2] - found[:, 2:4] / 2
        kept = cv2.dnn.NMSBoxes(np.hstack([corner, found[:, 2:4]]).tolist(), scores.tolist(), SCORE, IOU)
        boxes = np.hstack([corner, corner + found[:, 2:4]])[list(kept)].reshape(-1, 4)
        return boxes / share, scores[list(kept)]

    return look


def tracked(model: str, size: int) -> Callable[[Any], Any]:
    """The same, with tracks."""
    import numpy as np
    import supervision
    from trackers import ByteTrackTracker

    look, tracker = plain(model, size), ByteTrackTracker()

    def follow(picture: Any) -> Any:
        boxes, scores = look(picture)
        kinds = np.zeros(len(boxes), int)
        return tracker.update(supervision.Detections(xyxy=boxes, confidence=scores, class_id=kinds))

    return follow


def ultralytics(model: str, size: int) -> Callable[[Any], Any]:
    """As its documentation has it."""
    from ultralytics import YOLO

    yolo = YOLO(model, task="detect")

    def track(picture: Any) -> Any:
        return yolo.track(picture, persist=True, imgsz=size, conf=SCORE, iou=IOU, verbose=False, device="cpu")

    return track


KINDS = {"plain": plain, "trackers": tracked, "ultralytics": ultralytics}


def cost(kind: str, model: str, size: int, film: str, every: int, count: int) -> float:  # noqa: PLR0917
    """CPU seconds per 1000 inferred frames, decoding included; all threads of this process."""
    import cv2

    cv2.setNumThreads(1)
    look, source = KINDS[kind](model, size), cv2.VideoCapture(film)
    done = at = 0
    began_s = 0.0
    while done < WARM_UP + count:
        there, picture = source.read()
        if not there:
            raise SystemExit(f"{film}: ended before {WARM_UP + count} pictures")
        if at % every == 0:
            look(picture)
            done += 1
            if done == WARM_UP:
                began_s = time.process_time()
        at += 1
    return (time.process_time() - began_s) / count * 1000


def main(told: list[str]) -> None:
    """Do one thing and say it."""
    os.environ.setdefault("YOLO_VERBOSE", "false")
    if told[0] == "export":
        export(told[1], int(told[2]))
        return
    kind, model, size, film, every, count = told
    sys.stdout.write(f"{cost(kind, model, int(size), film, int(every), int(count))}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
