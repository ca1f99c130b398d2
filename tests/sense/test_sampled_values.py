"""Named values by a profile, without any wire: units, codes, sequence, time, and what is not there."""

from pathlib import Path
from typing import Any

import pytest

from edge_agent.clock import Instant
from edge_agent.domain.observation import Observation, Quality, Reading, Weather
from edge_agent.sense.profile import Meaning, UnitCode
from edge_agent.sense.sampled import message
from edge_agent.sense.sampled.profile import (
    MQTT_FOLDER,
    OPCUA_FOLDER,
    Codes,
    Flag,
    GasText,
    Number,
    SampledProfile,
    Sequence,
    Time,
    UnitText,
    load_mqtt,
    load_opcua,
)
from edge_agent.sense.sampled.sensor import Place, Sensor
from edge_agent.sense.sampled.values import Raw, Sampled, Unreadable, utc_of
from edge_agent.settings.fault import BadSettings
from tests.sense.field_fakes import NAME, ROOT
from tests.support.languages import faults

UTC = 1_750_000_000.0
GOOD: dict[str, Raw] = {"level": 4.0, "unit": "ppb", "gas": "H2S", "quality.0": 1.0, "alarm": False}


FINE = Meaning(quality=Quality.GOOD)
NO_TIMES: list[tuple[Raw, str]] = [
    ("x", "iso8601"), (1.0, "iso8601"), ("1", "unix_s"), (True, "unix_s"), (float("nan"), "unix_s"),
    (None, "unix_s"),
]  # fmt: skip


def profile(**changed: Any) -> SampledProfile:
    shape: dict[str, Any] = {
        "schema": 1, "title": NAME, "source": "here", "measures": "gas", "topic": "t/{at}",
        "level": Number(at="/v", scale=100.0), "full_scale": 10.0,
        "unit": UnitText(at="/u", codes={"ppm": UnitCode(unit="ppm"), "ppb": UnitCode(unit="ppm", factor=0.001)}),
        "gas": GasText(at="/g", codes={"H2S": ("h2s",)}),
        "quality": (Codes(at="/q", codes={"1": FINE, "2": Meaning(quality=Quality.CAL_OVERDUE)}),),
        "alarm": Flag(at="/a"), "time": Time(at="/t"),
    }  # fmt: skip
    return SampledProfile(**{**shape, **changed})


def sensor(shape: SampledProfile | None = None, gas: str = "h2s") -> Sensor:
    return Sensor(Place(device="s", at="x", period_s=1.0, stale_s=10.0, gas=gas), shape or profile())


def heard(
    one: Sensor, now_s: float = 100.0, *, source_utc: float | None = UTC, trusted: bool = True, **values: Any
) -> Observation | None:
    return one.heard(
        Sampled(values={**GOOD, **values}, source_utc=source_utc), Instant(now_s=now_s, utc=UTC, trusted=trusted)
    )


def quality(seen: Observation | None) -> tuple[Quality, str]:
    assert isinstance(seen, Reading | Weather)
    assert faults(seen.detail) == []
    if isinstance(seen, Reading) and seen.quality not in (Quality.GOOD, Quality.CAL_OVERDUE):
        assert seen.level is None
    return seen.quality, seen.detail.en


