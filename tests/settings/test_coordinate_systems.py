"""A platform whose coordinate system nobody has declared is refused; so is a word about one that needs none."""

from pathlib import Path

import pytest

from edge_agent.settings import load as settings
from tests.support.languages import faults as language_faults


def found(root: Path, site: Path, added: str) -> dict[str, str]:
    file = site / "site.toml"
    text = file.read_text(encoding="utf-8").replace(
        'profile = "omlox_wristband"', 'profile = "cn_card_platform"', 1
    )
    file.write_text(f"{text}\n{added}\n", encoding="utf-8")
    faults = settings.check(site, root)
    assert [wrong for one in faults for wrong in language_faults(one.problem)] == []
    return {one.key: one.problem.en for one in faults}


def test_a_site_says_in_which_system_its_platform_draws(root: Path, site: Path) -> None:
    wrong = found(root, site, "")
    assert list(wrong) == ["positioning.crs.cn_card_platform"]
    assert "coordinate system" in wrong["positioning.crs.cn_card_platform"]


def test_a_declared_system_is_taken(root: Path, site: Path) -> None:
    assert found(root, site, '[positioning.crs]\ncn_card_platform = "gcj02"') == {}
    assert settings.load(site, root).site.positioning.crs == {"cn_card_platform": "gcj02"}


@pytest.mark.parametrize(
    ("named", "key"),
    [
        ('cn_card_platform = "gcj02"\nomlox_wristband = "bd09"', "positioning.crs.omlox_wristband"),
        ('cn_card_platform = "gcj2"', "positioning.crs.cn_card_platform"),
    ],
)
def test_a_word_that_cannot_be_meant_is_refused(root: Path, site: Path, named: str, key: str) -> None:
    assert list(found(root, site, f"[positioning.crs]\n{named}")) == [key]
