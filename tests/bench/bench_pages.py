"""How long until people see it: from an event on the box to the painted page, with ten who watch.

The real box guards an active job (guarded.py), and the pages' own process serves it. Two of the viewers are
real browsers (the guard's phone on his permit, a board in the control room), the others read the same stream
over TLS in a process of their own (watch.py). Events are what is turned away at the box's door, at irregular
times; stops are a dangerous value that arrives, until the guard's phone has painted STOPPED. The floors of the
same run: a file of the same size written and sent over one bare TLS socket; one line of text changed in an empty
page until it is painted. Then: what twenty viewers do to the brain's step, and the memory of the pages' process.
Wanted: p99 <= 500 ms, a step that stays as it is, <= 150 MB. `python -m tests.bench pages`
"""

import argparse
import contextlib
import random
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path
from threading import Thread
from typing import Any, Self

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from playwright.sync_api import sync_playwright

from edge_agent.decide.step import Decision
from edge_agent.domain.noted import Rejected
from edge_agent.domain.permit import State
from edge_agent.ops.demo.job import PINS
from tests.bench.bench_events import WORDS
from tests.bench.bench_stop import AGAIN_S, SOURCES_S, dangerous
from tests.bench.guarded import PATIENCE_S, PERMIT, Guarded, NotReady
from tests.bench.looker import Looker, bare_paints, looking
from tests.bench.table import SPREAD, quantile, show, spread
from tests.bench.watch import Noted
from tests.pages.phone import launch
from tests.support.pages import Served, cookie
from web_ui.door import MOST
from web_ui.viewers import Bounds

GOAL_MS, GOAL_MB = 500, 150
VIEWERS, MANY = 10, 20
BROWSERS = 2
ATTEMPTS = 10
STOPPED = ("stopped", "evacuate")
GOES_ON = ("may_work", "warning")  # the guard's words while work goes on
GUARD, OFFICER = "li-na", "zhao-min"


class Plan(Struct, frozen=True):
    """How much is measured."""

    events: int = 150
    stops: int = 15
    phase_s: float = 7.0
    settle_s: float = 2.0  # before it is measured how things are


SHORT = Plan(events=5, stops=1, phase_s=1.0, settle_s=0.5)


class Seen(Struct):
    """What was measured, in seconds."""

    events: list[float]  # committed -> painted on the board
    wire: list[float]  # committed -> the last of the other viewers has the bytes
    stops: list[float]  # a dangerous value arrives -> the guard's phone has painted it
    paints: list[float]  # a picture in the page -> painted
    bare_wire: list[float]
    bare_paint: list[float]
    interrupted: int  # how often the work stopped by itself meanwhile


class Watchers:
    """The viewers' process."""

    def __init__(self, served: Served, viewers: int, *more: str) -> None:
        """Returns when each has its first picture."""
        trust = served.site / "web" / "ca.crt"
        command = [sys.executable, "-m", "tests.bench.watch", str(served.port), str(trust), str(viewers), *more]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(cookie(served.site, GUARD).encode() + b"\n")
        self._process.stdin.flush()
        if self._process.stdout.readline() != b"ready\n":
            self.__exit__()
            raise NotReady("the viewers did not come up")

    def end(self) -> Noted:
        """What they noted."""
        said, _ = self._process.communicate(timeout=PATIENCE_S)
        return msgspec.json.decode(said, type=Noted)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.returncode is None:
            self._process.communicate(timeout=PATIENCE_S)


class BareTls:
    """The plainest way to send a file's content to one viewer."""

    def __init__(self, served: Served, scratch: Path) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(served.site / "web" / "server.crt", served.site / "web" / "server.key")
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self._scratch = scratch
        self._thread = Thread(target=self._let_in)
        self._thread.start()
        self.sent: dict[int, float] = {}

    def _let_in(self) -> None:
        plain, _ = self._door.accept()
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._line = self._context.wrap_socket(plain, server_side=True)

    def send(self, number: int, content: bytes) -> None:
        """Write the file, then send it as one line."""
        self._thread.join()
        self.sent[number] = time.time()
        half = self._scratch.with_suffix(".half")
        half.write_bytes(content)
        half.replace(self._scratch)
        self._line.sendall(f"{number:08}".encode() + content.replace(b"\n", b" ") + b"\n")

    def close(self) -> None:
        """Both ends."""
        self._line.close()
        self._door.close()


