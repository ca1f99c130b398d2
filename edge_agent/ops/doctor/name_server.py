"""One question to a name server (RFC 1035), by hand: `getaddrinfo` does not say which server kept silent."""

import secrets
import socket
import struct
from enum import StrEnum

PORT, WAIT_S = 53, 1.5
HEAD = struct.calcsize(">HHHHHH")
QUESTION_A_IN = struct.pack(">HH", 1, 1)
RECURSE = 0x0100
NO_SUCH_NAME = 3  # RCODE


class Told(StrEnum):
    """What a server made of the question."""

    NAMED = "named"  # it answers, and knows the name
    UNKNOWN = "unknown"  # it answers that there is no such name
    FAILED = "failed"  # it answers that it cannot say (its own way out is cut)
    SILENT = "silent"


def ask(server: str, name: str, port: int = PORT) -> Told:
    """Whether this server answers about `name`."""
    number = secrets.randbelow(65536)
    try:
        labels = b"".join(bytes((len(one),)) + one for one in name.rstrip(".").encode("idna").split(b"."))
    except UnicodeError:
        return Told.UNKNOWN
    packet = struct.pack(">HHHHHH", number, RECURSE, 1, 0, 0, 0) + labels + b"\0" + QUESTION_A_IN
    family = socket.AF_INET6 if ":" in server else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as line:
            line.settimeout(WAIT_S)
            line.connect((server, port))
            line.send(packet)
            answer = line.recv(1500)
    except OSError:
        return Told.SILENT
    if len(answer) < HEAD or answer[:2] != packet[:2]:
        return Told.SILENT
    flags, _, answers = struct.unpack_from(">HHH", answer, 2)
    if flags & 0xF == NO_SUCH_NAME:
        return Told.UNKNOWN
    return Told.NAMED if flags & 0xF == 0 and answers else Told.FAILED
