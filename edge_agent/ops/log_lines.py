"""The log: one entry is one line, whatever a message or a fault quotes; a traceback's lines stand behind a bar.

What comes from outside (a topic, a name, a request) may hold line breaks and control characters: nobody writes an
entry of his own into this log, or sends his codes to the terminal of whoever reads it.
"""

import logging
from types import TracebackType

BAR = "  | "

Fault = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def begin(level: int, form: str) -> None:
    """Log to stderr from now on."""
    handler = logging.StreamHandler()
    handler.setFormatter(Lines(form))
    logging.basicConfig(level=level, handlers=[handler])


class Lines(logging.Formatter):
    """One line for each entry."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's own name)
        """The entry itself."""
        return plain(super().formatMessage(record))

    def formatException(self, ei: Fault) -> str:  # noqa: N802
        """What led to it, each line behind a bar."""
        return "\n".join(BAR + plain(line) for line in super().formatException(ei).split("\n"))


def plain(text: str) -> str:
    """What cannot be printed, and what turns the direction of writing, as its code."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)
