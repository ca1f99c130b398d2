"""What the network is told it got wrong: YOLOX's losses, with regions about which nothing is claimed.

Which cells answer for which box is settled as in the paper (SimOTA): near its middle, the cheapest few, as
many as fit well. A cell whose predicted box lies on an *ignored* region is told neither "something" nor
"nothing": there somebody may stand whom the set's labels do not name.
"""

import torch
from torch import Tensor
from torch.nn import functional

from edge_agent.ops.model.training.network import STRIDES

CENTRE = 1.5  # cells around the middle of a box that may answer for it, in strides (the paper's)
MOST = 10  # cells that answer for one box, at most
OVERLAP_COST, OUTSIDE_COST = 3.0, 1e5
BOX_WEIGHT = 5.0
IGNORED = 0.4  # overlap of a predicted box with an ignored region from which nothing is claimed
TINY = 1e-8


def grid(height: int, width: int) -> tuple[Tensor, Tensor]:
    """Cell corner (n x 2) and stride (n x 1) of every row of the head, in its order."""
    cells, strides = [], []
    for stride in STRIDES:
        ys, xs = torch.meshgrid(torch.arange(height // stride), torch.arange(width // stride), indexing="ij")
        cells.append(torch.stack((xs.flatten(), ys.flatten()), 1))
        strides.append(torch.full((len(cells[-1]), 1), stride))
    return torch.cat(cells).float(), torch.cat(strides).float()


def boxes(raw: Tensor, cells: Tensor, strides: Tensor) -> Tensor:
    """Corners in pixels of raw outputs (... x n x 4)."""
    middle = (raw[..., :2] + cells) * strides
    half = raw[..., 2:4].clamp(max=8).exp() * strides / 2
    return torch.cat((middle - half, middle + half), -1)


def overlaps(a: Tensor, b: Tensor) -> Tensor:
    """Intersection over union of every box of `a` with every one of `b`."""
    shared = (torch.minimum(a[:, None, 2:], b[None, :, 2:]) - torch.maximum(a[:, None, :2], b[None, :, :2])).clamp(
        min=0
    )
    area, own, other = shared.prod(2), (a[:, 2:] - a[:, :2]).prod(1), (b[:, 2:] - b[:, :2]).prod(1)
    return area / (own[:, None] + other[None] - area + TINY)


def paired(a: Tensor, b: Tensor) -> Tensor:
    """Intersection over union of each box of `a` with the one of `b` in the same row."""
    area = (torch.minimum(a[:, 2:], b[:, 2:]) - torch.maximum(a[:, :2], b[:, :2])).clamp(min=0).prod(1)
    return area / ((a[:, 2:] - a[:, :2]).prod(1) + (b[:, 2:] - b[:, :2]).prod(1) - area + TINY)


@torch.no_grad()
def assign(found: Tensor, raw: Tensor, told: Tensor, cells: Tensor, strides: Tensor) -> tuple[Tensor, Tensor]:
    """Cells that answer (numbers), and for which row of `told` (label, corners) each of them does."""
    labels, truth = told[:, 0].long(), told[:, 1:]
    places = (cells + 0.5) * strides
    middle = (truth[:, :2] + truth[:, 2:]) / 2
    near = ((places[None] - middle[:, None]).abs() < CENTRE * strides[None]).all(2)
    inside = ((places[None] > truth[:, None, :2]) & (places[None] < truth[:, None, 2:])).all(2)
    rows = near.any(0).nonzero()[:, 0]
    if not len(rows):
        return rows, rows
    fit = overlaps(truth, found[rows])
    scores = (raw[rows, 5:].sigmoid() * raw[rows, 4:5].sigmoid()).sqrt().clamp(TINY, 1 - 1e-6)
    no = -torch.log1p(-scores)
    wrong = no.sum(1)[None] - no[:, labels].T - scores[:, labels].T.log()
    cost = wrong - OVERLAP_COST * (fit + TINY).log() + OUTSIDE_COST * ~(near & inside)[:, rows]
    many = fit.topk(min(MOST, len(rows)), 1).values.sum(1).int().clamp(min=1)
    order = cost.argsort(1)
    chosen = torch.zeros_like(cost, dtype=torch.bool)
    ranks = torch.arange(len(rows))[None] < many[:, None]
    chosen.scatter_(1, order, ranks)
    chosen &= near[:, rows]
    best = cost.masked_fill(~chosen, torch.inf)
    answering = chosen.any(0).nonzero()[:, 0]
    return rows[answering], best[:, answering].argmin(0)


def loss(
    raw: Tensor, truths: list[Tensor], ignored: list[Tensor], size: tuple[int, int]
) -> tuple[Tensor, dict[str, float]]:
    """Of one batch. `truths`: per picture label, x1, y1, x2, y2 in pixels; `ignored`: corners."""
    cells, strides = grid(*size)
    found = boxes(raw, cells, strides)
    seen = torch.zeros(raw.shape[:2])
    asked = torch.ones(raw.shape[:2])
    box_loss = label_loss = raw.new_zeros(())
    answers = 0
    for n, truth in enumerate(truths):
        if len(ignored[n]):
            asked[n][overlaps(found[n].detach(), ignored[n]).amax(1) > IGNORED] = 0
        if not len(truth):
            continue
        rows, which = assign(found[n], raw[n], truth, cells, strides)
        if not len(rows):
            continue
        fit = paired(found[n][rows], truth[which, 1:])
        wanted = functional.one_hot(truth[which, 0].long(), raw.shape[2] - 5) * fit.detach()[:, None]
        label_loss = label_loss + functional.binary_cross_entropy_with_logits(
            raw[n][rows, 5:], wanted, reduction="sum"
        )
        box_loss = box_loss + (1 - fit.square()).sum()
        seen[n, rows] = asked[n, rows] = 1
        answers += len(rows)
    there = functional.binary_cross_entropy_with_logits(raw[..., 4], seen, asked, reduction="sum")
    per = max(answers, 1)
    parts = {"box": BOX_WEIGHT * box_loss / per, "there": there / per, "label": label_loss / per}
    total = parts["box"] + parts["there"] + parts["label"]
    return total, {name: float(part.detach()) for name, part in parts.items()} | {"answers": per / len(truths)}
