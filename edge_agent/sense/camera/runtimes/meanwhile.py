"""A model that is quick only after minutes of building is run on the CPU meanwhile: nobody waits blind for it."""

import sys
import threading
from collections.abc import Callable

import numpy as np

from edge_agent.domain.words import NOTHING, Words, WordsError
from edge_agent.sense.camera.runtimes import Description, Runtime, Tensor

APART = 0.01  # relative or absolute: what two runtimes may differ in any number; a different box differs by more


class Meanwhile:
    """The CPU's runtime until the other is ready and says the same of one picture; again if that one fails."""

    def __init__(self, first: Runtime, later: Callable[[], Runtime], probe: Tensor) -> None:
        """`later` loads the other runtime, in a thread of its own; `probe` is what both are asked about."""
        self._first = self._now = first
        self._later = later
        self._probe = probe
        self._expected = first.run(probe)
        self._remark = NOTHING
        self.settled = threading.Event()
        threading.Thread(target=self._prepare, name="runtime", daemon=True).start()

    def run(self, pictures: Tensor) -> Tensor:
        """The output of whichever works now."""
        now = self._now
        if now is self._first:
            return now.run(pictures)
        try:
            return now.run(pictures)
        except Exception as fault:  # noqa: BLE001 - becomes a step back: what failed once is not asked again
            self._stay(fault)
            return self._first.run(pictures)

    def describe(self) -> Description:
        """What works now, and why it is not the other."""
        said = self._now.describe()
        return Description(runtime=said.runtime, device=said.device, input=said.input, remark=self._remark)

    def _prepare(self) -> None:
        try:
            other = self._later()
            said = other.run(self._probe)
        except Exception as fault:  # noqa: BLE001 - becomes a remark: the CPU goes on
            self._stay(fault)
        else:
            self._take(other, said)
        self.settled.set()

    def _take(self, other: Runtime, said: Tensor) -> None:
        """Change over, if both mean the same; NaN is never the same."""
        if said.shape == self._expected.shape and np.allclose(said, self._expected, rtol=APART, atol=APART):
            self._now = other
            self._say(NOTHING, f"vision: now on {other.describe().runtime}, {other.describe().device}")
        else:
            device = other.describe().device
            zh = f"{device} 对同一画面的结果与 CPU 不同，继续使用 CPU"
            en = f"{device} says something else of the same picture than the CPU: the CPU goes on"
            self._say(Words(zh, en), f"vision: {en}")

    def _stay(self, fault: Exception) -> None:
        said = fault.words if isinstance(fault, WordsError) else Words(type(fault).__name__, str(fault))
        self._now = self._first
        en = f"the CPU goes on: {said.en}"
        self._say(Words(f"继续使用 CPU：{said.zh}", en), f"vision: {en}")

    def _say(self, remark: Words, line: str) -> None:
        self._remark = remark
        print(line, file=sys.stderr, flush=True)  # noqa: T201 - the agent's log
