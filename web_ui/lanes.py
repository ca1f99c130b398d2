"""Threads for requests, in lanes: however many viewers watch or people log in, a stop has threads of its own."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread

from msgspec import Struct

from web_ui.access import API

log = logging.getLogger(__name__)

STOP_THREADS = 4
DESK_THREADS = 6  # with STOP_THREADS fewer than the desk has seats (edge_agent/tell/desk.py MOST_VISITORS)
PAGE_THREADS = 6
WAITING_PER_THREAD = 16  # beyond this the answer is "busy" at once: a queue that nobody waits for helps nobody
STOP = f"{API}/stop"
STREAM = f"{API}/stream"
DESK = (f"{API}/session", f"{API}/requests", f"{API}/claim", f"{API}/box")  # these wait for the agent
TOKENS = f"{API}/tokens"  # so do these

WATCH_THREADS = 8  # each waits for the next picture of one viewer: they have threads of their own
WATCH = "/picture"
RAW = "/raw"  # a look without the mask is asked of the agent too


class Lane:
    """Some threads and a bounded queue before them. `run` belongs to the event loop's thread."""

    def __init__(self, name: str, threads: int) -> None:
        """Starts its threads; they end with the process."""
        self._most = threads * (1 + WAITING_PER_THREAD)
        self._taken = 0
        self._work: SimpleQueue[Callable[[], None]] = SimpleQueue()
        for number in range(threads):
            Thread(target=self._serve, name=f"{name} {number}", daemon=True).start()

    @property
    def full(self) -> bool:
        """Whether nobody may queue any more."""
        return self._taken >= self._most

    async def run(self, job: Callable[[], None]) -> None:
        """Until a thread of this lane has done the job."""
        loop = asyncio.get_running_loop()
        done = asyncio.Event()

        def work() -> None:
            try:
                job()
            finally:
                with contextlib.suppress(RuntimeError):  # the service ended meanwhile, and the loop with it
                    loop.call_soon_threadsafe(done.set)

        self._taken += 1
        try:
            self._work.put(work)
            await done.wait()
        finally:
            self._taken -= 1

    def _serve(self) -> None:
        while True:
            work = self._work.get()
            try:
                work()
            except Exception:  # a crash of one request must not cost the lane its thread
                log.exception("a request ended by a crash")


class Lanes(Struct, frozen=True, kw_only=True):
    """The lanes by what is asked."""

    stop: Lane
    stream: Lane
    desk: Lane
    watch: Lane
    page: Lane

    def of(self, path: str) -> Lane:
        """The lane for a path."""
        if path == STOP:
            return self.stop
        if path == STREAM:
            return self.stream
        if path.startswith(f"{API}/cameras/") and path.endswith(WATCH):
            return self.watch
        asks = path in DESK or path.endswith(RAW) or path.startswith(TOKENS)
        return self.desk if asks else self.page


def lanes(viewers: int) -> Lanes:
    """Lanes for so many viewers; two more threads say 503 to those over the bound."""
    return Lanes(
        stop=Lane("stop", STOP_THREADS),
        stream=Lane("stream", viewers + 2),
        desk=Lane("desk", DESK_THREADS),
        watch=Lane("watch", WATCH_THREADS),
        page=Lane("page", PAGE_THREADS),
    )
