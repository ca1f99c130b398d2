"""Whatever is done to any key of the demo site: the fault names that key, and reading never breaks."""

import copy
import functools
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import msgspec.inspect
import pytest
from hypothesis import HealthCheck, example, given
from msgspec import Struct

from edge_agent.domain.rulebook import Rulebook
from edge_agent.settings import reading_words
from edge_agent.settings.bundle import AreasFile, PersonsFile
from edge_agent.settings.fault import dotted
from edge_agent.settings.load import check, load
from edge_agent.settings.reader import item_key
from edge_agent.settings.site import Site
from tests.support.demo_root import REPOSITORY, SITE, copy_root, write_toml
from tests.support.examples import few

BOOK = Path("zones") / "rulebooks" / "demo-confined-space.toml"
NAMES = ("id", "kid")  # by which an entry of a list is called
WITHOUT = {"zh": "has no Chinese", "en": "has no English"}
FILES: dict[Path, type[Struct]] = {
    SITE / "site.toml": Site,
    SITE / "areas.toml": AreasFile,
    SITE / "persons.toml": PersonsFile,
    BOOK: Rulebook,
}
Steps = tuple[str | int, ...]


@functools.cache
def table_of(file: Path) -> dict[str, Any]:
    return tomllib.loads((REPOSITORY / file).read_text(encoding="utf-8"))


def bare(kind: Any) -> Any:
    """The type without ranges and "or None"."""
    if isinstance(kind, msgspec.inspect.Metadata):
        return bare(kind.type)
    if isinstance(kind, msgspec.inspect.UnionType):
        return bare(kind.types[0])
    return kind


def tables(kind: Any, value: Any, steps: Steps = (), key: str = "") -> Iterator[tuple[Steps, str, Any]]:
    """Every table that a Struct is read from: where it stands, how it is called, and its type."""
    kind = bare(kind)
    if isinstance(kind, msgspec.inspect.StructType):
        yield steps, key, kind
        for field in kind.fields:
            if field.name in value:
                yield from tables(field.type, value[field.name], (*steps, field.name), dotted(key, field.name))
    elif isinstance(kind, msgspec.inspect.DictType):
        for name, one in value.items():
            yield from tables(kind.value_type, one, (*steps, name), dotted(key, name))
    elif isinstance(kind, msgspec.inspect.VarTupleType):
        for at, one in enumerate(value):
            yield from tables(kind.item_type, one, (*steps, at), item_key(key, at, one))


def every_table() -> list[tuple[Path, Steps, str, Any]]:
    return [
        (file, steps, key, kind)
        for file, top in FILES.items()
        for steps, key, kind in tables(msgspec.inspect.type_info(top), table_of(file))
    ]


class Place(Struct, frozen=True):
    """Something that can be done to a file: where, to which kind of table, and the name its fault must carry."""

    file: Path
    steps: Steps
    key: str
    of: tuple[type, str]  # the kind of table, and the key in it

    def meets(self, other: "Place") -> bool:
        """One is in the table that the other takes away or names: what has no id is called by its place."""
        return self._rules(other.steps) or other._rules(self.steps)

    def _rules(self, steps: Steps) -> bool:
        whole = self.steps[:-1] if self.steps[-1] in NAMES or len(steps) == len(self.steps) else self.steps
        return steps[: len(whole)] == whole


def required() -> list[Place]:
    """Every key that the demo site gives and must give."""
    found = []
    for file, steps, key, kind in every_table():
        for field in kind.fields:
            if field.required:
                # without its id an entry is called by its place
                nameless = isinstance(steps[-1], int) and field.name in NAMES if steps else False
                called = f"{key.rsplit('[', maxsplit=1)[0]}[#{int(steps[-1]) + 1}]" if nameless else key
                name = field.name
                found.append(Place(file, (*steps, name), dotted(called, name), (kind.cls, name)))
    return found


def rounds(places: Iterable[Place]) -> list[list[Place]]:
    """One of each kind of table alone; of all others as many at once as do not meet."""
    alone: dict[tuple[type, str], list[Place]] = {}
    together: list[list[Place]] = []
    for place in places:
        if place.of not in alone:
            alone[place.of] = [place]
            continue
        fits = (one for one in together if not any(place.meets(other) for other in one))
        found = next(fits, None)
        if found is None:
            together.append([place])
        else:
            found.append(place)
    return [*alone.values(), *together]


@pytest.fixture(scope="module")
def root() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield copy_root(Path(folder))


