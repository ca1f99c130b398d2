"""What can be typed after `edge-agent export`."""

import argparse
from datetime import UTC, datetime
from pathlib import Path


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """The command `export`."""
    exporting = commands.add_parser(
        "export",
        help="part of the records with pictures, a table and a report, signed, for an auditor",
        epilog="Check it anywhere: python check_bundle.py FILE (edge_agent/ops/export/, stands alone). "
        "Exit: 0 done, 65 nothing is of what was asked for, 69 no records, 73 the file cannot be written.",
    )
    exporting.add_argument("site", type=Path, metavar="SITE", help="the site's folder")
    exporting.add_argument("--permit", metavar="P", help="all that names this permit")
    exporting.add_argument("--person", metavar="ID", help="all that names this person")
    exporting.add_argument("--from", dest="from_utc", type=moment, metavar="UTC", help="2026-12-01T06:00Z")
    exporting.add_argument("--to", dest="to_utc", type=moment, metavar="UTC")
    exporting.add_argument(
        "--event",
        type=int,
        metavar="SEQ",
        help="a quarter of an hour around this event, of its permit if it has one",
    )
    exporting.add_argument("--raw", action="store_true", help="pictures in which people can be recognised as well")
    exporting.add_argument("--into", type=Path, required=True, metavar="FILE.zip")
    return exporting


def moment(text: str) -> float:
    """UTC seconds since 1970 of an ISO time that says its zone. Raises argparse.ArgumentTypeError."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        when = None
    if when is None or when.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text}: 请写成 2026-12-01T06:00Z / write it like 2026-12-01T06:00Z")
    return when.astimezone(UTC).timestamp()
