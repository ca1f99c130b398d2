"""Every language says everything, and every value the agent can send has a word."""

import json
import re
import string
from pathlib import Path
from typing import get_args

import pytest
from flask import Flask

import web_ui
from edge_agent.decide.asking.report import KnownBy
from edge_agent.decide.rules.gate_ticket import ROLES
from edge_agent.domain.book_keys import every_limit, steps
from edge_agent.domain.observation import Quality, View
from edge_agent.domain.outcome import AlarmState, Output, Priority
from edge_agent.domain.permit import State
from edge_agent.domain.person import Role
from edge_agent.domain.ticket import MeasureKind, WorkType
from edge_agent.settings.one_book import one_book
from edge_agent.tell.contract.event_types import EVENTS
from web_ui.access import ACCESS
from web_ui.static_pages import install
from web_ui.words import FOLDER, LANGUAGES, TABLES, read, say

UI = Path(web_ui.__file__).parent
BOOKS = UI.parent / "zones" / "rulebooks"


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def sentences(language: str) -> dict[tuple[str, str], str]:
    return {(section, key): text for section, rows in TABLES[language].items() for key, text in rows.items()}


def test_the_languages_have_the_same_keys_and_placeholders() -> None:
    topics = {path.relative_to(FOLDER) for path in FOLDER.rglob("*.toml")}
    assert {path.parts[0] for path in topics} == set(LANGUAGES)
    assert len({frozenset(path.name for path in topics if path.parts[0] == one) for one in LANGUAGES}) == 1
    zh, en = sentences("zh"), sentences("en")
    assert zh.keys() == en.keys()
    assert {key: placeholders(text) for key, text in zh.items()} == {
        key: placeholders(text) for key, text in en.items()
    }
    assert {key for key in zh if bool(zh[key]) != bool(en[key])} == set()


@pytest.mark.parametrize(
    ("section", "values"),
    [
        ("state", list(State)),
        ("state_note", list(State)),
        ("quality", list(Quality)),
        ("view", list(View)),
        ("type", list(WorkType)),
        ("role", [*Role, *ROLES]),
        ("output", list(Output)),
        ("alarm", list(AlarmState)),
        ("known_by", get_args(KnownBy)),
        ("measure_kind", list(MeasureKind)),
        ("priority", [str(int(one)) for one in Priority]),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_of_the_agent_has_a_word(language: str, section: str, values: list[str]) -> None:
    assert [value for value in values if value not in TABLES[language][section]] == []


@pytest.mark.parametrize("file", sorted(BOOKS.glob("*.toml")), ids=lambda one: one.stem)
def test_every_limit_of_every_rulebook_has_a_name(file: Path) -> None:
    """As web_ui/front/src/words/limits.ts looks it up."""
    paths = [steps(key) for key, _ in every_limit(one_book(file, BOOKS.parents[1]))]
    asked = {f"{first}.{rest[first in {'gases', 'works'}]}" for first, *rest in map(bare, paths)}
    assert asked - TABLES["zh"]["limit_name"].keys() == set()


def bare(path: tuple[str, ...]) -> list[str]:
    """Without the numbers of what stands in lists."""
    return [step.split("[")[0] for step in path]


# Sections whose keys are values of the agent (`term`), and those of the service itself.
LOOKED_UP = {
    "setup_now",
    "state", "state_note", "quality", "view", "type", "role", "output", "alarm", "priority", "event_type",
    "blame", "known_by", "limit", "measure_kind", "near_miss", "place", "fault", "enrol",
}  # fmt: skip


def test_no_word_is_left_over() -> None:
    """A key that is asked for and not there does not compile; this is the other way round."""
    sources = [path for suffix in ("*.ts", "*.tsx") for path in (UI / "front" / "src").rglob(suffix)]
    pages = "\n".join(path.read_text("utf-8") for path in sources if not path.name.endswith(".gen.ts"))
    asked = set(re.findall(r'"(\w+\.\w+)"', pages))
    families = set(re.findall(r"`(\w+)\.\$\{", pages)) | set(re.findall(r"term\(\s*\"(\w+)\"", pages))
    begun = tuple(re.findall(r"`(\w+\.\w+_)\$\{", pages))
    left = {
        f"{section}.{key}"
        for section, key in sentences("zh")
        if section not in LOOKED_UP | families and not section.startswith("E-")
    }
    assert {one for one in left - asked if not one.startswith(begun)} == set()


def test_every_event_of_the_scenarios_has_a_word() -> None:
    scenarios = (Path(__file__).parents[1] / "scenarios").glob("*/expected.jsonl")
    types = {json.loads(line)["type"] for path in scenarios for line in path.read_text().splitlines()}
    assert "permit.paused" in types
    types |= EVENTS.keys()  # whatever the records may hold
    assert types - TABLES["zh"]["event_type"].keys() == set()


def test_a_sentence_is_filled_in_both_languages() -> None:
    words = say("fault", "missing", file="/run/x/live.json")
    assert "/run/x/live.json" in words.zh
    assert "/run/x/live.json" in words.en


def test_the_tables_are_plain_toml_strings() -> None:
    for table in TABLES.values():
        assert all(isinstance(text, str) for rows in table.values() for text in rows.values())


def test_a_section_that_two_topics_define_is_refused(tmp_path: Path) -> None:
    for topic in ("a", "b"):
        (tmp_path / f"{topic}.toml").write_text('[stop]\nword = "x"\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"b\.toml: another topic has a section of this name: stop"):
        read(tmp_path)


def test_every_page_of_the_front_end_can_be_opened_by_its_address() -> None:
    """Also after a reload: what the front end knows alone is a 404 to whoever opens a kept address."""
    routes = (UI / "front" / "src" / "routes.tsx").read_text("utf-8")
    patterns = re.findall(r'pattern: "(/[^"]*)"', routes)
    assert "/settings" in patterns
    app = Flask("pages")
    install(app)
    served = app.url_map.bind("box")
    for pattern in patterns:
        rule, _ = served.match(re.sub(r":\w+", "1", pattern), return_rule=True)
        assert str(rule.endpoint).startswith("page_"), pattern
        assert ("GET", rule.rule) in ACCESS, pattern
