"""Whether a camera still shows its own scene: covered, out of focus, turned away. Pure: pictures come in.

What is compared is the mean of about the last second, in which rain, sensor noise and people who walk by are
lost, with a reference that follows the seasons of a day slowly and never learns from a picture under suspicion.
Every measure is a ratio of contrasts, so that dusk, which takes the same share of all of them, cancels out.
"""

import math

import cv2
import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from edge_agent.domain.observation import View
from edge_agent.domain.words import NOTHING, Words
from edge_agent.sense.camera.limits import VisionLimits

Grey = NDArray[np.uint8]
Floats = NDArray[np.float32]

CELLS = (96, 72)  # edges are compared at this size
BLOCKS = (12, 9)  # texture is looked for in blocks of 8 x 8 cells
_WINDOW: Floats = cv2.createHanningWindow(CELLS, cv2.CV_32F).astype(np.float32)

COVERED = Words(
    "画面 {share}% 失去细节，请清除镜头前的遮挡或污物",
    "{share} % of the picture has lost its detail: clear what is before the lens, or clean it",
)
BLURRED = Words(
    "清晰度降至正常的 {share}%，请清洁镜头并重新对焦",
    "sharpness is down to {share} % of its usual: clean the lens and focus it again",
)
MOVED = Words(
    "画面相对原位移动 {share}% 宽度，请将摄像机转回原位；如为新视角，请重画区域并确认",
    "the picture has moved by {share} % of its width: turn the camera back; if this is its new view, draw its "
    "areas anew and accept it",
)
ELSEWHERE = Words(
    "画面不再是原来的场景，请将摄像机转回原位；如为新视角，请重画区域并确认",
    "this is not the scene that it used to show: turn the camera back; if this is its new view, draw its areas "
    "anew and accept it",
)


class Measures(Struct, frozen=True, kw_only=True):
    """What is measured on one mean picture."""

    sharp: float  # share of fine detail in the whole contrast
    edges: Floats  # strength of the edges, 96 x 72, mean 0, spread 1
    texture: Floats  # mean edge of each block, grey levels a cell


class Seen(Struct, frozen=True, kw_only=True):
    """What is remembered of one camera's scene between two pictures."""

    mean: Floats | None = None
    at_s: float = float("-inf")  # arrival of the last picture
    measured_s: float = float("-inf")
    begun_s: float | None = None  # first picture without a reference
    reference: Measures | None = None
    suspected: View | None = None  # what the last measurement looked like
    since_s: float = 0.0  # since when it has looked like that
    said: View | None = None
    words: Words = NOTHING


def measured(mean: Floats) -> Measures:
    """The measures of one mean picture."""
    sharp = float(
        cv2.Laplacian(mean, cv2.CV_32F, ksize=1).std() / (mean.std() + 4)
    )  # 4 levels: noise of a flat one
    small = cv2.resize(mean, CELLS, interpolation=cv2.INTER_AREA)
    x, y = cv2.Sobel(small, cv2.CV_32F, 1, 0), cv2.Sobel(small, cv2.CV_32F, 0, 1)
    strength = cv2.magnitude(x, y)
    capped = np.minimum(strength, np.percentile(strength, 95))  # one lamp must not outweigh the scene
    edges = (capped - capped.mean()) / (capped.std() + 1e-3)
    texture = cv2.resize(strength / 4, BLOCKS, interpolation=cv2.INTER_AREA)
    return Measures(sharp=sharp, edges=edges.astype(np.float32), texture=texture.astype(np.float32))


def lost(reference: Measures, now: Measures, limits: VisionLimits) -> tuple[float, NDArray[np.bool_]]:
    """The share of the blocks with texture that have lost it beyond what the light takes from all; and which."""
    textured = reference.texture > limits.texture_least
    if textured.sum() < limits.textured_blocks:
        return 0.0, np.zeros_like(textured)
    ratio = now.texture / np.maximum(reference.texture, limits.texture_least)
    # By the strongest blocks of each, wherever they are: a turned camera has its edges elsewhere.
    light = min(1.0, float(np.percentile(now.texture, 95) / np.percentile(reference.texture, 95)))
    flat = textured & (ratio < limits.texture_lost * light)
    return float(flat.sum() / textured.sum()), flat


