"""What runs a model: one file per runtime, all with the same one method."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Tensor = NDArray[np.float32]


class Runtime(Protocol):
    """A loaded model. Exchangeable: another board may need another runtime (docs: vision)."""

    def run(self, pictures: Tensor) -> Tensor:
        """The model's raw output for a batch of 1 x 3 x height x width (BGR, 0-255)."""
