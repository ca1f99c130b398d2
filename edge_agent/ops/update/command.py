"""`edge-agent update SITE BUNDLE`: takes another version, as root, and waits for its verdict."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import msgspec

from edge_agent.domain.centre_update import UpdateOrder
from edge_agent.domain.words import Words
from edge_agent.ops.folders import ORDER, UPDATES
from edge_agent.ops.release.manifest import BadRelease
from edge_agent.ops.update.services import Systemd
from edge_agent.ops.update.taking import Rules, known_keys
from edge_agent.ops.update.updater import FINAL, Busy, Updater, keep, kept, nobody_at_work, standing, told_of
from edge_agent.ops.update.versions import BUILT_IN, Versions
from edge_agent.settings.load import load
from edge_agent.settings.site import Settings

EX_DATAERR, EX_UNAVAILABLE, EX_IOERR, EX_TEMPFAIL, EX_NOPERM = 65, 69, 74, 75, 77  # sysexits.h
SETTLE = "/usr/bin/edge-agent-settle restart"
UNIT = "EDGE_AGENT_UPDATE"  # in the environment of one that the service manager looks after
SYSTEM = "system.sha256"  # in the package's own folder


def run(args: argparse.Namespace, root: Path) -> int:
    """Update, or without a bundle say how things stand."""
    if args.may:
        return _may(load(args.site, root))
    if args.ordered:
        return _ordered(args, load(args.site, root))
    if args.bundle is None:
        sys.stdout.writelines(f"{line}\n" for line in standing(Versions()))
        return 0
    if os.geteuid() != 0:
        return _said(Words("需要 root 权限，请用 sudo", "this needs root: use sudo"), EX_NOPERM)
    if not Path("/run/systemd/system").is_dir():
        return _said(Words("此命令需要 systemd 管理的主机", "this needs a box that systemd runs"), EX_UNAVAILABLE)
    return _updated(args, load(args.site, root), args.bundle, None) if UNIT in os.environ else _as_a_unit(args)


def _may(settings: Settings) -> int:
    try:
        nobody_at_work(settings)
        Updater(settings, Versions(), Systemd()).nothing_falls()
    except Busy as fault:
        return _said(fault.words, EX_TEMPFAIL)
    return 0


def _ordered(args: argparse.Namespace, settings: Settings) -> int:
    """What lies in the agent's state folder as the centre's order: it says which and when, and no more."""
    folder = settings.state_folder / UPDATES
    try:
        order = msgspec.json.decode((folder / ORDER).read_bytes(), type=UpdateOrder)
    except (OSError, msgspec.DecodeError) as fault:
        return _said(Words(f"没有可用的更新指令：{fault}", f"no order that can be read: {fault}"), EX_DATAERR)
    told = kept(Versions())
    if told is not None and told.sha256 == order.sha256 and told.state in FINAL:
        return 0  # the agent has not put it away yet
    return _updated(args, settings, folder / f"{order.sha256}.tar", order)


def _updated(args: argparse.Namespace, settings: Settings, bundle: Path, order: UpdateOrder | None) -> int:
    versions = Versions()
    updater = Updater(settings, versions, Systemd(), limit_s=args.limit)
    updater.order, updater.interlocks_off = order, args.interlocks_off
    updater.said = lambda words: print(f"{words.zh}\n  {words.en}", flush=True)  # noqa: T201 (while it goes on)
    try:
        rules = Rules(keys=known_keys(versions), machine=os.uname().machine, system=_system(BUILT_IN))
        told = updater.update(bundle, rules)
    except BadRelease as fault:
        if order is not None:
            keep(versions, told_of(order.release, "refused", fault.words, order))
        return _said(fault.words, EX_DATAERR)
    except Busy as fault:
        return _said(fault.words, EX_TEMPFAIL)
    except OSError as fault:
        return _said(Words(f"更新失败：{fault}", f"the update failed: {fault}"), EX_IOERR)
    return {"passed": 0, "refused": EX_DATAERR}.get(told.state, EX_UNAVAILABLE)


def _as_a_unit(args: argparse.Namespace) -> int:
    """The same under the service manager: whatever kills it, a version that has not passed is gone back from."""
    command = ["systemd-run", "--wait", "--pipe", "--collect", "--quiet", "--unit=edge-agent-update-by-hand"]
    within = [
        f"--setenv={UNIT}=1",
        f"--property=ExecStopPost={SETTLE}",
        "/usr/bin/edge-agent",
        "update",
        f"--limit={args.limit}",
    ]
    within += ["--interlocks-off"] if args.interlocks_off else []
    paths = [str(args.site.resolve()), str(args.bundle.resolve())]
    return subprocess.run([*command, *within, *paths], check=False).returncode  # noqa: S603 (our own words)


def _system(built_in: Path) -> str:
    path = built_in / SYSTEM
    return path.read_text("ascii").strip() if path.exists() else ""


def _said(words: Words, code: int) -> int:
    sys.stderr.write(f"{words.zh}\n{words.en}\n")
    return code
