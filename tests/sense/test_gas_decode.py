"""Golden replies by hand from docs/domain.md 4.1, and what must never read as clean air."""

import math
import struct
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.domain.observation import Quality, has_number
from edge_agent.sense import profile, profile_file
from edge_agent.sense.gas_decode import Decoded, decode
from edge_agent.settings.fault import BadSettings
from tests.sense.field_fakes import CH4_8, CO_24, H2S_0_3, H2S_12_3, O2_20_9, ROOT
from tests.support.languages import faults

CN10 = profile_file.load(ROOT, "cn10_single_gas")
PT495 = profile_file.load(ROOT, "pemtech_pt495")
MIDAS = profile_file.load(ROOT, "honeywell_midas")


def read(shape: profile.GasProfile, reply: tuple[int, ...], gas: str) -> Decoded:
    return decode(shape, dict(enumerate(reply)), gas)


def says_enough(said: Decoded) -> bool:
    """Whether a person knows why: some qualities say it by themselves."""
    assert faults(said.detail) == []
    return said.quality in {Quality.GOOD, Quality.WARMUP, Quality.OVERRANGE} or bool(said.detail)


def cn10(gas: str = "h2s", **changed: int) -> Decoded:
    """A 0.3 ppm H2S reply with registers changed: r5=8 puts 8 into register 5."""
    reply = list(H2S_0_3)
    for register, word in changed.items():
        reply[int(register[1:])] = word
    return read(CN10, tuple(reply), gas)


@pytest.mark.parametrize(
    ("shape", "reply", "gas", "level", "unit", "alarm"),
    [
        (CN10, H2S_12_3, "h2s", 12.3, "ppm", True),
        (CN10, H2S_0_3, "h2s", 0.3, "ppm", False),
        (CN10, CH4_8, "ch4", 8.0, "%LEL", False),
        (CN10, CO_24, "co", 24.0, "ppm", False),
        (PT495, O2_20_9, "o2", 20.9, "%vol", False),
        (PT495, (105, 0x0500, 195, 0, 235, 0), "o2", 10.5, "%vol", False),  # the manual's 10.5 -> 105
        (PT495, (12, 0x0101, 10, 0, 15, 0), "h2s", 12.0, "ppm", True),  # the manual's status 257: H2S, alarm
    ],
)
def test_a_golden_reply_reads_as_the_table_says(
    shape: profile.GasProfile, reply: tuple[int, ...], gas: str, *, level: float, unit: str, alarm: bool
) -> None:
    said = read(shape, reply, gas)
    assert (said.level, said.unit, said.quality, said.device_alarm) == (
        pytest.approx(level),
        unit,
        Quality.GOOD,
        alarm,
    )


@pytest.mark.parametrize(
    ("status", "quality", "alarm"),
    [
        (0x00, Quality.WARMUP, False),
        (0x02, Quality.FAULT, False),
        (0x03, Quality.FAULT, False),
        (0x04, Quality.GOOD, False),
        (0x06, Quality.GOOD, True),
        (0x07, Quality.FAULT, False),
        (0x08, Quality.OVERRANGE, False),
        (0x09, Quality.CAL_OVERDUE, False),
        (0x0A, Quality.COMM_FAIL, False),
        (0x0B, Quality.GOOD, True),
        (0x0C, Quality.GOOD, True),
        (0x0D, Quality.FAULT, False),  # not in the note: unknown is never fine
        (0x0F, Quality.COMM_FAIL, False),
        (0xFF, Quality.FAULT, False),
    ],
)
def test_each_status_of_the_ten_register_module(status: int, quality: Quality, *, alarm: bool) -> None:
    said = cn10(r5=status)
    assert (said.quality, said.device_alarm) == (quality, alarm)
    assert (said.level is None) == (not has_number(quality))
    assert says_enough(said)


def test_an_all_zero_reply_is_a_warm_up_and_not_a_clean_atmosphere() -> None:
    said = read(CN10, (0,) * 10, "h2s")
    assert (said.quality, said.level) == (Quality.WARMUP, None)


