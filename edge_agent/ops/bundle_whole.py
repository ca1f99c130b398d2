"""A whole site's settings out of one file, as they would replace what stands in a site's folder.

The file is one of `edge-agent site export`, or a backup from the page "Settings". People and secrets are never
taken from it: people are records of their own, with each change signed (`persons.toml` is only how a site begins),
and a secret that came over a page would have been seen on its way. Those of the box stay as they are.
"""

import re
from pathlib import Path

import msgspec
from msgspec import Struct

from edge_agent.domain.words import Words, WordsError
from edge_agent.ops import bundle_files as files
from edge_agent.ops.site_members import LARGEST, MOST_MEMBERS, Members, NotOneError, members
from edge_agent.tell.desk_settings import SETTINGS_FILE

ZIP = b"PK"
PEOPLE = "persons.toml"
NO_SITE = Words("文件中没有 site.toml", "there is no site.toml in it")
SAME = Words("与现用设置相同，没有可恢复的内容", "nothing in it is another than the settings of now")
PEOPLE_STAY = Words(
    "人员（persons.toml）不恢复：以本机人员记录为准",
    "people (persons.toml) are not taken from it: those of this box stay as they are",
)
SECRETS_STAY = Words(
    "密码和密钥不恢复：本机 secrets 文件夹保持不变",
    "passwords and keys are not taken from it: the files of this box stay as they are",
)


class _Text(Struct, frozen=True):
    file: str
    text: str


class _Backup(Struct, frozen=True):
    """What GET /settings/backup gives."""

    files: tuple[_Text, ...]


def others(folder: Path, whole: bytes) -> dict[str, tuple[bytes, bytes]]:
    """Each file that is another in it: what stands now, and what would. Raises WordsError and OSError."""
    texts = {name: text for name, text in _read(whole).texts.items() if re.fullmatch(SETTINGS_FILE, name)}
    if "site.toml" not in texts:
        raise NotOneError(NO_SITE)
    found = {name: (files.text_of(folder / name), text) for name, text in texts.items()}
    changed = {name: (before, after) for name, (before, after) in found.items() if before != after}
    if not changed:
        raise WordsError(SAME)
    return changed


def left(whole: bytes) -> tuple[Words, ...]:
    """What is in it, or was in the site, and is not taken."""
    found = _read(whole)
    stays = ((PEOPLE_STAY, PEOPLE in found.texts), (SECRETS_STAY, bool(found.secret_files)))
    return tuple(words for words, there in stays if there)


def _read(whole: bytes) -> Members:
    if whole.startswith(ZIP):
        return members(whole)
    try:
        rows = msgspec.json.decode(whole, type=_Backup).files
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as fault:
        raise NotOneError(Words("这不是设置备份文件", "this file is no backup of settings")) from fault
    texts = {one.file: one.text.encode() for one in rows}
    if len(texts) != len(rows) or len(rows) > MOST_MEMBERS or any(len(one) > LARGEST for one in texts.values()):
        raise NotOneError(Words("文件过多、过大或重名", "too many files in it, too large, or a name twice"))
    return Members(texts=texts, secret_files=())
