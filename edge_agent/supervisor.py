"""Starts the workers, watches them, restarts them with a budget, and tells systemd that the brain lives.

A worker is a thread that runs one source, actuator or helper process's reader. A thread that hangs
cannot be killed: every call inside it has a time-out, and if the brain itself stops stepping the
whole process exits, leases lapse and relays fall (docs: ARCHITECTURE.md, processes).
"""

import logging
import os
import socket
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from edge_agent.clock import Clock
from edge_agent.field.held_up import HeldUp

log = logging.getLogger(__name__)

# Frigate's figure (docs/domain.md has none): five restarts within a minute are a crash loop.
RESTARTS = 5
WITHIN_S = 60.0
# The brain steps five times a second; ten seconds without one is a hang. openpilot and Klipper use 0.4-5 s.
BRAIN_STALL_S = 10.0
BRAIN_WELL_S = 2.0  # without a step: ten steps are missing
ANEW_S = 90  # to begin anew in the same process: TimeoutStartSec of systemd/edge-agent.service
EX_SOFTWARE = 70  # sysexits.h
OVERLOADED = ", %.1f of them waiting for the processor (it is overloaded: end other programs, take cameras off)"

FIRST_BACKOFF_S = 0.2
LONGEST_BACKOFF_S = 5.0

Run = Callable[[threading.Event], None]


@dataclass
class Worker:
    """One row of the table: a name for people, and what to run until its stop flag is set.

    The box can guard without one that is not vital: the way to the centre, the board's picture.
    """

    name: str
    run: Run
    vital: bool = True
    died: deque[float] = field(default_factory=deque)
    thread: threading.Thread | None = None


class Supervisor:
    """The table of workers. `gave_up(name, why)` is called once a worker has used up its budget."""

    def __init__(
        self,
        clock: Clock,
        gave_up: Callable[[str, str], None],
        end: Callable[[int], object] = os._exit,
        first_backoff_s: float = FIRST_BACKOFF_S,
        held_up: HeldUp | None = None,
    ) -> None:
        """Nothing runs until `start`. `end` ends the process at once, without any clean-up.

        The wait before a restart doubles from `first_backoff_s`. `held_up` tells of the brain's thread, which is
        the process's first, what it waited for the processor: a stall ends the process in any case, and says why.
        """
        self._held_up = held_up or HeldUp(float("inf"), main_alone=True)
        self._first_backoff_s = first_backoff_s
        self._clock = clock
        self._end = end
        self._gave_up = gave_up
        self._workers: list[Worker] = []
        self._stop = threading.Event()
        self._alive_s = clock.monotonic()

    def add(self, name: str, run: Run, *, vital: bool = True) -> None:
        """One more worker; it starts with `start`. One that is not vital is started again for ever."""
        self._workers.append(Worker(name=name, run=run, vital=vital))

    def start(self) -> None:
        """Start every worker and the watch over the brain."""
        self._alive_s = self._clock.monotonic()
        for worker in self._workers:
            worker.thread = threading.Thread(target=self._keep, args=(worker,), name=worker.name, daemon=True)
            worker.thread.start()
        threading.Thread(target=self._watch_brain, name="brain watch", daemon=True).start()

    def brain_lives(self) -> None:
        """Called by the brain after each completed step: it alone feeds the watchdog.

        A process that was frozen as a whole (SIGSTOP, a starved machine) wakes up with all its threads at
        once; whichever looks first, it ends, so that the work comes up PAUSED and its gas is tested anew.
        """
        self._end_if_stalled()
        self._alive_s = self._clock.monotonic()
        notify_systemd("WATCHDOG=1")

    def stop(self, within_s: float = 5.0) -> Sequence[str]:
        """Ask every worker to end; the names of those that did not."""
        self._stop.set()
        deadline_s = self._clock.monotonic() + within_s
        for worker in self._workers:
            if worker.thread is not None:
                worker.thread.join(max(0.0, deadline_s - self._clock.monotonic()))
        return [w.name for w in self._workers if w.thread is not None and w.thread.is_alive()]

    def _keep(self, worker: Worker) -> None:
        while not self._stop.is_set():
            why = "it returned although nobody asked it to"
            try:
                worker.run(self._stop)
            except Exception as fault:
                why = f"{type(fault).__name__}: {fault}"
                log.exception("worker %s died; it is started again", worker.name)
            if self._stop.is_set():
                return
            if self._worn_out(worker) and worker.vital:
                log.critical("worker %s died %d times in %.0f s: %s", worker.name, RESTARTS, WITHIN_S, why)
                self._gave_up(worker.name, why)
                return
            self._stop.wait(min(self._first_backoff_s * 2 ** len(worker.died), LONGEST_BACKOFF_S))

    def _worn_out(self, worker: Worker) -> bool:
        now_s = self._clock.monotonic()
        worker.died.append(now_s)
        while worker.died and now_s - worker.died[0] > WITHIN_S:
            worker.died.popleft()
        return len(worker.died) >= RESTARTS

    def _watch_brain(self) -> None:
        while not self._stop.wait(1.0):
            now_s = self._clock.monotonic()
            if now_s - self._alive_s <= BRAIN_WELL_S:
                self._held_up.runs(os.getpid(), now_s)
            self._end_if_stalled()

    def _end_if_stalled(self) -> None:
        now_s = self._clock.monotonic()
        stalled_s = now_s - self._alive_s
        if stalled_s > BRAIN_STALL_S:
            waited_s = self._held_up.since_s(now_s)
            why = OVERLOADED % waited_s if waited_s > stalled_s / 2 else ""
            log.critical("the brain has not stepped for %.1f s%s: the process ends, outputs fall", stalled_s, why)
            self._end(EX_SOFTWARE)  # a stuck interpreter may not run any clean-up


def guards() -> None:
    """Tell the service manager that it guards: from here on its watchdog waits as long as the unit says."""
    wanted = os.environ.get("WATCHDOG_USEC", "")
    notify_systemd(f"READY=1\nWATCHDOG_USEC={wanted}" if wanted else "READY=1")


def begins_anew() -> None:
    """Tell the service manager that the same process starts again: no step feeds its watchdog until it guards.

    Outputs are off meanwhile by their leases. On a busy board a start takes longer than the unit's WatchdogSec.
    """
    longer = f"\nWATCHDOG_USEC={ANEW_S * 1_000_000}" if os.environ.get("WATCHDOG_USEC") else ""
    notify_systemd(f"RELOADING=1{longer}")


def ends() -> None:
    """Tell the service manager that it was told to end, and does."""
    notify_systemd("STOPPING=1")


def notify_systemd(message: str) -> None:
    """sd_notify(3): tell the service manager, if there is one."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    target = "\0" + address[1:] if address.startswith("@") else address
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        try:
            channel.sendto(message.encode(), target)
        except OSError as fault:
            log.warning("systemd was not told %s: %s", message, fault)
