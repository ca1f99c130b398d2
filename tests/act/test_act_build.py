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
        ("time_at = 0x1000", "", "time_at"),
        ("refuses = true", "refuse = true", "refuse"),
        ("status_at = 0x1006", "", "belong together"),
        ("[inputs]", "[input]", "inputs"),
        ("running = 1", 'running = "1"', "running"),
        ("0x0200", "0x10200", "65535"),
    ],
)
def test_a_wrong_relay_profile_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert any(words in fault for fault in refused(tmp_path, old, new))


def test_a_watchdog_that_nobody_would_see_expire_is_refused(tmp_path: Path) -> None:
    seen = "status_at = 0x1006\nrunning = 1\nrefuses = true # exception 4 to process data once it has expired\n"
    assert any("nobody sees it expire" in fault for fault in refused(tmp_path, seen, ""))


def test_the_shipped_profile_feeds_its_watchdog_by_coil_writes_only() -> None:
    dog = relay_profile.load(ROOT, "wago_750-362").watchdog
    assert dog is not None
    mask = next(one.value for one in dog.keeps if one.at == 0x1001)
    assert [code for code in range(1, 17) if mask >> (code - 1) & 1] == [5, 15]


@pytest.mark.parametrize(
    "file", sorted((ROOT / "firmware_configs/relays").glob("*.toml")), ids=lambda file: file.stem
)
def test_every_shipped_profile_reads(file: Path) -> None:
    assert relay_profile.load(ROOT, file.stem).source
