"""Gives a file of the settings another text: checked as `edge-agent check` does, decided by the brain, taken.

The text lies beside the file before anybody is asked, so that what is accepted can be taken by one rename; the one
that it replaces stays as `<file>.last-good`. The box then starts anew with it. Should it end between the brain's
word and the rename, the next start finds both and finishes (`finish`).
"""

import hashlib
import logging
import os
import tempfile
import threading
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from edge_agent.domain.request import Answer, SettingsChange
from edge_agent.domain.words import Words, same
from edge_agent.domain.zone import Area
from edge_agent.ops import checking
from edge_agent.settings.bundle import AreasFile
from edge_agent.settings.fault import Fault
from edge_agent.store.errors import StoreError
from edge_agent.store.load import Wanted
from edge_agent.store.reader import Reader
from edge_agent.tell.desk_form import SettingsForm

log = logging.getLogger(__name__)

LAST_GOOD = ".last-good"
CHANGED = "settings.changed"
FILES = ("areas.toml",)
ELSEWHERE = Words(
    "此文件刚被他人修改，请重新载入后再改",
    "somebody else has changed this file meanwhile: load it anew and change that",
)


class Bundle:
    """The settings of one site, as they may be changed. Called from the desk's threads."""

    def __init__(self, folder: Path, root: Path, begin_anew: Callable[[], object]) -> None:
        """`begin_anew` lets the box start with what was taken."""
        self._folder, self._root, self._begin_anew = folder, root, begin_anew
        self._lock = threading.Lock()

    def change(self, form: SettingsForm, ask: Callable[[SettingsChange], Answer]) -> Answer:
        """What is wrong with the text, or what the brain says to it. Accepted: it is the file's now."""
        with self._lock:
            file = self._folder / form.file
            before, after = file.read_bytes(), form.text.encode()
            if _hash(before) != form.before:
                return _no((ELSEWHERE,))
            faults = tuple(_told(one) for one in self._faults(form.file, after))
            if faults:
                return _no(faults)
            change = _change(form.file, before, after)
            if form.check_only:
                return Answer(request="", accepted=True, reasons=change.changes)
            try:
                _write(_beside(file), after)
                answer = ask(change)
                if answer.accepted:
                    _take(file)
                    self._begin_anew()
                else:
                    _beside(file).unlink()
            except OSError as fault:
                return _no((same(f"{fault.filename}: {fault.strerror}"),))
            return answer

    def _faults(self, name: str, text: bytes) -> list[Fault]:
        """Of the whole bundle with this text in it: a folder of its own, in which all else is the site's."""
        with tempfile.TemporaryDirectory(prefix="edge-agent-check-") as scratch:
            folder = Path(scratch) / self._folder.name
            folder.mkdir()
            for one in self._folder.iterdir():
                if one.name != name:
                    (folder / one.name).symlink_to(one.resolve())
            (folder / name).write_bytes(text)
            return checking.faults(folder, self._root)


def finish(folder: Path, records: Path) -> bool:
    """Take what the brain had accepted when the box ended, if anything. A text that nobody accepted is dropped."""
    taken = False
    for name in FILES:
        new = _beside(folder / name)
        if not new.exists():
            continue
        if _hash(new.read_bytes()) == _accepted(records, name):
            _take(folder / name)
            taken = True
        else:
            log.warning("%s was accepted by nobody: it is dropped", new)
            new.unlink()
    return taken


def _accepted(records: Path, name: str) -> str | None:
    """The hash of the text that was accepted last for this file."""
    try:
        with Reader.open(records) as store:
            events = store.recent(1, Wanted(type=CHANGED))
    except StoreError as fault:
        log.warning("nobody knows which settings were accepted: %s", fault)
        return None
    return next((one.data["sha256"] for one in events if one.data["file"] == name), None)


def _beside(file: Path) -> Path:
    return file.with_name(f".{file.name}.new")


def _write(path: Path, text: bytes) -> None:
    with path.open("wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _take(file: Path) -> None:
    """By renames alone: at every moment there is a file, and it is whole."""
    last = file.with_name(file.name + LAST_GOOD)
    half = last.with_name(f".{last.name}.new")
    _write(half, file.read_bytes())
    half.replace(last)
    _beside(file).replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _hash(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def _no(reasons: tuple[Words, ...]) -> Answer:
    return Answer(request="", accepted=False, reasons=reasons)


def _told(fault: Fault) -> Words:
    short = msgspec.structs.replace(fault, file=Path(fault.file).name)
    return Words(short.line("zh"), short.line("en"))


def _change(name: str, before: bytes, after: bytes) -> SettingsChange:
    """What is another, area by area. Both texts are good."""
    old, new = _areas(before), _areas(after)
    removed = tuple(id_ for id_ in old if id_ not in new)
    touched = tuple(id_ for id_, area in new.items() if old.get(id_) != area)
    return SettingsChange(
        file=name,
        sha256=_hash(after),
        before=_hash(before),
        changes=tuple(_changes(old, new)),
        areas=touched,
        removed=removed,
    )


def _areas(text: bytes) -> dict[str, Area]:
    read = msgspec.convert(tomllib.loads(text.decode()), AreasFile)
    return {area.id: area for area in read.areas}


def _changes(old: dict[str, Area], new: dict[str, Area]) -> Iterator[Words]:
    for id_, area in new.items():
        before = old.get(id_)
        if before is None:
            yield Words(f"新增区域 {id_}（{area.name.zh}）", f"new area {id_} ({area.name.en})")
            continue
        parts = [_PARTS[name] for name in _PARTS if getattr(before, name) != getattr(area, name)]
        if parts:
            zh, en = "、".join(one.zh for one in parts), ", ".join(one.en for one in parts)
            yield Words(f"区域 {id_}：{zh}", f"area {id_}: {en}")
    for id_ in old:
        if id_ not in new:
            yield Words(f"删除区域 {id_}", f"the area {id_} is no more")
    order = [id_ for id_ in new if id_ in old]
    if order != [id_ for id_ in old if id_ in new]:
        yield Words("区域的先后次序", "which area counts first where they overlap")


_PARTS = {
    "name": Words("名称", "its name"),
    "corners": Words("边界", "its outline"),
    "floor_m": Words("底面高度", "its floor"),
    "ceiling_m": Words("顶面高度", "its ceiling"),
    "ppe": Words("劳保要求", "what is worn there"),
    "authorised_only": Words("人员限制", "who may be there"),
}
