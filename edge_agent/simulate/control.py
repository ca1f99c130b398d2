"""The contract every simulator keeps: JSON lines in on stdin, JSON lines out on stdout.

First line out: `{"t": …, "ready": true, "port": N}`. Every line carries `"t"`, the second of
CLOCK_MONOTONIC, which all processes of one machine share. A command is `{"cmd": …}`, with an `"id"`
of any kind if its answer is to be told from others; it is answered by
`{"t": …, "answer": <cmd>, "id": …, …}` or by `{"t": …, "error": <what is wrong>, "id": …}`.
Everything else on stdout is an observation. End of stdin, SIGTERM or SIGINT end the process.
"""

import asyncio
import os
import signal
import sys
import threading
import time
from typing import Any, Protocol

import msgspec

LONGEST_LINE = 1_000_000  # bytes of one command; more is not a command


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a fault of the program
    """A command that cannot be obeyed, in words for the person who sent it."""


class Command(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="cmd"):
    """What every command has besides its name (`cmd`): an id that its answer repeats."""

    id: str | int | None = None


class Say(Protocol):
    """Print one observation; `t` is added."""

    def __call__(self, **fields: Any) -> None:
        """Print `fields` as one JSON line."""


class Player(Protocol):
    """One kind of simulator, played inside an asyncio loop."""

    commands: Any  # the union of Command types that it obeys

    async def start(self, say: Say) -> int:
        """Begin to serve; return the port. `say` prints observations at any time afterwards."""

    async def obey(self, command: Any) -> dict[str, Any]:
        """Do one command and return what to answer; raise Refused if it cannot be done."""

    async def stop(self) -> None:
        """Close every socket."""


def say(**fields: Any) -> None:
    """One JSON line on stdout with the monotonic second; the reader may be gone already."""
    line = msgspec.json.encode({"t": round(time.monotonic(), 6), **fields}) + b"\n"
    try:
        while line:
            line = line[os.write(1, line) :]
    except BrokenPipeError:
        signal.raise_signal(signal.SIGTERM)


def run(player: Player) -> int:
    """Play until stdin ends or a signal comes; 0 if it ended as told, 1 if it could not begin."""
    return asyncio.run(_run(player))


async def _run(player: Player) -> int:
    inbox: asyncio.Queue[bytes | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, inbox.put_nowait, None)
    try:
        port = await player.start(say)
    except (OSError, Refused) as reason:
        sys.stderr.write(f"simulate: {reason}\n")
        await player.stop()
        return 1
    say(ready=True, port=port)
    threading.Thread(target=_read_stdin, args=(loop, inbox), daemon=True).start()
    decoder = msgspec.json.Decoder(player.commands)
    while (line := await inbox.get()) is not None:
        if line.strip():
            await _answer(player, decoder, line)
    await player.stop()
    return 0


async def _answer(player: Player, decoder: "msgspec.json.Decoder[Any]", line: bytes) -> None:
    try:
        command = decoder.decode(line)
        fields = await player.obey(command)
    except (msgspec.MsgspecError, UnicodeDecodeError, Refused) as reason:
        say(error=f"{reason}", id=_id_of(line), line=line[:200].decode(errors="replace"))
        return
    say(answer=command.__struct_config__.tag, id=command.id, **fields)


def _id_of(line: bytes) -> Any:
    """The id of a line that is no command, so that its sender still hears which one was wrong."""
    try:
        found = msgspec.json.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return found.get("id") if isinstance(found, dict) else None


def _read_stdin(loop: asyncio.AbstractEventLoop, inbox: "asyncio.Queue[bytes | None]") -> None:
    """Lines of stdin into the loop. os.read, because a thread inside sys.stdin blocks a clean exit."""
    rest = b""
    while chunk := os.read(0, 65536):
        *lines, rest = (rest + chunk).split(b"\n")
        if len(rest) > LONGEST_LINE:
            lines, rest = [*lines, rest], b""
        for line in lines:
            _hand(loop, inbox, line)
    if rest:
        _hand(loop, inbox, rest)
    _hand(loop, inbox, None)


def _hand(loop: asyncio.AbstractEventLoop, inbox: "asyncio.Queue[bytes | None]", line: bytes | None) -> None:
    try:
        loop.call_soon_threadsafe(inbox.put_nowait, line)
    except RuntimeError:  # the loop has closed: the process is ending
        return
