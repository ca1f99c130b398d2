"""`edge-agent incident` and `edge-agent what-if`: read beside the running agent, behind everything it does."""

import argparse
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator

import msgspec

from edge_agent.domain.words import Words, WordsError
from edge_agent.ops.incident import player
from edge_agent.ops.incident import what_if as calculation
from edge_agent.ops.incident.change import Change
from edge_agent.ops.incident.journals import Span
from edge_agent.ops.replay import BadInputs
from edge_agent.settings.site import Settings
from edge_agent.store.errors import StoreError
from edge_agent.tell.live_incident import Changed, Difference, WhatIf

EX_USAGE, EX_DATAERR, EX_UNAVAILABLE = 64, 65, 69  # sysexits.h
BEHIND = 19  # nice(2): the brain, the cameras and the pages come first
MOST_BYTES = 2 * 2**30  # of memory: what runs away ends itself, not the agent


def incident(settings: Settings, args: argparse.Namespace) -> int:
    """Print the incident as JSON."""
    return _printed(
        lambda: msgspec.json.encode(player.relive(settings, _span(args, player.LONGEST_S))).decode() + "\n"
    )


def what_if(settings: Settings, args: argparse.Namespace) -> int:
    """Print what would differ."""

    def found() -> str:
        span = _span(args, calculation.LONGEST_S)
        done = calculation.what_if(settings, span, _change(args), time.monotonic)
        return (
            msgspec.json.encode(done).decode() + "\n" if args.json else "".join(f"{one}\n" for one in lines(done))
        )

    return _printed(found)


def _printed(found: Callable[[], str]) -> int:
    """What was found, or why nothing was: the page that asked reads it from the same place."""
    os.nice(BEHIND)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    try:
        sys.stdout.write(found())
    except WordsError as wrong:
        return _said(EX_USAGE, wrong.words)
    except BadInputs as wrong:
        return _said(EX_DATAERR, Words(f"留存的输入读不出：{wrong}", f"recorded inputs cannot be read: {wrong}"))
    except StoreError as fault:
        return _said(EX_UNAVAILABLE, fault.words)
    except MemoryError:
        return _said(EX_DATAERR, Words("时间段太长，内存不够", "too long a time for the memory: ask for less"))
    return 0


def _said(code: int, words: Words) -> int:
    sys.stderr.write(f"{words.zh}\n{words.en}\n")
    return code


def _span(args: argparse.Namespace, longest_s: float) -> Span:
    length_s = args.to_utc - args.from_utc
    if not 0 < length_s <= longest_s:
        raise WordsError(
            Words(
                f"时间段应在 0 与 {longest_s / 3600:g} 小时之间",
                f"--to must lie after --from, by {longest_s / 3600:g} h at most",
            )
        )
    return Span(from_utc=args.from_utc, to_utc=args.to_utc)


def _change(args: argparse.Namespace) -> Change:
    limits: dict[str, float] = {}
    for text in args.limit:
        key, _, value = text.rpartition("=")
        try:
            limits[key] = float(value)
        except ValueError:
            raise WordsError(Words(f"{text}：请写成 键=数值", f"{text}: write it as KEY=VALUE")) from None
    return Change(limits=limits, without=tuple(args.without))


def lines(done: WhatIf) -> Iterator[str]:
    """For whoever reads it in a terminal."""
    yield "仅为推算：限值、记录和作业票均未改变 / A calculation only: no limit, record or permit is changed"
    for one in done.changed:
        yield _tried(one)
    was, tried = done.was, done.tried
    for name, before, after in (
        ("暂停 stops", was.stops, tried.stops),
        ("暂停秒数 seconds stopped", round(was.stopped_s), round(tried.stopped_s)),
        ("撤离 times called out", was.called_out, tried.called_out),
        ("报警 alarms", was.alarms, tried.alarms),
    ):
        yield f"{name}: {before} -> {after}"
    for difference in done.differences:
        yield _line(difference)
    if not done.differences:
        yield "没有差别 / nothing would differ"


def _tried(one: Changed) -> str:
    if one.rule:
        return f"不用规则 without the rule {one.rule}: {one.title.zh} {one.title.en}"
    return f"{one.key}: {one.was:g} -> {one.tried:g} {one.unit}"


def _line(one: Difference) -> str:
    kinds = {"stop": "暂停 stop", "alarm": "报警 alarm"}
    times = f"{_when(one.was_utc, one.was_s)} -> {_when(one.then_utc, one.then_s)}"
    return f"{kinds[one.what]} {one.permit} {one.code} {one.title.zh} {one.title.en}: {times}"


def _when(utc: float | None, length_s: float | None) -> str:
    if utc is None:
        return "-"
    at = time.strftime("%H:%M:%SZ", time.gmtime(utc))
    return at if length_s is None else f"{at} ({length_s:.0f} s)"
