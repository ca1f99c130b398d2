"""A shipped ONNX file to begin a training with: export folds norms into convolutions.

Read back, the network says what the file says. Before it learns, `settle` gives each norm the statistics of the
training's own pictures: a norm that took itself for "mean 0, spread 1" would leap at the first batch.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from edge_agent.ops.model.shelf import BadShelf
from edge_agent.ops.model.training.network import NORM_EPS

SUFFIX = ".onnx"
WEIGHT, FOLDED = ".conv.weight", ".conv.weight_bias"  # of a convolution, and what its norm was folded into
NETWORKS = ("network", "judge")  # what export calls the detector and the judge of persons
SHOWN = 12  # batches whose statistics a norm begins with


def read(file: Path) -> dict[str, Tensor]:
    """The weights by their names in the network. Raises BadShelf."""
    from onnx import numpy_helper  # noqa: PLC0415 - an extra

    kept = {part.name: torch.from_numpy(numpy_helper.to_array(part).copy()) for part in _graph(file).initializer}
    state: dict[str, Tensor] = {}
    for full, value in kept.items():
        name = full.partition(".")[2]  # without "network." or "judge."
        if name.endswith(FOLDED):
            state |= _norm(name.removesuffix(FOLDED), value)
        elif name.endswith((".weight", ".bias")):
            state[name] = value
    if not any(name.endswith(WEIGHT) for name in state):
        raise BadShelf(f"{file}: 不是本程序导出的模型 no model that this program has exported")
    return state


def _graph(file: Path) -> Any:
    import onnx  # noqa: PLC0415
    from google.protobuf.message import DecodeError  # noqa: PLC0415

    try:
        return onnx.load(file).graph
    except (OSError, DecodeError) as fault:
        raise BadShelf(f"{file}: 不是可用的 ONNX 文件 not an ONNX file to begin with: {fault}") from fault


def halfway(made: bytes, other: Path) -> bytes:
    """The mean of the weights of an exported model and of the one that it was trained from (Wortsman et al. 2022).

    What was learned anew costs what was known before; the mean of both often keeps the better part of each. It is
    no mean of what two networks say: weights that did not come from one another have none. Raises BadShelf.
    """
    import onnx  # noqa: PLC0415
    from onnx import numpy_helper  # noqa: PLC0415

    before = {part.name: part for part in _graph(other).initializer}
    model = onnx.load_from_string(made)
    weights = [part for part in model.graph.initializer if part.name.partition(".")[0] in NETWORKS]
    for part in weights:
        if part.name not in before or before[part.name].dims != part.dims:
            raise BadShelf(
                f"{other}: 与该训练不是同一种网络（{part.name}） not the same kind of network as the run's"
            )
        one, two = (numpy_helper.to_array(each) for each in (part, before[part.name]))
        part.CopyFrom(numpy_helper.from_array((one + two) / 2, part.name))
    mean: bytes = model.SerializeToString()
    return mean


def _norm(place: str, bias: Tensor) -> dict[str, Tensor]:
    """A norm that adds `bias` and changes nothing else."""
    one = torch.ones_like(bias)
    return {
        f"{place}.bn.weight": one,
        f"{place}.bn.bias": bias,
        f"{place}.bn.running_mean": torch.zeros_like(bias),
        f"{place}.bn.running_var": one - NORM_EPS,
    }


@torch.no_grad()
def settle(network: nn.Module, pictures: Iterable[Tensor]) -> None:
    """Give each norm the mean and spread of what comes in; what comes out stays the same."""
    norms = [part for part in network.modules() if isinstance(part, nn.BatchNorm2d)]
    sums = {norm: (torch.zeros(norm.num_features), torch.zeros(norm.num_features), [0]) for norm in norms}

    def count(norm: nn.Module, given: tuple[Tensor, ...]) -> None:
        mean, square, number = sums[norm]
        mean += given[0].mean((0, 2, 3))
        square += given[0].square().mean((0, 2, 3))
        number[0] += 1

    learning = [part for part in network.modules() if part.training]
    hooks = [norm.register_forward_pre_hook(count) for norm in norms]
    network.eval()
    for shown in pictures:
        network(shown)
    for hook in hooks:
        hook.remove()
    for norm, (mean, square, number) in sums.items():
        _live(norm, mean / number[0], square / number[0])
    for part in learning:
        part.training = True


def _live(norm: nn.BatchNorm2d, mean: Tensor, square: Tensor) -> None:
    """Another mean and spread, undone by weight and bias."""
    spread = (square - mean.square()).clamp(min=0)
    assert norm.running_mean is not None  # noqa: S101 - every norm here keeps them
    assert norm.running_var is not None  # noqa: S101
    scale = norm.weight / (norm.running_var + norm.eps).sqrt()
    norm.bias += scale * (mean - norm.running_mean)
    norm.weight.copy_(scale * (spread + norm.eps).sqrt())
    norm.running_mean.copy_(mean)
    norm.running_var.copy_(spread)
