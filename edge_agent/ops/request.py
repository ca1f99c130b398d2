"""`edge-agent request`: a named person acts on a permit from the box's own console."""

import argparse
import getpass
import os
import re
import warnings
from typing import Any

from edge_agent.ops.folders import REQUESTS
from edge_agent.settings.site import Settings
from edge_agent.tell.desk_client import ask

SAMPLE = re.compile(
    r"^(?P<gas>[a-z0-9]+)=(?P<level>-?[0-9]+(?:[.][0-9]+)?) ?(?P<unit>[^@0-9.\s][^@]*)@(?P<place>.+)$"
)


class NoPin(Exception):  # noqa: N818 (names what is missing)
    """There is no PIN and nobody to ask for one."""


def request(settings: Settings, args: argparse.Namespace) -> dict[str, Any]:
    """File the request and give the agent's answer. The PIN comes from EDGE_AGENT_PIN or the terminal.

    Raises NoPin when there is neither.
    """
    pin = os.environ.get("EDGE_AGENT_PIN")
    if pin is None and args.ask != "stop":  # anyone may stop, without a proof
        pin = _typed_pin(args.by)
    filed = {
        "ask": args.ask,
        "person": args.by,
        "permit": args.permit,
        "reason": args.reason,
        "samples": args.sample,
        "about": args.about,
        "alarm": args.alarm,
        "rule": args.rule,
    }
    if pin:
        filed["pin"] = pin
    for name in ("people_inside", "tools", "for_s"):
        if getattr(args, name) is not None:
            filed[name] = getattr(args, name)
    return ask(settings.runtime_folder / REQUESTS, filed)


def _typed_pin(person: str) -> str:
    """From the terminal, unseen; never echoed, and never read from a pipe by mistake."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            return getpass.getpass(f"PIN {person}: ")
    except (getpass.GetPassWarning, EOFError):
        raise NoPin(
            "没有终端可输入 PIN：请设置环境变量 EDGE_AGENT_PIN / "
            "there is no terminal to type the PIN at: set EDGE_AGENT_PIN"
        ) from None


def sample(text: str) -> dict[str, Any]:
    """`ch4=0.0 %LEL@middle` as a sample; ValueError says what is wrong with it."""
    match = SAMPLE.match(text)
    if match is None:
        raise ValueError(f"{text!r}: write it as GAS=LEVEL UNIT@PLACE, for example 'ch4=0.0 %LEL@middle'")
    return {**match.groupdict(), "level": float(match["level"])}
