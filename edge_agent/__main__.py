"""The command line: what was typed goes to its command; what people have to read of a failure is said here."""

import argparse
import logging
import sys

from edge_agent.domain.words import WordsError
from edge_agent.ops import log_lines
from edge_agent.ops.commands import asking, field, guarding, keeping, records
from edge_agent.ops.commands.common import EX_CONFIG, EX_USAGE, told
from edge_agent.settings.fault import BadSettings

INTERRUPTED = 130  # what a shell says of Ctrl-C


def main(argv: list[str] | None = None) -> int:
    """Run one command; the exit code is sysexits' (0 fine, 64 asked wrongly, 78 bad settings)."""
    args = _parser().parse_args(argv)
    log_lines.begin(logging.INFO, "%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        return int(args.command(args))
    except BadSettings as bad:
        for fault in bad.faults:
            sys.stderr.write(f"{fault}\n")
        return EX_CONFIG
    except WordsError as wrong:
        told(wrong.words)
        return EX_USAGE
    except BrokenPipeError:  # the reader of our output has gone
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="edge-agent", description="The box that stops dangerous work in time.")
    commands = parser.add_subparsers(title="commands", required=True)
    for family in (guarding, field, asking, records, keeping):
        family.add(commands)
    return parser

    beginning = commands.add_parser("init", help="write the first settings of a new box")
    new_site.arguments(beginning)
    beginning.set_defaults(command=_init)
    run = commands.add_parser("run", help="guard the site until told to stop")
    run.set_defaults(command=_run)
    down = commands.add_parser("down", help="say aloud that the box does not guard, until it is ended (systemd's)")
    down.set_defaults(command=_down)
    checking = commands.add_parser("check", help="report every fault of a site's settings")
    checking.set_defaults(command=_check)
    doctoring = commands.add_parser("doctor", help="what is wrong with the field, layer by layer, and the remedy")
    doctoring.set_defaults(command=_doctor)
    doctoring.add_argument("--lang", choices=("zh", "en", "both"), default="both")
    doctoring.add_argument("--json", action="store_true", help="the findings as JSON")
    rules = commands.add_parser("rules", help="every rule in words, with limits and sources")
    rules.set_defaults(command=_rules)
    replaying = commands.add_parser("replay", help="decide again on recorded inputs; prints events as JSON lines")
    replaying.set_defaults(command=_replay)
    demo = commands.add_parser("demo", help="play a whole job on this machine")
    demo.set_defaults(command=_demo)
    shadowed = commands.add_parser("shadow-report", help="what the box would have done in shadow mode")
    shadowed.set_defaults(command=_shadow_report)
    patrolled = _patrol_parser(commands)
    loosening = _loosen_parser(commands)
    asking = request_arguments.add(commands)
    asking.set_defaults(command=_request)
    probe_arguments.add(commands).set_defaults(command=_probe)
    model_arguments.add(commands, ROOT).set_defaults(command=_model)
    camera_arguments.add(commands).set_defaults(command=_camera)
    recording_arguments.add(commands).set_defaults(command=_recording)
    verifying = commands.add_parser(
        "verify", help="check a site's records against themselves and against checkpoints"
    )
    verifying.set_defaults(command=_verify)
    verifying.add_argument(
        "--checkpoint", action="append", default=[], metavar="FILE", help="messages of up/audit"
    )
    verifying.add_argument("--key", metavar="PUBLIC", help="the unit's public key, as it was noted")
    consume_arguments.add(commands).set_defaults(command=_consume)
    for add, done_by in (
        (sign_arguments.add, _sign),
        (export_arguments.add, _export),
        (incident_arguments.add_incident, _incident),
        (incident_arguments.add_what_if, _what_if),
        (office_arguments.add_day, _day),
        (office_arguments.add_about, _about),
        (office_arguments.add_review, _review),
        (keeping_arguments.add_support, keeping.support),
        (keeping_arguments.add_diff, keeping.diff),
        (keeping_arguments.add_site, keeping.site),
        (keeping_arguments.add_provision, keeping.provision),
        (backup_arguments.add_backup, keeping.backup),
        (backup_arguments.add_restore, keeping.restore),
        (update_arguments.add, _update),
        (commission_arguments.add, _commission),
    ):
        add(commands).set_defaults(command=done_by)
    disk = commands.add_parser("disk", help="what lies on the disk by class, its quota, and what a day brings")
    disk.add_argument("--json", action="store_true", help="as JSON")
    disk.set_defaults(command=keeping.disk)
    for command in (
        disk,
        run,
        down,
        checking,
        doctoring,
        replaying,
        demo,
        shadowed,
        patrolled,
        loosening,
        verifying,
    ):
        command.add_argument("site", type=Path, metavar="SITE", help="the site's folder (site.toml and the rest)")
    rules.add_argument("site", type=Path, metavar="SITE", nargs="?", help="the site whose rulebook is shown")
    rules.add_argument("--book", type=Path, metavar="FILE", default=DEFAULT_BOOK, help="a rulebook without a site")
    rules.add_argument("--lang", choices=("zh", "en", "both"), default="both")
    replaying.add_argument("inputs", type=Path, metavar="INPUTS.jsonl", help="a journal segment or a scenario")
    demo.add_argument("--once", action="store_true", help="one job, judged; exit 0 only if all was seen")
    demo.add_argument("--scenario", metavar="NAME", help="one play of the demo plant, judged; ? lists them")
    demo.add_argument("--camera", help="an H.264 film to loop instead of the demo's own")
    return parser


