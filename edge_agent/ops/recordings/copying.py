"""The process that makes one masked copy: `python -m edge_agent.ops.recordings.copying`, told on stdin.

It gives way to everything else, and is killed when somebody begins to work. Exit 1 where no copy can be
made of this film, with the reason on stderr.
"""

import os
import sys
from pathlib import Path

import msgspec
from msgspec import Struct

from edge_agent.domain.words import WordsError
from edge_agent.domain.zone import PictureArea
from edge_agent.field.film import key
from edge_agent.field.film.reader import Film
from edge_agent.ops.recordings.command import seeing
from edge_agent.ops.recordings.masking import WHOLE, masked
from edge_agent.sense.camera.picture_areas import Box


class Task(Struct, frozen=True, kw_only=True):
    """What to copy and whom to hide; `root` is the folder in which the models are."""

    film: str
    key_file: str
    target: str
    root: str
    model: str
    areas: tuple[PictureArea, ...]
    hide: tuple[Box, ...] = ()
    span_s: tuple[float, float] | None = None  # None: the whole film
    nice: int


class Copied(Struct, frozen=True, kw_only=True):
    """What was made; `whole` False where the film ends before its end."""

    pictures: int
    whole: bool


def copied(task: Task) -> Copied:
    """Write the copy. Raises WordsError, OSError."""
    film = Film(Path(task.film), key.read(Path(task.key_file)))
    pictures = masked(
        film, Path(task.target), seeing(Path(task.root), task.model), task.areas, task.hide, task.span_s or WHOLE
    )
    return Copied(pictures=pictures, whole=film.fault is None)


def main() -> int:
    """One task."""
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=Task)
    os.nice(task.nice)
    os.close(os.open(task.target, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))  # nobody else's from the start
    try:
        made = copied(task)
    except (WordsError, OSError) as fault:
        print(fault, file=sys.stderr)  # noqa: T201 (the agent's log)
        return 1
    sys.stdout.buffer.write(msgspec.json.encode(made))
    return 0


if __name__ == "__main__":
    sys.exit(main())
