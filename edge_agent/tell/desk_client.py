"""Asks something of a desk: for the command line, the demo and tests."""

import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from edge_agent.domain.words import Words
from edge_agent.tell.desk_door import TOO_LONG, hear, no
from edge_agent.tell.desk_line import LARGEST_LINE

ASK_S = 15.0  # for the whole visit: others may be in the queue of the verifier


def ask(path: Path, line: Mapping[str, Any]) -> dict[str, Any]:
    """Say one line to the desk at `path` and wait for the answer.

    A request's answer is `{"request", "accepted", "reasons": [{"zh", "en"}]}`; so is "nobody is there".
    """
    said = msgspec.json.encode(line)
    if len(said) > LARGEST_LINE:
        return _refused(TOO_LONG)
    try:
        with socket.socket(socket.AF_UNIX) as visit:
            visit.connect(str(path))
            visit.sendall(said + b"\n")
            answer = hear(visit, ASK_S)
    except OSError as fault:
        return _refused(_nobody(path, fault))
    if answer is None:
        return _refused(Words("没有完整的答复", "no answer: the agent hung up or hangs; is it still running?"))
    plain: dict[str, Any] = msgspec.json.decode(answer)
    return plain


def _refused(words: Words) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(no(words))
    return plain


def _nobody(path: Path, fault: OSError) -> Words:
    if isinstance(fault, PermissionError):
        return Words(f"无权使用 {path}", f"{path}: not allowed; join the group of the agent's user")
    return Words(f"{path}：程序没有运行", f"{path}: nobody answers; is the agent running? ({fault.strerror})")