def _loosen_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    loosening = commands.add_parser("loosen", help="sign for one looser limit, as a safety officer")
    loosening.set_defaults(command=_loosen)
    loosening.add_argument("--key", required=True, help="as the rules page writes it: guard.lost_pause_s")
    loosening.add_argument("--value", required=True, type=float)
    loosening.add_argument("--reason", required=True)
    loosening.add_argument("--by", required=True, metavar="PERSON")
    loosening.add_argument("--begins", required=True, metavar="UTC", help="2026-12-01T06:00Z")
    loosening.add_argument("--until", required=True, metavar="UTC", help="30 days later at most")
    loosening.add_argument("--kid", required=True, help="the key's name in site.toml [[rulebook_keys]]")
    loosening.add_argument("--private-key", required=True, type=Path, metavar="PEM")
    return loosening


def _patrol_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    parser = commands.add_parser("patrol", help="a guard's patrol record: check-ins, and where he was")
    parser.set_defaults(command=_patrol)
    parser.add_argument("--permit", required=True, metavar="PERMIT")
    return parser


def _camera(args: argparse.Namespace) -> int:
    if args.camera_command == "find":
        from edge_agent.ops.camera_find import as_json, found  # noqa: PLC0415

        return (as_json if args.json else found)(args.user, args.seconds)
    from edge_agent.ops.camera import accepted, probed, probed_as_json  # noqa: PLC0415 (brings in the decoder)

    if args.camera_command == "walk":
        from edge_agent.clock import SystemClock  # noqa: PLC0415
        from edge_agent.ops.camera_walk import walked  # noqa: PLC0415

        site = load(args.site, ROOT)
        clock = SystemClock(declared=site.site.clock.source == "declared")
        return walked(site, ROOT, args.camera, by=args.by, seconds=args.seconds, clock=clock)
    if args.camera_command == "accept":
        return accepted(load(args.site, ROOT), args.camera)
    return (probed_as_json if args.json else probed)(args.url, args.seconds)


def _probe(args: argparse.Namespace) -> int:
    from edge_agent.ops.probe import command  # noqa: PLC0415 (brings in the drivers of the field)

    try:
        return command.run(args, ROOT)
    except WordsError as wrong:
        _told(wrong.words)
        return EX_USAGE


def _init(args: argparse.Namespace) -> int:
    try:
        return new_site.made(args, ROOT)
    except WordsError as wrong:
        _told(wrong.words)
        return EX_USAGE


