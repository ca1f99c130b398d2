"""Bugs seen in public drivers and clouds (docs/domain.md 2.3): none of them here, from the wire to the rules."""

import contextlib
import itertools
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.domain.observation import Observation, Quality, Reading
from edge_agent.field.late import LATE_S
from edge_agent.field.modbus import Link, ModbusError
from edge_agent.field.modbus_wires import TcpWire
from tests.sense.field_fakes import CO_24, H2S_0_3, H2S_12_3, Gateway, Heard, bus, detector, running
from tests.sense.rtu_line import sealed


def of(quality: Quality) -> Callable[[Observation], bool]:
    return lambda seen: isinstance(seen, Reading) and seen.quality is quality


@pytest.mark.parametrize("ill", ["silent", "exception:4", "garbage", "short", "reset", "torn"])
def test_a_failed_read_is_never_nought(gateway: Gateway, ill: str) -> None:
    """A driver set result = 0 when the read returned nothing and the module said that it was idle."""
    gateway.units, gateway.ills = {3: H2S_0_3}, {3: ill}
    heard = Heard()
    with running(bus(gateway.port, detector("h2s", 3)), heard):
        for _ in range(3):
            heard.wait(of(Quality.COMM_FAIL), heard.mark())
    assert {seen.level for seen in heard.all if isinstance(seen, Reading)} == {None}


@pytest.mark.parametrize("counts", [1, 2, 3, 4])
def test_small_values_are_told_as_they_are(gateway: Gateway, counts: int) -> None:
    """It blanked |value| <= 3, too: with chlorine in tenths that hides the whole first level of response."""
    gateway.units = {3: (0x0400, counts, *H2S_0_3[2:])}
    heard = Heard()
    with running(bus(gateway.port, detector("h2s", 3)), heard):
        seen = heard.wait(of(Quality.GOOD))
    assert isinstance(seen, Reading)
    assert seen.level == pytest.approx(counts / 10)


def test_the_first_sample_of_a_leak_is_told_whole_and_none_is_averaged(gateway: Gateway) -> None:
    """Clouds averaged three samples before the threshold, and threw away what lay beyond three sigma: the leak."""
    gateway.units = {3: H2S_0_3}
    heard = Heard()
    with running(bus(gateway.port, detector("h2s", 3)), heard):
        for _ in range(5):
            heard.wait(of(Quality.GOOD), heard.mark())
        gateway.units = {3: (0x0400, 950, *H2S_0_3[2:])}
        seen = heard.wait(lambda one: isinstance(one, Reading) and one.level != pytest.approx(0.3))
    assert isinstance(seen, Reading)
    assert seen.level == pytest.approx(95.0)
    assert {one.level for one in heard.all if isinstance(one, Reading)} <= {0.3, 95.0}


def test_a_value_is_stamped_when_it_arrives_and_never_again(gateway: Gateway) -> None:
    """A gateway repeated its last value with a fresh time: here silence makes no reading, and no time moves."""
    gateway.units = {3: H2S_12_3}
    heard = Heard()
    with running(bus(gateway.port, detector("h2s", 3)), heard):
        last = heard.wait(of(Quality.GOOD))
        gateway.ills = {3: "silent"}
        heard.wait(of(Quality.COMM_FAIL), heard.mark())
        after = heard.mark()
        heard.wait(of(Quality.COMM_FAIL), after)
    stamps = [seen.at_s for seen in heard.all]
    assert all(later > earlier for earlier, later in itertools.pairwise(stamps))
    assert isinstance(last, Reading)
    assert all(one.level is None for one in heard.all[after:] if isinstance(one, Reading))


class Memory(TcpWire):
    """A wire without a network: it answers every request with the same bytes, then is silent."""

    def __init__(self, says: bytes) -> None:
        super().__init__("memory", 0, 0.01, None, rtu=True)
        self.says = [says]
        self.silence_s = 1e-9  # no line to wait for

    def connect(self) -> bool:
        return True

    def unasked(self) -> bool:
        return False

    def send(self, request: bytes, addr: tuple[str, int] | None = None) -> int:  # noqa: ARG002
        return len(request)

    def recv(self, size: int | None) -> bytes:  # noqa: ARG002
        says = self.says.pop() if self.says else b""
        self.heard += len(says)
        return says


REPLY = sealed(bytes.fromhex("040314") + b"".join(word.to_bytes(2, "big") for word in CO_24))


@given(data=st.data())
def test_no_damage_on_the_line_makes_a_reading(data: st.DataObject) -> None:
    """Bits flipped, bytes lost, doubled or put in: the right registers, or an error, and nothing else."""
    damaged = bytearray(REPLY)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, max(len(damaged) - 1, 0)))
        match data.draw(st.sampled_from(("flip", "drop", "put", "cut"))):
            case "flip" if damaged:
                damaged[at] ^= 1 << data.draw(st.integers(0, 7))
            case "drop" if damaged:
                del damaged[at]
            case "put":
                damaged.insert(at, data.draw(st.integers(0, 255)))
            case "cut":
                del damaged[at:]
    with contextlib.suppress(ModbusError):
        assert Link(Memory(bytes(damaged))).registers(3, 4, 0, 10) == CO_24


def test_the_damage_test_reads_what_is_whole() -> None:
    assert Link(Memory(REPLY)).registers(3, 4, 0, 10) == CO_24
    assert LATE_S > 0
