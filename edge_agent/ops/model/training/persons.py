"""Training the judge of persons: helmet and vest, from the upper part of one person at full resolution.

People are those of the labels; where a set does not label them, those a model is sure of. What the labels
do not say of a person is not asked.
"""

from pathlib import Path

import cv2
import numpy as np
import torch
from msgspec import Struct
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from edge_agent.ops.model import people, shelf
from edge_agent.ops.model.claims import claims, taught
from edge_agent.ops.model.other_camera import another_camera
from edge_agent.ops.model.shelf import Picture
from edge_agent.ops.model.training import lite, revive
from edge_agent.ops.model.training.loop import LAST, Loop, Schedule, Wrong
from edge_agent.ops.model.training.network import Judge, eye_of, fitting
from edge_agent.ops.model.training.plan import LITE, Plan, begun
from edge_agent.sense.camera.persons import crops

STORED = (144, 240)  # pixels of a stored crop: half as much again as the network sees
QUALITY = 95  # of the stored JPEG
LEAST_PX = 12  # a person lower than this teaches nothing
TILT_DEG, SHIFT, ZOOM = 12.0, 0.08, 1.15  # of the box around a person: detectors draw it loosely
FAR, FAR_SCALE, FAR_LEAST_PX = 0.35, (0.12, 0.6), 6  # share of crops shown as if from far away, and how far
Batch = tuple[Tensor, Tensor]  # crops; per crop helmet and vest: 0 missing, 1 worn, -1 unknown


class Crops(Struct, frozen=True):
    """Stored crops (JPEG) and what is true of each: helmet, vest (n x 2)."""

    pictures: list[bytes]
    states: NDArray[np.int8]


def gathered(plan: Plan, out: Path) -> Crops:
    """All people of the training sets; cut once and kept in `out`/crops.npz. Raises BadShelf."""
    file = out / "crops.npz"
    if not file.exists():
        found = _cut(plan)
        part = out / "part.npz"
        raw, ends = np.frombuffer(b"".join(found.pictures), np.uint8), np.cumsum([len(p) for p in found.pictures])
        np.savez(part, raw=raw, ends=ends, states=found.states)
        part.replace(file)
    kept = np.load(file)
    raw, ends = kept["raw"].tobytes(), kept["ends"].tolist()
    return Crops([raw[a:b] for a, b in zip([0, *ends[:-1]], ends, strict=True)], kept["states"])


def _cut(plan: Plan) -> Crops:
    seen = taught(None if plan.taught is None else Path(plan.taught))
    pictures: list[bytes] = []
    states: list[tuple[int, int]] = []
    for name, source in shelf.teaching(Path(plan.sets), plan.without).items():
        for item in shelf.labelled(Path(plan.data), name, source):
            boxes = claims(item, source, seen.get(item.key)).boxes
            for crop, state in _of_one(item, boxes[boxes[:, 0] == people.PERSON, 1:]):
                pictures.append(crop)
                states.append(state)
    if not pictures:
        raise shelf.BadShelf(f"{plan.data}: 没有带标注的人员 nobody is labelled with helmet or vest here")
    return Crops(pictures, np.array(states, np.int8))