@pytest.mark.parametrize("counts", [1, 2, 3])
def test_a_small_value_is_not_blanked(counts: int) -> None:
    # A driver in the field set |value| <= 3 to nought; with chlorine that hides two alarm levels.
    said = cn10(r0=0x0000, r1=counts, r4=100)
    assert (said.level, said.quality) == (float(counts), Quality.GOOD)


def test_decimals_and_unit_come_with_each_reply() -> None:
    assert cn10(r0=0x0C00, r1=345, r4=10000).level == pytest.approx(0.345)
    assert (cn10(r0=0x8000, r1=500, r4=2000).level, cn10(r0=0x8000, r1=500, r4=2000).unit) == (0.5, "ppm")
    assert cn10(r0=0x6000, r1=5, r4=100).unit == "mg/m3"


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"r0": 0xA000}, "unit code 10"),  # degrees Celsius
        ({"r0": 0x0100}, "decimals code 1"),
        ({"r4": 0}, "range is 0"),
        ({"r8": 5 << 8}, "measures co"),
        ({"r8": 99 << 8}, "gas code 99"),
    ],
)
def test_what_does_not_fit_is_a_fault_with_words(changed: dict[str, int], word: str) -> None:
    said = cn10(**changed)
    assert (said.quality, said.level) == (Quality.FAULT, None)
    assert word in said.detail.en
    assert faults(said.detail) == []


def test_beyond_the_range_is_danger_and_not_a_number() -> None:
    said = cn10(r1=1001)
    assert (said.quality, said.level) == (Quality.OVERRANGE, None)
    assert "100.1 ppm" in said.detail.en


@pytest.mark.parametrize(
    ("low_byte", "quality", "alarm"),
    [
        (0b0001, Quality.GOOD, True),
        (0b0010, Quality.INHIBITED, False),
        (0b0100, Quality.FAULT, False),
        (0b1000, Quality.INHIBITED, False),  # the manual's prose calls this the calibration bit
        (0b0111, Quality.INHIBITED, True),
    ],
)
def test_each_status_bit_of_the_pt495(low_byte: int, quality: Quality, *, alarm: bool) -> None:
    said = read(PT495, (209, 0x0500 | low_byte, 195, 0, 235, 0), "o2")
    assert (said.quality, said.device_alarm) == (quality, alarm)


def test_a_pt495_of_another_gas_is_a_fault() -> None:
    assert read(PT495, (209, 0x0400, 195, 0, 235, 0), "o2").quality is Quality.FAULT
    assert read(PT495, O2_20_9, "co").quality is Quality.FAULT


def test_negative_values_small_ones_stay_large_ones_are_a_fault() -> None:
    assert read(PT495, (0xFFFE, 0x0400, 0, 0, 0, 0), "co").level == -2.0
    far = read(PT495, (0xFF00, 0x0400, 0, 0, 0, 0), "co")  # -256 ppm of 1000
    assert (far.quality, far.level) == (Quality.FAULT, None)


def other(**changed: object) -> profile.GasProfile:
    """A profile of a detector that has no file yet: the other forms of docs/domain.md 4.1."""
    base = {
        "schema": 1,
        "title": {"zh": "别", "en": "other"},
        "source": "test",
        "blocks": [{"function": 4, "address": 100, "count": 8}],
        "value": {"register": 102, "type": "f32"},
        "unit": "ppm",
        "full_scale": 50.0,
        "status": {"register": 100, "bits": 4, "codes": {"1": {"quality": "good"}}},
    }
    return msgspec.convert(base | changed, profile.GasProfile, str_keys=True)


@pytest.mark.parametrize("order", ["ABCD", "CDAB", "BADC", "DCBA"])
def test_floats_in_every_byte_order(order: str) -> None:
    sent = dict(zip("ABCD", struct.pack(">f", 12.5), strict=True))
    high, low = struct.unpack(">HH", bytes(sent[letter] for letter in order))
    shape = other(value={"register": 102, "type": "f32", "order": order})
    assert decode(shape, {100: 1, 102: high, 103: low}, "cl2").level == 12.5


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_float_that_is_no_number_is_never_good(number: float) -> None:
    high, low = struct.unpack(">HH", struct.pack(">f", number))
    said = decode(other(), {100: 1, 102: high, 103: low}, "cl2")
    assert (said.quality, said.level) == (Quality.FAULT, None)


