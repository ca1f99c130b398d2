"""What can be typed after `edge-agent model`."""

import argparse
from pathlib import Path

from edge_agent.sense.camera.runtimes.wanted import PLAIN

DATA = "DIR/SET/images and labels"
DEFAULT_MODEL = "ppe-nano-third"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", root: Path) -> argparse.ArgumentParser:
    """The command `model` and its own commands."""
    model = commands.add_parser("model", help="train, evaluate, use and export the models that judge pictures")
    inner = model.add_subparsers(title="commands", required=True, dest="model_command")
    predicting = inner.add_parser("predict", help="what a model sees in the pictures of a folder")
    evaluating = inner.add_parser(
        "evaluate", help="a model against labelled pictures, or along the tracks of films"
    )
    training = inner.add_parser("train", help="train a model; the same command again goes on")
    _predicting(predicting)
    _evaluating(evaluating)
    _training(training)
    _exporting(inner.add_parser("export", help="from runs to a models folder"))
    resizing = inner.add_parser("resize", help="a model for another side of its input, entered beside it")
    _resizing(resizing)
    accepting = inner.add_parser("accept", help="check a site's models before they go live")
    accepting.add_argument("site", type=Path, metavar="SITE", help="the site's folder")
    accepting.add_argument("--data", type=Path, metavar="DIR", help="labelled pictures to compare on")
    for command in (predicting, evaluating, training, resizing):
        command.add_argument("--model", default=DEFAULT_MODEL, metavar="NAME", help=f"({DEFAULT_MODEL})")
        command.add_argument("--models", type=Path, default=root / "models", metavar="DIR", help="(models/)")
    for command in (predicting, evaluating, training):
        command.add_argument("--threads", type=_count, default=1)
        command.add_argument("--runtime", default=PLAIN, metavar="NAME", help=f"as in site.toml ({PLAIN})")
    for command in (evaluating, training, accepting):
        command.add_argument("--sets", type=Path, metavar="FILE", help="what the sets label (models/sets.toml)")
        command.set_defaults(sets=root / "models" / "sets.toml", root=root)
    return model


def _predicting(command: argparse.ArgumentParser) -> None:
    command.add_argument("--images", required=True, type=Path, metavar="DIR")
    command.add_argument("--json", action="store_true", help="one JSON line a picture")
    command.add_argument("--persons", action="store_true", help="helmet and vest of every person as well")
    command.add_argument(
        "--score",
        type=_share,
        metavar="SHARE",
        help="least score of a box (0.01 with --json, else the manifest's)",
    )


def _evaluating(command: argparse.ArgumentParser) -> None:
    command.add_argument("--data", type=Path, metavar="DIR", help=DATA)
    command.add_argument("--set", action="append", default=[], metavar="NAME", help="only this set; repeatable")
    command.add_argument("--every", type=_count, default=1, metavar="N", help="only every Nth picture")
    command.add_argument("--failures", type=Path, metavar="DIR", help="write the worst cases as pictures")
    command.add_argument("--worst", type=_count, default=12, metavar="N", help="of each kind of failure (12)")
    command.add_argument("--films", type=Path, metavar="DIR", help="films: what is told along their tracks")
    command.add_argument("--truth", type=Path, metavar="FILE", help="what people in them wear (DIR/truth.toml)")
    command.add_argument("--window", type=_positive, default=3.0, metavar="S", help="of a track, seconds (3)")
    command.add_argument("--json", type=Path, metavar="FILE", help="keep the figures in FILE")


def _training(command: argparse.ArgumentParser) -> None:
    command.add_argument("--data", required=True, type=Path, metavar="DIR", help=DATA)
    command.add_argument("--out", required=True, type=Path, metavar="RUN", help="the run's folder")
    command.add_argument("--persons", action="store_true", help="the judge of persons instead of the detector")
    command.add_argument("--eye", choices=("nano", "lite"), default="nano", help="of the judge of persons (nano)")
    command.add_argument("--start", type=Path, metavar="FILE", help="weights to begin with: last.pth, or .onnx")
    command.add_argument("--without", action="append", default=[], metavar="SET", help="do not use this set")
    command.add_argument("--no-teacher", action="store_true", help="use labels only, not what --model sees")
    command.add_argument("--epochs", type=_positive, default=30, help="may grow until the last third has begun")
    command.add_argument("--batch", type=_count, help="pictures a step (8; 64 persons)")
    command.add_argument("--rate", type=_positive, help="learning rate (0.0025; 0.02 for persons)")
    command.add_argument("--seed", type=_count, default=1)
    families = ("yolox", "ultralytics")
    command.add_argument("--family", choices=families, default="yolox", help="of the detector (yolox)")
    command.add_argument("--yaml", metavar="NAME", help="ultralytics: what it is built from (yolo11n.yaml)")
    command.add_argument("--side", type=_side, metavar="PX", help="ultralytics: of the pictures (416)")


def _exporting(command: argparse.ArgumentParser) -> None:
    command.add_argument("--run", required=True, type=Path, metavar="RUN", help="of the detector")
    command.add_argument("--persons-run", type=Path, metavar="RUN", help="of the judge of persons")
    command.add_argument("--out", required=True, type=Path, metavar="DIR", help="the models folder to add to")
    command.add_argument("--name", required=True, help="my-model")
    command.add_argument("--side", type=_side, default=416, metavar="PX", help="of the input (416)")
    command.add_argument("--mean-with", type=Path, metavar="ONNX", help="mean of the detector's weights and its")
    command.add_argument("--persons-mean-with", type=Path, metavar="ONNX", help="the same of the judge's")
    command.add_argument("--licence", required=True, help="of the weights: what the pictures' licences allow")


def _resizing(command: argparse.ArgumentParser) -> None:
    command.add_argument("--side", required=True, type=_side, metavar="PX", help="of the input, such as 320")
    command.add_argument("--out", type=Path, metavar="DIR", help="the models folder to add to (its own)")


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text}: 应在 0 和 1 之间 must lie between 0 and 1")
    return share


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError(f"{text}: 应不小于 1 must be 1 or more")
    return count


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text}: 应大于 0 must be above 0")
    return value


def _side(text: str) -> int:
    side = int(text)
    if side % 32 or not 32 <= side <= 2048:  # noqa: PLR2004 (the manifest's own limits)
        raise argparse.ArgumentTypeError(f"{text}: 应为 32 的倍数 must be a multiple of 32, at most 2048")
    return side
