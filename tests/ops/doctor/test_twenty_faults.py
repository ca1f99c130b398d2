"""Faults as technicians meet them, each planted in a healthy field: the doctor's first line names it.

Every row: what is planted, and then whose fault it is, by which name, and a word that its first line must say.
"""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from edge_agent.clock import SystemClock
from edge_agent.ops.doctor.command import doctor
from edge_agent.settings.site import Settings
from edge_agent.settings.site_brokers import UplinkTable
from edge_agent.settings.site_lines import BusTable
from edge_agent.simulate.handle import Simulator
from tests.ops.doctor.conftest import ROOT, Field, first, seen
from tests.sense.field_fakes import CO_24, unanswered
from tests.sense.rtu_line import Line, serial_port
from tests.support.broker import Mosquitto
from tests.support.languages import faults

BUS = ("buses", "gas", "weather")
TOPIC = "omlox/tag-guard/location"


def bus(field: Field, **changed: Any) -> Settings:
    return field.only(*BUS, buses={"gateway-1": replace(field.settings.site.buses["gateway-1"], **changed)})


def gas(field: Field, name: str, **changed: Any) -> Settings:
    tables = {**field.settings.site.gas, name: replace(field.settings.site.gas[name], **changed)}
    return field.only(*BUS, gas=tables)


def relay(field: Field, **changed: Any) -> Settings:
    return field.only(relays={"relay-1": replace(field.settings.site.relays["relay-1"], **changed)})


def broker(field: Field, **changed: Any) -> Settings:
    return field.only("wearables", field_broker=replace(field.settings.site.field_broker, **changed))


def wire(field: Field, kind: str, unit: int | None = None) -> Settings:
    field.gateway.command("fault", kind=kind, **({} if unit is None else {"unit": unit}))
    return field.only(*BUS)


def a_contact_that_the_module_has_not(field: Field) -> Settings:
    contacts = dict(field.settings.site.relays["relay-1"].contacts)
    contacts["stop-button"] = replace(contacts["stop-button"], input=63)
    return relay(field, contacts=contacts, profile="wago_750-362")


def said_to_the_relay(command: str) -> Callable[[Field], Settings]:
    def plant(field: Field) -> Settings:
        field.relay.command(command)
        return relay(field)

    return plant


def welded(field: Field) -> Settings:
    field.relay.command("input", input=0, closed=True)
    return relay(field)


def tags_say(field: Field, command: str, **more: Any) -> Settings:
    field.tags.command("silent", tag="tag-guard")
    if command != "silent":
        field.tags.command(command, **more)
    return field.only("wearables")


PLANTED: dict[str, tuple[Callable[[Field], Settings], str, str, str]] = {
    "a name that leads nowhere": (
        lambda field: bus(field, host="gateway.invalid"), "buses.gateway-1", "no_host", "gateway.invalid"),
    "one detector is silent": (
        lambda field: wire(field, "silent", 3), "gas.gas-h2s", "unit_silent", "unit 3 does not answer"),
    "nobody on the bus answers": (
        lambda field: wire(field, "silent"), "buses.gateway-1", "bus_silent", "none of the"),
    "a bus of noise": (
        lambda field: wire(field, "garbage"), "buses.gateway-1", "not_modbus", "does not speak Modbus"),
    "the gateway hears a device no more": (
        lambda field: wire(field, "exception", 4), "gas.gas-co", "unit_silent", "exception 11"),
    "a reply of noise": (
        lambda field: wire(field, "garbage", 3), "gas.gas-h2s", "garbage", "makes no sense"),
    "another model than its profile": (
        lambda field: gas(field, "gas-o2", profile="cn10_single_gas"),
        "gas.gas-o2", "other_registers", "refuses to be read"),
    "another gas than configured": (
        lambda field: gas(field, "gas-ch4", gas="h2s"), "gas.gas-ch4", "other_gas", "measures ch4"),
    "a head that is broken": (
        lambda field: wire(field, "sensor_fault", 3), "gas.gas-h2s", "fault", "sensor fault"),
    "a head that is cold": (lambda field: wire(field, "warmup", 3), "gas.gas-h2s", "warmup", "warming up"),
    "gas beyond the range": (
        lambda field: wire(field, "overrange", 3), "gas.gas-h2s", "overrange", "beyond its range"),
    "a detector in calibration": (
        lambda field: wire(field, "calibration", 2), "gas.gas-o2", "inhibited", "being calibrated"),
    "a weather station that does not measure": (
        lambda field: wire(field, "sensor_fault", 20), "weather.weather-1", "fault", "does not measure"),
    "a contactor that is welded": (
        welded, "relays.relay-1.contacts.permissive-feedback", "welded", "its feedback is closed"),
    "a stop button that is pressed": (
        said_to_the_relay("press_stop"), "relays.relay-1.contacts.stop-button", "stop_button_open", "wire is cut"),
    "a relay module that hangs": (
        said_to_the_relay("ignore"), "relays.relay-1", "module_silent", "does not answer"),
    "a contact that the module has not": (
        a_contact_that_the_module_has_not, "relays.relay-1", "other_registers", "refuses to be read"),
    "a broker without the TLS that is asked of it": (
        lambda field: broker(field, ca="/etc/ssl/certs/ca-certificates.crt"),
        "field_broker", "no_tls", "does not speak TLS"),
    "a password file that is gone": (
        lambda field: broker(field, username="box", password_file="/nowhere/secret"),  # noqa: S106
        "field_broker", "file_unusable", "/nowhere/secret"),
    "a tag that is off": (
        lambda field: tags_say(field, "silent"),
        "wearables.tag-guard", "tag_silent", "nothing is heard of tag-guard"),
    "a tag under another name": (
        lambda field: tags_say(field, "tag", provider_id="T-99", x=0.0, y=0.0),
        "wearables.tag-guard", "other_tag", "T-99"),
    "a platform that only keeps": (
        lambda field: tags_say(field, "retained_stale", tag="tag-guard", age_s=5.0),
        "wearables.tag-guard", "only_retained", "retained"),
}  # fmt: skip

