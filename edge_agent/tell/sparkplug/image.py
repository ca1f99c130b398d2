"""What a SCADA sees of the live picture: the unit, and each detector, camera, relay, station and permit. Pure.

Numbers and states alone: no person's name or place leaves by this way. A value that is not GOOD is marked so, and
a device that is silent is no device at all (…-behavior-device-ddeath); the unit names those in `Devices/Silent`.
A picture that has grown old is STALE as a whole: then nothing here may be taken for the present.
"""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from edge_agent.domain.observation import Quality, View
from edge_agent.tell.live import LIVE_S, Live, LiveOutput
from edge_agent.tell.live_camera import LiveCamera
from edge_agent.tell.live_measured import LiveGas, LiveGauge, LiveWind
from edge_agent.tell.live_permit import LivePermit
from edge_agent.tell.sparkplug.metric import Grade, Metric, Value
from edge_agent.tell.sparkplug.node import NODE, Image
from edge_agent.tell.sparkplug.schema import DataType

SILENT = frozenset({Quality.MISSING, Quality.COMM_FAIL})
PAST = frozenset({Quality.STALE, *SILENT})
ESCAPED = str.maketrans({char: f"%{ord(char):02X}" for char in "%/+#"})
DECIMALS = 3  # an average moves in every step; what nobody can read is not worth a message


class _At(Struct, frozen=True):
    """Makes metrics of one age; `old`: of a picture that is not the present."""

    at_utc: float
    old: bool

    def _metric(self, name: str, kind: DataType, value: Value | None, of: "_Kind") -> Metric:
        grade = Grade.STALE if self.old else of.grade
        at_ms = round((self.at_utc - of.age_s) * 1000)
        return Metric(name=name, type=kind, value=value, at_ms=at_ms, grade=grade, unit=of.unit)

    def flag(self, name: str, value: bool | None, of: "_Kind | None" = None) -> Metric:  # noqa: FBT001 (a value)
        return self._metric(name, DataType.BOOLEAN, value, of or PLAIN)

    def count(self, name: str, value: int | None, of: "_Kind | None" = None) -> Metric:
        return self._metric(name, DataType.INT32, value, of or PLAIN)

    def text(self, name: str, value: str, of: "_Kind | None" = None) -> Metric:
        return self._metric(name, DataType.STRING, value, of or PLAIN)

    def number(self, name: str, value: float | None, of: "_Kind | None" = None) -> Metric:
        rounded = None if value is None else round(value, DECIMALS)
        return self._metric(name, DataType.DOUBLE, rounded, of or PLAIN)


class _Kind(Struct, frozen=True, kw_only=True):
    """What else is to be said of a value."""

    grade: Grade = Grade.GOOD
    unit: str = ""
    age_s: float = 0.0


PLAIN = _Kind()


def image(live: Live, now_utc: float) -> Image:
    """Everything there is to say of the picture at `now_utc` (seconds since 1970)."""
    at = _At(live.at_utc, live.at_utc < now_utc - LIVE_S)
    devices = dict(_devices(live, at))
    silent = sorted(_silent(live))
    return {NODE: tuple(_unit(live, at, silent)), **devices}


def _devices(live: Live, at: _At) -> Iterator[tuple[str, tuple[Metric, ...]]]:
    yield from _detectors(live, at)
    for gauge in live.gauges:
        if _quality(gauge.quality) not in SILENT:
            yield f"gauge-{gauge.id}", tuple(_gauge(gauge, at))
    for wind in live.wind:
        if _quality(wind.quality) not in SILENT:
            yield f"weather-{wind.id}", tuple(_wind(wind, at))
    for camera in live.cameras:
        if camera.view != View.GONE.value:
            yield f"camera-{camera.id}", tuple(_camera(camera, at))
    for relay in dict.fromkeys(output.device for output in live.outputs):
        wires = (output for output in live.outputs if output.device == relay)
        yield f"relay-{relay}", tuple(metric for wire in wires for metric in _output(wire, at))
    for permit in live.permits:
        yield f"permit-{_level(permit.id)}", tuple(_permit(permit, live, at))


def _detectors(live: Live, at: _At) -> Iterator[tuple[str, tuple[Metric, ...]]]:
    for detector in dict.fromkeys(gas.id for gas in live.gas):
        channels = [gas for gas in live.gas if gas.id == detector]
        if any(_quality(gas.quality) not in SILENT for gas in channels):
            yield f"gas-{detector}", tuple(metric for gas in channels for metric in _gas(gas, at))


def _silent(live: Live) -> Iterator[str]:
    yield from (f"gas-{gas.id} {gas.gas}" for gas in live.gas if _quality(gas.quality) in SILENT)
    yield from (f"gauge-{gauge.id}" for gauge in live.gauges if _quality(gauge.quality) in SILENT)
    yield from (f"weather-{wind.id}" for wind in live.wind if _quality(wind.quality) in SILENT)
    yield from (f"camera-{camera.id}" for camera in live.cameras if camera.view == View.GONE.value)


