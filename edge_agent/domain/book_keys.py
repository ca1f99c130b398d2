"""Where a limit stands in a rulebook: `works."hot.1".longest_s`, as it is written in the file."""

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.domain.limit import Limit
from edge_agent.domain.rulebook import Rulebook

STEP = re.compile(r'"([^"]*)"|([^."]+)')
BARE = re.compile(r"[A-Za-z0-9_-]+")


def steps(key: str) -> tuple[str, ...]:
    """The names on the way to a key."""
    return tuple(quoted or bare for quoted, bare in STEP.findall(key))


def below(key: str, name: str) -> str:
    """The key one level down, quoted where TOML would need quotes."""
    step = name if BARE.fullmatch(name) else f'"{name}"'
    return f"{key}.{step}" if key else step


def found(book: Any, key: str) -> Any:
    """What stands at a key; None if nothing does."""
    at = book
    for name in steps(key):
        at = at.get(name) if isinstance(at, dict) else getattr(at, name, None)
        if at is None:
            return None
    return at


def with_limit(book: Rulebook, key: str, limit: Limit) -> Rulebook:
    """The same book with another limit at a key that exists."""
    changed: Rulebook = _with(book, steps(key), limit)
    return changed


def _with(at: Any, path: tuple[str, ...], limit: Limit) -> Any:
    if not path:
        return limit
    first, *rest = path
    if isinstance(at, dict):
        return at | {first: _with(at[first], tuple(rest), limit)}
    return replace(at, **{first: _with(getattr(at, first), tuple(rest), limit)})


def every_limit(value: object, key: str = "") -> Iterator[tuple[str, Limit]]:
    """Every limit below `value` with its key."""
    if isinstance(value, Limit):
        yield key, value
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from every_limit(getattr(value, name), below(key, name))
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from every_limit(one, below(key, name))
    elif isinstance(value, tuple):
        for at, one in enumerate(value):
            yield from every_limit(one, f"{key}[#{at + 1}]")
