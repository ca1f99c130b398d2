"""What can be typed after `edge-agent day`, `about` and `review`: what the office asks of the records."""

import argparse
from datetime import date
from pathlib import Path


def add_day(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """The command `day`."""
    command = commands.add_parser(
        "day",
        help="the six indicators of one day: what this box knows of them, and what it does not",
        epilog="Exit: 0 done, 65 nothing was counted that day, 69 no records, 73 no font for the PDF.",
    )
    command.add_argument("site", type=Path, metavar="SITE", help="the site's folder")
    command.add_argument("--date", type=date.fromisoformat, metavar="YYYY-MM-DD", help="today, if not given")
    command.add_argument("--as", dest="form", choices=("json", "csv", "pdf"), default="csv")
    return command


def add_about(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """The command `about`."""
    command = commands.add_parser(
        "about",
        help="what the box stores about one person, and for how long (JSON)",
        epilog="Exit: 0, 69 no records.",
    )
    command.add_argument("site", type=Path, metavar="SITE", help="the site's folder")
    command.add_argument("--person", required=True, metavar="ID")
    return command


def add_review(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """The command `review`."""
    command = commands.add_parser(
        "review",
        help="the last days looked at anew: pauses and false ones, shadow mode, coverage, overrides, drills",
        epilog="Exit: 0 done, 69 no records, 73 no font for the PDF.",
    )
    command.add_argument("site", type=Path, metavar="SITE", help="the site's folder")
    command.add_argument("--kind", choices=("pauses", "shadow", "coverage", "overrides", "drills"), required=True)
    command.add_argument("--days", type=int, default=30, metavar="N", help="how far back (30)")
    command.add_argument("--as", dest="form", choices=("json", "csv", "pdf"), default="csv")
    return command
