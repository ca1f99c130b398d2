"""The loop of every training: can be stopped at any moment, and goes on where it was.

What a step shows follows from the seed and the step's number alone, so a run that was stopped ten times is
the run that was not. The learning rate rises, stays, and falls at the end; until the fall begins, a run may
be made longer. What is kept as the model is the running mean of the weights, which is good at any time.
"""

import json
import math
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Generic, TypeVar

import cv2
import numpy as np
import torch
from msgspec import Struct
from torch import Tensor, nn

LAST = "last.pth"
LEAST_RATE = 0.02  # of the rate, at the very end
AHEAD = 3  # batches made ready beforehand
SAVE_S = 60.0
STEEPEST = 10.0  # norm of the gradient: one bad label must not throw the network off
DECAY = 5e-4  # of weights, the release's
Shown = TypeVar("Shown")
Wrong = tuple[Tensor, dict[str, float]]  # the loss, and its parts for the log


class Schedule(Struct, frozen=True, kw_only=True):
    """How long and how fast."""

    steps: int
    rate: float
    warm: int = 300  # steps until the full rate, a tenth of a short run
    falling: float = 0.3  # share of the steps, at the end
    mean_of: int = 1500  # steps that the running mean looks back over
    say: int = 20  # steps between two lines of the log

    def rate_at(self, step: int) -> float:
        """The learning rate of one step."""
        left = (self.steps - step) / (self.falling * self.steps)
        falling = LEAST_RATE + (1 - LEAST_RATE) * (1 - math.cos(math.pi * min(1.0, left))) / 2
        return self.rate * min(1.0, (step + 1) / max(1, min(self.warm, self.steps // 10))) * falling


class Loop(Generic[Shown]):
    """A network, its running mean, its optimiser, and the step reached."""

    def __init__(self, network: nn.Module, out: Path, schedule: Schedule) -> None:
        """Goes on from `out`/last.pth where there is one."""
        self._network, self._out, self._schedule = network, out, schedule
        self._optimiser = torch.optim.SGD(_groups(network), schedule.rate, momentum=0.9, nesterov=True)
        self._mean = {name: value.clone() for name, value in network.state_dict().items()}
        self.step = 0
        if (out / LAST).exists():
            kept = torch.load(out / LAST, map_location="cpu", weights_only=True)
            network.load_state_dict(kept["network"])
            self._optimiser.load_state_dict(kept["optimiser"])
            self._mean, self.step = kept["model"], kept["step"]

    def run(self, show: Callable[[int], Shown], wrong: Callable[[Shown], Wrong]) -> None:
        """Every step from where it stands; `show` is called in another thread, in order."""
        cv2.setNumThreads(1)
        sys.stderr.write(
            f"{self._out}: 第 {self.step} 步，共 {self._schedule.steps} 步，进度见 log.jsonl; step {self.step} of "
            f"{self._schedule.steps}, see log.jsonl; stop at any time, the same command goes on\n"
        )
        saved_s, said = time.monotonic(), _Log(self._out / "log.jsonl", self._schedule.say)
        for step, shown in _ahead(show, self.step, self._schedule.steps):
            rate = self._schedule.rate_at(step)
            torch.manual_seed(step)  # what a network leaves to chance follows from the step too
            said.note(step + 1, self._learn(wrong(shown), rate, step) | {"rate": rate})
            self.step = step + 1
            if time.monotonic() - saved_s > SAVE_S:
                self.save()
                saved_s = time.monotonic()
        self.save()

    def _learn(self, wrong: Wrong, rate: float, step: int) -> dict[str, float]:
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        self._optimiser.zero_grad(set_to_none=True)
        wrong[0].backward()
        nn.utils.clip_grad_norm_(self._network.parameters(), STEEPEST)
        self._optimiser.step()
        self._average(min(1 - 1 / self._schedule.mean_of, (1 + step) / (10 + step)))
        return wrong[1]

    @torch.no_grad()
    def _average(self, keep: float) -> None:
        for name, value in self._network.state_dict().items():
            if value.dtype.is_floating_point:
                self._mean[name].lerp_(value, 1 - keep)
            else:
                self._mean[name].copy_(value)

    def save(self) -> None:
        """Whole or not at all."""
        part = self._out / f"{LAST}.part"
        kept = {"model": self._mean, "network": self._network.state_dict(), "step": self.step}
        torch.save(kept | {"optimiser": self._optimiser.state_dict()}, part)
        part.replace(self._out / LAST)


def _groups(network: nn.Module) -> list[dict[str, object]]:
    """What learns: weights decay, biases and norms do not."""
    learning = [parameter for parameter in network.parameters() if parameter.requires_grad]
    return [
        {"params": [p for p in learning if p.ndim > 1], "weight_decay": DECAY},
        {"params": [p for p in learning if p.ndim <= 1], "weight_decay": 0.0},
    ]


def _ahead(show: Callable[[int], Shown], first: int, end: int) -> Iterator[tuple[int, Shown]]:
    """Every step and what it shows, made ready in another thread."""
    with ThreadPoolExecutor(1) as pool:
        waiting: list[tuple[int, Future[Shown]]] = []
        try:
            for step in range(first, end):
                waiting.append((step, pool.submit(show, step)))
                if len(waiting) > AHEAD:
                    yield waiting[0][0], waiting.pop(0)[1].result()
            for step, future in waiting:
                yield step, future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


class _Log:
    """One line of means for every so many steps."""

    def __init__(self, path: Path, every: int) -> None:
        self._path, self._every = path, every
        self._seen: dict[str, list[float]] = {}

    def note(self, step: int, parts: dict[str, float]) -> None:
        for name, value in parts.items():
            self._seen.setdefault(name, []).append(value)
        if step % self._every == 0:
            line: dict[str, object] = {"step": step, "cpu_s": round(time.process_time())}
            line |= {name: float(f"{np.mean(values):.4g}") for name, values in self._seen.items()}
            with self._path.open("a", encoding="utf-8") as log:
                log.write(json.dumps(line) + "\n")
            self._seen.clear()
