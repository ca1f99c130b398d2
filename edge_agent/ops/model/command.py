"""`edge-agent model ...`: one function per command. Every fault ends in words and an exit code of sysexits."""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import cv2

from edge_agent.ops.demo_clip import cached_clip
from edge_agent.ops.model import eyes, predict, shelf
from edge_agent.ops.model.eyes import Eyes
from edge_agent.ops.model.shelf import BadShelf
from edge_agent.sense.camera.manifest import ModelError
from edge_agent.sense.camera.persons.told import LEAST_SCORE
from edge_agent.sense.camera.runtimes.wanted import Wanted

EX_USAGE, EX_DATAERR, EX_UNAVAILABLE = 64, 65, 69  # sysexits.h


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    cv2.setNumThreads(1)
    try:
        return {
            "predict": _predict,
            "evaluate": _evaluate,
            "train": _train,
            "export": _export,
            "resize": _resize,
            "accept": _accept,
        }[args.model_command](args)
    except (BadShelf, ModelError) as fault:
        sys.stderr.write(f"{fault}\n")
        return EX_USAGE
    except ModuleNotFoundError as absent:
        if absent.name not in {"torch", "onnx", "onnxscript", "ultralytics"}:
            raise
        extra = "ultralytics" if absent.name == "ultralytics" else "train"
        sys.stderr.write(
            f"缺少 {absent.name}：训练和导出需另装 missing {absent.name}: training and export need more: "
            f'pip install "edge-agent[{extra}]"\n'
        )
        return EX_UNAVAILABLE


def _eyes(args: argparse.Namespace) -> Eyes:
    wanted = Wanted(
        runtime=args.runtime, threads=args.threads, engines_folder=str(cached_clip().parent / "engines")
    )
    return eyes.named(args.models, args.model, wanted)


def _predict(args: argparse.Namespace) -> int:
    """One line a picture; a broken picture is named, left out, and makes the exit code 65."""
    seeing, broken = _eyes(args), 0
    least = args.score
    if least is None:
        least = LEAST_SCORE if args.json else seeing.entry.score_threshold
    for path in predict.pictures(args.images):
        try:
            picture = shelf.picture(path)
        except BadShelf as fault:
            sys.stderr.write(f"{fault}\n")
            broken += 1
            continue
        line = predict.line(seeing, path, picture, least=least, people=args.persons)
        sys.stdout.write((json.dumps(line, ensure_ascii=False) if args.json else predict.text(line)) + "\n")
    return EX_DATAERR if broken else 0


def _evaluate(args: argparse.Namespace) -> int:
    if args.data is None and args.films is None:
        raise BadShelf("请给出 --data 或 --films: name pictures by --data, films by --films, or both")
    if args.data is None and args.failures is not None:
        raise BadShelf("--failures 需要 --data: --failures needs labelled pictures, --data")
    if args.json is not None:
        _write(args.json, "")
    seeing, kept = _eyes(args), {"model": args.model}
    if args.data is not None:
        kept["sets"] = _on_pictures(args, seeing)
    if args.films is not None:
        kept["films"] = _on_films(args, seeing)
    if args.json is not None:
        _write(args.json, json.dumps(kept, indent=1) + "\n")
    return 0


def _on_pictures(args: argparse.Namespace, seeing: Eyes) -> dict[str, Any]:
    """The figures of every set that was asked for."""
    from edge_agent.ops.model import report  # noqa: PLC0415
    from edge_agent.ops.model.evaluate import evaluate  # noqa: PLC0415
    from edge_agent.ops.model.failures import Failures  # noqa: PLC0415

    known = shelf.sources(args.sets)
    chosen = args.set or [name for name, source in known.items() if source.use == "judge"]
    strange = [name for name in chosen if name not in known]
    if strange:
        raise BadShelf(f"{args.sets}: 没有 {strange[0]}，可选 no such set; the sets: {', '.join(known)}")
    failures = None if args.failures is None else Failures(args.failures, seeing, args.worst)
    kept = {}
    for name in chosen:
        items = shelf.labelled(args.data, name, known[name])[:: args.every]
        each = None if failures is None else failures.of(known[name])
        kept[name] = report.figures(seeing, evaluate(seeing, items, known[name], each))
        _print(report.table(name, kept[name]))
    if failures is not None:
        _print(failures.written())
    return kept