# These are among the forty that are counted (test_forty_faults.py).
COUNTED = {
    "one detector is silent", "nobody on the bus answers", "another gas than configured",
    "a contactor that is welded", "a relay module that hangs", "a tag that is off",
}  # fmt: skip


# paho leaves a socket whose TLS handshake failed to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", sorted(PLANTED.keys() - COUNTED))
def test_the_first_line_names_the_fault(field: Field, name: str) -> None:
    plant, part, code, word = PLANTED[name]
    at, found, line = first(plant(field))
    assert (at, found) == (part, code), line
    assert word in line
    if name == "a tag under another name":
        field.tags.command("silent", tag="T-99")


def test_a_healthy_field_is_fine_and_every_part_is_told_of(field: Field) -> None:
    found = seen(field.only(*BUS, "relays", "wearables"))
    assert {one.standing for one in found} == {"fine"}, found
    devices = {"gas.gas-ch4", "gas.gas-o2", "gas.gas-h2s", "gas.gas-co", "weather.weather-1"}
    of_this_machine = {"heat", "power"}  # told where its kernel has them
    assert {one.part for one in found} - of_this_machine == {
        "clock",
        "uplink",
        "disk",
        "network",
        "records",
        "versions",
        "system",
    } | devices | {
        "relays.relay-1",
        "field_broker",
        "wearables.tag-guard",
    }
    assert not any(line.get("written") for line in field.gateway.lines)
    assert not [line for line in field.relay.lines if "coil" in line or line.get("watchdog") == "running"]


def test_a_device_under_another_address_is_found(field: Field) -> None:
    spare = {name: table for name, table in field.settings.site.gas.items() if name != "gas-co"}
    moved = {"gas-ch4": replace(spare["gas-ch4"], unit_id=9)}
    part, code, line = first(field.only("buses", "weather", gas={**spare, **moved}))
    assert (part, code) == ("gas.gas-ch4", "other_unit")
    assert "unit_id = 1" in line


PARTS = {
    "relays": "relays.relay-1",
    "nvrs": "nvrs.nvr-1",
    "buses": "buses.gateway-1",
    "field_broker": "field_broker",
    "uplink": "uplink",
    "sparkplug": "sparkplug",
}


@pytest.mark.parametrize(("table", "part"), PARTS.items())
def test_a_port_where_nobody_listens(field: Field, table: str, part: str) -> None:
    with unanswered() as port:
        assert first(_at(field, table, port))[:2] == (part, "port_shut")


def _at(field: Field, table: str, port: int) -> Settings:
    from edge_agent.settings.site_cameras import NvrTable  # noqa: PLC0415

    match table:
        case "buses":
            return bus(field, port=port)
        case "relays":
            return relay(field, port=port)
        case "nvrs":
            name = field.settings.site.site.name
            return field.only(nvrs={"nvr-1": NvrTable(name=name, host="127.0.0.1", port=port)})
        case "uplink":
            return field.only(uplink=replace(field.settings.site.uplink, port=port))
        case "sparkplug":
            from edge_agent.settings.site_brokers import SparkplugTable  # noqa: PLC0415

            return field.only(sparkplug=SparkplugTable(group="g", host="127.0.0.1", port=port))
        case _:
            return broker(field, port=port)


@contextmanager
def web_server() -> Iterator[int]:
    """Something else at the port: it answers whatever it is told as a web server does."""
    server = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def serve() -> None:
        while not ended.is_set():
            try:
                visit, _ = server.accept()
            except OSError:
                return
            with visit:
                if visit.recv(4096):
                    visit.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    worker = threading.Thread(target=serve, daemon=True)
    worker.start()
    try:
        yield server.getsockname()[1]
    finally:
        ended.set()
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        worker.join(20)


OTHERS = {
    "buses": "hangs_up",
    "relays": "hangs_up",
    "uplink": "not_mqtt",
    "field_broker": "not_mqtt",
    "nvrs": "recorder_silent",
}


@pytest.mark.parametrize(("table", "code"), OTHERS.items())
def test_something_else_at_the_port(field: Field, table: str, code: str) -> None:
    with web_server() as port:
        assert first(_at(field, table, port))[1] == code


