"""Small changes of a settings file: one key set, one table added or removed; comments, order and spelling stay.

What the text says afterwards is compared with what was asked: where the two differ, nothing is changed.
"""

import copy
import re
import tomllib
from typing import Annotated, Any, Literal, TypeVar

import tomlkit
from msgspec import Meta, Struct
from tomlkit import items
from tomlkit.exceptions import TOMLKitError

from edge_agent.domain.words import Words, WordsError
from edge_agent.settings.fault import dotted

Step = Annotated[str, Meta(min_length=1, max_length=128)] | Annotated[int, Meta(ge=0, le=999)]
Path = Annotated[tuple[Step, ...], Meta(min_length=1, max_length=8)]
LANGUAGES = {"zh", "en"}
EMPTY = "schema = 1\n"  # of a file that is not there yet

D = TypeVar("D")


class Edit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One change at a place: keys from the outside in, an entry of a list by its number (from 0).

    "set" gives the key this value (a table is added where none is), "add" appends one to a list, "remove" takes
    the key or the entry away. "secret" puts a password or a key into a file of its own, which the key then names:
    it is never read back. "login" does so with a camera's user and password, at ["cameras", ID, "login"].
    """

    do: Literal["set", "add", "remove", "secret", "login"]
    at: Path
    value: Any = None

    def __repr__(self) -> str:
        """Without its value, which may be a password."""
        return f"Edit({self.do} {named(self.at)})"


def edited(text: str, edits: tuple[Edit, ...]) -> str:
    """The text with these changes; raises WordsError."""
    try:
        document = tomlkit.parse(text)
        wanted = tomllib.loads(text)
        for one in edits:
            _done(document, one, kept=True)
            _done(wanted, one, kept=False)
        after = _spaced(text, tomlkit.dumps(document))
        said = tomllib.loads(after)
    except (TOMLKitError, tomllib.TOMLDecodeError) as fault:
        raise WordsError(Words(f"文件无法修改：{fault}", f"the file cannot be changed: {fault}")) from fault
    if said != wanted:
        raise WordsError(
            Words(
                "此修改不能保留文件原样，请手工修改",
                "this cannot be written into the file safely: edit it by hand",
            )
        )
    return after


def _done(document: Any, edit: Edit, *, kept: bool) -> None:
    """The change itself, in a document that keeps its comments or in a plain one."""
    *above, last = edit.at
    place = document
    for number, step in enumerate(above):
        place = _below(place, step, edit, number)
    if edit.do == "remove":
        _removed(place, last, edit)
    elif edit.do == "add":
        _added(place, last, edit, kept=kept)
    else:
        _set(place, last, edit, kept=kept)


def _below(place: Any, step: str | int, edit: Edit, number: int) -> Any:
    """One step further in; a table that is not there yet is made."""
    if isinstance(step, str) and isinstance(place, dict):
        if step not in place and edit.do != "remove":
            place[step] = tomlkit.table(is_super_table=True) if isinstance(place, _KEPT) else {}
        if step in place:
            return place[step]
    elif isinstance(step, int) and isinstance(place, list) and step < len(place):
        return place[step]
    raise _nowhere(edit.at[: number + 1])


_KEPT = (tomlkit.TOMLDocument, items.Table, items.InlineTable, tomlkit.container.OutOfOrderTableProxy)


def _removed(place: Any, last: str | int, edit: Edit) -> None:
    fits = (isinstance(last, str) and isinstance(place, dict) and last in place) or (
        isinstance(last, int) and isinstance(place, list) and last < len(place)
    )
    if not fits:
        raise _nowhere(edit.at)
    del place[last]


def _added(place: Any, last: str | int, edit: Edit, *, kept: bool) -> None:
    if not isinstance(place, dict) or not isinstance(last, str):
        raise _nowhere(edit.at)
    rows = place.get(last)
    table = isinstance(edit.value, dict)
    if rows is None:
        place[last] = rows = [] if not kept else tomlkit.aot() if table else tomlkit.array()
    if not isinstance(rows, list):
        raise _nowhere(edit.at)
    rows.append(_item(edit.value, whole=isinstance(rows, items.AoT)) if kept else copy.deepcopy(edit.value))
    if kept and not rows:
        place[last] = rows


def _set(place: Any, last: str | int, edit: Edit, *, kept: bool) -> None:
    value = copy.deepcopy(edit.value)
    if value is None or (isinstance(last, str) and not isinstance(place, dict)):
        raise _nowhere(edit.at)
    if isinstance(last, int) and not (isinstance(place, list) and last < len(place)):
        raise _nowhere(edit.at)
    if not kept:
        place[last] = value
        return
    old = place.get(last) if isinstance(place, dict) else place[last]
    if isinstance(old, float) and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    whole = not isinstance(place, items.InlineTable) and not isinstance(old, items.InlineTable)
    place[last] = _item(value, whole=whole)


def _item(value: Any, *, whole: bool) -> Any:
    """A value as a person would write it: words on one line, tables under a head of their own."""
    if isinstance(value, dict):
        if whole and not value.keys() <= LANGUAGES:
            table = tomlkit.table()
            for name, one in sorted(value.items(), key=lambda pair: _nested(pair[1])):
                table.add(name, _item(one, whole=True))
            return table
        inside = ", ".join(f"{tomlkit.key(name).as_string()} = {_written(one)}" for name, one in value.items())
        return tomlkit.value(f"{{ {inside} }}")
    if isinstance(value, list):
        if whole and value and all(isinstance(one, dict) for one in value):
            rows = tomlkit.aot()
            for one in value:
                rows.append(_item(one, whole=True))
            return rows
        array = tomlkit.array()
        for one in value:
            array.append(_item(one, whole=False))
        return array
    return tomlkit.item(value)


def _written(value: Any) -> str:
    return str(_item(value, whole=False).as_string())


def _spaced(before: str, after: str) -> str:
    """A blank line above a new table's head and never two, where the file was kept so."""
    for crooked, straight in ((r"\n{3,}", r"\n\n"), (r"(?m)^([^\s#].*)\n(?=\[)", r"\1\n\n")):
        if not re.search(crooked, before):
            after = re.sub(crooked, straight, after)
    return after.rstrip("\n") + "\n"


def _nested(value: Any) -> bool:
    """Tables stand after plain keys, or those would be the table's."""
    tables = isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)
    return tables or (isinstance(value, dict) and not value.keys() <= LANGUAGES)


def named(at: tuple[str | int, ...]) -> str:
    """The place as faults call it, entries of lists by their number from 1."""
    key = ""
    for step in at:
        key = f"{key}[#{step + 1}]" if isinstance(step, int) else dotted(key, step)
    return key


def _nowhere(at: tuple[str | int, ...]) -> WordsError:
    key = named(at)
    return WordsError(Words(f"{key}：没有这一项", f"{key}: there is nothing like that to change"))
