"""What every source owes, whatever it senses. Sources are found in edge_agent/sense, not listed here.

A new kind of source fails `test_every_kind_has_a_bench` until it has a bench: how it is set up against a
field that is silent, and against one that answers garbage.
"""

import importlib
import inspect
import pkgutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

import edge_agent.sense
from edge_agent.domain.observation import (
    Contact,
    DeviceHealth,
    Observation,
    Position,
    Quality,
    Reading,
    Sighting,
    View,
)
from edge_agent.domain.ports import Source
from edge_agent.domain.words import NOTHING
from edge_agent.ops.demo.ports import picked_port
from edge_agent.sense.camera.telling import LOAD
from edge_agent.sense.camera.vision import Folders, Vision
from edge_agent.sense.http_field import FIELD, HttpField
from edge_agent.sense.modbus import GasBus
from edge_agent.sense.mqtt_field import BROKER, FieldBroker
from edge_agent.sense.mqtt_sensors import MqttSensors
from edge_agent.sense.nvr import Nvr
from edge_agent.sense.opcua.server import OpcUaServer
from edge_agent.sense.sampled.profile import load_opcua
from edge_agent.sense.sampled.sensor import Place, Sensor
from edge_agent.sense.wearables import omlox
from edge_agent.settings.site_brokers import BrokerTable
from edge_agent.settings.site_cameras import CameraTable, NvrTable
from edge_agent.settings.site_lines import OpcUaTable
from edge_agent.settings.site_told import HttpTable
from tests.sense.field_fakes import CLOCK, FRAME, NAME, ROOT, TAG, Heard, bus, detector, running, wise_profile
from tests.support.languages import faults


def _kinds() -> list[type]:
    found = []
    for module in pkgutil.walk_packages(edge_agent.sense.__path__, "edge_agent.sense."):
        for _, kind in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            takes = list(inspect.signature(kind.run).parameters) if hasattr(kind, "run") else []
            if kind.__module__ == module.name and takes == ["self", "deliver", "stop"]:
                found.append(kind)
    return found


class Field:
    """A server that takes connections and then says `what` again and again (b"": nothing at all)."""

    def __init__(self, what: bytes) -> None:
        self._what = what
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self.reached = threading.Event()
        self._closed = threading.Event()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def _accept(self) -> None:
        self._server.settimeout(0.05)
        while not self._closed.is_set():
            try:
                sock, _ = self._server.accept()
            except TimeoutError:
                continue
            self._threads.append(threading.Thread(target=self._talk, args=(sock,), daemon=True))
            self._threads[-1].start()

    def _talk(self, sock: socket.socket) -> None:
        with sock:
            sock.settimeout(0.05)
            while not self._closed.is_set():
                try:
                    if not sock.recv(4096):
                        return
                    self.reached.set()
                    if self._what:
                        sock.sendall(self._what)
                except TimeoutError:
                    continue
                except OSError:
                    return

    def close(self) -> None:
        self._closed.set()
        for thread in self._threads:
            thread.join(20)
        self._server.close()


Bench = Callable[[int, float, Path], tuple[Source, set[str]]]


def gas_bus(port: int, timeout_s: float, _folder: Path) -> tuple[Source, set[str]]:
    return bus(port, detector("h2s", 3), detector("co", 4), timeout_s=timeout_s), {"gas-h2s", "gas-co"}


def field_broker(port: int, _timeout_s: float, _folder: Path) -> tuple[Source, set[str]]:
    table, hub = BrokerTable(host="127.0.0.1", port=port), omlox.Hub((TAG,), FRAME)
    return FieldBroker(table, (hub,), CLOCK, "bench"), {"tag-7", BROKER}


def vision(port: int, _timeout_s: float, folder: Path) -> tuple[Source, set[str]]:
    cameras = {"cam-1": CameraTable(name=NAME, url=f"rtsp://127.0.0.1:{port}/live", model="ppe_nano_first")}
    return Vision(cameras, CLOCK, Folders(ROOT / "models", folder)), {"cam-1"}


def nvr(port: int, _timeout_s: float, _folder: Path) -> tuple[Source, set[str]]:
    return Nvr("nvr-1", NvrTable(name=NAME, host="127.0.0.1", port=port), CLOCK), {"nvr-1"}


def http_field(port: int, timeout_s: float, folder: Path) -> tuple[Source, set[str]]:
    """It is called: so the field, silent or mad, is put through to it by somebody who calls both."""
    token = folder / "token"
    token.write_text("a-token-of-the-bench", encoding="utf-8")
    with ExitStack() as held:
        here = picked_port(held)
    table = HttpTable(host="127.0.0.1", port=here, token_file=token.name)
    threading.Thread(target=_put_through, args=(port, here), daemon=True).start()
    return HttpField(table, {}, CLOCK, token, quiet_s=timeout_s), {FIELD}


