"""`edge-agent request`: a named person acts from the box's own console."""

import argparse
import getpass
import os
import warnings
from collections.abc import Iterator
from typing import Any

from edge_agent.decide.asking.answer import ERRANDS
from edge_agent.decide.hazards import HAZARDS
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words, WordsError
from edge_agent.ops.folders import REQUESTS
from edge_agent.ops.request_arguments import strange
from edge_agent.ops.request_ticket import Tell, ticket
from edge_agent.settings.fault import nearest
from edge_agent.settings.site import Settings
from edge_agent.tell.desk_client import ask

LIST = "?"


def listed(settings: Settings, args: argparse.Namespace) -> tuple[str, ...]:
    """What there is to choose from, where somebody asks for that with a "?"."""
    if args.kind == LIST:
        return tuple(f"{one.kind:20} {one.title.zh} / {one.title.en}" for one in HAZARDS)
    if args.type == LIST:
        return tuple(_works(settings))
    return ()


def _works(settings: Settings) -> Iterator[str]:
    for kind, work in settings.rulebook.works.items():
        type_, _, level = kind.partition(".")
        typed = f"--type {type_} --level {level}" if level else f"--type {type_}"
        yield f"{typed:34} {work.name.zh} / {work.name.en}"


def request(settings: Settings, args: argparse.Namespace, now_utc: float, tell: Tell) -> dict[str, Any]:
    """File the request and give the agent's answer. The PIN comes from EDGE_AGENT_PIN or the terminal.

    Raises WordsError for what was typed wrongly, and where there is no PIN and nobody to ask for one.
    """
    return filed(settings, _filed(settings, args, now_utc, tell))


def filed(settings: Settings, line: dict[str, Any]) -> dict[str, Any]:
    """The agent's answer to a request, with the PIN of whoever asks."""
    pin = os.environ.get("EDGE_AGENT_PIN")
    if pin is None and line["ask"] != Ask.STOP:  # anyone may stop, without a proof
        pin = _typed_pin(line["person"])
    return ask(settings.runtime_folder / REQUESTS, line | ({"pin": pin} if pin else {}))


def _filed(settings: Settings, args: argparse.Namespace, now_utc: float, tell: Tell) -> dict[str, Any]:
    what = Ask(args.ask)
    wrong = strange(args)
    if wrong:
        names = ", ".join(wrong)
        raise WordsError(Words(f"{what} 没有选项 {names}", f"{what} has no option {names}"))
    if not args.permit and what not in ERRANDS:
        raise WordsError(Words("请写明作业票：--permit", "which permit? Say it with --permit"))
    line = {
        "ask": what.value,
        "person": args.by,
        "permit": args.permit,
        "reason": args.reason,
        "samples": args.sample,
        "about": args.about,
        "alarm": args.alarm,
        "rule": args.rule,
        "wearable": args.wearable,
    }
    for name in ("people_inside", "tools", "for_s"):
        if getattr(args, name) is not None:
            line[name] = getattr(args, name)
    if what is Ask.REPORT:
        line["report"] = _report(args)
    if what is Ask.TICKET:
        line["ticket"] = ticket(settings, args, now_utc, tell)
    return line


def _report(args: argparse.Namespace) -> dict[str, str]:
    kinds = [one.kind for one in HAZARDS]
    if args.kind is None:
        raise WordsError(
            Words("请写明隐患类型：--kind（? 列出全部）", "what is wrong? Say it with --kind (? lists them)")
        )
    if args.kind not in kinds:
        near = nearest(args.kind, kinds)
        raise WordsError(
            Words(f"没有隐患类型 {args.kind}；{near.zh}", f"there is no kind of hazard {args.kind}; {near.en}")
        )
    said = {"kind": args.kind, "area": args.area, "note": args.note}
    return {name: value for name, value in said.items() if value is not None}


def _typed_pin(person: str) -> str:
    """From the terminal, unseen; never echoed, and never read from a pipe by mistake."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            return getpass.getpass(f"PIN {person}: ")
    except (getpass.GetPassWarning, EOFError):
        raise WordsError(
            Words(
                "没有终端可输入 PIN：请设置环境变量 EDGE_AGENT_PIN",
                "there is no terminal to type the PIN at: set EDGE_AGENT_PIN",
            )
        ) from None
