"""Actuators from settings; relay profiles that contradict themselves are refused with words."""

from pathlib import Path

import pytest

from edge_agent.act import relay_profile
from edge_agent.settings.fault import BadSettings
from tests.act.relay_bench import ROOT

TEXT = (ROOT / "firmware_configs/relays/wago_750-362.toml").read_text()


def refused(tmp_path: Path, old: str, new: str) -> list[str]:
    assert old in TEXT
    folder = tmp_path / "firmware_configs/relays"
    folder.mkdir(parents=True)
    (folder / "bad.toml").write_text(TEXT.replace(old, new, 1))
    with pytest.raises(BadSettings) as wrong:
        relay_profile.load(tmp_path, "bad")
    return [str(fault) for fault in wrong.value.faults]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("write_at", "write_att", "coils"),
        ("mask = 0x4010", "", "mask"),
        ("[inputs]", "[input]", "inputs"),
        ("running = 1", 'running = "1"', "running"),
        ("0x0200", "0x10200", "65535"),
    ],
)
def test_a_wrong_relay_profile_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert any(words in fault for fault in refused(tmp_path, old, new))


def test_the_shipped_profile_feeds_its_watchdog_by_coil_writes_only() -> None:
    mask = relay_profile.load(ROOT, "wago_750-362").watchdog.mask
    assert [code for code in range(1, 17) if mask >> (code - 1) & 1] == [5, 15]
