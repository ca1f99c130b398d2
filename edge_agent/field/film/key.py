"""The key of a site's recordings: 32 bytes in a file that nobody else can read."""

import binascii
from pathlib import Path

from edge_agent.domain.words import Words, WordsError
from edge_agent.field.film.sealed import KEY_BYTES

HOW = Words(
    "生成方法：`openssl rand -hex 32 > films.key && chmod 600 films.key`；另存一份到安全处，丢失则录像无法查看",
    "make one: `openssl rand -hex 32 > films.key && chmod 600 films.key`; keep a copy in a safe: without it "
    "nothing can be seen",
)


class FilmKeyError(WordsError):
    """The key cannot be used, and what to do."""


def read(path: Path) -> bytes:
    """The key. Raises FilmKeyError."""
    try:
        text, mode = path.read_text("ascii").strip(), path.stat().st_mode
    except (OSError, UnicodeDecodeError) as fault:
        why = getattr(fault, "strerror", None) or "?"
        raise FilmKeyError(Words(f"录像密钥 {path} 读不出（{why}）", f"recording key {path}: {why}")) from None
    if mode & 0o077:
        words = Words(f"录像密钥 {path} 可被他人读取", f"the recording key {path} is open to others")
        raise FilmKeyError(words)
    try:
        key = binascii.unhexlify(text)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES or len(set(key)) == 1:
        words = Words(f"录像密钥 {path} 不是 32 字节的十六进制数", f"recording key {path}: not 32 bytes in hex")
        raise FilmKeyError(words)
    return key
