"""Clauses in both languages: names of sources stay, remarks are looked up whole, a site's own stay as written."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from edge_agent.decide.rules.table import RULES
from edge_agent.domain.cite import cited
from edge_agent.domain.cite_zh import REMARKS
from edge_agent.settings import ceilings, loosening, standards

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("clause", "zh"),
    [
        (
            "GB 30871-2022 5.3.1 d: each day before hot work; R: warned before the pause",
            "GB 30871-2022 5.3.1 d：每日动火前；R：暂停前先警告",
        ),
        (
            "DEMO, 10 s on a real site: R: outside for 10 s (docs/domain.md 2.5 G2)",
            "演示值，实际现场 10 s：R：在外持续 10 s（docs/domain.md 2.5 G2）",
        ),
        ("DEMO, 50 intervals on a real site: R", "演示值，实际现场 50 个间隔：R"),
        ("29 CFR 1910.146(b): below 19.5 % is hazardous", "29 CFR 1910.146(b)：低于 19.5 % 即为危险"),
        (
            "R: 35 feet (10.7 m), 29 CFR 1910.252(a)(2)(iii)(A), NFPA 51B",
            "R：35 英尺（10.7 m），29 CFR 1910.252(a)(2)(iii)(A)，NFPA 51B",
        ),
        ("site rule 12: ours alone", "站点规则 12：ours alone"),
        (
            "R; loosened until 2026-12-01T06:00Z by zhao-min: a new pump",
            "R；由 zhao-min 放宽至 2026-12-01T06:00Z：a new pump",
        ),
    ],
)
def test_a_clause_is_told_part_by_part(clause: str, zh: str) -> None:
    assert (cited(clause).zh, cited(clause).en) == (zh, clause)


def test_every_remark_is_one_that_a_clause_makes() -> None:
    """... or the table would grow stale."""
    said = " ".join(
        (
            *(rule.clause for rule in RULES),
            *_of_books(),
            *_of(vars(ceilings)),
            *_of(vars(standards)),
            *_of(vars(loosening)),
        )
    )
    assert [remark for remark in REMARKS if remark not in said] == []


def _of_books() -> Iterator[str]:
    for path in (ROOT / "zones" / "rulebooks").glob("*.toml"):
        yield from _of(msgspec.toml.decode(path.read_bytes()))


def _of(value: Any) -> Iterator[str]:
    """Every clause in it."""
    if isinstance(value, msgspec.Struct):
        value = msgspec.structs.asdict(value)
    if isinstance(value, dict):
        for key, one in value.items():
            yield from [one] if key == "clause" else _of(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _of(one)
