"""A limit's key is what stands in the file, and leads back to the limit."""

import tomllib
from pathlib import Path

import msgspec
from msgspec.structs import replace

from edge_agent.domain.book_keys import below, every_limit, found, steps, with_limit
from edge_agent.domain.limit import Limit
from edge_agent.domain.rulebook import Rulebook

BOOKS = Path(__file__).parents[2] / "zones" / "rulebooks"
BOOK = msgspec.convert(tomllib.loads((BOOKS / "gb30871-2022.toml").read_text("utf-8")), Rulebook)


def test_a_key_is_taken_apart_as_it_was_put_together() -> None:
    assert below(below(below("", "works"), "hot.1"), "longest_s") == 'works."hot.1".longest_s'
    assert steps('works."hot.1".longest_s') == ("works", "hot.1", "longest_s")


def test_every_limit_is_found_at_its_key_and_can_be_moved_alone() -> None:
    before = dict(every_limit(BOOK))
    limits = {key: limit for key, limit in before.items() if "[#" not in key}
    assert len(limits) > 150
    for key, limit in limits.items():
        assert found(BOOK, key) is limit
        moved = every_limit(with_limit(BOOK, key, replace(limit, value=limit.value + 1)))
        assert [one for one, now in moved if now is not before[one]] == [key]


def test_limits_in_lists_are_numbered() -> None:
    assert "gases.cl2.levels[#1].above" in dict(every_limit(BOOK))


def test_what_is_not_there_is_nothing() -> None:
    for key in ("guard.no_such_s", "gases.xenon.stop_high", "works.confined_space.wind_stop_mps.value", "nothing"):
        assert found(BOOK, key) is None
    assert not isinstance(found(BOOK, ""), Limit)
