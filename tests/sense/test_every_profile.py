"""What every gas profile owes. Profiles are found in firmware_configs/gas, not listed here.

Each has a file in golden/: frames made by hand from its manual, and what its simulator (written from the same
manual, never from the profile) shows of each ailment. A new profile fails here until it has one.
"""

import json
import re
import struct
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from pymodbus.framer.rtu import FramerRTU

from edge_agent.domain.observation import Observation, Quality, Reading, has_number
from edge_agent.sense import profile, profile_file
from edge_agent.sense.gas_decode import Decoded, decode
from edge_agent.sense.gas_detector import GasDetector
from edge_agent.sense.profile_fit import fitted
from edge_agent.settings.site_sensors import GasTable
from edge_agent.simulate.handle import Simulator
from tests.sense.field_fakes import NAME, ROOT, Heard, bus, running
from tests.support.languages import faults

GOLDEN = Path(__file__).parent / "golden"
NAMES = sorted(path.stem for path in (ROOT / profile.GAS_FOLDER).glob("*.toml"))
WIRE = ("silent", "late", "exception", "garbage", "noise", "flapping", "reset")


def golden_file(name: str) -> dict[str, Any]:
    return tomllib.loads((GOLDEN / f"{name}.toml").read_text(encoding="utf-8"))


def frames() -> Iterator[Any]:
    for name in NAMES:
        for number, one in enumerate(golden_file(name)["golden"]):
            yield pytest.param(name, one, id=f"{name}-{number}")


def table(name: str, gas: str, unit_id: int = 1, **said: Any) -> GasTable:
    return GasTable(name=NAME, bus="b", unit_id=unit_id, profile=name, gas=gas, area="tank", poll_s=0.1, **said)


def registers(shape: profile.GasProfile, replies: list[dict[str, Any]]) -> dict[int, int]:
    """The registers of hand-made frames, which must be the blocks that the profile asks for, in its order."""
    words: dict[int, int] = {}
    for block, reply in zip(shape.blocks, replies, strict=True):
        raw = bytes.fromhex(reply["frame"])
        crc = FramerRTU.compute_CRC(raw).to_bytes(2, "big").hex().upper()
        assert reply.get("crc", crc) == crc
        _, function, count = raw[:3]
        assert (function, reply["address"], count) == (block.function, block.address, 2 * block.count)
        told = struct.unpack(f">{block.count}H", raw[3:])
        words |= dict(enumerate(told, start=block.address))
    return words


def read_golden(name: str, one: dict[str, Any]) -> tuple[profile.GasProfile, GasTable, dict[int, int]]:
    said = {key: one[key] for key in ("channel", "range") if key in one} | (
        {"unit": one["in"]} if "in" in one else {}
    )
    place = table(name, one["gas"], **said)
    shape = fitted(profile_file.load(ROOT, name), place)
    return shape, place, registers(shape, one["replies"])


def test_every_profile_has_frames_made_by_hand_and_a_simulator() -> None:
    assert sorted(path.stem for path in GOLDEN.glob("*.toml")) == NAMES
    for name in NAMES:
        file = golden_file(name)
        qualities = [one["quality"] for one in file["golden"]]
        assert len(qualities) >= 3, name
        assert "good" in qualities
        assert {*qualities} - {"good"}, f"{name}: a frame that is not good"
        assert file["simulator"]["type"]
        assert file["shows"]