def test_scale_and_unit_make_the_level() -> None:
    seen = heard(sensor(), source_utc=UTC - 3)
    assert isinstance(seen, Reading)
    assert seen.level == pytest.approx(0.4)
    assert (seen.unit, seen.quality, seen.age_s) == ("ppm", Quality.GOOD, 3.0)
    assert isinstance(again := heard(sensor(), unit="ppm", level=0.01), Reading)
    assert again.level == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("values", "expected", "words"),
    [
        ({"unit": "mg/m3"}, Quality.FAULT, "unit mg/m3 is not in the profile"),
        ({"unit": None}, Quality.FAULT, "its unit is not there"),
        ({"gas": "CO"}, Quality.FAULT, "gas CO is not in the profile"),
        ({"quality.0": 7.0}, Quality.FAULT, "state 7 is not in the profile"),
        ({"quality.0": None}, Quality.FAULT, "its state is not there"),
        ({"quality.0": 2.0}, Quality.CAL_OVERDUE, ""),
        ({"alarm": None}, Quality.FAULT, "alarm flag"),
        ({"level": float("nan")}, Quality.FAULT, "no number"),
        ({"level": float("inf")}, Quality.FAULT, "no number"),
        ({"level": True}, Quality.FAULT, "no number"),
        ({"level": "4"}, Quality.FAULT, "no number"),
        ({"level": None}, Quality.FAULT, "not there"),
        ({"level": 101.0}, Quality.OVERRANGE, "beyond the range"),
        ({"level": -6.0}, Quality.FAULT, "far below zero"),
    ],
)
def test_what_the_profile_cannot_explain(values: dict[str, Any], expected: Quality, words: str) -> None:
    found, says = quality(heard(sensor(), **values))
    assert found is expected
    assert words in says


def test_another_gas_than_configured() -> None:
    assert quality(heard(sensor(gas="co")))[0] is Quality.FAULT
    assert "measures h2s, configured is co" in quality(heard(sensor(gas="co")))[1]


def test_the_way_s_own_word_and_the_sensor_s_alarm_survive_each_other() -> None:
    said = Sampled(values={**GOOD, "alarm": 1.0}, source_utc=UTC, quality=Quality.SUSPECT, why=NAME)
    seen = sensor().heard(said, Instant(now_s=1.0, utc=UTC, trusted=True))
    assert isinstance(seen, Reading)
    assert (seen.quality, seen.device_alarm, seen.detail) == (Quality.SUSPECT, True, NAME)


def test_time_decides_what_is_new() -> None:
    one = sensor()
    assert quality(heard(one))[0] is Quality.GOOD
    assert heard(one, 101.0) is None  # the same moment of measurement
    assert heard(one, 102.0, source_utc=UTC - 5) is None  # an older one, late
    assert one.silent(109.0, NAME.__class__("", "")) is None
    assert quality(one.silent(111.0, NAME.__class__("", "")))[0] is Quality.STALE
    assert quality(heard(one, 112.0, source_utc=UTC + 1))[0] is Quality.GOOD


def test_too_old_from_the_future_and_without_a_time() -> None:
    assert quality(heard(sensor(), source_utc=UTC - 11)) == (Quality.STALE, "measured 11 s ago")
    assert quality(heard(sensor(), source_utc=UTC + 3))[0] is Quality.CLOCK_BAD
    assert quality(heard(sensor(), source_utc=None))[0] is Quality.FAULT
    assert quality(heard(sensor(), source_utc=UTC - 9999, trusted=False))[0] is Quality.GOOD


def test_a_time_from_the_future_does_not_make_the_next_value_look_late() -> None:
    one = sensor()
    assert quality(heard(one, source_utc=UTC + 3600))[0] is Quality.CLOCK_BAD
    assert quality(heard(one, 101.0, source_utc=UTC + 3600))[0] is Quality.CLOCK_BAD  # told again
    assert quality(heard(one, 102.0))[0] is Quality.GOOD
    before = sensor()
    assert quality(heard(before, source_utc=UTC + 3600, trusted=False))[0] is Quality.GOOD  # nobody can tell yet
    assert quality(heard(before, 101.0))[0] is Quality.GOOD


def test_without_a_time_only_a_number_that_changes_proves_that_it_lives() -> None:
    one = sensor(profile(time=None, sequence=Sequence(at="/n")))
    first = heard(one, source_utc=None, sequence=5.0)
    assert quality(first)[0] is Quality.STALE
    assert heard(one, 101.0, source_utc=None, sequence=5.0) is None
    assert quality(heard(one, 102.0, source_utc=None, sequence=6.0))[0] is Quality.GOOD
    assert quality(heard(one, 103.0, source_utc=None, sequence=None)) == (
        Quality.FAULT, "its sequence number is not there",
    )  # fmt: skip


