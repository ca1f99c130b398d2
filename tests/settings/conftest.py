"""A copy of everything that the settings are read from; tests break it as they like."""

import pickle
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from tests.support.demo_root import SITE, copy_root


@pytest.fixture(autouse=True, scope="package")
def _a_text_is_parsed_once() -> Iterator[None]:
    """Each test breaks one file and reads all ten: most of that is the parsing of nine that nobody has changed."""
    parse = tomllib.loads

    @lru_cache(maxsize=64)
    def parsed(text: str) -> bytes:
        return pickle.dumps(parse(text))

    def loads(text: str) -> Any:
        return pickle.loads(parsed(text))  # noqa: S301 - of our own making: a table that nobody else holds

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tomllib, "loads", loads)
        yield


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder with zones/, firmware_configs/ and models/."""
    return copy_root(tmp_path)


@pytest.fixture
def site(root: Path) -> Path:
    """The demo site's folder in it."""
    return root / SITE
