"""The benches still measure what they say, on the real box: a few samples, and no word on how long they took."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from edge_agent.domain.permit import State
from tests.bench.bench_drain import drain, per_event
from tests.bench.bench_events import measure
from tests.bench.bench_gas import Leaks, Yard
from tests.bench.bench_load import Load, growth_row, load_rows
from tests.bench.bench_log_in import measure as measure_log_ins
from tests.bench.bench_samples import SENSORS, Samples, measured_at_the_yard
from tests.bench.bench_scale import measured as measure_fleet
from tests.bench.bench_step import longest_scenario, read_only, shift, speed_row, step_rows
from tests.bench.bench_stop import Stops
from tests.bench.bench_verify import filled
from tests.bench.bench_verify import measure as measure_verifying
from tests.bench.bench_wearables import rows as wearable_rows
from tests.bench.guarded import Guarded
from tests.bench.table import SPREAD, quantile, spread


def test_a_stop_is_measured_from_arrival_to_the_coil_and_can_be_repeated(job: Guarded) -> None:
    stops = Stops(job)
    while len(stops.whole) < 3:  # where the work stops by itself, as on a busy machine, nothing is measured
        stops.sample()
    stops.close()
    assert len(stops.whole) == len(stops.floor) == 3
    for whole, brain, relay in zip(stops.whole, stops.brain, stops.relay, strict=True):
        assert 0 < brain < whole
        assert 0 < relay < whole
        assert whole == pytest.approx(brain + relay)


def test_a_leak_is_measured_from_the_detectors_register_to_the_coil(job: Guarded) -> None:
    leaks = Leaks(job)
    while len(leaks.whole) < 2:
        leaks.sample()
    leaks.close()
    assert min(leaks.whole) > 0
    assert "1050" in leaks.row()[-1]
    assert "2000" in leaks.row()[-1]


def test_many_detectors_are_measured_with_some_of_them_dead(tmp_path: Path) -> None:
    yard = Yard(tmp_path, 2, 4)
    try:
        share, off = yard.measure(3.0)
        floor, late = yard.floor(0.3)
    finally:
        yard.close()
    assert share > 0
    assert floor > 0
    assert late
    assert {name.rpartition("-")[2] for name in yard.seen} == {"2", "3", "4"}  # the first of each is dead
    assert off


def test_a_backlog_is_measured_as_it_drains_with_live_events_beside_it(tmp_path: Path) -> None:
    with TemporaryDirectory(prefix="edge-bench-") as folder:
        Path(folder).chmod(0o755)  # mosquitto gives up root and must reach its own folder in it
        with Guarded(Path(folder)) as job:
            arrivals, live, grown = drain(job, 2000)
    assert arrivals.missing == 0
    assert arrivals.last_s > arrivals.first_s
    assert set(grown) == {"agent", "forwarder"}
    assert min(live, default=1.0) > -0.01, "an event's time is told in milliseconds, by another clock"
    sent, committed, deleted = (float(row[1]) for row in per_event(tmp_path, 20))
    assert committed > 2 * sent
    assert deleted > 0


def test_units_are_measured_until_every_event_of_theirs_is_kept() -> None:
    row = measure_fleet(20, 2.0, 200.0, "sqlite")
    assert int(row[0].split()[2]) > 10
    assert float(row[5]) > 0


def test_every_event_is_measured_from_its_commit(job: Guarded) -> None:
    found = measure(job, 5, 10.0)
    assert len(found.floor) == len(found.floor_puback) == len(found.bridged) == 5
    assert len(found.event) >= 5
    assert len(found.puback) >= 5
    assert min(*found.event, *found.puback, *found.floor, *found.floor_puback, *found.bridged) > 0


def test_steps_and_replays_are_measured() -> None:
    assert all(len(row) == len(SPREAD) for row in step_rows(3))
    _, scenario = longest_scenario()
    assert len(scenario) > 50
    name, seconds, steps, *_ = speed_row("job", shift(0.05), read_only, "")
    assert (name, seconds, steps) == ("job", "10", "22")


def test_a_full_boxs_step_is_measured_with_every_job_under_way() -> None:
    load = Load(2)
    assert {permit.state for permit in load.state.permits.values()} == {State.ACTIVE}
    assert all(len(row) == len(SPREAD) for row in load_rows(load, 3))
    assert growth_row(1, 3)[1] == "1"


def test_quantiles_are_measured_values() -> None:
    hundred = [float(n) for n in range(1, 101)]
    assert [quantile(hundred, share) for share in (0.5, 0.9, 0.99, 1.0)] == [50, 90, 99, 100]
    assert quantile([7.0], 0.5) == 7
    assert quantile([3.0, 1.0, 2.0], 0.99) == 3
    assert spread("x", [0.001, 0.002])[1:6] == ("2", "1.00", "2.00", "2.00", "2.00")


def test_every_way_to_log_in_is_measured_on_a_real_socket(tmp_path: Path) -> None:
    found = measure_log_ins(tmp_path, 2)
    assert len(found) == 5
    assert all(len(spent) == 2 and min(spent) > 0 for spent in found.values())


def test_every_family_of_wearables_is_heard_and_measured_in_cpu_of_its_own_thread(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)  # mosquitto gives up root and must reach its own folder in it
    measured = wearable_rows(tmp_path, 0.2)
    assert [row[0].split(",")[0] for row in measured[:4]] == ["omlox", "card", "wristband", "abeeway"]
    assert all(int(row[2]) == 200 and float(row[3]) > 0 for row in measured[:4])
    assert measured[4][2] == "0"


def test_verifying_is_measured_over_records_that_hold(tmp_path: Path) -> None:
    path = tmp_path / "agent.sqlite"
    filled(path, 300)
    ours, floor = measure_verifying(path, 300)
    assert ours[1] == floor[1] == "300"
    assert min(float(ours[3]), float(floor[3])) > 0


def test_each_sample_over_mqtt_is_measured_to_its_decision_and_to_the_observer() -> None:
    with TemporaryDirectory(prefix="edge-bench-") as folder:
        Path(folder).chmod(0o755)  # mosquitto gives up root and must reach its own folder in it
        with Guarded(Path(folder), edit=measured_at_the_yard) as box:
            box.guard()
            samples = Samples(box)
            samples.take(1)
            samples.close()
    for device in SENSORS:
        assert 0 < samples.decided[device][0] < samples.observed[device][0]
    assert len(samples.floor) == len(SENSORS)