def test_a_message_with_a_new_number_and_an_old_time_is_stale() -> None:
    one = sensor(profile(sequence=Sequence(at="/n")))
    assert quality(heard(one, source_utc=UTC - 60, sequence=5.0))[0] is Quality.STALE


def test_wind() -> None:
    wind, temperature = Number(at="/w", scale=0.1), Number(at="/c")
    shape = profile(measures="weather", wind=wind, wind_range_mps=40.0, temperature=temperature)
    one = heard(sensor(shape), wind=85.0, temperature="hot")
    assert one == Weather(source="s", at_s=100.0, quality=Quality.GOOD, wind_mps=8.5)
    overdue: dict[str, Any] = {"wind": 1.0, "quality.0": 2.0}
    assert quality(heard(sensor(shape), wind=401.0))[0] is Quality.OVERRANGE
    assert quality(heard(sensor(shape), wind=-1.0))[0] is Quality.FAULT
    assert quality(heard(sensor(shape), wind=None))[0] is Quality.FAULT
    assert quality(heard(sensor(shape), **overdue))[0] is Quality.CAL_OVERDUE
    lost = sensor(shape).silent(5.0, NAME)
    assert isinstance(lost, Weather)
    assert lost.quality is Quality.COMM_FAIL


def test_json_pointers() -> None:
    tree = {"a": [{"b/c": 1}, {"~": "x"}], "n": None}
    assert message.found_at(tree, "/a/0/b~1c") == 1
    assert message.found_at(tree, "/a/1/~0") == "x"
    assert [message.found_at(tree, at) for at in ("/a/2", "/a/x", "/n/y", "/z")] == [None] * 4


def test_a_message_is_read_whole_or_not_at_all() -> None:
    said = message.read(b'{"v": 3, "u": "ppm", "t": "2025-06-15T15:06:40Z", "q": [1]}', profile())
    assert said.source_utc == 1_750_000_000.0
    assert (said.values["level"], said.values["quality.0"], said.values["alarm"]) == (3.0, None, None)
    for broken in (b"{", b"\xff", b"[" * 5000, b" " * 70_000):
        with pytest.raises(Unreadable):
            message.read(broken, profile())


def test_times() -> None:
    assert utc_of("2025-06-15T23:06:40+08:00", "iso8601") == UTC
    assert utc_of(UTC * 1000, "unix_ms") == UTC
    assert [utc_of(raw, form) for raw, form in NO_TIMES] == [None] * len(NO_TIMES)


@pytest.mark.parametrize("folder", [MQTT_FOLDER, OPCUA_FOLDER])
def test_every_shipped_profile_loads(folder: Path) -> None:
    load = load_mqtt if folder == MQTT_FOLDER else load_opcua
    names = [path.stem for path in (ROOT / folder).glob("*.toml")]
    assert names
    assert all(load(ROOT, name).places for name in names)


def test_a_profile_that_could_not_tell_old_from_new_or_a_fault_from_a_value_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / MQTT_FOLDER
    folder.mkdir(parents=True)
    (folder / "bad.toml").write_text(
        'schema = 1\ntitle = { zh = "某", en = "x" }\nsource = "x"\nmeasures = "gas"\n'
        '[level]\nat = "value"\n[unit]\nat = "/u"\ncodes = { a = { unit = "ppm" }, b = { unit = "%LEL" } }\n'
    )
    with pytest.raises(BadSettings) as bad:
        load_mqtt(tmp_path, "bad")
    keys = [fault.key for fault in bad.value.faults]
    assert keys == ["full_scale", "unit.codes", "topic", "quality", "time", "level.at"]
