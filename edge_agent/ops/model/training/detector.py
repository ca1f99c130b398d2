"""Training the detector: which pictures a step shows, and what is wrong with what the network sees."""

import math
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from edge_agent.ops.model import augment, shelf
from edge_agent.ops.model.claims import Claims, claims, taught
from edge_agent.ops.model.shelf import Picture
from edge_agent.ops.model.training import revive
from edge_agent.ops.model.training.loop import LAST, Loop, Schedule, Wrong
from edge_agent.ops.model.training.loss import loss
from edge_agent.ops.model.training.network import YoloxNano, fitting
from edge_agent.ops.model.training.plan import Plan, begun

SIZES = (352, 384, 416, 448, 480)  # pixels; the model runs at 416
Batch = tuple[Tensor, list[Tensor], list[Tensor]]  # pictures; per picture label and corners; doubtful corners


class Pictures:
    """The training pictures and their order."""

    def __init__(self, plan: Plan) -> None:
        """Reads all labels, no picture. Raises BadShelf."""
        seen = taught(None if plan.taught is None else Path(plan.taught))
        self._plan = plan
        self._parts: list[tuple[float, list[tuple[Path, Claims]]]] = []
        for name, source in shelf.teaching(Path(plan.sets), plan.without).items():
            found = shelf.labelled(Path(plan.data), name, source)
            self._parts.append((source.share, [(p.path, claims(p, source, seen.get(p.key))) for p in found]))
        self._epoch, self._order = -1, list[tuple[Path, Claims]]()
        self.steps = max(1, sum(_taken(share, part) for share, part in self._parts) // plan.batch)

    def show(self, step: int) -> Batch:
        """The pictures of one step; others are drawn to go with them."""
        if step // self.steps != self._epoch:
            self._epoch = step // self.steps
            self._order = self._shuffled(self._epoch)
        rng = np.random.default_rng((self._plan.seed, 2, step))
        size = int(rng.choice(SIZES))
        first = step % self.steps * self._plan.batch
        made = [self._one(size, first + n, rng) for n in range(self._plan.batch)]
        tensor = torch.from_numpy(np.stack([sample.picture for sample in made])).permute(0, 3, 1, 2).float()
        return (
            tensor.contiguous(memory_format=torch.channels_last),
            [torch.from_numpy(sample.boxes) for sample in made],
            [torch.from_numpy(sample.doubtful) for sample in made],
        )

    def _shuffled(self, epoch: int) -> list[tuple[Path, Claims]]:
        rng = np.random.default_rng((self._plan.seed, 1, epoch))
        chosen = []
        for share, part in self._parts:
            rounds = [rng.permutation(len(part)) for _ in range(math.ceil(share))]
            chosen += [part[n] for n in np.concatenate(rounds)[: _taken(share, part)]]
        return [chosen[n] for n in rng.permutation(len(chosen))]

    def _one(self, size: int, number: int, rng: np.random.Generator) -> augment.Sample:
        first = [self._order[number % len(self._order)]]

        def draw() -> tuple[Picture, Claims]:
            path, claimed = first.pop() if first else self._order[rng.integers(len(self._order))]
            return shelf.picture(path), claimed

        return augment.sample(size, draw, rng)


def _taken(share: float, part: list[tuple[Path, Claims]]) -> int:
    return max(1, round(share * len(part)))


def network(plan: Plan) -> YoloxNano:
    """A new network, or one that knows what the plan's first checkpoint knows. Raises BadShelf."""
    torch.manual_seed(plan.seed)
    made = YoloxNano(len(shelf.LABELS)).to(memory_format=torch.channels_last)
    made.train()
    if plan.start is not None:
        made.load_state_dict(fitting(begun(Path(plan.start)), made), strict=False)
        made.freeze()
    return made


def train(plan: Plan, out: Path) -> None:
    """Train until `plan.epochs`, saving all the while. Raises BadShelf."""
    torch.set_num_threads(plan.threads)
    pictures = Pictures(plan)
    seeing = network(plan)
    if plan.revives and not (out / LAST).exists():
        revive.settle(seeing, (pictures.show(step)[0] for step in range(revive.SHOWN)))
    loop: Loop[Batch] = Loop(seeing, out, Schedule(steps=round(plan.epochs * pictures.steps), rate=plan.rate))

    def wrong(batch: Batch) -> Wrong:
        shown, truths, doubtful = batch
        return loss(seeing(shown), truths, doubtful, (shown.shape[2], shown.shape[3]))

    loop.run(pictures.show, wrong)
