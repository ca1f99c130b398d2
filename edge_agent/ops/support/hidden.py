"""What must not leave with a support bundle: secrets by the names of their keys and files, and whoever is on site.

Twice over: settings are written without such keys, and every text is swept for the very words afterwards,
because a log may quote anything.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from edge_agent.settings.site import Settings

LEFT_OUT = "(left out)"
MASK = "****"
# Keys whose value is, or may be, a secret; what names a file says only where one lies.
SECRET_KEY = re.compile(
    r"(password|passwd|secret|token|hash|pin|badge|key|keys|login|user|username|credential)s?$"
)
NAMES_A_FILE = re.compile(r"_file$|^(ca|client_cert|client_key|certificate|private_key|cert)$")
IN_URL = re.compile(r"//[^/@\s\"]+@")
# As many cameras have it in an address, also in its path: "?password=b", "/user=a_password=b_channel=1".
PARAMETER = re.compile(r"(?i)([?&;/_](?:user|pass|pwd|token|auth|key)[^=/\s\"]*=)[^&;_\s'\"]+")
PEM = re.compile(r"-----BEGIN [A-Z ]+-----.*?-----END [A-Z ]+-----", re.DOTALL)
JWS = re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
ARGON2 = re.compile(r"\$argon2[a-z]*\$[^\s\"']+")
# Keys, not words and not paths.
LONG = re.compile(r"\b(?=[A-Za-z0-9_+-]*[0-9])(?=[A-Za-z0-9_+-]*[A-Za-z])[A-Za-z0-9_+-]{40,}={0,2}")
LARGEST = 64 * 1024  # a secret is short
SHORTEST = 4  # of a word that is swept for: "no" would blind the whole text
PERSONS = "persons.toml"
ANY = re.compile("")  # in a file that is closed to others
OF_A_PERSON = re.compile(r"^(id|name|number|phone|tag)$|hash|badge|pin|key")


def told(value: Any, key: str = "") -> Any:
    """A value of the settings as it may be told."""
    if isinstance(value, Mapping):
        return {name: told(inner, name) for name, inner in value.items()}
    if NAMES_A_FILE.search(key):
        return value
    if SECRET_KEY.search(key) and not isinstance(value, bool):
        return LEFT_OUT
    if isinstance(value, (list, tuple)):
        return [told(inner, key) for inner in value]
    return IN_URL.sub("//...@", value) if isinstance(value, str) else value


class Sweep:
    """Takes words out of texts."""

    def __init__(self, words: Iterable[str]) -> None:
        """Longest first, so that no half of one is left."""
        known = sorted({word for word in words if len(word.encode()) >= SHORTEST}, key=len, reverse=True)
        self._words = re.compile("|".join(map(re.escape, known))) if known else None

    def clean(self, text: str) -> str:
        """The text without any of them, and without anything that looks like a key."""
        if self._words is not None:
            text = self._words.sub(MASK, text)
        for pattern in (PEM, JWS, ARGON2, LONG):
            text = pattern.sub(MASK, text)
        return IN_URL.sub("//...@", PARAMETER.sub(rf"\1{MASK}", text))


def words(settings: Settings) -> Iterator[str]:
    """Every secret of the site, and every name, id and number by which somebody is known."""
    for file in sorted(settings.folder.rglob("*")):
        if not file.is_file() or file.stat().st_size > LARGEST:
            continue
        if file.suffix == ".toml":
            yield from _of_toml(file)
        elif file.stat().st_mode & 0o077 == 0 or re.search(r"key|token|password|secret|pem", file.name):
            yield from _of_text(file)
    for person in settings.persons:
        yield from (person.id, person.name)


def of_people(persons: Iterable[Any]) -> Iterator[str]:
    """Names and ids of those who came by message."""
    for person in persons:
        yield from (person.id, person.name)


def _of_toml(file: Path) -> Iterator[str]:
    try:
        table = tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return
    if file.name == PERSONS:
        yield from _strings(table, OF_A_PERSON)
    else:
        yield from _strings(table, ANY if file.stat().st_mode & 0o077 == 0 else SECRET_KEY)


def _strings(value: Any, wanted: re.Pattern[str], key: str = "") -> Iterator[str]:
    """Every text under a key that is wanted, and every login in an address."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _strings(inner, wanted, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner, wanted, key)
    elif isinstance(value, str):
        if wanted.search(key) and not NAMES_A_FILE.search(key):
            yield value
        found = re.search(r"//([^/@\s]+)@", value)
        if found is not None:
            yield from found[1].split(":")


def _of_text(file: Path) -> Iterator[str]:
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return
    yield from (line.strip() for line in lines if line.strip() and not line.startswith("-----"))
