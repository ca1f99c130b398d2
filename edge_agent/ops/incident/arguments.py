"""What can be typed after `edge-agent incident` and `edge-agent what-if`."""

import argparse
from pathlib import Path

from edge_agent.ops.export.arguments import moment

EXITS = "Exit: 0 done, 64 cannot be asked so, 65 nothing is kept or what is kept is damaged, 69 no records."


def add_incident(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """The command `incident`."""
    command = commands.add_parser(
        "incident",
        help="minutes decided again from the recorded inputs: curves, places, alarms, stops, who did what (JSON)",
        epilog=EXITS,
    )
    _span(command)
    return command


def add_what_if(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """The command `what-if`."""
    command = commands.add_parser(
        "what-if",
        help="the same recorded inputs with another limit or without a rule: what would differ; changes nothing",
        epilog=EXITS,
    )
    _span(command)
    command.add_argument(
        "--limit", action="append", default=[], metavar="KEY=VALUE", help="as the rules page writes it"
    )
    command.add_argument("--without", action="append", default=[], metavar="RULE", help="a rule by its name")
    command.add_argument("--json", action="store_true", help="as JSON, as the pages show it")
    return command


def _span(command: argparse.ArgumentParser) -> None:
    command.add_argument("site", type=Path, metavar="SITE", help="the site's folder")
    command.add_argument("--from", dest="from_utc", type=moment, required=True, metavar="UTC")
    command.add_argument("--to", dest="to_utc", type=moment, required=True, metavar="UTC")
