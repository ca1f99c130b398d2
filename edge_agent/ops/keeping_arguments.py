"""What can be typed to keep a box for years: support-bundle, diff, site export and import, provision."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 (it has no public name)


def add_support(commands: "Commands") -> argparse.ArgumentParser:
    """The command `support-bundle`."""
    command = commands.add_parser(
        "support-bundle",
        help="everything about the box in one zip for whoever helps: no secret, no name, no picture",
    )
    command.add_argument("site", type=Path, metavar="SITE", help="the site's folder")
    command.add_argument("--into", type=Path, required=True, metavar="FILE.zip")
    return command


def add_diff(commands: "Commands") -> argparse.ArgumentParser:
    """The command `diff`."""
    command = commands.add_parser(
        "diff",
        help="what is another between two sites' settings, or between what runs and what the files say now",
        epilog="Exit: 0 nothing, 1 something, 65 one of them cannot be read.",
    )
    command.add_argument("first", type=Path, metavar="A", help="a site's folder, or a file of `site export`")
    command.add_argument("second", type=Path, metavar="B", nargs="?", help="else: what runs in A, against A now")
    return command


def add_site(commands: "Commands") -> argparse.ArgumentParser:
    """The command `site`."""
    command = commands.add_parser("site", help="a site's settings as one file: export, import")
    ways = command.add_subparsers(dest="way", required=True)
    out = ways.add_parser("export", help="write the file; secrets are left out, or sealed for one key")
    out.add_argument("site", type=Path, metavar="SITE")
    out.add_argument("--into", type=Path, required=True, metavar="FILE.edgesite")
    out.add_argument("--secrets-for", metavar="KEY", help="a public key of `edge-agent backup --new-key`")
    inward = ways.add_parser("import", help="put it into an empty folder, and check it there")
    inward.add_argument("file", type=Path, metavar="FILE.edgesite")
    inward.add_argument("site", type=Path, metavar="SITE")
    inward.add_argument("--key", type=Path, metavar="FILE", help="the private half: opens the secrets")
    return command


def add_provision(commands: "Commands") -> argparse.ArgumentParser:
    """The command `provision`."""
    command = commands.add_parser(
        "provision",
        help="settings of many boxes from a template and a table, a row each; with labels",
        epilog="Exit: 0 done, 65 the table does not fit, 73 not written, 78 a row's settings have faults.",
    )
    command.add_argument(
        "template", type=Path, metavar="TEMPLATE", help="a site's folder whose texts say @column@"
    )
    command.add_argument("table", type=Path, metavar="CSV", help="UTF-8, a column for each @name@; `unit` is one")
    command.add_argument("out", type=Path, metavar="OUT")
    return command
