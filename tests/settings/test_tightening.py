"""A site's own book may only tighten: every field has a safe way, and no book that is accepted goes the other."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import msgspec.inspect
import pytest
from hypothesis import HealthCheck, given
from msgspec.inspect import DictType, Metadata, StructType, UnionType, VarTupleType

from edge_agent.domain.book_keys import every_limit, found, steps
from edge_agent.domain.limit import Limit
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.words import Words
from edge_agent.settings.directions import DIRECTIONS, IN_PLACE_OF, Direction
from edge_agent.settings.load import check, load
from tests.support.demo_root import REPOSITORY, SITE, copy_root, write_toml
from tests.support.examples import few

BASE = "gb30871-2022"


def fields(kind: Any) -> Iterator[tuple[str, str, Any]]:
    """Every field of every Struct that a rulebook is made of: Struct, field, type."""
    match kind:
        case Metadata():
            yield from fields(kind.type)
        case UnionType():
            for one in kind.types:
                yield from fields(one)
        case DictType():
            yield from fields(kind.value_type)
        case VarTupleType():
            yield from fields(kind.item_type)
        case StructType() if kind.cls not in (Limit, Words):
            for field in kind.fields:
                yield kind.cls.__name__, field.name, field.type
                yield from fields(field.type)


def is_or_holds(kind: Any, wanted: type) -> bool:
    match kind:
        case Metadata():
            return is_or_holds(kind.type, wanted)
        case UnionType():
            return any(is_or_holds(one, wanted) for one in kind.types)
        case DictType():
            return is_or_holds(kind.value_type, wanted)
        case StructType():
            return kind.cls is wanted
    return False


def scalar(kind: Any) -> bool:
    """A value of its own that is neither a Limit nor one that may only grow (bool, list of names)."""
    match kind:
        case Metadata():
            return scalar(kind.type)
        case UnionType():
            return any(scalar(one) for one in kind.types)
    return isinstance(kind, (msgspec.inspect.IntType, msgspec.inspect.FloatType, msgspec.inspect.StrType))


EVERY = sorted({(struct, name) for struct, name, _ in fields(msgspec.inspect.type_info(Rulebook))})


def test_every_limit_has_its_safe_direction() -> None:
    lost = sorted(
        f"{struct}.{name}"
        for struct, name, kind in fields(msgspec.inspect.type_info(Rulebook))
        if struct != "Loosened" and (is_or_holds(kind, Limit) or scalar(kind)) and name not in DIRECTIONS
    )
    assert lost == [], "add each to edge_agent/settings/directions.py: AT_MOST if a smaller value is safer, ..."


def test_no_direction_is_left_over() -> None:
    assert DIRECTIONS.keys() <= {name for _, name in EVERY}
    assert IN_PLACE_OF.keys() <= DIRECTIONS.keys()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = copy_root(tmp_path_factory.mktemp("root"))
    text = (to / SITE / "site.toml").read_text()
    (to / SITE / "site.toml").write_text(
        text.replace('"demo-confined-space"', '"own"').replace("never = true", "")
    )
    (to / SITE / "rulebooks").mkdir()
    return to


BOOK: Rulebook = msgspec.convert(
    tomllib.loads((REPOSITORY / "zones" / "rulebooks" / f"{BASE}.toml").read_text()), Rulebook
)
EVERY_LIMIT = dict(every_limit(BOOK))
LIMITS = {key: one for key, one in EVERY_LIMIT.items() if "[#" not in key}  # entries of lists: see levels below


def own(root: Path, changes: dict[str, Any], **top: Any) -> list[str]:
    """The site's own book over the shipped one with these keys changed: the keys of its faults."""
    table: dict[str, Any] = {
        "name": "own",
        "version": "1",
        "title": {"zh": "本站", "en": "our own"},
        "extends": BASE,
        **top,
    }
    for key, value in changes.items():
        at = table
        *way, last = steps(key)
        for name in way:
            at = at.setdefault(name, {})
        at[last] = value
    write_toml(root / SITE / "rulebooks" / "own.toml", table)
    return [fault.key for fault in check(root / SITE, root)]


