"""Runs the pages: TLS, the event loop, the clean end. Why Hypercorn: docs/decisions/0007."""

import asyncio
import contextlib
import logging
import signal
import ssl
from collections.abc import Callable
from threading import Event

from hypercorn.app_wrappers import ASGIWrapper
from hypercorn.asyncio.run import worker_serve
from hypercorn.config import Config, Sockets
from msgspec import Struct

from web_ui.bridge import Bridge
from web_ui.door import Door
from web_ui.tls.authority import Pair

HANDSHAKE_S = 5.0  # for a handshake, and then for a whole header
IDLE_S = 15.0
GRACE_S = 0.5  # for open streams to say bye
END_S = 0.5  # for connections that are cut to be gone
RENEW_EVERY_S = 600.0  # how often names and certificate are looked at again
HEADERS_BYTES = 16 * 1024

log = logging.getLogger(__name__)


class Doors(Struct, frozen=True, kw_only=True):
    """Where it listens: https, and http for enrolment alone."""

    secure: Door
    plain: Door


class Trust:
    """The TLS context, and the certificate in it, renewed while it runs."""

    def __init__(self, certificate: Callable[[], Pair]) -> None:
        """`certificate` gives the one for now, made anew when names changed or its end is near."""
        self._certificate = certificate
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        # HTTP/1.1 alone: a phone that gives up a request opens a new connection for the next attempt. Over
        # HTTP/2 it would try again on the same one, which may be the one that the Wi-Fi has lost.
        self.context.set_alpn_protocols(["http/1.1"])
        self.renew()

    def renew(self) -> None:
        """Take the certificate for now; connections that are open keep theirs."""
        pair = self._certificate()
        self.context.load_cert_chain(pair.cert, pair.key)


class _Settings(Config):
    """Hypercorn's settings, with our own TLS context."""

    def __init__(self, trust: Trust) -> None:
        super().__init__()
        self._trust = trust
        self.ssl_handshake_timeout = HANDSHAKE_S
        self.keep_alive_timeout = IDLE_S
        self.graceful_timeout = END_S
        self.h11_max_incomplete_size = HEADERS_BYTES
        self.h2_max_concurrent_streams = 4  # whoever insists on HTTP/2 gets little of it
        self.include_server_header = False
        self.errorlog = logging.getLogger("hypercorn")

    @property
    def ssl_enabled(self) -> bool:
        return True

    def create_ssl_context(self) -> ssl.SSLContext:
        return self._trust.context


def serve(bridge: Bridge, doors: Doors, trust: Trust, closing: Event) -> None:
    """Until SIGTERM or Ctrl-C, or until `closing`; then everything open ends within two seconds."""
    with asyncio.Runner() as runner:
        runner.get_loop().set_exception_handler(_unheard)
        runner.run(_serve(bridge, doors, trust, closing))


async def _serve(bridge: Bridge, doors: Doors, trust: Trust, closing: Event) -> None:
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    # The loop calls these between two events: nothing is ever torn out of the middle of its work.
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    renewing = asyncio.ensure_future(_renew(trust))

    async def until_ended() -> None:
        await ended.wait()
        closing.set()
        await asyncio.sleep(GRACE_S)
        doors.secure.end_all()
        doors.plain.end_all()

    try:
        sockets = Sockets([doors.secure], [doors.plain], [])
        await worker_serve(ASGIWrapper(bridge), _Settings(trust), sockets=sockets, shutdown_trigger=until_ended)
    finally:
        renewing.cancel()


async def _renew(trust: Trust) -> None:
    """Names, addresses and dates change while the box runs."""
    while True:
        await asyncio.sleep(RENEW_EVERY_S)
        try:
            await asyncio.to_thread(trust.renew)
        except (OSError, ValueError, ssl.SSLError):
            log.exception("the certificate could not be renewed: the one in use stays")


def _unheard(loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    """Whoever breaks off a handshake or a connection is no news for the log."""
    with contextlib.suppress(KeyError):
        if isinstance(context["exception"], OSError):  # ssl.SSLError is one
            return
    loop.default_exception_handler(context)
