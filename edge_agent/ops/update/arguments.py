"""What can be typed after `edge-agent update`."""

import argparse
from pathlib import Path

LIMIT_S = 300.0  # for a trial: a gas detector's own warming up is among it


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """The command `update`."""
    parser = commands.add_parser(
        "update",
        help="take another version, signed by the maker; back to the one before if it is no good",
        epilog="Exit: 0 it runs and passed, 65 refused, 69 it was no good and the version before runs again, "
        "75 somebody is at work, or an interlock output holds.",
    )
    parser.add_argument("site", type=Path, metavar="SITE", help="/etc/edge-agent")
    parser.add_argument("bundle", type=Path, nargs="?", metavar="BUNDLE", help="edge-agent-VERSION-MACHINE.tar")
    parser.add_argument("--limit", type=float, default=LIMIT_S, metavar="S", help="the trial's (%(default)g)")
    parser.add_argument("--ordered", action="store_true", help="what the centre has ordered (systemd's)")
    parser.add_argument(
        "--interlocks-off",
        action="store_true",
        help="you answer for the plant and agree that interlock outputs that hold fall: off until somebody "
        "acknowledges ENV-18 after the start",
    )
    parser.add_argument(
        "--may", action="store_true", help="say only whether anybody is at work, or an interlock output holds"
    )
    return parser
