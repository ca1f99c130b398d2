"""Reads films: whose they are without the key, what they show with it, and how far they are sound."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec
from cryptography.exceptions import InvalidTag

from edge_agent.domain.words import Words, WordsError
from edge_agent.field.film.parts import Head, Packet
from edge_agent.field.film.sealed import LENGTH, MAGIC, MOST_CHUNK, Seal, name_of

MOST_HEAD = 1024 * 1024
NO_FILM = Words("不是本机的录像文件", "is no recording of a box")
WRONG_KEY = Words("密钥不符，请用录制时的密钥", "was sealed with another key: use the one it was recorded with")
CHANGED = Words("内容被改动或损坏", "was changed or is damaged")
CUT_OFF = Words("录像未正常结束，最后一段缺失", "was cut off: its last seconds are missing")


class FilmError(WordsError):
    """It cannot be read at all."""


def head_of(path: Path) -> Head:
    """Whose film it is. Raises FilmError, OSError."""
    with path.open("rb") as file:
        return _head(file)[0]


def _head(file: BinaryIO) -> tuple[Head, bytes]:
    begin = file.read(len(MAGIC) + LENGTH.size)
    if len(begin) < len(MAGIC) + LENGTH.size or not begin.startswith(MAGIC):
        raise FilmError(NO_FILM)
    (length,) = LENGTH.unpack(begin[len(MAGIC) :])
    text = file.read(length) if length <= MOST_HEAD else b""
    try:
        return msgspec.json.decode(text, type=Head), begin + text
    except msgspec.MsgspecError:
        raise FilmError(NO_FILM) from None


class Film:
    """An open film. When `packets` is done, `fault` says why it ended before its end, if it did."""

    def __init__(self, path: Path, key: bytes) -> None:
        """Raises FilmError where the head or the key is the wrong one."""
        self._path = path
        with path.open("rb") as file:
            self.head, begin = _head(file)
        if self.head.key != name_of(key):
            raise FilmError(WRONG_KEY)
        self._begin = len(begin)
        self._seal = Seal(key, self.head.salt, begin)
        self.fault: Words | None = None

    def packets(self) -> Iterator[Packet]:
        """Every packet up to the end, or up to the first chunk that is not sound."""
        number, last = 0, False
        with self._path.open("rb") as file:
            file.seek(self._begin)
            while sealed := self._next(file):
                try:
                    chunk = self._seal.open(number, sealed)
                except (InvalidTag, msgspec.MsgspecError):
                    self.fault = CHANGED
                    return
                yield from chunk.packets
                number, last = number + 1, chunk.last
        if not last:
            self.fault = CUT_OFF

    def part(self, from_s: float, to_s: float) -> Iterator[Packet]:
        """The packets of these seconds, and those before them that are needed to decode the first."""
        before: list[Packet] = []
        for packet in self.packets():
            if packet.at_s > to_s:
                return
            if packet.at_s >= from_s:
                yield from before
                before = []
                yield packet
            elif packet.key:
                before = [packet]
            elif before:
                before.append(packet)

    @staticmethod
    def _next(file: BinaryIO) -> bytes:
        """The next chunk; b"" where none is whole any more."""
        said = file.read(LENGTH.size)
        if len(said) < LENGTH.size:
            return b""
        (length,) = LENGTH.unpack(said)
        sealed = file.read(length) if length <= MOST_CHUNK else b""
        return sealed if len(sealed) == length else b""