def _of_one(item: shelf.Labelled, persons: shelf.Floats) -> list[tuple[bytes, tuple[int, int]]]:
    """The people of one picture of whom something is known."""
    found = people.truth(persons, item.boxes)
    known = (found.helmet != people.UNKNOWN) | (found.vest != people.UNKNOWN)
    if not known.any():
        return []
    picture = shelf.picture(item.path)
    corners = persons * np.array([picture.shape[1], picture.shape[0]] * 2, np.float32)
    known &= corners[:, 3] - corners[:, 1] >= LEAST_PX
    rows = np.flatnonzero(known).tolist()
    cuts = [crops.cut(picture, corners[n], STORED) for n in rows]
    packed = [cv2.imencode(".jpg", cut, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes() for cut in cuts]
    return [(crop, (int(found.helmet[n]), int(found.vest[n]))) for crop, n in zip(packed, rows, strict=True)]


def shown(crop: bytes, rng: np.random.Generator) -> Picture:
    """One crop as training shows it: another box around it, another camera, further away."""
    size, stored = np.array([crops.WIDTH, crops.HEIGHT]), np.array(STORED)
    angle = np.deg2rad(rng.uniform(-TILT_DEG, TILT_DEG))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    zoom = np.exp(rng.uniform(-1, 1, 2) * np.log(ZOOM)) * size / stored
    matrix = turn @ np.diag(zoom * [rng.choice((-1.0, 1.0)), 1.0])
    middle = size * (0.5 + rng.uniform(-SHIFT, SHIFT, 2))
    moved = np.concatenate((matrix, (middle - matrix @ (stored / 2))[:, None]), 1)
    stored_crop = np.asarray(cv2.imdecode(np.frombuffer(crop, np.uint8), cv2.IMREAD_COLOR))
    picture = cv2.warpAffine(stored_crop, moved, tuple(size.tolist()), borderMode=cv2.BORDER_REPLICATE)
    if rng.random() < FAR:
        small = np.maximum(FAR_LEAST_PX, (size * rng.uniform(*FAR_SCALE)).round().astype(int))
        far = cv2.resize(picture, tuple(small.tolist()), interpolation=cv2.INTER_AREA)
        picture = cv2.resize(far, tuple(size.tolist()))
    return another_camera(np.asarray(picture, np.uint8), rng)


def batch(step: int, plan: Plan, found: Crops) -> Batch:
    """The crops of one step."""
    each = max(1, len(found.pictures) // plan.batch)
    order = np.random.default_rng((plan.seed, 4, step // each)).permutation(len(found.pictures))
    rng = np.random.default_rng((plan.seed, 3, step))
    numbers = order[(step % each * plan.batch + np.arange(plan.batch)) % len(order)]
    pictures = torch.from_numpy(np.stack([shown(found.pictures[n], rng) for n in numbers]))
    tensor = pictures.permute(0, 3, 1, 2).float().contiguous(memory_format=torch.channels_last)
    return tensor, torch.from_numpy(found.states[numbers].astype(np.int64))


def balance(states: NDArray[np.int8]) -> Tensor:
    """Weights (helmet, vest) x (missing, worn) with which both weigh the same over all crops."""
    counts = np.array([[(states[:, kind] == state).sum() for state in (0, 1)] for kind in (0, 1)])
    return torch.tensor(counts.sum(1, keepdims=True) / (2 * np.maximum(counts, 1)), dtype=torch.float32)


def wrongness(raw: Tensor, states: Tensor, weights: Tensor) -> Wrong:
    """Cross entropy over what is known."""
    each = functional.binary_cross_entropy_with_logits(raw, states.clamp(min=0).float(), reduction="none")
    weight = torch.where(states == people.WORN, weights[:, 1], weights[:, 0]) * (states != people.UNKNOWN)
    parts = (each * weight).sum(0) / weight.sum(0).clamp(min=1)
    return parts.sum(), {"helmet": float(parts[0].detach()), "vest": float(parts[1].detach())}


def eyed(eye: str) -> Judge:
    """A new judge with the eye of this name."""
    return Judge(lite.LiteEye(), lite.CHANNELS) if eye == LITE else Judge()


def judge(plan: Plan) -> Judge:
    """A new judge, or one that goes on from a judge's checkpoint or a detector's eye. Raises BadShelf."""
    torch.manual_seed(plan.seed)
    made = eyed(plan.eye).to(memory_format=torch.channels_last)
    made.train()
    if plan.start is not None:
        state = eye_of(lite.ours(begun(Path(plan.start))))
        made.load_state_dict(fitting(state, made), strict=False)
        made.eye.freeze()
    return made


def train(plan: Plan, out: Path) -> None:
    """Train until `plan.epochs`, saving all the while. Raises BadShelf."""
    torch.set_num_threads(plan.threads)
    found = gathered(plan, out)
    steps = round(plan.epochs * max(1, len(found.pictures) // plan.batch))
    judging, weights = judge(plan), balance(found.states)
    if plan.revives and not (out / LAST).exists():
        revive.settle(judging, (batch(step, plan, found)[0] for step in range(revive.SHOWN)))
    schedule = Schedule(steps=steps, rate=plan.rate, warm=200, falling=0.5, mean_of=1000, say=50)
    loop: Loop[Batch] = Loop(judging, out, schedule)
    loop.run(lambda step: batch(step, plan, found), lambda made: wrongness(judging(made[0]), made[1], weights))
