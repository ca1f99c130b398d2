"""Talking to the agent's desk: one JSON line there, one back, over `<runtime>/requests.sock`."""

import socket
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from edge_agent.domain.words import Words
from edge_agent.ops.folders import REQUESTS
from web_ui.errors import Trouble

LARGEST_ANSWER = 64 * 1024
VISIT_S = 15.0  # argon2 and the verifier's queue are part of a visit (edge_agent/tell/desk.py ASK_S)

T = TypeVar("T")


class Desk:
    """The agent's desk as a client sees it. Safe for many threads."""

    def __init__(self, runtime: Path) -> None:
        """`runtime` is the agent's runtime folder."""
        self._path = runtime / REQUESTS

    def say(self, line: Mapping[str, Any], answer: type[T]) -> T:
        """Ask, and take the answer as this type. Raises Trouble E-NO-AGENT when there is none."""
        try:
            return msgspec.json.decode(self._visit(msgspec.json.encode(line)), type=answer)
        except TimeoutError:
            detail = Words(f"{VISIT_S:.0f} 秒内没有答复", f"no answer within {VISIT_S:.0f} s")
        except OSError as fault:
            detail = Words(f"{REQUESTS}：{fault.strerror}", f"{REQUESTS}: {fault.strerror}")
        except msgspec.MsgspecError as fault:
            detail = Words(f"答复无法理解（{fault}）", f"its answer cannot be understood ({fault})")
        raise Trouble("E-NO-AGENT", detail=detail)

    def _visit(self, said: bytes) -> bytes:
        until_s = time.monotonic() + VISIT_S
        heard = bytearray()
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(VISIT_S)
            line.connect(str(self._path))
            line.sendall(said + b"\n")
            while b"\n" not in heard and len(heard) <= LARGEST_ANSWER:
                line.settimeout(max(until_s - time.monotonic(), 0.001))
                piece = line.recv(4096)
                if not piece:
                    break
                heard += piece
        return bytes(heard.partition(b"\n")[0])
