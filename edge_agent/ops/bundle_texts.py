"""What files of the settings are to say, as a form has it: whole texts, small changes, a whole site's file.

A secret that is entered goes into a file of a new name, which the key then names.
"""

import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.domain.words import Words, WordsError
from edge_agent.ops import bundle_files as files
from edge_agent.ops import bundle_whole as restored
from edge_agent.ops.bundle_files import digest
from edge_agent.ops.bundle_logins import CameraLogins
from edge_agent.settings.edits import EMPTY, Edit, edited
from edge_agent.settings.secret_files import SECRETS
from edge_agent.tell.desk_settings import FileForm, SettingsForm

ELSEWHERE = Words(
    "此文件刚被他人修改，请重新载入后再改",
    "somebody else has changed this file meanwhile: load it anew and change that",
)


class Text(Struct, frozen=True, kw_only=True):
    """What a file says now, and what it is to say; `hidden` are new files that hold a secret, by their names."""

    name: str
    before: bytes
    after: bytes
    hidden: dict[str, bytes]
    logins: frozenset[str] = frozenset()  # cameras whose login was typed


def texts_of(form: SettingsForm, whole: bytes, folder: Path, logins: CameraLogins) -> Iterator[Text]:
    """Each file that is to be another; `whole` is a whole site's, where the form names one.

    Raises WordsError and OSError.
    """
    if form.upload is None:
        for one in (form, *form.also):
            yield _text(one, folder, logins)
        return
    seen = {one.file: one.before for one in (form, *form.also)}
    for name, (before, after) in restored.others(folder, whole).items():
        if digest(before) != seen.get(name, digest(b"")):
            raise WordsError(ELSEWHERE)
        yield Text(name=name, before=before, after=after, hidden={})


def hidden(texts: Iterable[Text]) -> dict[str, bytes]:
    """The new files that hold a secret, by their names."""
    return {name: secret for one in texts for name, secret in one.hidden.items()}


def _text(form: FileForm, folder: Path, known: CameraLogins) -> Text:
    """Raises WordsError and OSError."""
    before = files.text_of(folder / form.file)
    if digest(before) != form.before:
        raise WordsError(ELSEWHERE)
    if form.text is not None:
        return Text(name=form.file, before=before, after=form.text.encode(), hidden={})
    apart: dict[str, bytes] = {}
    text = before.decode(errors="replace") or EMPTY
    logins = tuple(one for one in form.edits if one.do == "login")
    edits = tuple(_put_apart(one, apart) for one in form.edits if one.do != "login")
    after = edited(text, edits)
    if logins:
        after = known.put(after, logins, apart)
    typed = frozenset(str(one.at[1]) for one in logins)
    return Text(name=form.file, before=before, after=after.encode(), hidden=apart, logins=typed)


def _put_apart(edit: Edit, hidden: dict[str, bytes]) -> Edit:
    """A secret goes into a file of a new name, and the key names that. Raises WordsError."""
    if edit.do != "secret":
        return edit
    if not isinstance(edit.value, str) or not edit.value.strip():
        raise WordsError(Words("密钥或密码为空", "the password or key is empty"))
    key = "-".join(str(one) for one in edit.at)[:80].replace("/", "-").replace(".", "-")
    name = f"{SECRETS}/{key}-{secrets.token_hex(4)}"
    hidden[name] = edit.value.encode()
    return replace(edit, do="set", value=name)