def likeness(reference: Measures, now: Measures, left_out: NDArray[np.bool_]) -> float:
    """Correlation of the edges outside the blocks that are left out: 1 the same, 0 another place."""
    kept = ~np.repeat(np.repeat(left_out, CELLS[1] // BLOCKS[1], 0), CELLS[0] // BLOCKS[0], 1)
    old, new = reference.edges[kept], now.edges[kept]
    if len(old) == 0:
        return 0.0
    old, new = old - old.mean(), new - new.mean()
    return float((old * new).mean() / (old.std() * new.std() + 1e-3))


def shift(reference: Measures, now: Measures) -> tuple[float, float]:
    """By which share of the width the edges have moved, and how sure that is (0 to 1): phase correlation."""
    # Copies: OpenCV multiplies the window into what it is given.
    (dx, dy), sure = cv2.phaseCorrelate(reference.edges.copy(), now.edges.copy(), _WINDOW)
    return math.hypot(dx / CELLS[0], dy / CELLS[1]), sure


def suspicion(
    reference: Measures, now: Measures, limits: VisionLimits, said: View | None
) -> tuple[View | None, Words]:
    """What the picture looks like beside its reference. What is already said is let go a little later."""

    def ease(view: View) -> float:
        return limits.scene_leave if said is view else 1.0

    relax = ease(View.MOVED)
    share, flat = lost(reference, now, limits)
    if share >= limits.covered_share / ease(View.COVERED):
        if likeness(reference, now, flat) < limits.elsewhere_same * relax:  # what is not flat is another place
            return View.MOVED, ELSEWHERE
        return View.COVERED, COVERED.filled(share=round(100 * share))
    sharp = now.sharp / max(reference.sharp, 1e-6)
    if sharp < limits.blurred_share * ease(View.BLURRED):
        return View.BLURRED, BLURRED.filled(share=round(100 * sharp))
    same = likeness(reference, now, np.zeros_like(flat))
    if same < limits.moved_same * relax:  # else nothing has moved, and where to need not be asked
        moved, sure = shift(reference, now)
        if sure >= limits.moved_sure and moved >= limits.moved_share / relax:
            return View.MOVED, MOVED.filled(share=round(100 * moved))
        if same < limits.elsewhere_same * relax:
            return View.MOVED, ELSEWHERE
    return None, NOTHING


def halved(grey: Grey) -> Grey:
    """A grey picture at half size: what noise the mean has left would pass for detail, and dusk is noisy."""
    half = max(1, grey.shape[1] // 2), max(1, grey.shape[0] // 2)
    return cv2.resize(grey, half, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def judge(seen: Seen, half: Grey, arrived_s: float, limits: VisionLimits) -> tuple[Seen, View | None, Words]:
    """What is wrong with the scene (None: nothing) after the picture, `halved`, that arrived at `arrived_s`."""
    seen = _absorbed(seen, half, arrived_s, limits)
    if seen.mean is None or arrived_s - seen.measured_s < limits.scene_every_s:
        return seen, seen.said, seen.words
    now = measured(seen.mean)
    passed_s = min(arrived_s - seen.measured_s, limits.scene_gap_s)
    seen = replace(seen, measured_s=arrived_s)
    if seen.reference is None:
        return _learning(seen, now, arrived_s, limits), None, NOTHING
    reference = seen.reference
    looks, words = suspicion(reference, now, limits, seen.said)
    since_s = seen.since_s if looks is seen.suspected else arrived_s
    seen = replace(seen, suspected=looks, since_s=since_s)
    if looks is None:
        seen = replace(seen, reference=_followed(reference, now, passed_s / limits.scene_follow_s))
    wait_s = limits.scene_end_s if looks is None else limits.scene_fault_s
    if arrived_s - since_s >= wait_s:
        seen = replace(seen, said=looks, words=words)
    return seen, seen.said, seen.words


def _absorbed(seen: Seen, half: Grey, arrived_s: float, limits: VisionLimits) -> Seen:
    """With the picture in the mean; after a gap, or with another size of picture, the mean begins anew."""
    picture = half.astype(np.float32)
    passed_s = arrived_s - seen.at_s
    if seen.mean is None or passed_s > limits.scene_gap_s or seen.mean.shape != picture.shape:
        # The first measurement waits until the mean is one.
        return replace(
            seen, mean=picture, at_s=arrived_s, measured_s=arrived_s, since_s=max(seen.since_s, arrived_s)
        )
    weight = 1 - math.exp(-max(0.0, passed_s) / limits.scene_mean_s)
    mean: Floats = cv2.addWeighted(seen.mean, 1 - weight, picture, weight, 0).astype(np.float32, copy=False)
    return replace(seen, mean=mean, at_s=arrived_s)


def _learning(seen: Seen, now: Measures, arrived_s: float, limits: VisionLimits) -> Seen:
    """The first seconds of a camera without a reference: what it shows at their end becomes it."""
    begun_s = arrived_s if seen.begun_s is None else seen.begun_s
    if arrived_s - begun_s < limits.scene_learn_s:
        return replace(seen, begun_s=begun_s)
    return replace(seen, begun_s=None, reference=now, suspected=None, since_s=arrived_s)


def _followed(reference: Measures, now: Measures, weight: float) -> Measures:
    """The reference a little nearer to what is seen."""

    def nearer(old: Floats, new: Floats) -> Floats:
        return (old + weight * (new - old)).astype(np.float32)

    edges = nearer(reference.edges, now.edges)
    return Measures(
        sharp=reference.sharp + weight * (now.sharp - reference.sharp),
        edges=((edges - edges.mean()) / (edges.std() + 1e-3)).astype(np.float32),
        texture=nearer(reference.texture, now.texture),
    )
