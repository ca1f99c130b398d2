"""What can be typed after `edge-agent backup` and `edge-agent restore`."""

import argparse
from pathlib import Path


def add_backup(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """The command `backup`."""
    command = commands.add_parser(
        "backup",
        help="settings and records, sealed, off the box ([backup] of site.toml says where to and for whom)",
        epilog="Exit: 0 done, 64 asked wrongly, 69 no records, or the agent still runs, 73 cannot be written.",
    )
    command.add_argument("site", type=Path, metavar="SITE", nargs="?", help="the site's folder")
    command.add_argument("--into", type=Path, metavar="FOLDER", help="instead of [backup] into")
    command.add_argument("--recipient", metavar="KEY", help="instead of [backup] recipient: a public key")
    command.add_argument(
        "--retire", action="store_true", help="the last one: this box guards no more, a spare takes its place"
    )
    command.add_argument(
        "--new-key", type=Path, metavar="FILE", help="make a key: FILE is for a safe, not the box"
    )
    return command


def add_restore(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """The command `restore`."""
    command = commands.add_parser(
        "restore",
        help="make a spare box the one whose backup it is; the old one must never run again",
        epilog="Exit: 0 done, 64 asked wrongly, 65 not opened or not whole, 73 cannot be written, 78 its settings "
        "have faults on this box.",
    )
    command.add_argument("file", type=Path, metavar="FILE", help="a backup")
    command.add_argument("site", type=Path, metavar="SITE", help="the spare's folder: /etc/edge-agent on a box")
    command.add_argument("--key", type=Path, metavar="FILE", help="the private half of the key it was sealed for")
    command.add_argument("--look", action="store_true", help="only say whose it is and where it ends")
    command.add_argument(
        "--signed-by",
        metavar="KEY",
        help="the unit's public key: `key` of its up/audit at the centre, or on its commissioning certificate",
    )
    command.add_argument(
        "--identity", metavar="edge/SITE/UNIT", help="whom this box becomes, if it is not that unit already"
    )
    command.add_argument(
        "--unsigned",
        action="store_true",
        help="take one that nobody signed (made by an older version): you know yourself where it comes from",
    )
    command.add_argument(
        "--last-seq", type=int, metavar="N", help="the newest number that the centre has of the unit"
    )
    command.add_argument(
        "--old-unit-is-off", action="store_true", help="you have seen to it that the old box never runs again"
    )
    return command
