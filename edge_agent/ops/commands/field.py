"""Commands about what stands in the field: probe, camera, commission, model."""

import argparse
from typing import TYPE_CHECKING

from edge_agent.ops import camera_arguments
from edge_agent.ops.commands.common import ROOT, clock_of, of_records
from edge_agent.ops.commission import arguments as commission_arguments
from edge_agent.ops.model import arguments as model_arguments
from edge_agent.ops.probe import arguments as probe_arguments
from edge_agent.settings.load import load

if TYPE_CHECKING:
    from edge_agent.ops.commands.common import Commands


def add(commands: "Commands") -> None:
    """The commands of this family."""
    probe_arguments.add(commands).set_defaults(command=_probe)
    camera_arguments.add(commands).set_defaults(command=_camera)
    commission_arguments.add(commands).set_defaults(command=_commission)
    model_arguments.add(commands, ROOT).set_defaults(command=_model)


def _probe(args: argparse.Namespace) -> int:
    from edge_agent.ops.probe import command  # noqa: PLC0415 (brings in the drivers of the field)

    return command.run(args, ROOT)


def _camera(args: argparse.Namespace) -> int:
    if args.camera_command == "find":
        from edge_agent.ops.camera_find import as_json, found  # noqa: PLC0415

        return (as_json if args.json else found)(args.user, args.seconds)
    if args.camera_command == "login":
        from edge_agent.ops.camera_login import as_json as tried_as_json  # noqa: PLC0415 (brings in the decoder)

        return tried_as_json(args.seconds)
    from edge_agent.ops.camera import accepted, probed, probed_as_json  # noqa: PLC0415 (brings in the decoder)

    if args.camera_command == "walk":
        from edge_agent.ops.camera_walk import walked  # noqa: PLC0415

        site = load(args.site, ROOT)
        return walked(site, ROOT, args.camera, by=args.by, seconds=args.seconds, clock=clock_of(site))
    if args.camera_command == "accept":
        return accepted(load(args.site, ROOT), args.camera)
    return (probed_as_json if args.json else probed)(args.url, args.seconds)


@of_records
def _commission(args: argparse.Namespace) -> int:
    from edge_agent.ops.commission import command  # noqa: PLC0415

    settings = load(args.site, ROOT)
    return command.run(settings, args, clock_of(settings))


def _model(args: argparse.Namespace) -> int:
    from edge_agent.ops.model import command  # noqa: PLC0415 (brings in opencv and the runtime)

    return command.run(args)