def test_nothing_changed_is_the_base(root: Path) -> None:
    assert own(root, {}) == []
    book = load(root / SITE, root).rulebook
    assert (book.works, book.gases, book.guard) == (BOOK.works, BOOK.gases, BOOK.guard)


def test_one_limit_moved_leaves_all_others(root: Path) -> None:
    assert own(root, {"guard.still_pause_s": {"value": 240, "clause": "site"}}) == []
    book = load(root / SITE, root).rulebook
    assert book.guard.still_pause_s == Limit(value=240, unit="s", clause="site", row="2-24")
    assert dict(every_limit(book)).keys() == EVERY_LIMIT.keys()


def direction_of(key: str) -> Direction:
    return next(DIRECTIONS[name] for name in reversed(steps(key)) if name in DIRECTIONS)


def looser_by_hand(key: str, base: Limit, now: Limit | None) -> bool:
    """Said a second time, without the code under test."""
    if now is None:
        return True
    direction = direction_of(key)
    return (now.value > base.value and direction != "at_least") or (
        now.value < base.value and direction != "at_most"
    )


@few(30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(sorted(LIMITS)),
        st.sampled_from([0.25, 0.5, 0.9, 0.999, 1.0, 1.001, 1.1, 2.0, 10.0]),
        min_size=1,
        max_size=4,
    )
)
def test_no_book_is_accepted_that_is_looser_in_any_limit(root: Path, moved: dict[str, float]) -> None:
    changes = {key: {"value": LIMITS[key].value * times, "clause": "ours"} for key, times in moved.items()}
    faults = own(root, changes)
    if not faults:
        book = load(root / SITE, root).rulebook
        assert [key for key, base in LIMITS.items() if looser_by_hand(key, base, found(book, key))] == []
    for key, times in moved.items():
        loose = looser_by_hand(key, LIMITS[key], Limit(value=LIMITS[key].value * times, unit="", clause=""))
        assert not loose or f"{key}.value" in faults


@pytest.mark.parametrize("key", sorted(LIMITS))
def test_each_limit_alone_is_refused_the_unsafe_way(root: Path, key: str) -> None:
    unsafe = 0.999 if direction_of(key) is Direction.AT_LEAST else 1.001
    assert f"{key}.value" in own(root, {key: {"value": LIMITS[key].value * unsafe, "clause": "ours"}})


@pytest.mark.parametrize(
    ("key", "value", "named"),
    [
        ("start_signers", ["holder"], "start_signers"),
        ("works.confined_space.sampled", ["o2", "toxic"], "works.confined_space.sampled"),
        ('works."hot.1".approvals', ["safety_director"], 'works."hot.1".approvals'),
        ('works."hot.special".video', False, 'works."hot.special".video'),
        ('works."height.1".make_safe', False, 'works."height.1".make_safe'),
        ("works.confined_space.guards", 0, "works.confined_space.guards"),
        ('works."hot.2".upgraded_to', "hot.2", 'works."hot.2".upgraded_to'),
        (
            "works.confined_space.gas_grace_s",
            {"value": 31, "unit": "s", "clause": "x"},
            "works.confined_space.gas_grace_s.value",
        ),
        ("gases.h2s.stop_high", {"value": 10.1, "unit": "mg/m3", "clause": "x"}, "gases.h2s.stop_high.value"),
        ("gases.h2s.molar_mass", 30.0, "gases.h2s.molar_mass"),
        ("guard.still_pause_s", {"value": 3, "unit": "min", "clause": "x"}, "guard.still_pause_s.unit"),
        ("guard.still_pause_s", {"value": 200}, "guard.still_pause_s.value"),
        ('works."hot.easy"', {"name": {"zh": "动火", "en": "hot"}, "clause": "x"}, 'works."hot.easy"'),
        ("demo", True, "demo"),
        ("extends", "gb30871-2O22", "extends"),
        ("extends", 5, "extends"),
    ],
)
def test_what_is_no_number_may_not_be_loosened_either(root: Path, key: str, value: Any, named: str) -> None:
    assert named in own(root, {key: value})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("start_signers", ["holder", "guard", "shift_lead"]),
        ("works.confined_space.sampled", ["combustible", "o2", "toxic", "h2s"]),
        ("works.confined_space.video", True),
        ("works.confined_space.guards", 2),
        ("works.confined_space.gas_grace_s", {"value": 20, "unit": "s", "clause": "x"}),
        ("works.lifting_by_hand", {"name": {"zh": "x", "en": "x"}, "clause": "ours"}),
        ("gases.ph3", {"name": {"zh": "x", "en": "x"}, "stop_high": {"value": 0.2, "unit": "ppm", "clause": "x"}}),
    ],
)
def test_more_may_be_asked(root: Path, key: str, value: Any) -> None:
    assert own(root, {key: value}) == []


