"""Whose backup it is: signed over all of its bytes with the unit's own key, checked before anything is opened.

A sealed file can be made by anybody who knows the public key that it is sealed for; only the unit can sign. The
head names the key, and the last 64 bytes are Ed25519's signature of a word and the SHA-256 of all before them.
"""

import hashlib
import io
from typing import BinaryIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc.jwk import OKPKey

from edge_agent.domain.words import Words, WordsError
from edge_agent.ops.backup.sealed import Writable, raw_of

SIGNATURE = 64  # bytes
_WORD = b"edge-agent backup signature 1\n"  # the key signs other things, too
FORGED = Words(
    "签名不符：不是声称的那台主机所做，或文件已被改动",
    "its signature does not hold: another box made it than it says, or it was altered",
)


class ForgedError(WordsError):
    """It is not the backup of the unit that it names."""


class Signing:
    """What is written goes on to `out` and into the signature that ends it."""

    def __init__(self, out: Writable) -> None:
        """From its first byte on."""
        self._out, self._whole = out, hashlib.sha256()

    def write(self, data: bytes) -> int:
        """As a file's."""
        self._whole.update(data)
        self._out.write(data)
        return len(data)

    def sign(self, key: OKPKey) -> None:
        """The signature of all of it, behind it."""
        private = key.private_key
        assert isinstance(private, Ed25519PrivateKey)  # noqa: S101 (ops/unit_key.py)
        self._out.write(private.sign(_WORD + self._whole.digest()))


def checked(file: BinaryIO, signer: str) -> None:
    """Every byte of it is the word of the key `signer` (public, base64url). Raises ForgedError, OSError."""
    size = file.seek(0, io.SEEK_END) - SIGNATURE
    file.seek(0)
    digest = _digest(file, max(size, 0))
    signature = file.read(SIGNATURE)
    try:
        Ed25519PublicKey.from_public_bytes(raw_of(signer)).verify(signature, _WORD + digest)
    except (InvalidSignature, ValueError):
        raise ForgedError(FORGED) from None
    file.seek(0)


class Within:
    """The file without its signature."""

    def __init__(self, file: BinaryIO) -> None:
        """From its beginning."""
        self._file, self._left = file, max(file.seek(0, io.SEEK_END) - SIGNATURE, 0)
        file.seek(0)

    def read(self, size: int = -1) -> bytes:
        """As a file's."""
        data = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        return data


def _digest(file: BinaryIO, size: int) -> bytes:
    whole = hashlib.sha256()
    while size > 0:
        piece = file.read(min(size, 1 << 20))
        if not piece:
            break
        whole.update(piece)
        size -= len(piece)
    return whole.digest()