def _run(args: argparse.Namespace) -> int:
    from edge_agent.ops.bundle_files import go_on  # noqa: PLC0415
    from edge_agent.ops.checking import sound  # noqa: PLC0415
    from edge_agent.ops.run import AGAIN, run  # noqa: PLC0415 (brings in every driver: only when guarding)

    go_on(args.site)
    code = run(sound(args.site, ROOT), ROOT)
    if code == AGAIN:  # a process that remembers nothing, under the same number: its manager notices no end
        os.execv(sys.executable, [sys.executable, "-m", "edge_agent", *sys.argv[1:]])  # noqa: S606 (ourselves)
    return code


def _down(args: argparse.Namespace) -> int:
    from edge_agent.ops.down import say_it  # noqa: PLC0415

    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    return say_it(args.site, ROOT, ended)


def _check(args: argparse.Namespace) -> int:
    from edge_agent.ops.checking import faults, notes, overdue  # noqa: PLC0415

    found = faults(args.site, ROOT) or overdue(args.site, ROOT, time.time())
    for fault in found:
        sys.stdout.write(f"{fault}\n")
    if found:
        sys.stdout.write(f"{len(found)} 处错误 fault(s)\n")
        return EX_CONFIG
    for note in notes(args.site, ROOT):
        sys.stdout.write(f"{note.zh}\n  {note.en}\n")
    sys.stdout.write("设置无误 the settings are good\n")
    return 0


def _doctor(args: argparse.Namespace) -> int:
    from edge_agent.ops.doctor.command import run  # noqa: PLC0415 (brings in every driver)

    return run(args.site, ROOT, lang=args.lang, as_json=args.json)


def _rules(args: argparse.Namespace) -> int:
    from edge_agent.ops.rules_page.page import page  # noqa: PLC0415
    from edge_agent.settings.one_book import one_book  # noqa: PLC0415

    book = one_book(args.book, ROOT) if args.site is None else load(args.site, ROOT).rulebook
    for line in page(book, args.lang):
        sys.stdout.write(line + "\n")
    return 0


def _patrol(args: argparse.Namespace) -> int:
    from edge_agent.ops import patrol  # noqa: PLC0415
    from edge_agent.store.errors import StoreError  # noqa: PLC0415

    try:
        for line in patrol.record(load(args.site, ROOT), args.permit):
            sys.stdout.write(line + "\n")
    except StoreError as fault:
        sys.stderr.write(f"{fault}\n")
        return EX_UNAVAILABLE
    return 0


def _shadow_report(args: argparse.Namespace) -> int:
    from edge_agent.ops import shadow_report  # noqa: PLC0415
    from edge_agent.store.errors import StoreError  # noqa: PLC0415

    settings = load(args.site, ROOT)
    try:
        events = shadow_report.kept(settings)
    except StoreError as fault:
        sys.stderr.write(f"{fault}\n")
        return EX_UNAVAILABLE
    for line in shadow_report.page(events, settings.local_time):
        sys.stdout.write(line + "\n")
    return 0


def _verify(args: argparse.Namespace) -> int:
    from edge_agent.ops.audit import verify  # noqa: PLC0415
    from edge_agent.ops.folders import DATABASE  # noqa: PLC0415

    records = load(args.site, ROOT).state_folder / DATABASE
    given = [part for file in args.checkpoint for part in ("--checkpoint", file)]
    return verify.main([str(records), *given, *(("--key", args.key) if args.key else ())])


def _export(args: argparse.Namespace) -> int:
    from edge_agent.clock import SystemClock  # noqa: PLC0415
    from edge_agent.ops.export.command import export, scope_of  # noqa: PLC0415

    settings = load(args.site, ROOT)
    scope = scope_of(settings, args)
    clock = SystemClock(declared=settings.site.clock.source == "declared")
    return export(settings, scope, args.into, clock.instant(), raw=args.raw, root=ROOT)


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


