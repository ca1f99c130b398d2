"""Commands that keep a box for years: backup, restore, disk, diff, site, provision, support-bundle, update."""

import argparse
import sys
from typing import TYPE_CHECKING

from edge_agent.ops import keeping_arguments
from edge_agent.ops.backup import arguments as backup_arguments
from edge_agent.ops.commands.common import EX_USAGE, ROOT, with_site
from edge_agent.ops.update import arguments as update_arguments
from edge_agent.settings.load import load

if TYPE_CHECKING:
    from edge_agent.ops.commands.common import Commands


def add(commands: "Commands") -> None:
    """The commands of this family."""
    disk = commands.add_parser("disk", help="what lies on the disk by class, its quota, and what a day brings")
    disk.add_argument("--json", action="store_true", help="as JSON")
    with_site(disk).set_defaults(command=_disk)
    backup_arguments.add_backup(commands).set_defaults(command=_backup)
    backup_arguments.add_restore(commands).set_defaults(command=_restore)
    update_arguments.add(commands).set_defaults(command=_update)
    keeping_arguments.add_support(commands).set_defaults(command=_support)
    keeping_arguments.add_diff(commands).set_defaults(command=_diff)
    keeping_arguments.add_site(commands).set_defaults(command=_site)
    keeping_arguments.add_provision(commands).set_defaults(command=_provision)


def _support(args: argparse.Namespace) -> int:
    from edge_agent.ops.support import command  # noqa: PLC0415 (brings in every driver)

    return command.support(load(args.site, ROOT), args.into, ROOT)


def _diff(args: argparse.Namespace) -> int:
    from edge_agent.ops import settings_diff  # noqa: PLC0415

    return settings_diff.run(args.first, args.second, ROOT)


def _site(args: argparse.Namespace) -> int:
    from edge_agent.ops import site_file  # noqa: PLC0415

    if args.way == "export":
        return site_file.export(load(args.site, ROOT), args.into, args.secrets_for)
    return site_file.take(args.file, args.site, args.key, ROOT)


def _provision(args: argparse.Namespace) -> int:
    from edge_agent.ops import provision  # noqa: PLC0415

    return provision.provision(args.template, args.table, args.out, ROOT)


def _disk(args: argparse.Namespace) -> int:
    from edge_agent.clock import boot_id  # noqa: PLC0415
    from edge_agent.ops import disk_use  # noqa: PLC0415

    return disk_use.run(load(args.site, ROOT), boot_id(), as_json=args.json)


def _backup(args: argparse.Namespace) -> int:
    from edge_agent.ops.backup import command  # noqa: PLC0415

    if args.new_key is not None:
        return command.new_key(args.new_key)
    if args.site is None:
        sys.stderr.write("请给出站点文件夹 / name the site's folder\n")
        return EX_USAGE
    return command.backup(load(args.site, ROOT), args)


def _restore(args: argparse.Namespace) -> int:
    from edge_agent.ops.backup import restore  # noqa: PLC0415

    return restore.restore(args, ROOT)


def _update(args: argparse.Namespace) -> int:
    from edge_agent.ops.update import command  # noqa: PLC0415

    return command.run(args, ROOT)
