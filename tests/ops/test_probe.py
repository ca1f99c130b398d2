"""`edge-agent probe` against every simulator of a detector family, over every wire, as a technician types it."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edge_agent.__main__ import main
from edge_agent.ops.commands.common import EX_UNAVAILABLE, EX_USAGE
from edge_agent.simulate.handle import Simulator
from tests.sense.field_fakes import unanswered
from tests.sense.test_every_profile import NAMES, UNITS, golden_file, modules

TELLS = frozenset({"cn10_single_gas", "otis_oi7032", "pemtech_pt495", "vaisala_gmp252"})  # which gas they measure


class Bus:
    """One simulated bus, and how it is named on the command line."""

    def __init__(self, gateway: Simulator, wire: str) -> None:
        self.gateway = gateway
        self.where = {
            "tcp": lambda: f"127.0.0.1:{gateway.port}",
            "rtu-tcp": lambda: f"rtu-tcp://127.0.0.1:{gateway.port}",
            "serial": lambda: str(gateway.wait_for(lambda line: "device" in line)["device"]),
        }[wire]()


@pytest.fixture(scope="module", params=["tcp", "rtu-tcp", "serial"])
def any_bus(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bus]:
    file = modules(tmp_path_factory.mktemp("bus"))
    with Simulator("gas-gateway", "--modules", str(file), "--wire", request.param) as gateway:
        yield Bus(gateway, request.param)


@pytest.fixture(scope="module")
def tcp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bus]:
    with Simulator("gas-gateway", "--modules", str(modules(tmp_path_factory.mktemp("tcp")))) as gateway:
        yield Bus(gateway, "tcp")


def place(name: str) -> list[str]:
    """The options that the detector's place needs."""
    site: dict[str, Any] = golden_file(name)["simulator"].get("site", {})
    flags = {"channel": "--channel", "range": "--range", "unit": "--in-unit"}
    return [part for key, value in site.items() for part in (flags[key], str(value))]


