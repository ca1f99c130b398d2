"""`edge-agent commission`: how it stands, one step of it, or the certificate as files."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from edge_agent.clock import Clock
from edge_agent.domain.commissioning import TrialKind
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words, WordsError, same
from edge_agent.ops import camera_walk
from edge_agent.ops.commission.standing import standing
from edge_agent.ops.folders import DATABASE
from edge_agent.ops.request import filed
from edge_agent.settings.site import Settings
from edge_agent.store.errors import StoreError
from edge_agent.store.reader import Reader
from edge_agent.tell.live_commissioning import LiveCommissioning, ToTry

EX_DATA, EX_UNAVAILABLE, EX_CANTCREAT = 65, 69, 73  # sysexits.h
MARKS = {"passed": "✓", "failed": "✗", "not_done": "-", "": "?"}
NO_PERSON = Words("请写明是谁：--by", "who does it? Say it with --by")
NONE_YET = Words("还没有证书", "there is no certificate yet")
BAD_POINT = Words("坐标应写作 --point=X,Y", "write the point as --point=X,Y")


def run(settings: Settings, args: argparse.Namespace, clock: Clock) -> int:
    """What was typed; the exit code. Raises WordsError for what was typed wrongly."""
    if args.step == "certificate":
        return written(settings, args.into or Path())
    if args.step is None:
        sys.stdout.writelines(f"{line}\n" for line in told(_standing(settings, clock)))
        return 0
    if not args.by:
        raise WordsError(NO_PERSON)
    line: dict[str, Any] = {"ask": Ask.COMMISSION.value, "person": args.by, "commission": _act(settings, args)}
    answer = filed(settings, line)
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return 0 if answer["accepted"] else EX_UNAVAILABLE


def _act(settings: Settings, args: argparse.Namespace) -> dict[str, Any]:
    act: dict[str, Any] = {"do": args.step, "of": args.of, "wearable": args.wearable, "note": args.note}
    act |= _walked(settings, args)
    for name in ("value", "passed", "days"):
        if getattr(args, name) is not None:
            act[name] = getattr(args, name)
    if args.point is not None:
        try:
            act["x_m"], act["y_m"] = (float(part) for part in args.point.split(","))
        except ValueError:
            raise WordsError(BAD_POINT) from None
    return act


def _walked(settings: Settings, args: argparse.Namespace) -> dict[str, Any]:
    """Of a walk test that is entered without its result: what the last one before that camera showed."""
    kind, _, camera = args.of.partition("/")
    if args.step != "enter" or kind != TrialKind.WALK or args.passed is not None:
        return {}
    made = camera_walk.kept(settings.state_folder, camera)
    if made is None:
        raise WordsError(
            Words(
                f"{camera} 没有走测，请先运行 edge-agent camera walk",
                f"{camera}: run edge-agent camera walk first",
            )
        )
    seen = ", ".join(f"{part.name} {part.seen}/{part.looks}" for part in made.areas)
    return {"passed": made.passed, "note": args.note or f"camera walk, {made.by}: {seen}"}


def _standing(settings: Settings, clock: Clock) -> LiveCommissioning:
    with Reader.open(settings.state_folder / DATABASE) as records:
        return standing(settings, records.commissioning(), clock.instant())


def told(now: LiveCommissioning) -> Iterator[str]:
    """How it stands, line by line."""
    if now.begun_by:
        yield f"投运进行中，{now.begun_by} / a commissioning is under way, begun by {now.begun_by}"
    for one in now.items:
        yield from _item(one)
    if not now.certificate:
        yield f"{NONE_YET.zh} / {NONE_YET.en}"
        return
    yield f"证书 certificate {now.certificate} ({now.certified_by})"
    for words in now.void:
        yield f"✗ {words.zh}\n    {words.en}"


def _item(one: ToTry) -> Iterator[str]:
    item, trial = one.item, one.trial
    mark = MARKS["" if trial is None or one.void else trial.outcome]
    figure = "" if trial is None or trial.value is None else f"{trial.value:g} {trial.unit}"
    limit = "" if item.limit is None else f"({item.limit:g} {item.unit}, {item.clause})"
    yield f"{mark} {item.key}  {item.name.zh} / {item.name.en}  {figure} {limit}".rstrip()
    if trial is not None and one.void:
        yield "    设备设置已更改，须重新测试 / the device was changed since: try it again"
    elif trial is not None:
        yield f"    {trial.by}{' + ' + trial.second if trial.second else ''}: {trial.note or trial.outcome}"


def written(settings: Settings, into: Path) -> int:
    """The last certificate as two files. The PDF names the hash of the JSON."""
    from edge_agent.ops.commission.certificate import as_json, as_pdf  # noqa: PLC0415 (sets paper)
    from edge_agent.ops.export.paper import NoFont  # noqa: PLC0415
    from edge_agent.ops.unit_key import unit_key  # noqa: PLC0415

    try:
        with Reader.open(settings.state_folder / DATABASE) as records:
            made = records.commissioning().certificate
    except StoreError as fault:
        return _said(EX_UNAVAILABLE, fault.words)
    if made is None:
        return _said(EX_DATA, NONE_YET)
    signed = as_json(made, unit_key(settings.state_folder))
    into.mkdir(parents=True, exist_ok=True)
    (into / f"commissioning-{made.number}.json").write_bytes(signed)
    try:
        names = {one.id: one.name for one in settings.persons}
        paper = as_pdf(made, signed, settings, names)
    except NoFont as fault:
        return _said(EX_CANTCREAT, same(f"{fault}"))
    (into / f"commissioning-{made.number}.pdf").write_bytes(paper)
    sys.stdout.write(f"{into / f'commissioning-{made.number}'}.json .pdf\n")
    return 0


def _said(code: int, words: Words) -> int:
    sys.stderr.write(f"{words.zh} / {words.en}\n")
    return code
