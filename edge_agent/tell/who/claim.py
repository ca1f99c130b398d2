"""The box is claimed once: by a code that it made itself and shows only to somebody who stands before it."""

import contextlib
import hmac
import logging
import os
import re
import secrets
from pathlib import Path

log = logging.getLogger(__name__)

FILE = "claim-code"  # in the state folder, readable by the box's own user alone
# No letters that are taken for digits, or for each other: it is read from a console or a label in the rain.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
HALF = 4  # 8 letters: 2^40 codes
SPELT = re.compile(f"[{LETTERS}]{{{HALF}}}-[{LETTERS}]{{{HALF}}}")


class ClaimCode:
    """The code of a box without an administrator. It is the same after a restart: it may have been printed."""

    def __init__(self, state: Path) -> None:
        """Nothing is made before `make`."""
        self._path = state / FILE
        self._code = ""

    def make(self) -> None:
        """The code, told on the console. Raises OSError where it cannot be kept."""
        self._code = self._kept() or self._made()
        log.warning("本机尚无管理员，请用此启用码启用 / no administrator yet: claim this box with %s", self._code)

    def matches(self, text: str) -> bool:
        """Whether this is the code, however it was typed. Without a code nothing is."""
        typed = "".join(letter for letter in text.upper() if letter in LETTERS)
        return bool(self._code) and hmac.compare_digest(typed.encode(), self._code.replace("-", "").encode())

    def forget(self) -> None:
        """The box is claimed: the code is worth nothing any more."""
        self._code = ""
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()

    def _kept(self) -> str:
        try:
            text = self._path.read_text("ascii").strip()
        except (FileNotFoundError, UnicodeDecodeError):
            return ""
        return text if SPELT.fullmatch(text) else ""

    def _made(self) -> str:
        """A new one; a file that was not ours, or not whole, makes room."""
        code = "-".join("".join(secrets.choice(LETTERS) for _ in range(HALF)) for _ in range(2))
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(code + "\n")
        return code
