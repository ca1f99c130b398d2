"""The pages' command line: `python -m web_ui SITE`."""

import argparse
import logging
import os
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from threading import Event, Thread

from msgspec import structs

from edge_agent.ops import log_lines
from web_ui import app, calculations, enrol, lanes, look
from web_ui import site as sites
from web_ui.bridge import Bridge
from web_ui.door import CannotListenError, Door
from web_ui.parts import Parts
from web_ui.records import Records
from web_ui.serve import Doors, Trust, serve
from web_ui.tls.keeper import Keeper
from web_ui.viewers import Bounds

EX_UNAVAILABLE = 69  # sysexits.h: the port cannot be had now
EX_CANTCREAT = 73  # sysexits.h: the own folder cannot be written
EX_CONFIG = 78  # sysexits.h: what was asked for can never work


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or Ctrl-C; the exit status is 0, 69 (port), 73 (folder) or 78 (settings)."""
    log_lines.begin(logging.WARNING, "web_ui: %(levelname)s %(name)s: %(message)s")
    wish = _arguments(arguments)
    folder = Path(wish.site)
    try:
        site = _with_ports(sites.read(folder), wish.port, wish.enrol_port)
        with ExitStack() as ends:
            _run(folder, site, ends)
    except sites.NotASite as fault:
        return _refuse(EX_CONFIG, str(fault))
    except CannotListenError as fault:
        return _refuse(EX_UNAVAILABLE, str(fault))
    except PermissionError as fault:
        return _refuse(EX_CANTCREAT, f"{fault.filename}: {fault.strerror}; give it to the user of this service")
    return 0


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m web_ui", description="The people's pages of one site.")
    parser.add_argument("site", help="the site's folder, as the agent is given it")
    parser.add_argument("--port", type=_port, help="instead of [board] port; 0 takes any free one")
    parser.add_argument("--enrol-port", type=_port, help="instead of [board] enrol_port; 0 takes any free one")
    return parser.parse_args(arguments)


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= 65535:  # noqa: PLR2004 - the last TCP port
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; give a whole number from 0 to 65535")
    return int(text)


def _with_ports(site: sites.Site, port: int | None, enrol_port: int | None) -> sites.Site:
    wished = {name: value for name, value in (("port", port), ("enrol_port", enrol_port)) if value is not None}
    return structs.replace(site, board=structs.replace(site.board, **wished))


def _run(folder: Path, site: sites.Site, ends: ExitStack) -> None:
    """Open what is needed, in the order in which it can fail, and serve."""
    board, where = site.board, sites.folders(folder, site)
    secure = ends.enter_context(Door.open(board.host, board.port, "port"))
    plain = ends.enter_context(Door.open(board.host, board.enrol_port, "enrol_port"))
    where.web.mkdir(mode=0o700, parents=True, exist_ok=True)
    keeper = Keeper(folder, site, where.web, time.time)
    trust = Trust(keeper.certificate)
    records = Records(where.web)
    ends.callback(records.close)
    parts = Parts(
        site=_with_ports(site, secure.getsockname()[1], plain.getsockname()[1]),
        folders=where,
        monotonic=time.monotonic,
        utc=time.time,
        closing=Event(),
        reachable=keeper.reachable,
        own_names=keeper.own_names,
        authority=keeper.authority,
        look=look.doctor(folder),
        calculate=calculations.agent(folder),
        bounds=Bounds(),
    )
    pages = app.create(parts, records)
    Thread(target=pages.viewers.watch, name="picture", daemon=True).start()
    _announce(parts)
    bridge = Bridge(pages.app, enrol.create(parts), lanes.lanes(parts.bounds.viewers))
    serve(bridge, Doors(secure=secure, plain=plain), trust, parts.closing)


def _announce(parts: Parts) -> None:
    board = parts.site.board
    host = "localhost" if board.host in {"0.0.0.0", "::"} else board.host  # noqa: S104 (recognised, not bound)
    host = f"[{host}]" if ":" in host else host
    print(f"pages: https://{host}:{board.port}/ trust: http://{host}:{board.enrol_port}/", flush=True)  # noqa: T201
    pem = parts.authority()
    if pem is not None:  # a box without a screen has no other place to be compared with
        print(f"certificate: {'  '.join(enrol.groups(pem))}", flush=True)  # noqa: T201


def _refuse(status: int, why: str) -> int:
    sys.stderr.write(f"web_ui: {why}{os.linesep}")
    return status


if __name__ == "__main__":
    sys.exit(main())
