"""Viewers as a process of their own: each reads the stream over TLS, as a page does, and notes when.

`python -m tests.bench.watch PORT CA VIEWERS [--idle N] [--floor PORT]`; the first line of stdin is the session's
cookie. It says `ready` once every viewer has its first picture; end of stdin ends it, and it prints what it
noted: the second (Unix time, one clock for all programs of a machine) at which each viewer had each event's
number, and at which the floor's bytes came.
"""

import argparse
import asyncio
import contextlib
import os
import re
import ssl
import sys
import time
from pathlib import Path

import msgspec

from web_ui.sessions import COOKIE

NEWEST = re.compile(rb'"events":\[\{"seq":(\d+)')
LONGEST_LINE = 4_000_000
HOSTS = 8  # addresses of loopback that idle connections come from


class Noted(msgspec.Struct):
    """Seconds by the number of the picture's newest event, for each viewer; and by the floor's own number."""

    seen: list[dict[int, float]]
    floor: dict[int, float]


class Watch:
    """All viewers of this process."""

    def __init__(self, port: int, trust: Path, cookie: str) -> None:
        self._port, self._cookie = port, cookie
        self._trust = ssl.create_default_context(cafile=trust)
        self.noted = Noted([], {})

    async def stream(self, first: asyncio.Event) -> None:
        """One viewer: a stream, and the next one when it ends."""
        seen: dict[int, float] = {}
        self.noted.seen.append(seen)
        while True:
            reader, writer = await self._open(self._port)
            ask = f"GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\nCookie: {COOKIE}={self._cookie}\r\n\r\n"
            writer.write(ask.encode())
            while (line := await reader.readline()) and not line.startswith(b"event: bye"):
                newest = NEWEST.search(line) if line.startswith(b"data: {") else None
                if newest:
                    seen.setdefault(int(newest[1]), time.time())
                    first.set()
            writer.close()

    async def floor(self, port: int, ready: asyncio.Event) -> None:
        """Bytes of the same size from a bare socket: their number stands first in the line."""
        reader, _ = await self._open(port)
        ready.set()
        while line := await reader.readline():
            self.noted.floor[int(line[:8])] = time.time()

    async def idle(self, number: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection that has begun a request and leaves it there."""
        line = await self._open(self._port, f"127.0.1.{number % HOSTS + 1}")
        line[1].write(b"GET / HTTP/1.1\r\nX: ")
        return line

    async def _open(self, port: int, own: str = "127.0.0.1") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(
            "127.0.0.1",
            port,
            ssl=self._trust,
            server_hostname="localhost",
            local_addr=(own, 0),
            limit=LONGEST_LINE,
        )


async def main(wish: argparse.Namespace, cookie: str) -> None:
    """Watch until stdin ends."""
    watch = Watch(wish.port, wish.trust, cookie)
    firsts = [asyncio.Event() for _ in range(wish.viewers)]
    tasks = [asyncio.ensure_future(watch.stream(first)) for first in firsts]
    if wish.floor:
        firsts.append(asyncio.Event())
        tasks.append(asyncio.ensure_future(watch.floor(wish.floor, firsts[-1])))
    await asyncio.gather(*(first.wait() for first in firsts))
    kept = await asyncio.gather(*(watch.idle(number) for number in range(wish.idle)))
    os.write(1, b"ready\n")
    await asyncio.to_thread(sys.stdin.read)
    for task in tasks:
        task.cancel()
    for _, writer in kept:
        with contextlib.suppress(OSError):
            writer.close()
    sys.stdout.buffer.write(msgspec.json.encode(watch.noted))


def arguments() -> argparse.Namespace:
    """Port, trust and how many."""
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("trust", type=Path)
    parser.add_argument("viewers", type=int)
    parser.add_argument("--idle", type=int, default=0)
    parser.add_argument("--floor", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    asyncio.run(main(arguments(), sys.stdin.readline().strip()))
