"""What can be typed after `edge-agent request`."""

import argparse
import re
from pathlib import Path
from typing import Any

from edge_agent.domain.request import Ask

REPORT = ("kind", "area", "note")  # what only a report has; a ticket has an area too
TICKET = (
    "area",
    "type",
    "level",
    "extends",
    "point",
    "begin",
    "until",
    "holder",
    "guard",
    "worker",
    "device",
    "content",
    "jsa",
    "pipe",
    "outdoor",
    "scope",
    "linked",
    "measure",
    "shown_by",
    "leave_out",
    "coordinator",
)
SAMPLE = re.compile(
    r"^(?P<gas>[a-z0-9]+)=(?P<level>-?[0-9]+(?:[.][0-9]+)?) ?(?P<unit>[^@0-9.\s][^@]*)@(?P<place>.+)$"
)
ONLY: dict[Ask, tuple[str, ...]] = {Ask.REPORT: REPORT, Ask.TICKET: TICKET}


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """The command `request`."""
    asking = commands.add_parser(
        "request",
        help="act on a permit as a named person",
        description="File a request as a named person. The PIN is asked for, or stands in EDGE_AGENT_PIN.",
        epilog="Exit: 0 accepted, 64 used wrongly, 69 refused or nobody answers, 78 bad settings.",
    )
    asking.add_argument("site", type=Path, metavar="SITE", help="the site's folder (site.toml and the rest)")
    asking.add_argument("ask", choices=[one.value for one in Ask], metavar="ASK", help=", ".join(Ask))
    asking.add_argument("--by", required=True, metavar="PERSON", help="whose request it is")
    asking.add_argument("--permit", default="", help="which permit; a report may name one, a ticket needs none")
    asking.add_argument("--reason", default="")
    asking.add_argument("--people-inside", type=int)
    asking.add_argument(
        "--about", action="append", default=[], metavar="ID", help="a person, a measure, a version"
    )
    asking.add_argument("--tools", type=int, help="how many are carried in or out")
    asking.add_argument("--alarm", default="", metavar="KEY", help="which alarm; without it all of the permit")
    asking.add_argument("--rule", default="", help="which rule is let be")
    asking.add_argument("--wearable", default="", metavar="ID", help="which one somebody (--about) puts on")
    asking.add_argument("--for-s", type=float, metavar="SECONDS", help="for how long")
    asking.add_argument("--sample", action="append", default=[], type=_sample, metavar="GAS=LEVEL UNIT@PLACE")
    asking.add_argument(
        "--area", help="of a report or a ticket, as in areas.toml; a report may leave it to the box"
    )
    _report(asking)
    _ticket(asking)
    return asking


def _report(asking: argparse.ArgumentParser) -> None:
    group = asking.add_argument_group(
        "report", "what somebody saw: edge-agent request SITE report --by P --kind K"
    )
    group.add_argument("--kind", help="which kind of hazard; ? lists them")
    group.add_argument("--note", help="more words")


def _ticket(asking: argparse.ArgumentParser) -> None:
    group = asking.add_argument_group(
        "ticket",
        "a permit drawn up on the box. What is not said is the box's: the work point is the middle of the area, "
        "the devices are those of the area, the measures those that the rulebook asks for. With --extends it is "
        "more time for the work of a permit, of which only --until and what differs is said.",
    )
    group.add_argument("--type", help="kind of work as in the rulebook: hot, confined_space, ...; ? lists them")
    group.add_argument("--level", help="its level, where the rulebook has levels: special, 1, 2, ...")
    group.add_argument("--extends", metavar="PERMIT")
    group.add_argument("--point", metavar="X,Y[,Z]", help="metres on the plan: --point=-3,2.5")
    group.add_argument("--begin", metavar="TIME", help="2026-12-01T08:00, the site's time; left out: now")
    group.add_argument("--until", metavar="TIME", help="2026-12-01T16:00, the site's time; or +8h")
    group.add_argument("--holder", metavar="PERSON", help="left out: who asks")
    group.add_argument("--guard", action="append", metavar="PERSON")
    group.add_argument("--worker", action="append", metavar="PERSON")
    group.add_argument("--device", action="append", metavar="ID", help="bound devices; left out: all of the area")
    group.add_argument("--content", metavar="TEXT", help="what is done")
    group.add_argument("--jsa", metavar="NUMBER", help="job safety analysis")
    group.add_argument("--pipe", help="of a blind plate")
    where = group.add_mutually_exclusive_group()
    where.add_argument("--outdoors", dest="outdoor", action="store_true", default=None, help="the wind counts")
    where.add_argument("--indoors", dest="outdoor", action="store_false", default=None)
    group.add_argument("--scope", action="append", help="what certificates must cover beside the kind of work")
    group.add_argument("--linked", action="append", metavar="PERMIT", help="another ticket of the same job")
    group.add_argument(
        "--measure", action="append", metavar="ID=TEXT", help="one more measure, of this ticket's own"
    )
    group.add_argument(
        "--shown-by", action="append", metavar="ID=DEVICE", help="what proves it; ID=people: people"
    )
    group.add_argument(
        "--leave-out", action="append", metavar="ID", help="a measure of the rulebook: does not apply"
    )
    group.add_argument("--coordinator", metavar="PERSON", help="where works share a place")


def strange(args: argparse.Namespace) -> list[str]:
    """What was typed that belongs to another request."""
    own = ONLY.get(Ask(args.ask), ())
    others = dict.fromkeys(name for names in ONLY.values() for name in names if name not in own)
    return [_option(name) for name in others if getattr(args, name) is not None]


def _option(name: str) -> str:
    return "--outdoors/--indoors" if name == "outdoor" else f"--{name.replace('_', '-')}"


def _sample(text: str) -> dict[str, Any]:
    """`ch4=0.0 %LEL@middle` as a sample."""
    match = SAMPLE.match(text)
    if match is None:
        raise argparse.ArgumentTypeError(
            f"{text!r}: write it as GAS=LEVEL UNIT@PLACE, for example 'ch4=0.0 %LEL@middle'"
        )
    return {**match.groupdict(), "level": float(match["level"])}