def test_hex_digits_and_byte_pairs() -> None:
    digits = other(value={"register": 102, "type": "hex_digits", "scale": 0.1})
    assert decode(digits, {100: 1, 102: 0x0209}, "o2").level == pytest.approx(20.9)
    assert decode(digits, {100: 1, 102: 0x020A}, "o2").quality is Quality.FAULT
    pair = other(value={"register": 102, "type": "byte_pair"})
    assert decode(pair, {100: 1, 102: 0x1409}, "o2").level == pytest.approx(20.9)
    assert decode(pair, {100: 1, 102: 0x140B}, "o2").quality is Quality.FAULT


def test_a_gateways_age_register_travels_with_the_value() -> None:
    shape = other(age={"register": 104, "unit_s": 1.0})
    high, low = struct.unpack(">HH", struct.pack(">f", 3.0))
    assert decode(shape, {100: 1, 102: high, 103: low, 104: 95}, "cl2").age_s == 95.0


@given(st.lists(st.integers(0, 0xFFFF), min_size=10, max_size=10), st.sampled_from(["h2s", "co", "ch4", "o2"]))
def test_whatever_the_wire_says_nothing_crashes_and_good_means_all_of_it_fits(words: list[int], gas: str) -> None:
    for shape in (CN10, PT495):
        said = read(shape, tuple(words), gas)
        assert (said.level is not None) == has_number(said.quality)
        if said.level is not None:
            assert math.isfinite(said.level)
            assert said.unit
        else:
            assert says_enough(said)
    said = read(CN10, tuple(words), gas)
    if said.quality is Quality.GOOD:
        assert words[5] & 0xFF in (1, 4, 5, 6, 11, 12)
        assert gas in {5: ["co"], 11: ["ch4"], 52: ["h2s"]}.get(words[8] >> 8, [])
        assert words[1] <= words[4]


@pytest.mark.parametrize(
    ("change", "key", "word"),
    [
        (("min_poll_s = 0.5", "min_pol_s = 0.5"), "min_pol_s", "no such key"),
        (('source = "', 'source = 5 # "'), "source", "str"),
        (("count = 10", "count = 4"), "status.register", "not read"),
        (("count = 10", "count = 126"), "blocks", "125"),
        (('type = "u16"', 'type = "u17"'), "value", "u17"),
        (("[unit.codes]\n0 = {", "[unit.codes]\n0 = { fctor = 2, "), "unit", "fctor"),
        (("register = 5\nbits = 8", "register = 5\nshift = 12\nbits = 8"), "status", "bit 19"),
        (("schema = 1", "schema = "), "", "TOML"),
    ],
)
def test_a_wrong_profile_is_refused_with_file_key_and_words(
    tmp_path: Path, change: tuple[str, str], key: str, word: str
) -> None:
    text = (ROOT / "firmware_configs/gas/cn10_single_gas.toml").read_text()
    assert change[0] in text
    folder = tmp_path / "firmware_configs/gas"
    folder.mkdir(parents=True)
    (folder / "bad.toml").write_text(text.replace(*change, 1))
    with pytest.raises(BadSettings) as refused:
        profile_file.load(tmp_path, "bad")
    assert any(
        f.file.endswith("bad.toml") and key in f.key and word in f.problem.en for f in refused.value.faults
    ), [str(fault) for fault in refused.value.faults]