class Committed:
    """The Unix second at which each event was on the disk: right after that the brain tells who stands beside."""

    def __init__(self, job: Guarded) -> None:
        self.at: dict[int, float] = {}
        beside = job.brain.beside

        def stamped(inputs: Any, decision: Decision) -> None:
            now = time.time()
            self.at.update({event.seq: now for event in decision.events})
            beside(inputs, decision)

        job.brain.beside = stamped


class Steps:
    """How long each of the brain's steps takes, and how much of it is the processor's own time."""

    def __init__(self, job: Guarded) -> None:
        self.whole: list[float] = []
        self.own: list[float] = []
        step = job.brain.step

        def timed(*of: Any) -> None:
            began_s, own_s = time.perf_counter(), time.thread_time()
            step(*of)
            self.whole.append(time.perf_counter() - began_s)
            self.own.append(time.thread_time() - own_s)

        job.brain.step = timed  # type: ignore[method-assign]

    def of(self, seconds: float) -> tuple[list[float], list[float]]:
        """Those of the next while."""
        self.whole.clear()
        self.own.clear()
        time.sleep(seconds)
        return self.whole[:], self.own[:]


def until_seen(job: Guarded, served: Served, scratch: Path, plan: Plan) -> Seen:
    """Events and stops, with ten who watch."""
    with ExitStack() as ends:
        chromium = launch(ends.enter_context(sync_playwright()))
        ends.callback(chromium.close)
        phone = ends.enter_context(looking(chromium, served.url, (GUARD, PINS[GUARD]), f"/p/{PERMIT}", "phone"))
        board = ends.enter_context(looking(chromium, served.url, (OFFICER, PINS[OFFICER]), "/board", "wall"))
        floor = BareTls(served, scratch)
        ends.callback(floor.close)
        watchers = ends.enter_context(Watchers(served, VIEWERS - BROWSERS, "--floor", str(floor.port)))
        committed = Committed(job)
        time.sleep(plan.settle_s)
        turn_away(job, floor, plan.events)
        stops = Stops(job, phone)
        for _ in range(plan.stops):
            stops.sample()
        time.sleep(plan.settle_s)
        painted, paints = board.events(), [*board.paints(), *phone.paints()]
        noted = watchers.end()
        bare = bare_paints(chromium, max(20, plan.events // 2))
    # An event that shares its picture with a younger one came with it; the stops' own are in it as well.
    wire = [
        max(min(at for seq, at in seen.items() if seq >= one) for seen in noted.seen) - committed.at[one]
        for one in committed.at
        if one <= min(max(seen) for seen in noted.seen)
    ]
    return Seen(
        events=[at - committed.at[seq] for seq, at in painted.items() if seq in committed.at],
        wire=wire,
        stops=stops.seen,
        interrupted=stops.interrupted,
        paints=paints,
        bare_wire=[noted.floor[number] - at for number, at in floor.sent.items()],
        bare_paint=bare,
    )


def turn_away(job: Guarded, floor: BareTls, count: int) -> None:
    """So many events, about five a second, and the floor's bytes in between."""
    live = job.settings.runtime_folder / "live.json"
    for number in range(count):
        time.sleep(random.uniform(0.05, 0.15))  # noqa: S311 (a phase, not a secret)
        asked = Rejected(id=f"r{number}", at_s=time.monotonic(), origin="bench", reason=WORDS)
        job.brain.ask(asked).result(PATIENCE_S)
        time.sleep(random.uniform(0.05, 0.15))  # noqa: S311
        floor.send(number, live.read_bytes())


class Stops:
    """Stops the work again and again, and lets it go on as it was."""

    def __init__(self, job: Guarded, phone: Looker) -> None:
        self.seen: list[float] = []
        self.interrupted = 0  # how often the work stopped by itself, which a busy machine can bring about
        self._job, self._phone = job, phone
        self._under_way = job.under_way

    def sample(self) -> None:
        """Seconds from a dangerous value's arrival to STOPPED on the guard's phone."""
        self._until_active()
        before, arrived = self._job.brain.state, time.time()
        if before.permits[PERMIT].state is not State.ACTIVE:
            return  # in this very moment, by itself
        self._under_way = before
        self._job.brain.deliver(dangerous())
        painted = self._phone.word_after(STOPPED, arrived, PATIENCE_S)
        if painted is None:
            raise NotReady(f"the phone never says {STOPPED[0]}")
        self.seen.append(painted - arrived)
        self._job.put_back(before)

    def _until_active(self) -> None:
        """Until the phone shows that work goes on; whatever else stopped it is begun anew."""
        for _ in range(ATTEMPTS):
            if self._phone.shows(GOES_ON, AGAIN_S) and self._job.permit_state() is State.ACTIVE:
                return
            self.interrupted += 1
            self._job.brain.deliver(dangerous())
            time.sleep(SOURCES_S)
            self._job.put_back(replace(self._under_way, memory=self._job.brain.state.memory))
        raise NotReady(f"the work does not go on: {self._job.permit_state()}, {self._job._standing()}")


def step_rows(job: Guarded, served: Served, plan: Plan) -> list[tuple[str, ...]]:
    """The brain's step with nobody and with twenty, in turns, so that what drifts hits both."""
    steps = Steps(job)
    found: dict[int, tuple[list[float], list[float]]] = {0: ([], []), MANY: ([], [])}
    for viewers in (0, MANY, 0, MANY):
        with watched(served, viewers):
            time.sleep(plan.settle_s)
            for kept, new in zip(found[viewers], steps.of(plan.phase_s), strict=True):
                kept.extend(new)
    rows = [
        spread(f"{name}, {viewers or 'no'} viewers", found[viewers][column])
        for column, name in enumerate(("one step", "  of it the processor's own time"))
        for viewers in (0, MANY)
    ]
    ratio = [quantile(found[MANY][column], 0.5) / quantile(found[0][column], 0.5) for column in (0, 1)]
    rows[1] = (*rows[1][:-1], f"{ratio[0]:.2f} x the p50 with nobody; wanted: 1")
    rows[3] = (*rows[3][:-1], f"{ratio[1]:.2f} x")
    return rows


def watched(served: Served, viewers: int, idle: int = 0) -> AbstractContextManager[Watchers | None]:
    """With so many who watch."""
    return Watchers(served, viewers, "--idle", str(idle)) if viewers else nullcontext()


def memory_rows(served: Served, settle_s: float) -> list[tuple[str, ...]]:
    """What the pages' process has in memory; afterwards once more, because what it has taken it may keep."""
    rows = []
    for name, viewers, idle in (
        ("nobody", 0, 0),
        (f"{MANY} viewers", MANY, 0),
        (
            f"at its bound: {Bounds().viewers} viewers, {MOST} connections",
            Bounds().viewers,
            MOST - Bounds().viewers,
        ),
        ("nobody, afterwards", 0, 0),
    ):
        with watched(served, viewers, idle):
            time.sleep(settle_s)
            rows.append((name, f"{resident_mb(served):.0f}", f"wanted: <= {GOAL_MB}"))
    return rows


def resident_mb(served: Served) -> float:
    """VmRSS, proc(5)."""
    lines = Path(f"/proc/{served.process.pid}/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1000


@contextmanager
def staged(folder: Path) -> Iterator[tuple[Guarded, Served]]:
    """The box with its active job, and its pages."""
    with Guarded(folder) as job:
        job.guard()
        job.activate()
        with Served(folder / "site") as served:
            yield job, served


def seen_rows(seen: Seen) -> list[tuple[str, ...]]:
    """The table of what was seen."""
    goal = f"wanted: p99 <= {GOAL_MS}"
    halted = f"; stopped by itself {seen.interrupted} times, not counted" if seen.interrupted else ""
    return [
        spread("event committed -> painted on the board", seen.events, note=goal),
        spread("  of it: -> bytes at the last of the others", seen.wire),
        spread("dangerous value -> STOPPED painted on the phone", seen.stops, note=goal + halted),
        spread("a picture in the page -> painted", seen.paints),
        spread("floor: file written -> bytes over bare TLS", seen.bare_wire),
        spread("floor: one line of text changed -> painted", seen.bare_paint),
    ]


def main() -> int:
    """Measure, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", action="store_true", help="a few of each: does it still measure?")
    plan = SHORT if parser.parse_args().short else Plan()
    with tempfile.TemporaryDirectory(prefix="edge-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # mosquitto gives up root and must reach its own folder in it
        with staged(folder) as (job, served):
            memory = memory_rows(served, plan.settle_s)
            seen = until_seen(job, served, folder / "floor.json", plan)
            steps = step_rows(job, served, plan)
    title = f"Pages: from the box to people's eyes, {VIEWERS} viewers, {BROWSERS} of them browsers, in ms"
    show(title, SPREAD, seen_rows(seen), "playwright", "hypercorn")
    show(f"Pages: what {MANY} viewers do to the brain's step, in ms", SPREAD, steps, "hypercorn")
    show("Pages: memory of their process", ("", "MB", ""), memory, "hypercorn")
    return 0


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main())
