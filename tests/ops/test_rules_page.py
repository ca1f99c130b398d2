"""docs/RULES.md is what the box does: generated from the rows and the rulebook, current, complete, readable."""

import re
from pathlib import Path

import pytest

from edge_agent.decide import cards as response
from edge_agent.decide.alarm_codes import mapped
from edge_agent.decide.escalation import LADDER, climb
from edge_agent.decide.letting_be import ground
from edge_agent.decide.notify import whom
from edge_agent.decide.rules.table import RULES
from edge_agent.decide.shelving import shelvable
from edge_agent.domain.book_keys import every_limit, found
from edge_agent.domain.cite import cited
from edge_agent.domain.limit import Limit
from edge_agent.domain.outcome import Effect
from edge_agent.domain.rulebook import Rulebook
from edge_agent.ops.rules_page.page import page
from edge_agent.ops.rules_page.used import limits_of
from edge_agent.ops.rules_page.words import TOPICS
from edge_agent.settings.fault import BadSettings
from edge_agent.settings.loosening import furthest
from edge_agent.settings.one_book import one_book
from tests.ops.write_rules import BOOK, PAGE, ROOT, USED, text, used
from tests.support.command_line import typed
from tests.support.languages import HAN

BOOKS = sorted((ROOT / "zones" / "rulebooks").glob("*.toml"))
GB: Rulebook = one_book(BOOK, ROOT)
# Code in backticks, keys, files, the authors of a method.
KEPT = re.compile(
    r"`[^`]*`|docs/\w+\.md|\w+\.\w+_\w+|\w+_on_s|3-sigma|\bsigma\b|Theil-Sen, Kendall|Table Z|edge-agent \w+"
)
CARDS = {card.split(" ", 1)[0]: card.split("\n## ")[0] for card in text().split("\n### ")}


def test_the_page_in_docs_is_current() -> None:
    assert PAGE.read_text("utf-8") == text(), "run python -m tests.ops.write_rules"
    assert USED.read_text("utf-8") == used(), "run python -m tests.ops.write_rules"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_has_a_card_that_says_all(rule) -> None:
    card = CARDS[rule.code]
    said = rule.text
    for words in (said.title, said.cause, said.consequence, said.action):
        assert words.zh in card
        assert words.en in card
    assert f"`{rule.name}`" in card
    assert rule.clause in card
    assert rule.ledger in card
    assert f"{rule.act_within_s:g} s" in card
    if rule.effect >= Effect.PAUSE:
        assert all(signer.replace("_", " ") in card for signer in GB.resume_signers[rule.pause_class.value])
        assert "never resumes by itself" in card


def test_every_topic_of_a_code_has_its_chapter() -> None:
    assert {rule.code.partition("-")[0] for rule in RULES} <= TOPICS.keys()


def test_every_limit_stands_on_the_page_with_value_and_source() -> None:
    listed = text().split("## 限值 / Limits")[1].split("## 放宽")[0]
    rows = {line.split("|")[1].strip(): line for line in listed.splitlines() if line.startswith("| `")}
    for key, limit in every_limit(GB):
        row = rows[f"`{key}`"]
        assert f"{limit.value:g} {limit.unit}" in row
        assert cited(limit.clause).zh in row
        assert limit.clause in row


def test_every_kind_of_work_and_gas_has_a_row() -> None:
    for kind, work in GB.works.items():
        assert f"| {work.name.zh} / {work.name.en} (`{kind}`) |" in text()
    for gas, table in GB.gases.items():
        assert f"| {table.name.zh} / {table.name.en} (`{gas}`) |" in text()


def test_every_limit_is_either_loosenable_or_listed_as_never() -> None:
    listed = text().split("Nobody can loosen these")[1]
    for key, _ in every_limit(GB):
        family, _, rest = key.partition(".")
        line = next((line for line in listed.splitlines() if line.startswith(f"- `{family}`:")), "")
        assert (f"`{rest.replace(chr(34), '')}`" in line) == (furthest(key) is None), key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("guard_lost", "guard.lost_pause_s"),
        ("guard_too_far", "guard.post_pause_m"),
        ("guard_too_far", "guard.outside_on_s"),
        ("gas_dangerous", "gas.danger_off_s"),
        ("gas_dangerous", "gases.*.stop_high"),
        ("gas_area_dangerous", "gases.*.stop_high"),
        ("gas_area_doubtful", "gases.*.stop_low"),
        ("gas_warning", "gases.*.warn_high"),
        ("gas_level_1", "gases.*.above"),
        ("gas_level_2", "gases.*.at_least"),
        ("papers_end_soon", "people.papers_warn_s"),
        ("gas_not_good", "works.*.gas_grace_s"),
        ("near_end", "time.near_end_s"),
        ("uplink_down", "device.uplink_warn_s"),
        ("isolation_failed", "device.isolation_s"),
    ],
)
def test_a_rule_names_the_limits_that_its_code_reads(name: str, key: str) -> None:
    (rule,) = (rule for rule in RULES if rule.name == name)
    used = dict(limits_of(rule, GB))
    assert key in used
    assert used[key] is None or used[key] == found(GB, key)