def test_the_technicians_page_lists_every_profile_and_every_key() -> None:
    page = (ROOT / "firmware_configs" / "README.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"`{name}`" not in page] == []
    keys = {field.encode_name for field in msgspec.structs.fields(profile.GasProfile)}
    assert [key for key in sorted(keys) if not re.search(rf"\b{key}\b", page)] == []
    assert [quality for quality in Quality if f"`{quality}`" not in page] == NOT_FOR_PROFILES


# What only the box can say of a reading; a profile has no word for them.
NOT_FOR_PROFILES = [Quality.STALE, Quality.MISSING, Quality.CLOCK_BAD, Quality.UNBOUND]


@pytest.mark.parametrize(("name", "one"), list(frames()))
def test_a_golden_frame_reads_as_the_manual_says(name: str, one: dict[str, Any]) -> None:
    shape, place, words = read_golden(name, one)
    said = decode(shape, words, place.gas, place.range)
    wanted = (one["quality"], one.get("alarm", False), one.get("age_s", 0.0))
    assert (said.quality, said.device_alarm, said.age_s) == wanted, one["why"]
    assert said.level == (pytest.approx(one["level"]) if "level" in one else None)
    assert said.unit == one.get("unit", said.unit)
    assert one.get("says", "") in said.detail.en
    assert faults(said.detail) == []


@pytest.mark.parametrize("name", NAMES)
class TestEveryProfile:
    def test_it_names_its_source_and_its_title_in_both_languages(self, name: str) -> None:
        shape = profile_file.load(ROOT, name)
        assert any(word in shape.source for word in ("manual", "guide", "note", "wiki", "tables"))
        assert faults(shape.title) == []

    def test_an_all_zero_reply_is_not_clean_air(self, name: str) -> None:
        shape, place, words = read_golden(name, golden_file(name)["golden"][0])
        said = decode(shape, dict.fromkeys(words, 0), place.gas, place.range)
        assert said.quality is not Quality.GOOD, said

    def test_another_gas_than_expected_is_never_good(self, name: str) -> None:
        one = next(one for one in golden_file(name)["golden"] if one["quality"] == "good")
        shape, place, words = read_golden(name, one)
        if shape.gas is not None:
            assert decode(shape, words, "no_such_gas", place.range).quality is Quality.FAULT

    def test_another_range_than_the_nameplates_is_never_good(self, name: str) -> None:
        one = next(one for one in golden_file(name)["golden"] if one["quality"] == "good")
        shape, place, words = read_golden(name, one)
        said = decode(shape, words, place.gas, 12345.0)
        assert (said.quality, said.level) == (Quality.FAULT, None)
        assert "12345" in said.detail.en

    def test_a_frozen_one_with_a_heartbeat_goes_missing(self, name: str) -> None:
        one = next(one for one in golden_file(name)["golden"] if one["quality"] == "good")
        shape, place, words = read_golden(name, one)
        if shape.heartbeat is None:
            pytest.skip("no heartbeat on its wire")
        detector = GasDetector("gas-1", place, replace(shape, warmup_s=0.0))
        first, second = (detector.answered(words, now_s) for now_s in (100.0, 101.0))
        last = detector.answered(words, 102.0 + shape.heartbeat.within_s)
        assert (first.quality, second.quality, last.quality, last.level) == (
            Quality.GOOD,
            Quality.GOOD,
            Quality.MISSING,
            None,
        )

    @given(data=st.data())
    def test_whatever_the_wire_says_it_does_not_crash_and_invents_nothing(
        self, name: str, data: st.DataObject
    ) -> None:
        one = data.draw(st.sampled_from(golden_file(name)["golden"]))
        shape, place, words = read_golden(name, one)
        noise = data.draw(st.dictionaries(st.sampled_from(sorted(words)), st.integers(0, 0xFFFF)))
        _consistent(shape, decode(shape, words | noise, place.gas, place.range))


def _consistent(shape: profile.GasProfile, said: Decoded) -> None:
    assert (said.level is not None) == has_number(said.quality)
    assert faults(said.detail) == []
    if said.level is None:
        assert said.detail or said.quality in {Quality.WARMUP, Quality.OVERRANGE, Quality.INHIBITED}
        return
    assert said.unit in {"ppm", "%LEL", "%vol", "mg/m3"}
    if isinstance(shape.full_scale, float):
        assert -0.05 * shape.full_scale <= said.level <= shape.full_scale


UNITS = {name: number for number, name in enumerate(NAMES, start=1)}


def modules(folder: Path) -> Path:
    """One of every family behind one gateway, as its golden file says."""
    specs = []
    for name, unit in UNITS.items():
        said = {key: value for key, value in golden_file(name)["simulator"].items() if key != "site"}
        specs.append(said | {"unit": unit})
    file = folder / "modules.json"
    file.write_text(json.dumps(specs))
    return file


def detector_of(name: str) -> GasDetector:
    said = golden_file(name)["simulator"]
    place = table(name, said["gas"], UNITS[name], **said.get("site", {}))
    shape = replace(fitted(profile_file.load(ROOT, name), place), min_poll_s=0.1, warmup_s=0.0)
    return GasDetector(f"gas-{name}", place, shape)


def is_quality(*wanted: str) -> Callable[[Observation], bool]:
    return lambda seen: isinstance(seen, Reading) and seen.quality in wanted


def test_each_fault_of_each_simulator_becomes_its_quality(tmp_path: Path) -> None:
    """All families at once: good, then every ailment that each can show, and every one of the wire."""
    shows = {name: golden_file(name)["shows"] | dict.fromkeys(WIRE, "comm_fail") for name in NAMES}
    kinds = list(dict.fromkeys(kind for one in shows.values() for kind in one))
    heard = {name: Heard() for name in NAMES}
    with ExitStack() as ends:
        gateway = ends.enter_context(Simulator("gas-gateway", "--modules", str(modules(tmp_path))))
        stops = [
            ends.enter_context(running(bus(gateway.port, detector_of(name), timeout_s=0.5), heard[name]))
            for name in NAMES
        ]
        for kind in kinds:
            for name in NAMES:
                good = heard[name].wait(is_quality("good"), heard[name].mark())
                assert isinstance(good, Reading)
                level = golden_file(name)["simulator"]["level"]
                assert good.level == pytest.approx(level, rel=0.02, abs=0.02), (name, kind)
            marks = {name: heard[name].mark() for name in NAMES}
            gateway.command("fault", kind=kind, delay_s=1.0)
            for name in NAMES:
                if kind in shows[name]:
                    heard[name].wait(is_quality(shows[name][kind]), marks[name])
            gateway.command("heal")
        for stop in stops:
            stop.set()
        began_s = time.monotonic()
        assert not any(line.get("written") for line in gateway.lines)
    assert time.monotonic() - began_s < 14.0  # each within a second is the promise; the rest is for a busy machine
    for name in NAMES:
        for seen in heard[name].all:
            assert isinstance(seen, Reading)
            assert seen.source == f"gas-{name}"
            assert (seen.level is not None) == has_number(seen.quality)
            assert seen.quality in {"good", *shows[name].values()}, seen