def test_another_unit_is_compared_by_what_it_means(root: Path) -> None:
    """One gas speaks one unit, which is a fault of its own; 9.9 %LEL of methane is no looser than 0.5 %vol."""
    assert own(root, {"gases.ch4.stop_high": {"value": 9.9, "unit": "%LEL", "clause": "x"}}) == ["gases.ch4"]
    assert "gases.ch4.stop_high.value" in own(
        root, {"gases.ch4.stop_high": {"value": 10.1, "unit": "%LEL", "clause": "x"}}
    )


def test_response_levels_may_begin_earlier_and_none_may_go(root: Path) -> None:
    table = tomllib.loads((REPOSITORY / "zones" / "rulebooks" / f"{BASE}.toml").read_text())
    levels = table["gases"]["cl2"]["levels"]
    assert own(root, {"gases.cl2.levels": levels}) == []
    assert own(root, {"gases.cl2.levels": levels[:2]}) == ["gases.cl2.levels[#3]"]
    levels[1]["at_least"]["value"] = 0.9
    assert own(root, {"gases.cl2.levels": levels}) == []
    levels[1]["at_least"]["value"] = 1.1
    assert own(root, {"gases.cl2.levels": levels}) == ["gases.cl2.levels[#2].at_least.value"]


def test_a_book_that_stands_alone_is_measured_by_the_shipped_one(root: Path) -> None:
    table = tomllib.loads((REPOSITORY / "zones" / "rulebooks" / f"{BASE}.toml").read_text())
    table["name"] = "own"
    write_toml(root / SITE / "rulebooks" / "own.toml", table)
    assert check(root / SITE, root) == []
    del table["works"]["road_closure"], table["works"]["hot.1"]["gas_grace_s"]
    table["works"]["hot.1"]["fire_watch_s"]["value"] = 60
    write_toml(root / SITE / "rulebooks" / "own.toml", table)
    assert [fault.key for fault in check(root / SITE, root)] == ['works."hot.1".fire_watch_s.value']


@pytest.mark.parametrize("name", ["osha-1910", "example-stricter-site", BASE])
def test_every_shipped_book_is_good(root: Path, name: str) -> None:
    text = (root / SITE / "site.toml").read_text()
    try:
        (root / SITE / "site.toml").write_text(text.replace('rulebook = "own"', f'rulebook = "{name}"'))
        assert check(root / SITE, root) == []
    finally:
        (root / SITE / "site.toml").write_text(text)


def test_another_law_brings_its_own_gases_and_works(root: Path) -> None:
    assert own(root, {}, extends="osha-1910") == []
    book = load(root / SITE, root).rulebook
    assert (book.standard, sorted(book.works)) == ("29 CFR 1910", ["confined_space", "hot"])
    assert book.gases["h2s"].stop_high is not None
    assert book.gases["h2s"].stop_high.value == 20
    assert book.guard == BOOK.guard
    looser = {"gases.h2s.stop_high": {"value": 21, "clause": "x"}}
    assert own(root, looser, extends="osha-1910") == ["gases.h2s.stop_high.value"]


def test_books_that_extend_each_other_are_refused(root: Path) -> None:
    other = {"name": "other", "version": "1", "title": {"zh": "x", "en": "x"}, "extends": "own"}
    write_toml(root / SITE / "rulebooks" / "other.toml", other)
    assert "extends" in own(root, {}, extends="other")