def test_every_limit_of_a_card_exists() -> None:
    for rule in RULES:
        for key, limit in limits_of(rule, GB):
            assert isinstance(limit, Limit) or key.partition(".")[0] in {"gases", "works"}


def test_one_language_alone() -> None:
    english = "\n".join(page(GB, "en"))
    assert not HAN.search(english)
    chinese = "\n".join(page(GB, "zh"))
    assert "不会自动恢复" in chinese


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_no_english_is_left_in_the_chinese_page(path: Path) -> None:
    """Names of sources, keys and units stay; a word of a sentence does not."""
    _, *lines = page(one_book(path, ROOT), "zh")
    for line in lines:
        said = KEPT.sub("", line)
        assert not re.findall(r"[a-z]{4,}|\b(?:of|no|is|or|and|for|the|not)\b", said), line


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_every_shipped_book_can_be_read_as_a_page(path: Path) -> None:
    said = "\n".join(page(one_book(path, ROOT)))
    assert path.stem in said
    assert "DEMO" in said or not path.stem.startswith("demo")


def test_a_book_that_is_refused_has_no_page(tmp_path: Path) -> None:
    bad = tmp_path / "gb.toml"
    bad.write_text(BOOK.read_text().replace("stop_low = { value = 19.5", "stop_low = { value = 18"))
    with pytest.raises(BadSettings, match=r"gases\.o2\.stop_low\.value"):
        one_book(bad, ROOT)


def test_the_command_prints_the_same() -> None:
    assert typed("rules").stdout == text()
    osha = typed("rules", "--book", ROOT / "zones" / "rulebooks" / "osha-1910.toml", "--lang", "en")
    assert osha.returncode == 0
    assert osha.stdout.startswith("# 29 CFR 1910")
    assert not HAN.search(osha.stdout)


def test_every_pair_of_the_matrix_has_a_row_with_its_metres_and_source() -> None:
    listed = text().split("## 交叉作业 / Works that do not go together")[1].split("## 气体")[0]
    rows = [line for line in listed.splitlines() if line.startswith("| ")][1:]
    assert len(rows) == len(GB.conflicts)
    for row, pair in zip(rows, GB.conflicts, strict=True):
        assert pair.clause in row
        assert pair.within_m is None or f"{pair.within_m.value:g} m" in row
        assert ("never at once" in row) is (pair.effect == "block")


def test_a_card_says_whether_a_safety_officer_may_let_it_be_and_why() -> None:
    for rule in RULES:
        one = ground(rule.name, rule.effect)
        barred = [work.name for work in GB.works.values() if not one.may(work)]
        never = len(barred) == len(GB.works) and rule.effect >= Effect.BLOCK_START
        card = CARDS[rule.code]
        assert one.why.zh in card
        assert one.why.en in card
        assert ("nobody may let it be" in card) is never
        if 0 < len(barred) < len(GB.works):
            assert all(name.zh in card.split("不得旁路的作业：")[1] for name in barred)


def test_a_card_says_who_is_told_how_far_it_climbs_what_sounds_and_whether_it_may_be_silenced() -> None:
    for rule in RULES:
        card = CARDS[rule.code]
        assert mapped(rule.code, rule.priority) in card
        assert all(role.replace("_", " ") in card for role in whom(rule.effect))
        assert climb(rule.effect, rule.priority).why.zh in card
        leave = rule.effect is Effect.EVACUATE or rule.clears
        assert ("without a break" in card) is leave
        assert ("in pulses" in card) is (rule.effect is Effect.PAUSE and not rule.clears)
        assert ("what it does to the work stays" in card) is shelvable(rule.effect, rule.priority)
        assert ("asked before the start alone" in card) is rule.before_start


def test_the_page_says_what_each_role_does_and_who_is_called_when() -> None:
    for told in response.CARDS.values():
        for words in told.values():
            assert f"{words.zh} / {words.en}" in text()
    for rung in LADDER:
        assert f"| {rung.after(GB.alarm).value:g} s | " in text()


def test_no_half_width_punctuation_stands_in_a_chinese_sentence() -> None:
    wrong = re.compile(r"[\u4e00-\u9fff）]\s?[,;:?!]|[,;:?!(]\s?[\u4e00-\u9fff]")
    for line in page(GB, "zh"):
        assert not wrong.search(line), line


def test_chinese_cells_name_people_and_things_in_chinese() -> None:
    chinese = "\\n".join(page(GB, "zh"))
    assert "安全员 + 作业负责人 + 监护人" in chinese
    assert "可燃气体、氧气、有毒气体" in chinese
    for identifier in ("safety_officer", "workshop_manager", "combustible,", "| helmet |"):
        assert identifier not in chinese
