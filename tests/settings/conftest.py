"""A copy of everything that the settings are read from; tests break it as they like."""

from pathlib import Path

import pytest

from tests.support.demo_root import SITE, copy_root


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder with zones/, firmware_configs/ and models/."""
    return copy_root(tmp_path)


@pytest.fixture
def site(root: Path) -> Path:
    """The demo site's folder in it."""
    return root / SITE
