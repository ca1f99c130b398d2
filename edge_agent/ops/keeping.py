"""Commands that keep a box for years, each brought in when called: backup, disk, settings, help from afar."""

import argparse
import sys
from pathlib import Path

from edge_agent.settings.load import load

EX_USAGE = 64  # sysexits.h
ROOT = Path(__file__).resolve().parents[2]  # holds firmware_configs/, zones/, models/


def support(args: argparse.Namespace) -> int:
    """What is known of the box, for whoever helps."""
    from edge_agent.ops.support import command  # noqa: PLC0415 (brings in every driver)

    return command.support(load(args.site, ROOT), args.into, ROOT)


def diff(args: argparse.Namespace) -> int:
    """What is another in two sites' settings."""
    from edge_agent.ops import settings_diff  # noqa: PLC0415

    return settings_diff.run(args.first, args.second, ROOT)


def site(args: argparse.Namespace) -> int:
    """The settings as one file."""
    from edge_agent.ops import site_file  # noqa: PLC0415

    if args.way == "export":
        return site_file.export(load(args.site, ROOT), args.into, args.secrets_for)
    return site_file.take(args.file, args.site, args.key, ROOT)


def provision(args: argparse.Namespace) -> int:
    """The settings of many boxes."""
    from edge_agent.ops import provision  # noqa: PLC0415

    return provision.provision(args.template, args.table, args.out, ROOT)


def disk(args: argparse.Namespace) -> int:
    """What lies on the disk."""
    from edge_agent.clock import boot_id  # noqa: PLC0415
    from edge_agent.ops import disk_use  # noqa: PLC0415

    return disk_use.run(load(args.site, ROOT), boot_id(), as_json=args.json)


def backup(args: argparse.Namespace) -> int:
    """Settings and records, sealed, off the box."""
    from edge_agent.ops.backup import command  # noqa: PLC0415

    if args.new_key is not None:
        return command.new_key(args.new_key)
    if args.site is None:
        sys.stderr.write("请给出站点文件夹 / name the site's folder\n")
        return EX_USAGE
    return command.backup(load(args.site, ROOT), args)


def restore(args: argparse.Namespace) -> int:
    """A spare becomes the unit."""
    from edge_agent.ops.backup import restore  # noqa: PLC0415

    return restore.restore(args, ROOT)