class Written:
    """The demo site with one file changed, and put back afterwards."""

    def __init__(self, root: Path, file: Path, table: dict[str, Any]) -> None:
        self.path = root / file
        self.before = self.path.read_bytes()
        self.table = table

    def __enter__(self) -> None:
        write_toml(self.path, self.table)

    def __exit__(self, *_: object) -> None:
        self.path.write_bytes(self.before)


def test_the_files_written_for_these_tests_say_the_same(root: Path) -> None:
    site = load(root / SITE, root)
    for file in FILES:
        with Written(root, file, table_of(file)):
            again = load(root / SITE, root)
        assert (again.site, again.areas, again.persons, again.rulebook) == (
            site.site,
            site.areas,
            site.persons,
            site.rulebook,
        )


def test_there_are_keys_to_drop() -> None:
    assert len(required()) > 250


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_a_missing_key_is_one_fault_that_names_it(root: Path, file: Path) -> None:
    places = [place for place in required() if place.file == file]
    assert places
    for some in rounds(places):
        told = said(root, file, some, lambda table, name: table.pop(name))
        assert told == sorted((str(file), one.key, WITHOUT.get(str(one.steps[-1]), "missing")) for one in some)


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_an_unknown_key_is_a_fault_in_every_table(root: Path, file: Path) -> None:
    places = [
        Place(file, (*steps, "zz_made_up"), dotted(key, "zz_made_up"), (kind.cls, "zz_made_up"))
        for where, steps, key, kind in every_table()
        if where == file
    ]
    assert places
    for some in rounds(places):
        told = said(root, file, some, lambda table, name: table.update({name: 1}))
        assert told == sorted((str(file), one.key, "unknown key") for one in some)


def said(root: Path, file: Path, places: list[Place], change: Callable[[Any, Any], Any]) -> list[tuple[str, ...]]:
    """The faults of the site when this is done in these places of one of its files."""
    table = copy.deepcopy(table_of(file))
    for place in places:
        at: Any = table
        for step in place.steps[:-1]:
            at = at[step]
        change(at, place.steps[-1])
    with Written(root, file, table):
        return sorted((fault.file, fault.key, fault.problem.en) for fault in check(root / SITE, root))


PLACES = [
    (file, (*steps, field.name))
    for file, steps, _, kind in every_table()
    for field in kind.fields
    if isinstance(field.name, str)
]
ANYTHING = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(min_value=-(2**63), max_value=2**63 - 1),
        st.floats(),
        st.text(st.characters(codec="utf-8"), max_size=12),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=6), inner, max_size=3),
    ),
    max_leaves=6,
)


def inside(table: Any, step: str | int) -> Any:
    """One step down, or nothing where an earlier change took the way away."""
    try:
        return table[step]
    except (LookupError, TypeError):
        return None


@few(50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(places=st.lists(st.sampled_from(PLACES), min_size=1, max_size=3), value=ANYTHING)
@example(places=[(SITE / "site.toml", ("buses",))], value={"": {}})
@example(places=[(SITE / "site.toml", ("site", "rulebook"))], value="../../../etc/passwd")
@example(places=[(SITE / "site.toml", ("cameras", "cam-1", "url"))], value="rtsp://[::1")
def test_nothing_that_toml_can_say_breaks_the_reading(
    root: Path, places: list[tuple[Path, Steps]], value: Any
) -> None:
    """Either it is a fault in words, or the value was allowed and the bundle loads."""
    file = places[0][0]
    table = copy.deepcopy(table_of(file))
    for _, steps in (place for place in places if place[0] == file):
        at: Any = table
        for step in steps[:-1]:
            at = inside(at, step)
        if isinstance(at, dict):
            at[steps[-1]] = copy.deepcopy(value)  # twice the same value must not hold itself
    with Written(root, file, table):
        faults = check(root / SITE, root)
        if not faults:
            load(root / SITE, root)
    for fault in faults:
        assert all((fault.problem.zh, fault.problem.en, fault.remedy.zh, fault.remedy.en))
        assert "\n" not in str(fault)


def test_every_pattern_has_words() -> None:
    """A person is told what to write, not a regular expression."""
    patterns = {
        bare(field.type).pattern
        for top in FILES.values()
        for kind in msgspec.inspect.multi_type_info([top])
        for _, _, one in tables(kind, {})
        for field in one.fields
        if isinstance(bare(field.type), msgspec.inspect.StrType) and bare(field.type).pattern
    } | {
        bare(field.type).pattern
        for _, _, _, one in every_table()
        for field in one.fields
        if isinstance(bare(field.type), msgspec.inspect.StrType) and bare(field.type).pattern
    }
    assert len(patterns) == 7
    assert patterns <= reading_words.PATTERNS.keys()
