"""Finds a rulebook and lays it over the one that it extends, key by key."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from edge_agent.domain.book_keys import below
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.words import Words
from edge_agent.settings.bundle import no_such
from edge_agent.settings.fault import Fault, shown
from edge_agent.settings.hole import HOLE
from edge_agent.settings.reader import Reader
from edge_agent.settings.standards import STANDARDS
from edge_agent.settings.toml_files import Files

BOOK = Words("规则手册", "rulebook")
# What says who a book is, and is never taken over from the one below it.
ITS_OWN = frozenset({"name", "version", "title", "extends", "loosened"})
# What belongs to a law: a book written after another standard brings all of its own.
OF_THE_LAW = frozenset({"standard", "gases", "works"})


class Books:
    """The shared books and the site's own, which come first; each file is read once."""

    def __init__(self, root: Path, own: Path, files: Files) -> None:
        """`root` holds zones/rulebooks/, `own` is the folder of the site's own books."""
        shared = {path.stem: path for path in (root / "zones" / "rulebooks").glob("*.toml")}
        self.paths: Mapping[str, Path] = shared | {path.stem: path for path in own.glob("*.toml")}
        self.faults: list[Fault] = []
        self.soft: list[Fault] = []
        self._files = files
        self._shared = shared

    def book(self, path: Path) -> tuple[Rulebook, Rulebook | None]:
        """The whole book in a file, and the one that it may not be looser than (None: only the ceilings hold)."""
        raw = self._files.table(path)
        if raw is None:
            return HOLE, None
        below_it = self._below(path, raw, (path.stem,))
        if below_it is None and isinstance(raw.get("extends"), str) and raw["extends"]:
            return HOLE, None  # why it cannot be laid over anything has been told
        table = raw if below_it is None else self._laid_over(path, below_it, raw)
        reader = Reader(self._files.name(path))
        book = reader.read(Rulebook, table)
        self.faults += reader.faults
        self.soft += reader.soft
        if below_it is None:
            below_it = self._shipped(path, raw)
        return book, None if below_it is None else Reader("").read(Rulebook, below_it)

    def _below(self, path: Path, raw: dict[str, Any], above: tuple[str, ...]) -> dict[str, Any] | None:
        """The whole table that a book extends, itself laid over what it extends."""
        name = raw.get("extends", "")
        if not isinstance(name, str) or not name:
            return None
        file = self._files.name(path)
        known = self.paths.keys() - set(above)
        if name not in known:
            self.faults.append(no_such(file, "extends", name, BOOK, known))
            return None
        table = self._files.table(self.paths[name])
        if table is None:
            return None
        deeper = self._below(self.paths[name], table, (*above, name))
        return table if deeper is None else self._laid_over(self.paths[name], deeper, table)

    def _shipped(self, path: Path, raw: dict[str, Any]) -> dict[str, Any] | None:
        """The shipped book of its standard, for a site's own that stands alone; a DEMO book has ceilings only."""
        law = STANDARDS.get(str(raw.get("standard")))
        if law is None or raw.get("demo") is True or path == self._shared.get(path.stem):
            return None
        shipped = self._shared.get(law.book)
        return None if shipped is None else self._whole(shipped)

    def _whole(self, path: Path) -> dict[str, Any] | None:
        raw = self._files.table(path, counts=False)  # compared with, not decided by
        deeper = None if raw is None else self._below(path, raw, (path.stem,))
        return raw if raw is None or deeper is None else laid_over(deeper, raw)

    def _laid_over(self, path: Path, lower: dict[str, Any], upper: dict[str, Any]) -> dict[str, Any]:
        file = self._files.name(path)
        self.faults += [_sourceless(file, key, value) for key, value in sourceless(lower, upper)]
        return laid_over(lower, upper)


def laid_over(lower: dict[str, Any], upper: dict[str, Any]) -> dict[str, Any]:
    """The upper book, and from the lower one all that the upper does not say."""
    another_law = "standard" in upper and upper["standard"] != lower.get("standard")
    left_out = ITS_OWN | OF_THE_LAW if another_law else ITS_OWN
    return _merged({key: value for key, value in lower.items() if key not in left_out}, upper)


def _merged(lower: dict[str, Any], upper: dict[str, Any]) -> dict[str, Any]:
    both = {
        key: _merged(value, upper[key]) if isinstance(value, dict) and isinstance(upper[key], dict) else upper[key]
        for key, value in lower.items()
        if key in upper
    }
    return lower | upper | both


def sourceless(lower: Any, upper: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Limits that get another value and keep the source of the old one, which says nothing about the new."""
    if not isinstance(lower, dict) or not isinstance(upper, dict):
        return
    if "value" in upper and "clause" in lower and "clause" not in upper:
        yield key, upper["value"]
    for name in (name for name in upper if name in lower):
        yield from sourceless(lower[name], upper[name], below(key, name))


def _sourceless(file: str, key: str, value: Any) -> Fault:
    problem = Words("换了数值而没有依据", "gives another value without its source")
    remedy = Words("请写明 clause", "add clause: who asked for it, and why")
    return Fault(file=file, key=f"{key}.value", value=shown(value, key), problem=problem, remedy=remedy)
