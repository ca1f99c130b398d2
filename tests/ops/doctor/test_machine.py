"""What the doctor says of the box itself, from what kernels write: each fault planted in files like theirs."""

import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from edge_agent.ops.doctor import machine
from edge_agent.ops.doctor.finding import Finding, Standing
from edge_agent.settings.load import load
from edge_agent.settings.site import Settings
from tests.support.languages import faults

ROOT = Path(__file__).resolve().parents[3]
MEMORY = Path("/dev/shm")  # noqa: S108 (a folder in memory on every Linux)


@pytest.fixture
def site(tmp_path: Path) -> Settings:
    made = load(ROOT / "zones" / "demo-tank", ROOT)
    return keeping(made, tmp_path)


def keeping(site: Settings, folder: Path) -> Settings:
    return replace(site, site=replace(site.site, folders=replace(site.site.folders, state=str(folder))))


def one(found: list[Finding], code: str) -> Finding:
    (only,) = found
    assert only.code == code, only.says.en
    assert faults(only.says) == []
    assert only.standing is Standing.FINE or only.remedy.zh
    return only


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="ascii")
    return path


def mounted(folder: Path, kind: str) -> Path:
    """As proc(5) has it: a space is written \\040."""
    place = str(folder).replace(" ", "\\040")
    return write(folder.parent / "mounts", f"/dev/root / ext4 rw 0 0\nx {place} {kind} rw 0 0\n")


class TestDisk:
    def test_room_enough_is_said_in_figures(self, site: Settings, tmp_path: Path) -> None:
        assert "GB free" in one(list(machine.disk_look(site, mounted(tmp_path, "ext4"))), "fine").says.en

    def test_before_the_first_start_the_disk_is_looked_at_on_which_the_folder_will_be(
        self, site: Settings, tmp_path: Path
    ) -> None:
        one(list(machine.disk_look(keeping(site, tmp_path / "none" / "yet"), mounted(tmp_path, "ext4"))), "fine")

    @pytest.mark.parametrize("name", ["state", "with a space"])
    def test_one_in_memory_is_gone_with_the_power(self, site: Settings, tmp_path: Path, name: str) -> None:
        folder = tmp_path / name
        folder.mkdir()
        found = one(list(machine.disk_look(keeping(site, folder / "."), mounted(folder, "tmpfs"))), "not_kept")
        assert "tmpfs" in found.says.zh

    def test_a_real_folder_in_memory_is_found_by_the_real_mounts(self, site: Settings) -> None:
        one(list(machine.disk_look(keeping(site, MEMORY))), "not_kept")

    @pytest.mark.parametrize(
        ("free", "flag", "code"), [(100, 0, "disk_full"), (900_000, os.ST_RDONLY, "read_only")]
    )
    def test_too_little_room_and_a_disk_that_takes_nothing(  # noqa: PLR0917 (two fixtures, three figures)
        self, site: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, flag: int, code: str
    ) -> None:
        """A card that fails is made read-only by the kernel."""
        room = os.statvfs_result((4096, 4096, 1_000_000, free, free, 9, 9, 9, flag, 255))
        monkeypatch.setattr(os, "statvfs", lambda _: room)
        one(list(machine.disk_look(site, mounted(tmp_path, "ext4"))), code)

    @pytest.mark.parametrize(
        ("said", "code"), [("0x02 0x01", "fine"), ("0x01 0x09", "worn"), ("0x0b 0x0b", "worn")]
    )
    def test_an_emmc_says_how_much_of_its_life_is_used(self, tmp_path: Path, said: str, code: str) -> None:
        write(tmp_path / "block/mmcblk0/device/life_time", said + "\n")
        assert "mmcblk0" in one(list(machine.wear_look(tmp_path)), code).says.en


class TestHeat:
    @pytest.mark.parametrize(("milli", "code"), [("56200", "fine"), ("81000", "hot")])
    def test_a_board_without_a_point_of_its_own(self, tmp_path: Path, milli: str, code: str) -> None:
        write(tmp_path / "class/thermal/thermal_zone0/temp", milli + "\n")
        one(list(machine.heat_look(tmp_path)), code)

    def test_a_board_with_one_is_judged_by_it_and_the_warmest_part_counts(self, tmp_path: Path) -> None:
        for zone, (milli, passive) in enumerate((("60000", "99000"), ("71000", "70000"))):
            folder = tmp_path / f"class/thermal/thermal_zone{zone}"
            write(folder / "temp", milli)
            write(folder / "trip_point_0_type", "critical\n")
            write(folder / "trip_point_0_temp", "105000\n")
            write(folder / "trip_point_1_type", "passive\n")
            write(folder / "trip_point_1_temp", passive)
        assert "71 °C" in one(list(machine.heat_look(tmp_path)), "hot").says.zh

    def test_a_sensor_that_does_not_answer_is_left_out(self, tmp_path: Path) -> None:
        write(tmp_path / "class/thermal/thermal_zone0/temp", "")
        assert list(machine.heat_look(tmp_path)) == []


class TestPower:
    @pytest.mark.parametrize(
        ("said", "code"),
        [
            ("0", "fine"),
            ("50005", "weak_supply"),
            ("50000", "weak_supply"),
            ("4", "slowed_down"),
            ("20000", "fine"),
        ],
    )
    def test_what_a_raspberry_pi_says_of_its_supply(self, tmp_path: Path, said: str, code: str) -> None:
        write(tmp_path / machine.THROTTLED, said + "\n")
        one(list(machine.power_look(tmp_path)), code)

    def test_other_boards_measure_none(self, tmp_path: Path) -> None:
        assert list(machine.power_look(tmp_path)) == []
