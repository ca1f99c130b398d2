"""Small changes of a settings file keep everything else as somebody wrote it."""

import difflib
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.domain.words import WordsError
from edge_agent.settings.edits import Edit, edited, named
from tests.support.languages import faults
from tests.support.pages import TREE

PLANT = (TREE / "zones" / "demo-plant" / "site.toml").read_text("utf-8")
AREAS = (TREE / "zones" / "demo-plant" / "areas.toml").read_text("utf-8")


def edit(do: Any, *at: str | int, value: Any = None) -> Edit:
    return Edit(do=do, at=at, value=value)


def told(before: str, after: str) -> list[str]:
    return [one for one in difflib.ndiff(before.splitlines(), after.splitlines()) if one[:1] in "+-"]


def test_a_value_is_another_and_its_remark_stays() -> None:
    after = edited(
        PLANT,
        (edit("set", "site", "rulebook", value="gb30871-2022"), edit("set", "gas", "gas-o2", "unit_id", value=9)),
    )
    assert told(PLANT, after) == [
        '- rulebook = "demo-confined-space" # zones/rulebooks/demo-confined-space.toml',
        '+ rulebook = "gb30871-2022" # zones/rulebooks/demo-confined-space.toml',
        "- unit_id = 2",
        "+ unit_id = 9",
    ]


def test_a_figure_stays_of_its_kind_and_words_on_their_line() -> None:
    after = edited(PLANT, (
        edit("set", "gas", "gas-o2", "poll_s", value=2),
        edit("set", "gas", "gas-o2", "name", value={"zh": '氧"', "en": "O\\2"}),
    ))  # fmt: skip
    assert [one for one in told(PLANT, after) if one.startswith("+")] == [
        '+ name = { zh = "氧\\"", en = "O\\\\2" }', "+ poll_s = 2.0",
    ]  # fmt: skip


def test_a_table_comes_where_its_like_stand_and_goes_whole() -> None:
    row = {"name": {"zh": "新", "en": "new"}, "bus": "gateway-1", "unit_id": 7, "gas": "h2s"}
    after = edited(PLANT, (edit("set", "gas", "gas-new", value=row), edit("remove", "relays", "relay-2")))
    table = tomllib.loads(after)
    assert table["gas"]["gas-new"] == row
    assert "relay-2" not in table["relays"]
    assert after.index("[gas.gas-cl2]") < after.index("[gas.gas-new]") < after.index("[weather.weather-1]")
    assert "\n\n\n" not in after
    assert "# the wind of the whole site" in after


def test_lists_of_tables_grow_change_and_shrink() -> None:
    area = {"id": "shed", "name": {"zh": "棚", "en": "Shed"}, "corners": [[0.0, 0.0], [1, 0], [1, 1]]}
    after = edited(AREAS, (
        edit("add", "areas", value=area), edit("set", "areas", 0, "floor_m", value=-1), edit("remove", "areas", 1),
    ))  # fmt: skip
    before, now = tomllib.loads(AREAS)["areas"], tomllib.loads(after)["areas"]
    assert now == [{**before[0], "floor_m": -1}, *before[2:], area]
    shifts = edited(
        PLANT, tuple(edit("add", "shifts", value={"id": id_, "begins": "08:00"}) for id_ in ("a", "b"))
    )
    assert [one["id"] for one in tomllib.loads(shifts)["shifts"]] == ["a", "b"]


@pytest.mark.parametrize(
    "one",
    [
        edit("remove", "gas", "gas-none"),
        edit("remove", "areas", 9),
        edit("set", "areas", 9, "id", value="x"),
        edit("set", "schema", "deeper", value=1),
        edit("add", "site", value={"id": "x"}),
        edit("set", "site", "name", value=None),
    ],
    ids=lambda one: named(one.at),
)
def test_what_is_not_there_cannot_be_changed_and_it_is_said_where(one: Edit) -> None:
    with pytest.raises(WordsError) as why:
        edited(PLANT, (one,))
    assert why.value.words.en.startswith(named(one.at)[:4])
    assert not list(faults(why.value.words))


def test_a_text_that_is_no_toml_is_refused_not_mended() -> None:
    with pytest.raises(WordsError, match="cannot be changed"):
        edited("schema = ", (edit("set", "schema", value=1),))


PLAIN = st.one_of(
    st.text(max_size=8), st.integers(-99, 99), st.booleans(), st.lists(st.integers(0, 9), max_size=3)
)
KEYS = st.sampled_from(["gas-o2", "gas-ch4", "gas-x", "中文", "a.b", 'q"'])


@given(st.lists(st.tuples(KEYS, st.sampled_from(["name", "unit_id", "new", "深"]), PLAIN), max_size=6))
def test_whatever_is_set_is_what_the_file_says_afterwards(rows: list[tuple[str, str, Any]]) -> None:
    wanted = tomllib.loads(PLANT)
    for id_, key, value in rows:
        wanted["gas"].setdefault(id_, {})[key] = value
    try:
        after = edited(PLANT, tuple(edit("set", "gas", id_, key, value=value) for id_, key, value in rows))
    except WordsError as why:
        assert "by hand" in why.words.en or "cannot be changed" in why.words.en  # noqa: PT017
    else:
        assert tomllib.loads(after) == wanted