LOOP = {
    "zero_ma": 4.0,
    "full_ma": 20.0,
    "fault_to_ma": 3.6,
    "under_to_ma": 3.8,
    "over_from_ma": 20.5,
    "fault_from_ma": 21.0,
}


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        (
            {"blocks": [{"function": 4, "address": 100, "count": 8}, {"function": 3, "address": 107, "count": 2}]},
            "blocks",
        ),
        ({"blocks": [{"function": 4, "address": 100, "count": 8, "step": 1}]}, "blocks"),  # without channels
        ({"channels": 8}, "value"),  # without a step
        ({"channels": 999, "value": {"register": 102, "type": "u16", "step": 100}}, "channels"),
        ({"loop": LOOP | {"under_to_ma": 4.5}}, "loop"),
        (
            {
                "loop": LOOP
                | {"currents": [{"from_ma": 1, "to_ma": 2, "quality": "good", "says": {"zh": "好", "en": "ok"}}]}
            },
            "loop",
        ),
        ({"status": None}, "status"),
    ],
)
def test_a_profile_that_contradicts_itself_is_refused(changed: dict[str, object], key: str) -> None:
    if key == "channels":
        changed |= {"blocks": [{"function": 4, "address": 100, "count": 8, "step": 100}]}
    found = list(profile_file.contradictions("x.toml", other(**changed)))
    assert key in [fault.key for fault in found], found
    assert [wrong for fault in found for wrong in (*faults(fault.problem), *faults(fault.remedy))] == []


@pytest.mark.parametrize(
    ("current_ma", "wanted", "level"),
    [
        (0.0, Quality.FAULT, None),
        (3.6, Quality.FAULT, None),
        (3.61, Quality.UNDERRANGE, None),
        (3.8, Quality.GOOD, -0.625),
        (4.0, Quality.GOOD, 0.0),
        (12.0, Quality.GOOD, 25.0),
        (20.0, Quality.GOOD, 50.0),
        (20.1, Quality.OVERRANGE, None),  # beyond the range: danger
        (20.6, Quality.OVERRANGE, None),
        (21.0, Quality.FAULT, None),
        (22.0, Quality.FAULT, None),
    ],
)
def test_a_loop_by_namur_ne43(current_ma: float, wanted: Quality, level: float | None) -> None:
    shape = other(value={"register": 102, "type": "u16", "scale": 0.001}, loop=LOOP)
    said = decode(shape, {100: 1, 102: round(current_ma * 1000)}, "cl2")
    assert (said.quality, said.level) == (wanted, None if level is None else pytest.approx(level))
    assert wanted is Quality.GOOD or "mA" in said.detail.en or "range" in said.detail.en


def test_a_limit_is_not_crossed_by_binary_dust() -> None:
    shape = other(value={"register": 102, "type": "u16", "scale": 0.1})
    assert decode(shape, {100: 1, 102: 3}, "cl2").level == 0.3


def test_an_unknown_profile_names_the_nearest() -> None:
    with pytest.raises(BadSettings, match="pemtech_pt495"):
        profile_file.load(ROOT, "pemtech_pt49S")


@pytest.mark.parametrize(
    ("status", "wanted", "alarm"),
    [
        (0x0000, Quality.WARMUP, False),
        (0x0001, Quality.GOOD, False),
        (0x0801, Quality.GOOD, False),  # the other half of the heartbeat
        (0x0002, Quality.INHIBITED, False),  # looks healthy: values flow, alarms are held back
        (0x0005, Quality.INHIBITED, False),
        (0x0006, Quality.INHIBITED, False),
        (0x0011, Quality.SUSPECT, False),
        (0x0021, Quality.FAULT, False),
        (0x0041, Quality.GOOD, True),
        (0x0081, Quality.GOOD, True),
        (0x0009, Quality.FAULT, False),  # "for future expansion"
    ],
)
def test_each_state_of_a_midas(status: int, wanted: Quality, *, alarm: bool) -> None:
    """By hand from the manual, table A1: 0.32 ppm as 32 counts with two decimals, unit code 1."""
    words = dict(enumerate([status, 0x0000, 0x3EA3, 0xD70A, 32, 0, 0x0102]))
    said = decode(MIDAS, words, "cl2")
    assert (said.quality, said.device_alarm) == (wanted, alarm)
    if wanted is Quality.GOOD:
        assert (said.level, said.unit) == (pytest.approx(0.32), "ppm")


def test_a_midas_in_parts_per_billion() -> None:
    said = decode(MIDAS, dict(enumerate([1, 0, 0, 0, 340, 0, 0x0200])), "cl2")
    assert (said.level, said.unit) == (pytest.approx(0.34), "ppm")