def test_a_broker_that_does_not_let_us_in(field: Field, tmp_path: Path) -> None:
    secret, known = tmp_path / "secret", tmp_path / "passwd"
    secret.write_text("wrong\n")
    subprocess.run(["mosquitto_passwd", "-b", "-c", str(known), "box", "right"], check=True, capture_output=True)
    with Mosquitto(tmp_path / "b", extra=f"allow_anonymous false\npassword_file {known}") as strict:
        table = UplinkTable(host="127.0.0.1", port=strict.port, username="box", password_file=str(secret))
        part, code, line = first(field.only("wearables", field_broker=table))
        assert (part, code) == ("field_broker", "login_refused")
        assert "password_file" in line
        secret.write_text("right\n")
        assert first(field.only("wearables", field_broker=table))[:2] == ("wearables.tag-guard", "tag_silent")


def test_a_relay_that_is_only_written_down_is_never_fine(field: Field) -> None:
    part, code, line = first(relay(field, profile="log_only"))
    assert (part, code) == ("relays.relay-1", "log_only")
    assert "no module is wired" in line


def test_a_clock_that_nobody_sets(field: Field) -> None:
    found = doctor(field.only(), ROOT, SystemClock(declared=True, utc=lambda: 0.0))
    assert (found[0].part, found[0].code) == ("clock", "clock_not_trusted")
    assert "nothing may start" in found[0].says.en


def test_every_word_of_every_finding_is_in_both_languages(field: Field) -> None:
    for name in ("another gas than configured", "one detector is silent", "a contactor that is welded"):
        for one in seen(PLANTED[name][0](field)):
            assert [wrong for said in (one.says, one.remedy) for wrong in faults(said)] == []


def serial(field: Field, **where: Any) -> Settings:
    """One detector on a serial line of this box."""
    table = replace(field.settings.site.gas["gas-co"], unit_id=4)
    return field.only(buses={"gateway-1": BusTable(**where)}, gas={"gas-co": table})


def test_a_serial_line(field: Field, tmp_path: Path) -> None:
    line = Line()
    line.units = {7: dict(enumerate(CO_24))}
    with serial_port(line) as where:
        part, code, said = first(serial(field, **where))
        assert (part, code) == ("gas.gas-co", "other_unit"), said
        line.units = {4: dict(enumerate(CO_24))}
        assert {one.code for one in seen(serial(field, **where))} == {"fine"}
        line.ills = {4: "broken"}
        assert first(serial(field, **where))[:2] == ("buses.gateway-1", "noise")
        line.ills = {4: "silent"}
        assert first(serial(field, **where))[:2] == ("gas.gas-co", "unit_silent")
    gone = tmp_path / "ttyUSB9"
    part, code, said = first(serial(field, kind="modbus_rtu", device=str(gone)))
    assert (part, code) == ("buses.gateway-1", "no_device")
    assert str(gone) in said


CAMERA: dict[str, tuple[tuple[str, ...], str, str, str]] = {
    # how it is set up, what it is told, the address, the name of the fault
    "a log-in that is refused": (("--login", "user:pass"), "", "rtsp://127.0.0.1:{port}/live", "login_refused"),
    "a path that is not there": ((), "", "rtsp://127.0.0.1:{port}/other", "no_such_stream"),
    "a camera that sends over UDP alone": (("--udp-only",), "", "rtsp://127.0.0.1:{port}/live", "no_tcp"),
    "a place without light": ((), "dark", "rtsp://127.0.0.1:{port}/live", "dark"),
    "a camera that is unplugged": ((), "gone", "rtsp://127.0.0.1:{port}/live", "port_shut"),
    "a camera that is fine": ((), "", "rtsp://127.0.0.1:{port}/live", "fine"),
}


@pytest.mark.parametrize("name", CAMERA)
def test_a_camera(field: Field, name: str) -> None:
    options, told_to, address, code = CAMERA[name]
    with Simulator("camera", "--synthetic", "2", *options) as camera:
        if told_to:
            camera.command(told_to)
        table = replace(field.settings.site.cameras["cam-1"], url=address.format(port=camera.port))
        found = [one for one in seen(field.only(cameras={"cam-1": table})) if one.part == "cameras.cam-1"]
    assert [one.code for one in found] == [code]


def test_what_hangs_on_a_cable(field: Field, tmp_path: Path) -> None:
    def at(path: str) -> tuple[str, str, str]:
        table = replace(field.settings.site.cameras["cam-1"], url=f"usb://{path}")
        return first(field.only(cameras={"cam-1": table}))

    plain = tmp_path / "plain"
    plain.write_text("")
    assert at("/dev/no-such-device")[1] == "no_device"
    assert at(str(plain))[1] == "not_a_device"
    ours, theirs = os.openpty()
    path = os.ttyname(theirs)
    os.close(theirs)
    script = "import sys; f = open(sys.argv[1], 'r+b', buffering=0); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", script, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        part, code, line = at(path)
        assert (part, code) == ("cameras.cam-1", "held")
        assert str(other.pid) in line
        other.communicate()
    assert at(path)[1] == "plugged"
    os.close(ours)
