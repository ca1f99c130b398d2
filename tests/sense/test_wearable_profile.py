"""Wearable profiles: every shipped file can be read, and one that contradicts itself is refused in words."""

from pathlib import Path

import pytest

from edge_agent.sense.wearables import profile
from edge_agent.settings.fault import BadSettings
from tests.sense.field_fakes import ROOT

SHIPPED = sorted(path.stem for path in (ROOT / profile.WEARABLE_FOLDER).glob("*.toml"))
HEAD = """
schema = 1
title = { zh = "某", en = "some" }
source = "a leaflet"
message = "omlox_location"
"""


def written(folder: Path, text: str) -> profile.WearableProfile:
    where = folder / profile.WEARABLE_FOLDER
    where.mkdir(parents=True)
    (where / "mine.toml").write_text(HEAD + text, encoding="utf-8")
    return profile.load(folder, "mine")


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_profile_says_how_its_wearer_calls_for_help(name: str) -> None:
    shipped = profile.load(ROOT, name)
    assert shipped.sos is not None
    assert shipped.worn is not None


def test_a_profile_that_names_nothing_knows_nothing(tmp_path: Path) -> None:
    bare = written(tmp_path, "")
    assert (bare.sos, bare.fall, bare.zone_only) == (None, None, ())


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[sos]\nkey = "sos"\nyes = ["on", "off"]\nno = ["off"]', "sos"),
        ('[fall]\nkey = "fall"\nyes = ["Down"]', "fall"),
        ('[here]\nkey = ["one"]', "here"),
        ('[here]\nkey = "b"\nyes = []', "here"),
        ('[battery_pct]\nkey = "b"\nscale = 0', "battery_pct"),
        ('[temperature]\nkey = "t"', "temperature"),
    ],
)
def test_a_profile_that_cannot_be_meant_is_refused(tmp_path: Path, text: str, key: str) -> None:
    with pytest.raises(BadSettings) as refused:
        written(tmp_path, text)
    assert [fault.key.split(".")[0] for fault in refused.value.faults] == [key]
