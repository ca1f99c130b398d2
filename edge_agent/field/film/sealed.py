"""A film as it lies on the disk: what a camera sent, packet by packet, sealed chunk by chunk, nothing decoded.

MAGIC, the head (its length, JSON, in the clear: whose film it is must be known without the key), then chunks
(length, AES-256-GCM). Each chunk stands for itself: a program killed in the middle of one loses that one. Its
number is its nonce and the head is bound into it, so that none can be moved, left out or put into another film.
"""

import hashlib
import struct

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import json, msgpack

from edge_agent.field.film.parts import Chunk, Head

MAGIC = b"EDGEFILM1\n"
LENGTH = struct.Struct(">I")
KEY_BYTES = 32
SALT_BYTES = 16
MOST_CHUNK = 256 * 1024 * 1024  # a length beyond is not one of ours
_INFO = b"edge-agent film 1"


def name_of(key: bytes) -> str:
    """By what a key is known; says nothing about it."""
    return hashlib.sha256(b"edge-agent key name" + key).hexdigest()[:8]


def head_bytes(head: Head) -> bytes:
    """The film's beginning."""
    text = json.encode(head)
    return MAGIC + LENGTH.pack(len(text)) + text


class Seal:
    """Seals and opens the chunks of one film."""

    def __init__(self, key: bytes, salt: bytes, head: bytes) -> None:
        """Each film has a key of its own, made from the site's: the numbers of chunks are nonces then."""
        own = HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=salt, info=_INFO).derive(key)
        self._cipher = AESGCM(own)
        self._head = hashlib.sha256(head).digest()

    def close(self, number: int, chunk: Chunk) -> bytes:
        """The chunk as it is written."""
        sealed = self._cipher.encrypt(number.to_bytes(12, "big"), msgpack.encode(chunk), self._head)
        return LENGTH.pack(len(sealed)) + sealed

    def open(self, number: int, sealed: bytes) -> Chunk:
        """The chunk that was sealed under this number. Raises cryptography's InvalidTag."""
        return msgpack.decode(self._cipher.decrypt(number.to_bytes(12, "big"), sealed, self._head), type=Chunk)
