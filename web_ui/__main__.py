"""The board's command line: `python -m web_ui --runtime DIR --state DIR --host 127.0.0.1 --port N`."""

import argparse
import errno
import ipaddress
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Event

import waitress  # type: ignore[import-untyped]
from waitress import wasyncore

from web_ui.app import Parts, create_app
from web_ui.viewers import HIGH_WATER_BYTES, SPARE_THREADS, Bounds

EX_UNAVAILABLE = 69  # sysexits.h: the port cannot be had now
EX_CONFIG = 78  # sysexits.h: what was asked for can never work

# Connections beyond this wait in the kernel's queue: the open streams, and a few for each page.
MOST_CONNECTIONS = 100
# A viewer that takes no byte for this long is cut off by the kernel (tcp(7)), whatever waitress waits for.
SILENT_VIEWER_MS = 20_000
LOOK_FOR_STOP_S = 0.25  # how long an idle server may take to notice that it should stop


class CannotListenError(Exception):
    """The address cannot be had; the message says why and how to mend it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or Ctrl-C; the exit status is 0, 69 (port) or 78 (arguments)."""
    wish = _arguments(arguments)
    if not _loopback(wish.host):
        return _refuse(
            EX_CONFIG,
            f"--host {wish.host}: not a loopback address. The board has no login yet and shows who works where, "
            "so it listens on this machine only. Use --host 127.0.0.1 and reach it through an SSH tunnel: "
            f"ssh -L {wish.port}:127.0.0.1:{wish.port} <this machine>",
        )
    try:
        listening = _listen(wish.host, wish.port)
    except CannotListenError as fault:
        return _refuse(EX_UNAVAILABLE, str(fault))
    with listening:
        _serve(listening, Path(wish.runtime))
    return 0


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m web_ui", description="The read-only board of the agent.")
    parser.add_argument(
        "--runtime", required=True, help="the agent's runtime folder (live.json and stills are read)"
    )
    parser.add_argument("--state", required=True, help="the agent's state folder (the board does not open it yet)")
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=8080, help="0 takes any free one (default: %(default)s)")
    return parser.parse_args(arguments)


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= 65535:  # noqa: PLR2004 - the last TCP port
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; give a whole number from 0 to 65535")
    return int(text)


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _listen(host: str, port: int) -> socket.socket:
    """A bound socket. CannotListenError when the port is taken, forbidden or not of this machine."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Linux hands this on to every connection that is accepted.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SILENT_VIEWER_MS)
        listening.bind((host, port))
        listening.listen()  # now, not later: a second board that also bound would fail only here
    except OSError as fault:
        listening.close()
        raise CannotListenError(_why_not(host, port, fault)) from fault
    return listening


def _why_not(host: str, port: int, fault: OSError) -> str:
    where = f"the board cannot listen on {host} port {port}"
    match fault.errno:
        case errno.EADDRINUSE:
            return (
                f"{where}: the port is taken by another program. Choose another with --port (in site.toml: "
                f"[board] port), or stop the other; this shows it: ss -ltnp 'sport = :{port}'"
            )
        case errno.EACCES:
            return f"{where}: ports below 1024 need root. Choose a higher one with --port."
        case _:
            return f"{where}: {fault.strerror}. Choose another address with --host."


def _serve(listening: socket.socket, runtime: Path) -> None:
    """Print the address and serve until told to stop; open streams end first."""
    logging.basicConfig(level=logging.WARNING, format="web_ui: %(levelname)s %(name)s: %(message)s")
    closing, bounds = Event(), Bounds()
    app = create_app(
        Parts(runtime=runtime, monotonic=time.monotonic, utc=time.time, closing=closing, bounds=bounds),
    )
    sockets: dict[int, object] = {}
    server = waitress.create_server(
        app,
        map=sockets,
        sockets=[listening],
        threads=bounds.viewers + SPARE_THREADS,
        connection_limit=MOST_CONNECTIONS,
        outbuf_high_watermark=HIGH_WATER_BYTES,
        channel_request_lookahead=1,  # waitress notices a viewer who leaves while the stream is open
        log_socket_errors=False,  # a phone that leaves is no error
        ident=None,
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: closing.set())
    host, port = listening.getsockname()[:2]
    print(f"board: http://{f'[{host}]' if ':' in host else host}:{port}/", flush=True)  # noqa: T201
    # Not server.run(): that ends by an exception out of the signal handler, which may strike while this
    # thread has just taken a stream's lock, and then that stream's thread never ends.
    while not closing.is_set():
        wasyncore.loop(timeout=LOOK_FOR_STOP_S, use_poll=True, map=sockets, count=1)
    server.task_dispatcher.shutdown()
    wasyncore.close_all(sockets)


def _refuse(status: int, why: str) -> int:
    sys.stderr.write(f"web_ui: {why}{os.linesep}")
    return status


if __name__ == "__main__":
    sys.exit(main())
