"""YOLOX-nano (Ge et al. 2021) in torch, with the parameter names of the published weights.

The sizes are those of the paper's "nano": depth 0.33, width 0.25, depthwise convolutions. Weights of
Megvii's release (Apache-2.0), and those trained from them, load by name.
"""

import torch
from torch import Tensor, nn

from edge_agent.sense.camera.persons.crops import HEIGHT, WIDTH

CHANNELS = (64, 128, 256)  # of the three levels: 256, 512, 1024 times the width 0.25
STRIDES = (8, 16, 32)
NORM_EPS, NORM_MOMENTUM = 1e-3, 0.03  # the release's, not torch's
PRIOR = 0.01  # share of cells that hold something, before anything was learned


class Conv(nn.Module):
    """Convolution, normalisation, SiLU."""

    def __init__(self, into: int, out: int, size: int, stride: int = 1, groups: int = 1) -> None:
        """Padded so that stride 1 keeps the shape."""
        super().__init__()
        self.conv = nn.Conv2d(into, out, size, stride, size // 2, groups=groups, bias=False)
        self.bn = nn.BatchNorm2d(out, NORM_EPS, NORM_MOMENTUM)
        self.act = nn.SiLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        """One after the other."""
        return self.act(self.bn(self.conv(x)))


class Depthwise(nn.Module):
    """Each channel by itself, then all at one pixel: a ninth of the work."""

    def __init__(self, into: int, out: int, size: int, stride: int = 1) -> None:
        """Like Conv."""
        super().__init__()
        self.dconv = Conv(into, into, size, stride, groups=into)
        self.pconv = Conv(into, out, 1)

    def forward(self, x: Tensor) -> Tensor:
        """One after the other."""
        return self.pconv(self.dconv(x))


class Bottleneck(nn.Module):
    """Two convolutions, with a way around them where `around`."""

    def __init__(self, channels: int, *, around: bool) -> None:
        """The number of channels stays."""
        super().__init__()
        self.conv1 = Conv(channels, channels, 1)
        self.conv2 = Depthwise(channels, channels, 3)
        self.around = around

    def forward(self, x: Tensor) -> Tensor:
        """With or without the way around."""
        y = self.conv2(self.conv1(x))
        return x + y if self.around else y


class Csp(nn.Module):
    """Half of the channels through the bottlenecks, half past them."""

    def __init__(self, into: int, out: int, depth: int = 1, *, around: bool = True) -> None:
        """`depth` bottlenecks."""
        super().__init__()
        half = out // 2
        self.conv1, self.conv2, self.conv3 = Conv(into, half, 1), Conv(into, half, 1), Conv(2 * half, out, 1)
        self.m = nn.Sequential(*(Bottleneck(half, around=around) for _ in range(depth)))

    def forward(self, x: Tensor) -> Tensor:
        """Both ways, joined."""
        return self.conv3(torch.cat((self.m(self.conv1(x)), self.conv2(x)), 1))


class Focus(nn.Module):
    """Four neighbouring pixels become channels of one."""

    def __init__(self, out: int) -> None:
        """From blue, green, red."""
        super().__init__()
        self.conv = Conv(12, out, 3)

    def forward(self, x: Tensor) -> Tensor:
        """Left before right, top before bottom, columns outside: the release's order."""
        parts = [x[..., row::2, column::2] for column in (0, 1) for row in (0, 1)]
        return self.conv(torch.cat(parts, 1))


class Pyramid(nn.Module):
    """Maximum over three neighbourhoods: what is large is seen whole."""

    def __init__(self, channels: int) -> None:
        """The number of channels stays."""
        super().__init__()
        self.conv1, self.conv2 = Conv(channels, channels // 2, 1), Conv(channels * 2, channels, 1)
        self.m = nn.ModuleList(nn.MaxPool2d(size, 1, size // 2) for size in (5, 9, 13))

    def forward(self, x: Tensor) -> Tensor:
        """The maxima beside the picture itself."""
        x = self.conv1(x)
        return self.conv2(torch.cat([x, *(pool(x) for pool in self.m)], 1))


class Darknet(nn.Module):
    """The eye: three levels of features."""

    def __init__(self) -> None:
        """Nano's sizes."""
        super().__init__()
        self.stem = Focus(16)
        self.dark2 = nn.Sequential(Depthwise(16, 32, 3, 2), Csp(32, 32))
        self.dark3 = nn.Sequential(Depthwise(32, 64, 3, 2), Csp(64, 64, 3))
        self.dark4 = nn.Sequential(Depthwise(64, 128, 3, 2), Csp(128, 128, 3))
        self.dark5 = nn.Sequential(Depthwise(128, 256, 3, 2), Pyramid(256), Csp(256, 256, around=False))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Strides 8, 16, 32."""
        fine = self.dark3(self.dark2(self.stem(x)))
        middle = self.dark4(fine)
        return fine, middle, self.dark5(middle)

    def freeze(self) -> None:
        """Fix the first layers, with their statistics. A third of the time, and nothing lost."""
        for part in (self.stem, self.dark2):  # edges and colours: they are the same on a building site
            part.requires_grad_(requires_grad=False)
            part.eval()


class Neck(nn.Module):
    """The levels told about each other, from coarse to fine and back."""

    def __init__(self) -> None:
        """Nano's sizes."""
        super().__init__()
        self.backbone = Darknet()
        self.upsample = nn.Upsample(scale_factor=2, mode="nearest")
        self.lateral_conv0, self.C3_p4 = Conv(256, 128, 1), Csp(256, 128, around=False)
        self.reduce_conv1, self.C3_p3 = Conv(128, 64, 1), Csp(128, 64, around=False)
        self.bu_conv2, self.C3_n3 = Depthwise(64, 64, 3, 2), Csp(128, 128, around=False)
        self.bu_conv1, self.C3_n4 = Depthwise(128, 128, 3, 2), Csp(256, 256, around=False)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Strides 8, 16, 32."""
        fine, middle, coarse = self.backbone(x)
        top = self.lateral_conv0(coarse)
        between = self.reduce_conv1(self.C3_p4(torch.cat((self.upsample(top), middle), 1)))
        out8 = self.C3_p3(torch.cat((self.upsample(between), fine), 1))
        out16 = self.C3_n3(torch.cat((self.bu_conv2(out8), between), 1))
        return out8, out16, self.C3_n4(torch.cat((self.bu_conv1(out16), top), 1))


class Head(nn.Module):
    """At every cell of every level: a box, whether something is there, and which of the labels."""

    def __init__(self, labels: int) -> None:
        """Nothing is there, until learned."""
        super().__init__()
        self.stems = nn.ModuleList(Conv(channels, 64, 1) for channels in CHANNELS)
        self.cls_convs = nn.ModuleList(nn.Sequential(Depthwise(64, 64, 3), Depthwise(64, 64, 3)) for _ in CHANNELS)
        self.reg_convs = nn.ModuleList(nn.Sequential(Depthwise(64, 64, 3), Depthwise(64, 64, 3)) for _ in CHANNELS)
        self.cls_preds = nn.ModuleList(nn.Conv2d(64, labels, 1) for _ in CHANNELS)
        self.reg_preds = nn.ModuleList(nn.Conv2d(64, 4, 1) for _ in CHANNELS)
        self.obj_preds = nn.ModuleList(nn.Conv2d(64, 1, 1) for _ in CHANNELS)
        rare = float(torch.logit(torch.tensor(PRIOR)))
        for layer in (*self.cls_preds, *self.obj_preds):
            nn.init.constant_(layer.bias, rare)

    def forward(self, levels: tuple[Tensor, ...]) -> Tensor:
        """Batch x cells x (4 + 1 + labels), all raw (no sigmoid)."""
        rows = []
        for n, level in enumerate(levels):
            x = self.stems[n](level)
            label, box = self.cls_convs[n](x), self.reg_convs[n](x)
            out = torch.cat((self.reg_preds[n](box), self.obj_preds[n](box), self.cls_preds[n](label)), 1)
            rows.append(out.flatten(2))
        return torch.cat(rows, 2).permute(0, 2, 1)


class YoloxNano(nn.Module):
    """The whole network."""

    def __init__(self, labels: int) -> None:
        """`labels` is how many things it can tell apart."""
        super().__init__()
        self.backbone, self.head = Neck(), Head(labels)

    def forward(self, x: Tensor) -> Tensor:
        """Batch x cells x (4 + 1 + labels), all raw (no sigmoid)."""
        return self.head(self.backbone(x))

    def freeze(self) -> None:
        """Fix the eye's first layers."""
        self.backbone.backbone.freeze()


class Judge(nn.Module):
    """Two numbers for a crop of one person: how surely a helmet is worn, how surely a vest.

    The detector's eye, or a larger one (lite.py); its levels keep their places, so that a hat beside a head is
    not a hat upon it.
    """

    def __init__(self, eye: nn.Module | None = None, channels: tuple[int, int] = CHANNELS[1:]) -> None:
        """For crops of the standard size; another `eye` gives so many `channels` at strides 16 and 32."""
        super().__init__()
        self.eye = Darknet() if eye is None else eye
        self.fine, self.coarse = Conv(channels[0], 16, 1), Conv(channels[1], 32, 1)
        area = WIDTH * HEIGHT
        features = 16 * area // STRIDES[1] ** 2 + 32 * area // STRIDES[2] ** 2
        self.head = nn.Sequential(nn.Dropout(0.3), nn.Linear(features, 64), nn.SiLU(), nn.Linear(64, 2))

    def forward(self, x: Tensor) -> Tensor:
        """Batch x (helmet, vest), raw (no sigmoid)."""
        _, fine, coarse = self.eye(x)
        return self.head(torch.cat((self.fine(fine).flatten(1), self.coarse(coarse).flatten(1)), 1))


class ShippedDetector(nn.Module):
    """The network as it is exported: scores after the sigmoid, boxes raw (the decoder's contract)."""

    def __init__(self, network: YoloxNano) -> None:
        """Shares the weights."""
        super().__init__()
        self.network = network

    def forward(self, images: Tensor) -> Tensor:
        """Batch x cells x (4 + 1 + labels)."""
        raw = self.network(images)
        return torch.cat((raw[..., :4], raw[..., 4:].sigmoid()), -1)


class ShippedJudge(nn.Module):
    """The judge as it is exported: shares between 0 and 1."""

    def __init__(self, judge: Judge) -> None:
        """Shares the weights."""
        super().__init__()
        self.judge = judge

    def forward(self, images: Tensor) -> Tensor:
        """Batch x (helmet, vest)."""
        return self.judge(images).sigmoid()


def fitting(state: dict[str, Tensor], network: nn.Module) -> dict[str, Tensor]:
    """The part of `state` that fits `network` by name and shape (another number of labels does not)."""
    own = network.state_dict()
    return {name: value for name, value in state.items() if name in own and own[name].shape == value.shape}


def eye_of(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """A detector's weights as a judge names them; a judge's own stay as they are."""
    return {name.replace("backbone.backbone.", "eye."): value for name, value in state.items()}
