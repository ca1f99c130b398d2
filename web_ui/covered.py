"""Settings as they may be shown: an address that carries a password, which the check refuses, without it."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from edge_agent.settings.camera_logins import carries_password


def covered(values: Any) -> Any:
    """The same tables, each such address with its scheme and host alone."""
    if isinstance(values, dict):
        return {key: covered(value) for key, value in values.items()}
    if isinstance(values, list):
        return [covered(value) for value in values]
    return _without(values) if _tells(values) else values


def text_covered(text: str, values: Any) -> str:
    """The file's own text, in which `values` stand, the same way."""
    for told in _telling(values):
        text = text.replace(told, _without(told))
    return text


def _telling(values: Any) -> Iterator[str]:
    if isinstance(values, dict | list):
        for value in values.values() if isinstance(values, dict) else values:
            yield from _telling(value)
    elif _tells(values):
        yield values


def _tells(value: Any) -> bool:
    return isinstance(value, str) and "://" in value and carries_password(value)


def _without(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.hostname or ''}/***"
