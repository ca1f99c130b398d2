"""Commands that guard a site, or show how: init, run, down, check, doctor, demo, rules, loosen."""

import argparse
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from edge_agent.ops import new_site
from edge_agent.ops.commands.common import EX_CONFIG, EX_USAGE, ROOT, with_site
from edge_agent.settings.fault import BadSettings
from edge_agent.settings.load import load

if TYPE_CHECKING:
    from edge_agent.ops.commands.common import Commands

DEFAULT_BOOK = ROOT / "zones" / "rulebooks" / "gb30871-2022.toml"


def add(commands: "Commands") -> None:
    """The commands of this family."""
    beginning = commands.add_parser("init", help="write the first settings of a new box")
    new_site.arguments(beginning)
    beginning.set_defaults(command=_init)
    run = commands.add_parser("run", help="guard the site until told to stop")
    with_site(run).set_defaults(command=_run)
    down = commands.add_parser("down", help="say aloud that the box does not guard, until it is ended (systemd's)")
    with_site(down).set_defaults(command=_down)
    checking = commands.add_parser("check", help="report every fault of a site's settings")
    with_site(checking).set_defaults(command=_check)
    doctoring = commands.add_parser("doctor", help="what is wrong with the field, layer by layer, and the remedy")
    doctoring.add_argument("--lang", choices=("zh", "en", "both"), default="both")
    doctoring.add_argument("--json", action="store_true", help="the findings as JSON")
    with_site(doctoring).set_defaults(command=_doctor)
    demo = commands.add_parser("demo", help="play a whole job on this machine")
    demo.add_argument("--once", action="store_true", help="one job, judged; exit 0 only if all was seen")
    demo.add_argument("--scenario", metavar="NAME", help="one play of the demo plant, judged; ? lists them")
    demo.add_argument("--camera", help="an H.264 film to loop instead of the demo's own")
    with_site(demo).set_defaults(command=_demo)
    _add_books(commands)


def _add_books(commands: "Commands") -> None:
    rules = commands.add_parser("rules", help="every rule in words, with limits and sources")
    rules.add_argument("site", type=Path, metavar="SITE", nargs="?", help="the site whose rulebook is shown")
    rules.add_argument("--book", type=Path, metavar="FILE", default=DEFAULT_BOOK, help="a rulebook without a site")
    rules.add_argument("--lang", choices=("zh", "en", "both"), default="both")
    rules.set_defaults(command=_rules)
    loosening = commands.add_parser("loosen", help="sign for one looser limit, as a safety officer")
    loosening.add_argument("--key", required=True, help="as the rules page writes it: guard.lost_pause_s")
    loosening.add_argument("--value", required=True, type=float)
    loosening.add_argument("--reason", required=True)
    loosening.add_argument("--by", required=True, metavar="PERSON")
    loosening.add_argument("--begins", required=True, metavar="UTC", help="2026-12-01T06:00Z")
    loosening.add_argument("--until", required=True, metavar="UTC", help="30 days later at most")
    loosening.add_argument("--kid", required=True, help="the key's name in site.toml [[rulebook_keys]]")
    loosening.add_argument("--private-key", required=True, type=Path, metavar="PEM")
    with_site(loosening).set_defaults(command=_loosen)


def _init(args: argparse.Namespace) -> int:
    return new_site.made(args, ROOT)


def _run(args: argparse.Namespace) -> int:
    from edge_agent.ops.box.box import AGAIN  # noqa: PLC0415
    from edge_agent.ops.bundle_files import go_on  # noqa: PLC0415
    from edge_agent.ops.checking import sound  # noqa: PLC0415
    from edge_agent.ops.run import run  # noqa: PLC0415 (brings in every driver: only when guarding)

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


def _demo(args: argparse.Namespace) -> int:
    from edge_agent.ops.checking import sound  # noqa: PLC0415
    from edge_agent.ops.demo.main import main as demo  # noqa: PLC0415
    from edge_agent.ops.demo.plays import PLAYS  # noqa: PLC0415

    if args.scenario is not None and args.scenario not in PLAYS:
        sys.stderr.write(f"没有这个场景 no scenario {args.scenario!r}; 可选 choose one of: {', '.join(PLAYS)}\n")
        return EX_USAGE
    sound(args.site, ROOT)
    return demo(args.site, ROOT, once=args.once, camera=args.camera, scenario=args.scenario)


def _rules(args: argparse.Namespace) -> int:
    from edge_agent.ops.rules_page.page import page  # noqa: PLC0415
    from edge_agent.settings.one_book import one_book  # noqa: PLC0415

    book = one_book(args.book, ROOT) if args.site is None else load(args.site, ROOT).rulebook
    for line in page(book, args.lang):
        sys.stdout.write(line + "\n")
    return 0


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