def _unit(live: Live, at: _At, silent: Iterable[str]) -> Iterator[Metric]:
    standing = [alarm for alarm in live.alarms if not alarm.drill]
    words = [permit.word for permit in live.permits]
    yield at.flag("Unit/Guarding", not at.old)
    yield at.text("Unit/Site", live.site)
    yield at.text("Unit/Rulebook", live.rulebook)
    yield at.flag("Unit/Demo", live.demo)
    yield at.flag("Unit/Shadow mode", bool(live.shadow))
    yield at.flag("Unit/Clock trusted", live.clock_trusted)
    yield at.flag("Uplink/Connected", live.uplink_ok)
    yield at.count("Uplink/Waiting", live.waiting)
    yield at.flag("Alarms/Evacuate", any(permit.evacuate for permit in live.permits if not permit.drill))
    yield at.count("Alarms/Standing", len(standing))
    yield at.count("Alarms/Highest priority", min((alarm.priority for alarm in standing), default=None))
    yield at.text("Alarms/Codes", " ".join(sorted({alarm.code for alarm in standing if alarm.code})))
    yield at.count("Work/May work", words.count("may_work") + words.count("warning"))
    yield at.count("Work/Stopped", words.count("stopped") + words.count("evacuate"))
    yield at.text("Devices/Silent", ", ".join(silent))


def _gas(gas: LiveGas, at: _At) -> Iterator[Metric]:
    kind = _Kind(grade=_grade(_quality(gas.quality)), unit=gas.unit, age_s=gas.age_s or 0.0)
    limit = _Kind(unit=gas.unit)
    yield at.number(f"{gas.gas}/Level", gas.level, kind)
    yield at.text(f"{gas.gas}/Quality", gas.quality)
    yield at.flag(f"{gas.gas}/Danger", gas.danger, kind)
    yield at.flag(f"{gas.gas}/Device alarm", gas.device_alarm)
    for name, average in (("STEL", gas.stel), ("TWA", gas.twa)):
        value = None if average is None else average.value
        known = average is not None and not average.missing_min
        grade = Grade.GOOD if known else Grade.BAD
        yield at.number(f"{gas.gas}/{name}", value, _Kind(grade=grade, unit=gas.unit))
    yield at.number(f"{gas.gas}/Warns at", gas.limits.warn, limit)
    yield at.number(f"{gas.gas}/Stops at", gas.limits.stop, limit)
    yield at.number(f"{gas.gas}/Stops below", gas.limits.low_stop, limit)


def _gauge(gauge: LiveGauge, at: _At) -> Iterator[Metric]:
    kind = _Kind(grade=_grade(_quality(gauge.quality)), unit=gauge.unit, age_s=gauge.age_s or 0.0)
    yield at.text("Measures", gauge.what.en)
    yield at.number("Level", gauge.level, kind)
    yield at.text("Quality", gauge.quality)
    yield at.text("Crossed", gauge.crossed, kind)
    for name, limit in gauge.limits.items():
        yield at.number(f"Limits/{name}", limit, _Kind(unit=gauge.unit))
    yield at.text("Interlock", gauge.interlock)


def _wind(wind: LiveWind, at: _At) -> Iterator[Metric]:
    kind = _Kind(grade=_grade(_quality(wind.quality)), unit="m/s", age_s=wind.age_s or 0.0)
    yield at.number("Wind", wind.mps, kind)
    yield at.text("Quality", wind.quality)
    yield at.flag("Danger", wind.danger, kind)
    yield at.number("Stops at", wind.stop_mps, _Kind(unit="m/s"))


def _camera(camera: LiveCamera, at: _At) -> Iterator[Metric]:
    clear = camera.view == View.CLEAR.value
    kind = _Kind(grade=Grade.GOOD if clear else Grade.BAD, age_s=camera.age_s or 0.0)
    yield at.text("View", camera.view)
    yield at.count("Persons", camera.persons if clear else None, kind)


def _output(output: LiveOutput, at: _At) -> Iterator[Metric]:
    yield at.text(f"{output.channel}/Does", output.does)
    yield at.flag(f"{output.channel}/Wanted on", output.wanted_on)
    known = _Kind(grade=Grade.BAD if output.feedback_closed is None else Grade.GOOD)
    yield at.flag(f"{output.channel}/Feedback closed", output.feedback_closed, known)


def _permit(permit: LivePermit, live: Live, at: _At) -> Iterator[Metric]:
    codes = {alarm.code for alarm in live.alarms if alarm.permit == permit.id and alarm.code}
    yield at.text("Number", permit.id)
    yield at.text("Work", permit.type)
    yield at.text("Level", permit.level)
    yield at.text("State", permit.state)
    yield at.text("Word", permit.word)
    yield at.flag("Evacuate", permit.evacuate)
    yield at.flag("Drill", bool(permit.drill))
    yield at.flag("Shadow mode", permit.shadow)
    yield at.count("Inside", len(permit.inside))
    yield at.text("Causes", " ".join(sorted(codes)))
    yield at.text("Area", permit.area_id)


def _quality(name: str) -> Quality:
    return Quality(name)


def _grade(quality: Quality) -> Grade:
    if quality is Quality.GOOD:
        return Grade.GOOD
    return Grade.STALE if quality in PAST else Grade.BAD


def _level(name: str) -> str:
    """A topic's level takes no `/`, `+` or `#` (tck-id-topic-structure-namespace-valid-device-id)."""
    return name.translate(ESCAPED)