def _put_through(field_port: int, here: int) -> None:
    """Whatever the field says, said to the receiver as soon as it listens; until the field hangs up."""
    try:
        with socket.create_connection(("127.0.0.1", field_port), 20) as there:
            there.sendall(b"?")
            while said := there.recv(4096):
                _say(here, said)
                there.sendall(b"?")
    except OSError:
        return


def _say(here: int, said: bytes) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", here), 20) as caller:
                caller.sendall(said)
                return
        except ConnectionRefusedError:
            time.sleep(0.01)


def mqtt_sensors(port: int, _timeout_s: float, _folder: Path) -> tuple[Source, set[str]]:
    place = Place(device="gas-1", at="M", period_s=0.2, stale_s=1.0, gas="h2s")
    sensor = Sensor(place, wise_profile())
    return MqttSensors(BrokerTable(host="127.0.0.1", port=port), (sensor,), CLOCK, "bench"), {"gas-1"}


def opcua(port: int, timeout_s: float, _folder: Path) -> tuple[Source, set[str]]:
    place = Place(device="gas-1", at="ns=3;s=PV", period_s=0.2, stale_s=1.0, gas="ch4")
    table = OpcUaTable(host="127.0.0.1", port=port, security="none", timeout_s=max(timeout_s, 0.2))
    return OpcUaServer("plc", table, (Sensor(place, load_opcua(ROOT, "analog_item_lel")),), CLOCK), {"gas-1"}


BENCHES: dict[type, Bench] = {
    MqttSensors: mqtt_sensors,
    OpcUaServer: opcua,
    GasBus: gas_bus,
    FieldBroker: field_broker,
    HttpField: http_field,
    Vision: vision,
    Nvr: nvr,
}
GARBAGE = bytes(range(256))


@contextmanager
def field(what: bytes) -> Iterator[Field]:
    found = Field(what)
    try:
        yield found
    finally:
        found.close()


def is_good(seen: Observation) -> bool:
    """Whether the observation could satisfy any condition."""
    match seen:
        case Reading():
            return seen.quality is Quality.GOOD
        case Position():
            return True
        case Sighting():
            return seen.view is View.CLEAR
        case Contact():
            return seen.closed is not None
        case DeviceHealth():
            return seen.ok


def invents(seen: Observation) -> bool:
    """Whether it bears a value although nothing was measured."""
    match seen:
        case Reading():
            return seen.level is not None or seen.device_alarm
        case Position():
            return seen.x_m is not None or seen.sos
        case Sighting():
            return bool(seen.persons)
        case Contact():
            return seen.closed is not None
        case DeviceHealth():
            return False


def test_every_kind_has_a_bench() -> None:
    assert set(_kinds()) == set(BENCHES)


@pytest.mark.parametrize("kind", _kinds(), ids=lambda kind: kind.__name__)
class TestEverySource:
    def test_stops_within_a_second_in_the_middle_of_a_long_wait(self, kind: type, tmp_path: Path) -> None:
        with field(b"") as silent:
            source, _ = BENCHES[kind](silent.port, 10.0, tmp_path)
            with running(source, Heard()) as stop:
                assert silent.reached.wait(20)
                stop.set()
                began_s = time.monotonic()
            # One second is the promise; the rest is for a machine that is busy with other tests.
            assert time.monotonic() - began_s < 4.0

    def test_silence_is_reported_and_not_filled(self, kind: type, tmp_path: Path) -> None:
        heard = Heard()
        with field(b"") as silent:
            source, names = BENCHES[kind](silent.port, 0.2, tmp_path)
            with running(source, heard):
                heard.wait(lambda seen: not is_good(seen))
                heard.wait(lambda seen: not is_good(seen), heard.mark())
        self._all_bad(heard, names)

    def test_garbage_is_never_good(self, kind: type, tmp_path: Path) -> None:
        heard = Heard()
        with field(GARBAGE) as mad:
            source, names = BENCHES[kind](mad.port, 0.2, tmp_path)
            with running(source, heard):
                assert mad.reached.wait(20)
                heard.wait(lambda seen: not is_good(seen))
                heard.wait(lambda seen: not is_good(seen), heard.mark())
        self._all_bad(heard, names)

    def test_nobody_there_is_reported(self, kind: type, tmp_path: Path) -> None:
        heard = Heard()
        with field(b"") as gone:
            port = gone.port
        source, names = BENCHES[kind](port, 0.2, tmp_path)
        assert source.name
        with running(source, heard):
            heard.wait(lambda seen: not is_good(seen))
        self._all_bad(heard, names)

    def _all_bad(self, heard: Heard, names: set[str]) -> None:
        for seen in heard.all:
            if seen.source == LOAD:
                continue  # of the box itself: it keeps up with a camera that says nothing
            assert seen.source in names, "every observation names its source"
            assert not is_good(seen), "nothing good can come of a field that says nothing"
            assert not invents(seen), "no value without a measurement"
            assert getattr(seen, "detail", True), f"says why: {seen}"
            assert faults(getattr(seen, "detail", NOTHING)) == []