def _on_films(args: argparse.Namespace, seeing: Eyes) -> dict[str, Any]:
    """The figures of every film that the truth names."""
    from edge_agent.ops.model import film_report, films  # noqa: PLC0415

    true, watched = films.truths(args.truth or args.films / films.TRUTH), {}
    for name, truth in true.items():
        with tempfile.TemporaryDirectory(prefix="edge-agent-film-") as scratch:
            detector, wearer = seeing.on_site()
            watched[name] = truth, films.look(args.films / name, detector, wearer, Path(scratch), args.window)
    kept = film_report.figures(watched)
    _print(film_report.table(kept, args.window))
    return kept | {"window_s": args.window, "pictures_hz": films.PICTURES_HZ}


def _print(lines: list[str]) -> None:
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def _accept(args: argparse.Namespace) -> int:
    from edge_agent.ops.checking import sound  # noqa: PLC0415
    from edge_agent.ops.model.accept import accept, own_pictures  # noqa: PLC0415

    settings = sound(args.site, args.root)
    table, engines = settings.site.vision, settings.state_folder / "engines"
    wanted = Wanted(runtime=table.runtime, threads=table.threads, engines_folder=str(engines))
    own = None if args.data is None else own_pictures(args.data, args.sets)
    return accept(settings, args.root / "models", wanted, own)


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, "utf-8")
    except OSError as fault:
        raise BadShelf(f"{file}: 无法写入 cannot be written: {fault.strerror}") from fault


def _train(args: argparse.Namespace) -> int:
    if args.family == "ultralytics":
        return _train_ultralytics(args)
    if args.yaml or args.side:
        raise BadShelf("--yaml、--side 仅用于 --family ultralytics --yaml and --side are for --family ultralytics")
    if args.eye != "nano" and not args.persons:
        raise BadShelf("--eye 仅用于 --persons --eye is for the judge of persons, --persons")
    from edge_agent.ops.model.teach import taught  # noqa: PLC0415
    from edge_agent.ops.model.training import detector, persons, plan  # noqa: PLC0415

    file = args.out / "taught.json"
    batch, rate = (64, 0.02) if args.persons else (8, 0.0025)
    wanted = plan.Plan(
        data=str(args.data.resolve()),
        sets=str(args.sets.resolve()),
        start=None if args.start is None else str(args.start.resolve()),
        taught=None if args.no_teacher else str(file.resolve()),
        without=tuple(args.without),
        epochs=args.epochs,
        batch=args.batch or batch,
        rate=args.rate or rate,
        seed=args.seed,
        threads=args.threads,
        eye=args.eye,
    )
    kept = plan.kept(wanted, args.out)
    if not args.no_teacher:
        taught(_eyes(args), args.data, args.sets, tuple(args.without), file)
    (persons if args.persons else detector).train(kept, args.out)
    return 0


def _train_ultralytics(args: argparse.Namespace) -> int:
    from edge_agent.ops.model.teach import taught  # noqa: PLC0415
    from edge_agent.ops.model.ultralytics import pictures, training  # noqa: PLC0415

    if args.persons:
        raise BadShelf("--persons 的训练不用 --family ultralytics the judge of persons is of no such family")
    plan = training.Plan(
        yaml=args.yaml or "yolo11n.yaml",
        start=None if args.start is None else str(args.start.resolve()),
        side=args.side or 416,
        epochs=max(1, round(args.epochs)),
        batch=args.batch or 8,
        seed=args.seed,
        rate=args.rate,
    )
    training.begin(plan, args.out)
    seen = None if args.no_teacher else args.out / "taught.json"
    if seen is not None:
        taught(_eyes(args), args.data, args.sets, tuple(args.without), seen)
    data = pictures.written(args.data, args.sets, tuple(args.without), seen, args.out / "pictures")
    training.train(plan, data, args.out, args.threads)
    return 0


def _resize(args: argparse.Namespace) -> int:
    from edge_agent.ops.model.resize import resize  # noqa: PLC0415

    out = args.out or args.models
    name = resize(args.models, args.model, args.side, out)
    sys.stdout.write(f"{out / 'manifest.toml'}: {name}\n")
    return 0


def _export(args: argparse.Namespace) -> int:
    from edge_agent.ops.model.training.export import Wanted, export  # noqa: PLC0415

    wanted = Wanted(
        run=args.run,
        persons=args.persons_run,
        name=args.name,
        licence=args.licence,
        side=args.side,
        mean_with=args.mean_with,
        persons_mean_with=args.persons_mean_with,
    )
    export(wanted, args.out)
    sys.stdout.write(f"{Path(args.out) / 'manifest.toml'}: {args.name}\n")
    return 0
