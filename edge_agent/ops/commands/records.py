"""Commands that read what was recorded: verify, export, replay, incident, what-if, day, about, patrol and more."""

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from edge_agent.ops import office_arguments
from edge_agent.ops.commands.common import EX_UNAVAILABLE, EX_USAGE, ROOT, clock_of, of_records, with_site
from edge_agent.ops.export import arguments as export_arguments
from edge_agent.ops.incident import arguments as incident_arguments
from edge_agent.ops.recordings import arguments as recording_arguments
from edge_agent.settings.load import load

if TYPE_CHECKING:
    from edge_agent.ops.commands.common import Commands


def add(commands: "Commands") -> None:
    """The commands of this family."""
    verifying = commands.add_parser(
        "verify", help="check a site's records against themselves and against checkpoints"
    )
    verifying.add_argument(
        "--checkpoint", action="append", default=[], metavar="FILE", help="messages of up/audit"
    )
    verifying.add_argument("--key", metavar="PUBLIC", help="the unit's public key, as it was noted")
    with_site(verifying).set_defaults(command=_verify)
    export_arguments.add(commands).set_defaults(command=_export)
    replaying = commands.add_parser("replay", help="decide again on recorded inputs; prints events as JSON lines")
    with_site(replaying).set_defaults(command=_replay)
    replaying.add_argument("inputs", type=Path, metavar="INPUTS.jsonl", help="a journal segment or a scenario")
    incident_arguments.add_incident(commands).set_defaults(command=_incident)
    incident_arguments.add_what_if(commands).set_defaults(command=_what_if)
    office_arguments.add_day(commands).set_defaults(command=_day)
    office_arguments.add_about(commands).set_defaults(command=_about)
    office_arguments.add_review(commands).set_defaults(command=_review)
    patrolled = commands.add_parser("patrol", help="a guard's patrol record: check-ins, and where he was")
    patrolled.add_argument("--permit", required=True, metavar="PERMIT")
    with_site(patrolled).set_defaults(command=_patrol)
    shadowed = commands.add_parser("shadow-report", help="what the box would have done in shadow mode")
    with_site(shadowed).set_defaults(command=_shadow_report)
    recording_arguments.add(commands).set_defaults(command=_recording)


def _verify(args: argparse.Namespace) -> int:
    from edge_agent.ops.audit import verify  # noqa: PLC0415
    from edge_agent.ops.folders import DATABASE  # noqa: PLC0415

    records = load(args.site, ROOT).state_folder / DATABASE
    given = [part for file in args.checkpoint for part in ("--checkpoint", file)]
    return verify.main([str(records), *given, *(("--key", args.key) if args.key else ())])


def _export(args: argparse.Namespace) -> int:
    from edge_agent.ops.export.command import export, scope_of  # noqa: PLC0415

    settings = load(args.site, ROOT)
    scope = scope_of(settings, args)
    return export(settings, scope, args.into, clock_of(settings).instant(), raw=args.raw, root=ROOT)


def _replay(args: argparse.Namespace) -> int:
    from edge_agent.ops import replay  # noqa: PLC0415

    settings = load(args.site, ROOT)
    try:
        for event in replay.events_of(settings, args.inputs):
            sys.stdout.write(event + "\n")
    except (replay.BadInputs, OSError) as fault:
        sys.stderr.write(f"{args.inputs}: {fault}\n")
        return EX_USAGE
    return 0


def _incident(args: argparse.Namespace) -> int:
    from edge_agent.ops.incident import command  # noqa: PLC0415

    return command.incident(load(args.site, ROOT), args)


def _what_if(args: argparse.Namespace) -> int:
    from edge_agent.ops.incident import command  # noqa: PLC0415

    return command.what_if(load(args.site, ROOT), args)


def _day(args: argparse.Namespace) -> int:
    from edge_agent.ops.day import command  # noqa: PLC0415

    settings = load(args.site, ROOT)
    return command.run(settings, args.date or command.today(settings, time.time()), args.form)


def _review(args: argparse.Namespace) -> int:
    from edge_agent.ops.review import command  # noqa: PLC0415

    return command.run(load(args.site, ROOT), args.kind, args.days, args.form, time.time())


def _about(args: argparse.Namespace) -> int:
    from edge_agent.ops import about  # noqa: PLC0415

    return about.run(load(args.site, ROOT), args.person)


@of_records
def _patrol(args: argparse.Namespace) -> int:
    from edge_agent.ops import patrol  # noqa: PLC0415

    for line in patrol.record(load(args.site, ROOT), args.permit):
        sys.stdout.write(line + "\n")
    return 0


@of_records
def _shadow_report(args: argparse.Namespace) -> int:
    from edge_agent.ops import shadow_report  # noqa: PLC0415

    settings = load(args.site, ROOT)
    for line in shadow_report.page(shadow_report.kept(settings), settings.local_time):
        sys.stdout.write(line + "\n")
    return 0


@of_records
def _recording(args: argparse.Namespace) -> int:
    from edge_agent.ops.recordings import command  # noqa: PLC0415 (brings in the decoder and the models' runtime)
    from edge_agent.ops.request import filed  # noqa: PLC0415

    settings = load(args.site, ROOT)
    try:
        return command.run(settings, args, ROOT, lambda line: filed(settings, line))
    except OSError as fault:
        sys.stderr.write(f"{fault}\n")
        return EX_UNAVAILABLE
