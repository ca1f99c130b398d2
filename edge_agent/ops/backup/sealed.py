"""A sealed file for one reader: X25519, HKDF-SHA256, ChaCha20-Poly1305 in pieces, as age does it.

MAGIC, the head (its length, JSON, in the clear: whose backup it is must be known without the key), then
pieces of at most PIECE bytes. A piece's nonce is its number and whether it is the last, and the head is
bound into the key, so that no piece can be moved, left out, cut off or put behind another head. The box
holds no key that opens one.
"""

import base64
import os
import struct
from collections.abc import Iterator
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from edge_agent.domain.words import Words, WordsError

MAGIC = b"EDGEBACKUP1\n"
LENGTH = struct.Struct(">I")
PIECE = 1 << 20
TAG = 16  # bytes that sealing adds to a piece
MOST_HEAD = 64 * 1024
_INFO = b"edge-agent backup 1"
PREFIX = "edge-backup-key-1:"  # so that nobody takes a private key for something else


class Readable(Protocol):
    """A file, or a part of one."""

    def read(self, size: int = -1, /) -> bytes:
        """As a file's."""


class Writable(Protocol):
    """A file, or what leads to one."""

    def write(self, data: bytes, /) -> int:
        """As a file's."""


class NotOpenedError(WordsError):
    """It is no backup, not for this key, or not whole."""


def new_key() -> tuple[str, str]:
    """The private half as it is written down, and the public one for site.toml."""
    private = X25519PrivateKey.generate()
    while text_of(private.public_key().public_bytes_raw()).startswith("-"):  # a shell's word for an option
        private = X25519PrivateKey.generate()
    return PREFIX + text_of(private.private_bytes_raw()), text_of(private.public_key().public_bytes_raw())


def text_of(raw: bytes) -> str:
    """Base64url without its padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def private_key(text: str) -> X25519PrivateKey:
    """The key in a file of `new_key`. Raises NotOpenedError."""
    try:
        return X25519PrivateKey.from_private_bytes(raw_of(text.strip().removeprefix(PREFIX)))
    except ValueError:
        zh = "不是备份私钥（应由 edge-agent backup --new-key 生成）"
        raise NotOpenedError(
            Words(zh, "this is no backup's private key (edge-agent backup --new-key makes one)")
        ) from None


def raw_of(text: str) -> bytes:
    """The bytes of a text as `text_of` makes it. Raises ValueError."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Sealer:
    """Writes one sealed file; `end` makes it whole."""

    def __init__(self, out: Writable, head: bytes, recipient: str) -> None:
        """`head` is what may be read without the key."""
        own, reader = X25519PrivateKey.generate(), X25519PublicKey.from_public_bytes(raw_of(recipient))
        mine = own.public_key().public_bytes_raw()
        self._out, self._number, self._waits = out, 0, bytearray()
        beginning = MAGIC + LENGTH.pack(len(head)) + head + mine
        self._cipher = _cipher(own.exchange(reader), beginning, reader.public_bytes_raw())
        out.write(beginning)

    def write(self, data: bytes) -> int:
        """Seal what fills whole pieces; the rest waits. (A file's `write`: a tar goes straight into it.)."""
        self._waits += data
        while len(self._waits) > PIECE:  # the last piece is never empty
            self._put(bytes(self._waits[:PIECE]), last=False)
            del self._waits[:PIECE]
        return len(data)

    def end(self) -> None:
        """The last piece."""
        self._put(bytes(self._waits), last=True)

    def _put(self, piece: bytes, *, last: bool) -> None:
        self._out.write(self._cipher.encrypt(_nonce(self._number, last=last), piece, None))
        self._number += 1


def head_of(file: Readable) -> bytes:
    """What may be read of it without a key. Raises NotOpenedError."""
    if file.read(len(MAGIC)) != MAGIC:
        raise NotOpenedError(Words("不是本产品的备份文件", "this is no backup of an edge-agent"))
    size = file.read(LENGTH.size)
    length = LENGTH.unpack(size)[0] if len(size) == LENGTH.size else MOST_HEAD + 1
    head = file.read(length) if length <= MOST_HEAD else b""
    if len(head) != length:
        raise NotOpenedError(CUT)
    return head


CUT = Words("备份文件不完整，请另取一份", "the backup is not whole: take another copy of it")


def opened(file: Readable, key: X25519PrivateKey) -> Iterator[bytes]:
    """Its pieces, each checked before it is given; the last is known to be the last. Raises NotOpenedError."""
    head = head_of(file)
    theirs = file.read(32)
    if len(theirs) != 32:  # noqa: PLR2004 (an X25519 key)
        raise NotOpenedError(CUT)
    beginning = MAGIC + LENGTH.pack(len(head)) + head + theirs
    reader = key.public_key().public_bytes_raw()
    cipher = _cipher(key.exchange(X25519PublicKey.from_public_bytes(theirs)), beginning, reader)
    number, piece = 0, file.read(PIECE + TAG)
    while True:
        after = file.read(PIECE + TAG)
        try:
            yield cipher.decrypt(_nonce(number, last=not after), piece, None)
        except InvalidTag:
            raise NotOpenedError(CUT if number else ANOTHER) from None
        if not after:
            return
        number, piece = number + 1, after


ANOTHER = Words(
    "打不开：不是用这把密钥封存的，或文件已被改动", "it does not open: sealed for another key, or altered"
)


def _cipher(shared: bytes, beginning: bytes, reader: bytes) -> ChaCha20Poly1305:
    digest = hashes.Hash(hashes.SHA256())
    digest.update(beginning + reader)
    key = HKDF(algorithm=hashes.SHA256(), length=32, salt=digest.finalize(), info=_INFO).derive(shared)
    return ChaCha20Poly1305(key)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def write_private(path: str | os.PathLike[str], text: str) -> None:
    """Readable by its owner alone, from the first byte on. Raises OSError, FileExistsError."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(text + "\n")
