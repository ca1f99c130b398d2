"""The log: one entry is one line, whatever a message or a fault quotes; a traceback's lines stand behind a bar.

What comes from outside (a topic, a name, a request) may hold line breaks and control characters: nobody writes an
entry of his own into this log, or sends his codes to the terminal of whoever reads it.
"""

import json
import logging
import os
import time
from types import TracebackType

from edge_agent.ops.log_codes import code_of

BAR = "  | "
AS_JSON = "EDGE_AGENT_LOG"  # environment: "json" makes each entry one JSON object

Fault = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def begin(level: int, form: str) -> None:
    """Log to stderr from now on."""
    handler = logging.StreamHandler()
    handler.setFormatter(Objects() if os.environ.get(AS_JSON) == "json" else Lines(form))
    logging.basicConfig(level=level, handlers=[handler])


class Lines(logging.Formatter):
    """One line for each entry."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's own name)
        """The entry itself, with its code (ops/log_codes.py) if it has one."""
        code = code_of(record)
        if code:
            record.message = f"[{code}] {record.message}"
        return plain(super().formatMessage(record))

    def formatException(self, ei: Fault) -> str:  # noqa: N802
        """What led to it, each line behind a bar."""
        return "\n".join(BAR + plain(line) for line in super().formatException(ei).split("\n"))


class Objects(logging.Formatter):
    """One JSON object for each entry, for whoever collects logs."""

    def format(self, record: logging.LogRecord) -> str:
        """A line: JSON's own escapes keep it one."""
        told = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{record.msecs:03.0f}Z",
            "level": record.levelname,
            "logger": record.name,
            "code": code_of(record),
            "message": record.getMessage(),
        }
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return json.dumps(told)


def plain(text: str) -> str:
    """What cannot be printed, and what turns the direction of writing, as its code."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)
