"""`check` and `run` look further than the settings: into the profiles and the models that they name."""

import shutil
from pathlib import Path

import pytest

from edge_agent.act.voice.recorded import VOICES
from edge_agent.ops.checking import faults, notes, sound
from edge_agent.settings.fault import BadSettings
from tests.support.demo_root import REPOSITORY, SITE, copy_root

GAS = Path("firmware_configs") / "gas" / "cn10_single_gas.toml"
RELAY = Path("firmware_configs") / "relays" / "wago_750-362.toml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of everything, with the real models."""
    made = copy_root(tmp_path)
    shutil.rmtree(made / "models")
    (made / "models").symlink_to(REPOSITORY / "models")
    return made


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def named(root: Path) -> list[tuple[str, str]]:
    return [(fault.file, fault.key) for fault in faults(root / SITE, root)]


def test_the_demo_site_is_sound(root: Path) -> None:
    assert faults(root / SITE, root) == []
    assert sound(root / SITE, root).site.site.id == "demo-tank"


def test_faults_of_site_and_profiles_are_told_together(root: Path) -> None:
    edit(root / SITE / "site.toml", "watchdog_s = 2.0", "watchdog = 2.0")
    edit(root / GAS, "schema = 1", "schema = 1\nbaud = 9600")
    edit(root / RELAY, "[inputs]", "[digital_inputs]")
    found = named(root)
    assert ("zones/demo-tank/site.toml", "relays.relay-1.watchdog") in found
    assert (str(GAS), "baud") in found
    assert (str(RELAY), "digital_inputs") in found
    assert (str(RELAY), "inputs") in found
    with pytest.raises(BadSettings) as refused:
        sound(root / SITE, root)
    assert [(fault.file, fault.key) for fault in refused.value.faults] == found


def test_a_profile_that_nobody_names_is_not_read(root: Path) -> None:
    (root / GAS).with_name("unused.toml").write_text("nonsense = true", encoding="utf-8")
    assert named(root) == []


def test_a_profile_that_is_not_there_is_told_once(root: Path) -> None:
    (root / RELAY).unlink()
    assert named(root) == [("zones/demo-tank/site.toml", "relays.relay-1.profile")]


@pytest.mark.parametrize("text", ["gas = 3", "[gas]\nx = 1", "[gas.a]\nprofile = 3", "=", "\xff"])
def test_a_site_that_cannot_be_read_names_no_profile(root: Path, text: str) -> None:
    (root / SITE / "site.toml").write_text(text, encoding="latin-1")
    assert faults(root / SITE, root)


def test_a_model_whose_entry_is_incomplete(root: Path) -> None:
    (root / "models").unlink()
    shutil.copytree(REPOSITORY / "models", root / "models", copy_function=_link)
    manifest = root / "models" / "manifest.toml"
    text = manifest.read_text(encoding="utf-8")
    manifest.unlink()
    manifest.write_text(text.replace("nms_iou", "nms_IOU"), encoding="utf-8")
    (fault,) = faults(root / SITE, root)
    assert (fault.file, fault.key) == ("models/manifest.toml", "ppe-nano-third")
    assert "nms_iou" in fault.problem.en


def _link(source: str, target: str) -> str:
    Path(target).symlink_to(source)
    return target


SHADOW = """[[shadow]]
scope = "rule"
what = "{rule}"
until = "2026-12-01T00:00:00Z"
by = "zhao-min"
reason = "trial"

[clock]"""


@pytest.mark.parametrize(("rule", "why"), [("gas_dangerouss", "no such rule"), ("gas_dangerous", "alone")])
def test_shadow_mode_of_no_rule_or_of_a_grave_one_is_refused(root: Path, rule: str, why: str) -> None:
    edit(root / SITE / "site.toml", "[clock]", SHADOW.format(rule=rule))
    (found,) = faults(root / SITE, root)
    assert (found.file, found.key) == ("zones/demo-tank/site.toml", "shadow[#1].what")
    assert why in found.problem.en


def test_shadow_mode_of_another_rule_is_sound(root: Path) -> None:
    edit(root / SITE / "site.toml", "[clock]", SHADOW.format(rule="camera_required_not_monitored"))
    assert faults(root / SITE, root) == []