@pytest.mark.parametrize("name", NAMES)
def test_one_look_shows_registers_value_unit_and_quality(
    tcp: Bus, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    looks(tcp, name, capsys)


@pytest.mark.parametrize("name", ["cn10_single_gas", "otis_oi7032", "waveshare_ai8_4_20ma"])
def test_a_look_is_the_same_over_every_wire(any_bus: Bus, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    looks(any_bus, name, capsys)


def looks(bus: Bus, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    gas = golden_file(name)["simulator"]["gas"]
    asked = [bus.where, "--unit", str(UNITS[name]), "--profile", name, "--gas", gas, "--timeout", "2"]
    assert main(["probe", *asked, *place(name)]) == 0
    out = capsys.readouterr().out
    assert "0x" in out
    assert f"读数 {gas} " in out
    assert "质量：正常" in out
    assert "quality: good" in out
    assert "量程：" in out
    assert "气体：" in out
    assert "量程气" in out  # what is to be done before it is put to use


@pytest.mark.parametrize("name", NAMES)
def test_it_learns_which_profile_fits(tcp: Bus, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    site = golden_file(name)["simulator"].get("site", {})
    channel = ["--channel", str(site["channel"])] if "channel" in site else []
    assert main(["probe", tcp.where, "--unit", str(UNITS[name]), *channel]) == 0
    *_, which_zh, which_en, zh, en = capsys.readouterr().out.splitlines()
    gas = golden_file(name)["simulator"]["gas"]
    says = name in TELLS
    assert (f"测量气体：{gas}" in which_zh) is says
    assert (f"gas: {gas}" in which_en) is says
    assert ("铭牌" in which_zh) is not says
    assert ("nameplate" in which_en) is not says
    assert f"建议 --profile {name}；" in zh
    assert f"suggested: --profile {name};" in en


def test_a_scan_finds_who_is_there_and_says_how_far_it_is(
    any_bus: Bus, capsys: pytest.CaptureFixture[str]
) -> None:
    any_bus.gateway.command("fault", kind="silent", unit=4)
    try:
        span = f"2-{5}"
        assert main(["probe", any_bus.where, "--scan", "--units", span, "--timeout", "0.2"]) == 0
    finally:
        any_bus.gateway.command("heal")
    told = capsys.readouterr()
    assert [line for line in told.out.splitlines() if line.startswith("地址")] == [
        "地址 2：",
        "地址 3：",
        "地址 5：",
    ]
    assert told.out.count("测量气体：") == told.out.count("gas: ") == 3  # each of them, or that it does not say
    assert "4/4" in told.err
    assert "found 3" in told.err


def test_what_does_not_fit_is_said(tcp: Bus, capsys: pytest.CaptureFixture[str]) -> None:
    unit = ["--unit", str(UNITS["cn10_single_gas"]), "--profile", "cn10_single_gas"]
    assert main(["probe", tcp.where, *unit, "--gas", "co", "--range", "50"]) == 0
    out = capsys.readouterr().out
    assert "与预期的 co 不符" in out
    assert "not co as expected" in out
    assert "不能满足任何条件" in out
    assert main(["probe", tcp.where, *unit, "--gas", "h2s", "--range", "50"]) == 0
    assert "configured is 50" in capsys.readouterr().out


def test_an_ailment_is_seen_as_the_box_would_see_it(tcp: Bus, capsys: pytest.CaptureFixture[str]) -> None:
    unit = UNITS["honeywell_xnx"]
    tcp.gateway.command("fault", kind="inhibit", unit=unit)
    asked = [tcp.where, "--unit", str(unit), "--profile", "honeywell_xnx", "--gas", "ch4", "--range", "100"]
    assert main(["probe", *asked]) == 0
    tcp.gateway.command("heal", unit=unit)
    out = capsys.readouterr().out
    assert "被抑制" in out
    assert "satisfies no condition" in out


def test_a_detector_of_a_site_is_looked_at_as_the_site_has_it(capsys: pytest.CaptureFixture[str]) -> None:
    demo = "zones/demo-tank"
    assert main(["probe", demo]) == EX_USAGE
    assert "--device" in capsys.readouterr().err
    assert main(["probe", demo, "--device", "gas-ch4"]) == EX_UNAVAILABLE  # nothing plays there
    assert "127.0.0.1" in capsys.readouterr().out


REACTOR = """
[gauges.reactor]
name = { zh = "反应釜温度", en = "Reactor" }
bus = "gateway-1"
unit_id = %d
profile = "waveshare_ai8_4_20ma"
channel = 3
area = "yard"
measures = "temperature"
unit = "degC"
range = 150.0
range_from = -50.0
without_trip = "another system trips the heater"

[gauges.reactor.limits]
high_high = { value = 85.0, unit = "degC", clause = "HAZOP", row = "3-01" }

[buses.gateway-1]"""


def test_a_gauge_of_a_site_is_looked_at_as_the_site_has_it(
    tcp: Bus, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = tmp_path / "site"
    shutil.copytree("zones/demo-tank", site, ignore=shutil.ignore_patterns("state", "runtime"))
    text = (
        (site / "site.toml").read_text(encoding="utf-8").replace("port = 15020", f"port = {tcp.gateway.port}", 1)
    )
    gauge = REACTOR % UNITS["waveshare_ai8_4_20ma"]
    (site / "site.toml").write_text(text.replace("[buses.gateway-1]", gauge, 1), encoding="utf-8")
    assert main(["probe", str(site), "--device", "reactor"]) == 0, capsys.readouterr().err
    out = capsys.readouterr().out
    assert "读数 温度 -10 degC，质量：正常" in out  # 20 of 100 on the loop are 40 of the 200 from -50
    assert "reading temperature -10 degC, quality: good" in out
    assert "an instrument beside it" in out
    assert "span gas" not in out
    assert main(["probe", str(site), "--device", "no-such"]) == EX_USAGE
    assert "reactor" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "rc", "word"),
    [
        (["gopher://x", "--unit", "1"], EX_USAGE, "rtu-tcp://"),
        (["127.0.0.1"], EX_USAGE, "--scan"),
        (["127.0.0.1", "--scan", "--units", "5-1"], EX_USAGE, "1-247"),
        (["/dev/no-such-port", "--unit", "1"], EX_UNAVAILABLE, "没有这个串口"),
    ],
)
def test_what_is_typed_wrong_is_answered_with_the_remedy(
    typed: list[str], rc: int, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["probe", *typed]) == rc
    told = capsys.readouterr()
    assert word in told.out + told.err


def test_nobody_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with unanswered() as port:
        assert main(["probe", f"127.0.0.1:{port}", "--unit", "1"]) == EX_UNAVAILABLE
        assert main(["probe", f"127.0.0.1:{port}", "--scan"]) == EX_UNAVAILABLE
    assert f"127.0.0.1:{port}" in capsys.readouterr().out
