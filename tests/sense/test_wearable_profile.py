"""Wearable profiles: every shipped file can be read, and one that contradicts itself is refused in words."""

import json
import textwrap
from pathlib import Path

import pytest

from edge_agent.clock import Instant
from edge_agent.sense.wearables import crs, profile
from edge_agent.sense.wearables.family import Tag
from edge_agent.sense.wearables.mapped import Mapped
from edge_agent.settings.fault import BadSettings
from tests.sense.field_fakes import FRAME, ROOT, SITE

SHIPPED = sorted(path.stem for path in (ROOT / profile.WEARABLE_FOLDER).glob("*.toml"))
HEAD = """
schema = 1
title = { zh = "某", en = "some" }
source = "a leaflet"
message = "omlox_location"
"""


def written(folder: Path, text: str, head: str = HEAD) -> profile.Profile:
    where = folder / profile.WEARABLE_FOLDER
    where.mkdir(parents=True)
    (where / "mine.toml").write_text(head + text, encoding="utf-8")
    return profile.load(folder, "mine")


# What the makers' own documents do not say is not invented: `edge-agent check` says what is missing.
NO_SOS = {"cn_card_platform", "chirpstack_at101", "traccar_client", "april_brother_v4", "minew_g1"}


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_profile_says_how_its_wearer_calls_for_help_where_its_maker_says_so(name: str) -> None:
    assert (profile.load(ROOT, name).sos is None) == (name in NO_SOS)


def test_a_profile_that_names_nothing_knows_nothing(tmp_path: Path) -> None:
    bare = written(tmp_path, "")
    assert isinstance(bare, profile.OmloxProfile)
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


def test_a_new_platform_is_added_by_the_page_alone(tmp_path: Path) -> None:
    """The example of firmware_configs/README.md, as a technician copies it, reads a message of its platform."""
    page = (ROOT / "firmware_configs" / "README.md").read_text(encoding="utf-8")
    example = next(block for block in page.split("```")[1::2] if 'message = "mapped"' in block)
    where = tmp_path / profile.WEARABLE_FOLDER
    where.mkdir(parents=True)
    (where / "some_platform.toml").write_text(textwrap.dedent(example.removeprefix("toml")), encoding="utf-8")
    spoken = profile.load(tmp_path, "some_platform")
    assert isinstance(spoken, profile.MappedProfile)
    tag = Tag(device="tag-li-na", provider_id="C0:FF:EE:00:00:07", profile=spoken)
    lat, lon = crs.gcj02((SITE.origin_lat, SITE.origin_lon))
    message = json.dumps({"pos": {"lng": str(lon), "lat": lat}, "ts": "1790000000000"}).encode()
    now = Instant(now_s=1.0, utc=1_790_000_002.0, trusted=True)
    (told,) = Mapped(spoken, (tag,), FRAME, spoken.crs).heard("loc/c0ffee000007/report", message, now)
    assert told.fix is not None
    position = told.fix.position
    assert (position.x_m, position.y_m) == (pytest.approx(0, abs=0.05), pytest.approx(0, abs=0.05))
    assert position.age_s == 2.0


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[tag]\nkey = "a"\nlevel = 2', "tag"),
        ('[tag]\nkey = "a"\n[x]\nkey = "x"', "y"),
        ('[tag]\nkey = "a"\n[x]\nkey = "x"\n[y]\nkey = "y"', "crs"),
        ('[tag]\nkey = "a"\n[valid]\nkey = "v"\nyes = ["a"]\nno = ["a"]', "valid"),
        ('[tag]\nkey = "a"\n[speed]\nkey = "v"', "speed"),
        ('format = "query"\n[tag]\nkey = "a"', "format"),
        ('carrier = "http"\n[tag]\nkey = "a"', "topic"),
        ("", "tag"),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused(tmp_path: Path, text: str, key: str) -> None:
    with pytest.raises(BadSettings) as refused:
        written(tmp_path, text, head=HEAD.replace("omlox_location", "mapped") + 'topic = "a/+"\n')
    assert [fault.key.split(".")[0] for fault in refused.value.faults] == [key]


@pytest.mark.parametrize("topic", ["#", "a/#/b", "a/b+", "a#", ""])
def test_a_topic_that_asks_for_everything_or_nothing_is_refused(tmp_path: Path, topic: str) -> None:
    assert not profile.is_filter(topic)
    head = HEAD.replace("omlox_location", "mapped") + f'topic = "{topic}"\n'
    with pytest.raises(BadSettings, match="topic"):
        written(tmp_path, "[tag]\nlevel = 1", head=head)