def _about(args: argparse.Namespace) -> int:
    from edge_agent.ops import about  # noqa: PLC0415

    return about.run(load(args.site, ROOT), args.person)


def _commission(args: argparse.Namespace) -> int:
    from edge_agent.clock import SystemClock  # noqa: PLC0415
    from edge_agent.ops.commission import command  # noqa: PLC0415
    from edge_agent.store.errors import StoreError  # noqa: PLC0415

    settings = load(args.site, ROOT)
    try:
        return command.run(settings, args, SystemClock(declared=settings.site.clock.source == "declared"))
    except WordsError as wrong:
        _told(wrong.words)
        return EX_USAGE
    except StoreError as fault:
        _told(fault.words)
        return EX_UNAVAILABLE


def _review(args: argparse.Namespace) -> int:
    from edge_agent.ops.review import command  # noqa: PLC0415

    return command.run(load(args.site, ROOT), args.kind, args.days, args.form, time.time())


def _consume(args: argparse.Namespace) -> int:
    from edge_agent.ops.consume import consumer  # noqa: PLC0415

    return consumer.run(args)


def _update(args: argparse.Namespace) -> int:
    from edge_agent.ops.update import command  # noqa: PLC0415

    return command.run(args, ROOT)


def _sign(args: argparse.Namespace) -> int:
    from edge_agent.ops import sign  # noqa: PLC0415

    return sign.run(args, time.time())


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


def _demo(args: argparse.Namespace) -> int:
    from edge_agent.ops.checking import sound  # noqa: PLC0415
    from edge_agent.ops.demo.main import main as demo  # noqa: PLC0415
    from edge_agent.ops.demo.plays import PLAYS  # noqa: PLC0415

    if args.scenario is not None and args.scenario not in PLAYS:
        sys.stderr.write(f"没有这个场景 no scenario {args.scenario!r}; 可选 choose one of: {', '.join(PLAYS)}\n")
        return EX_USAGE
    sound(args.site, ROOT)
    return demo(args.site, ROOT, once=args.once, camera=args.camera, scenario=args.scenario)


def _model(args: argparse.Namespace) -> int:
    from edge_agent.ops.model import command  # noqa: PLC0415 (brings in opencv and the runtime)

    return command.run(args)


def _loosen(args: argparse.Namespace) -> int:
    from edge_agent.ops.loosen import BadKey, row  # noqa: PLC0415

    site = load(args.site, ROOT)
    try:
        sys.stdout.write(row(site, args))
    except (BadKey, BadSettings) as wrong:
        sys.stderr.write(f"{wrong}\n")
        return EX_USAGE
    sys.stderr.write(f"{site.rulebook.name}.toml：请把此行加到文件末尾 / add this row at the end of the file\n")
    return 0


def _request(args: argparse.Namespace) -> int:
    from edge_agent.ops.request import listed, request  # noqa: PLC0415

    settings = load(args.site, ROOT)
    found = listed(settings, args)
    if found:
        sys.stdout.writelines(f"{line}\n" for line in found)
        return 0
    try:
        answer = request(settings, args, time.time(), _told)
    except WordsError as wrong:
        _told(wrong.words)
        return EX_USAGE
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return 0 if answer["accepted"] else EX_UNAVAILABLE


def _recording(args: argparse.Namespace) -> int:
    from edge_agent.ops.recordings import command  # noqa: PLC0415 (brings in the decoder and the models' runtime)
    from edge_agent.ops.request import filed  # noqa: PLC0415
    from edge_agent.store.errors import StoreError  # noqa: PLC0415

    settings = load(args.site, ROOT)
    try:
        return command.run(settings, args, ROOT, lambda line: filed(settings, line))
    except WordsError as wrong:
        _told(wrong.words)
        return EX_USAGE
    except (StoreError, OSError) as fault:
        sys.stderr.write(f"{fault}\n")
        return EX_UNAVAILABLE


def _told(words: Words) -> None:
    sys.stderr.write(f"{words.zh} / {words.en}\n")


if __name__ == "__main__":
    sys.exit(main())