def test_people_are_told_what_the_sirens_say_and_where_none_is_heard(root: Path) -> None:
    meaning, untried, unjudged, deaf, _uncalled = notes(root / SITE, root)
    assert meaning.zh == "警报器：响 1 秒停 1 秒为停止作业，连续鸣响为撤离。请在班前会上告知所有人员"
    assert meaning.en.startswith("sirens: 1 s on, 1 s off means stop work; without a break means leave.")
    assert "sirens are never tried" in untried.en
    assert "relay-1/siren: no feedback contact" in unjudged.en
    assert "area yard: no siren is heard there" in deaf.en
    edit(root / SITE / "site.toml", 'does = "siren"', 'does = "amber"')
    none, _uncalled = notes(root / SITE, root)
    assert "no siren" in none.en


def test_people_are_told_what_their_wearables_never_say(root: Path) -> None:
    profile = root / "firmware_configs" / "wearables" / "omlox_wristband.toml"
    edit(profile, '[sos]\nkey = "sos"\n', "")
    edit(profile, '[worn]\nkey = "worn"\n', "")
    said = [note.en for note in notes(root / SITE, root) if note.en.startswith("wearables")]
    assert said == [
        "wearables omlox_wristband: no sos: nobody can call for help with them",
        "wearables omlox_wristband: no worn: nobody knows whether they are worn",
        "wearables omlox_wristband: no call: their wearers cannot be called: they feel nothing",
    ]


def test_people_are_told_what_calls_to_their_wearers_need_and_how_late_they_come(root: Path) -> None:
    edit(root / SITE / "site.toml", '"omlox_wristband"', '"chirpstack_abeeway"')
    said = [note.en for note in notes(root / SITE, root) if note.en.startswith("wearables chirpstack")]
    assert any("cannot be called before [positioning.call_at] chirpstack_abeeway" in one for one in said)
    assert any("perhaps minutes later" in one for one in said)
    edit(root / SITE / "site.toml", "[clock]", '[positioning.call_at]\nchirpstack_abeeway = "0b3c"\n\n[clock]')
    assert not any("cannot be called before" in note.en for note in notes(root / SITE, root))


def test_people_are_told_what_a_heartbeat_asks_for(root: Path) -> None:
    edit(root / SITE / "site.toml", 'does = "beacon"', 'does = "heartbeat"\nperiod_s = 2.0')
    (note,) = [note.en for note in notes(root / SITE, root) if "beats" in note.en]
    assert note.startswith("relay-1/beacon: beats 43200 times a day, so use a transistor output")
    assert "a little over 3 s, and to reset by hand" in note


def test_people_are_told_which_pieces_of_the_voice_are_missing(root: Path) -> None:
    shutil.copytree(REPOSITORY / VOICES, root / VOICES)
    assert not any("pieces of the voice" in note.en for note in notes(root / SITE, root))
    edit(root / SITE / "site.toml", "[clock]", "[voice]\n\n[clock]")
    assert not any("pieces of the voice" in note.en for note in notes(root / SITE, root))
    (root / VOICES / "zh" / "head.leave.opus").unlink()
    (note,) = [note.en for note in notes(root / SITE, root) if "pieces of the voice" in note.en]
    assert "zh/head.leave" in note
    assert faults(root / SITE, root) == [], "a box without its voice guards all the same"


def test_a_key_of_films_that_others_can_read_is_a_fault_and_the_disk_is_reckoned(root: Path) -> None:
    site = root / SITE
    edit(site / "site.toml", "[clock]", '[recording]\nkey_file = "films.key"\nquota_gb = 50\n\n[clock]')
    assert named(root) == [(f"{SITE}/site.toml", "recording.key_file")]
    key = site / "films.key"
    key.write_text(bytes(range(32)).hex())
    key.chmod(0o644)
    assert [fault.problem.en for fault in faults(site, root)] == [f"the recording key {key} is open to others"]
    key.chmod(0o600)
    assert faults(site, root) == []
    assert any("need 432 GB" in note.en for note in notes(site, root))
