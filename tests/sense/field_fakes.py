"""A Modbus TCP gateway on a raw socket that can misbehave in every way, and a collector of observations."""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from msgspec.structs import replace

from edge_agent.clock import SystemClock
from edge_agent.domain.observation import Observation
from edge_agent.domain.words import NOTHING, Words
from edge_agent.ops.demo.ports import picked_port
from edge_agent.sense import profile_file
from edge_agent.sense.gas_detector import GasDetector
from edge_agent.sense.modbus import GasBus
from edge_agent.sense.sampled.profile import SampledProfile, load_mqtt
from edge_agent.sense.sampled.profile import fitted as fitted_sampled
from edge_agent.sense.wearables import profile as wearable_profile
from edge_agent.sense.wearables.family import Tag
from edge_agent.sense.wearables.place import Frame
from edge_agent.settings.site_itself import SiteTable
from edge_agent.settings.site_lines import BusTable
from edge_agent.settings.site_sensors import GasTable
from edge_agent.settings.site_worn import PositioningTable
from tests.support.languages import faults

ROOT = Path(__file__).resolve().parents[2]
CLOCK = SystemClock(declared=True)
NAME = Words("某", "some")
SITE = SiteTable(id="yard", unit="box", name=NAME, rulebook="any", origin_lat=31.0, origin_lon=121.0)
WAIT_S = 20.0
FRAME = Frame(site=SITE, positioning=PositioningTable())
TAG = Tag(
    device="tag-7",
    provider_id="T7",
    profile=wearable_profile.load(ROOT, "omlox_wristband"),
    heart_rate=True,
)

# Golden replies, written by hand from the table in docs/domain.md 4.1 (GP1: unit|decimals, value, low,
# high, range, status, ADC, (T*10)+500, gas<<8, RH*10).
H2S_12_3 = (0x0400, 123, 100, 200, 1000, 0x0005, 2048, 750, 52 << 8, 450)  # 12.3 ppm, low alarm
H2S_0_3 = (0x0400, 3, 100, 200, 1000, 0x0001, 2048, 750, 52 << 8, 450)  # 0.3 ppm, normal
CH4_8 = (0x2000, 8, 20, 50, 100, 0x0001, 900, 750, 11 << 8, 450)  # 8 %LEL
CO_24 = (0x0000, 24, 24, 160, 1000, 0x0001, 300, 750, 5 << 8, 450)  # 24 ppm
O2_20_9 = (209, 0x0500, 195, 0, 235, 0)  # PT495: 20.9 %vol


class Gateway:
    """Units and their registers; `ills` maps a unit to what is wrong with it (see `_answer`)."""

    def __init__(self) -> None:
        self.units: dict[int, tuple[int, ...]] = {}
        self.ills: dict[int, str] = {}
        self.asked: list[tuple[float, int]] = []
        self.connections = 0
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with _ignored():
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self.drop()

    def drop(self) -> None:
        """Cut every connection."""
        for sock in self._open:
            with _ignored():
                sock.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._server.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(sock)
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        late: list[bytes] = []  # answers that this connection still owes
        with sock, _ignored():
            while len(head := sock.recv(7, socket.MSG_WAITALL)) == 7:
                tid, _, length, unit = struct.unpack(">HHHB", head)
                pdu = sock.recv(length - 1, socket.MSG_WAITALL)
                self.asked.append((time.monotonic(), unit))
                answer = self._answer(tid, unit, pdu, late, sock)
                if answer:
                    sock.sendall(answer)

    def _answer(self, tid: int, unit: int, pdu: bytes, late: list[bytes], sock: socket.socket) -> bytes:
        function, address, count = struct.unpack(">BHH", pdu[:5])
        words = self.units.get(unit, ())[address : address + count]
        body = struct.pack(f">BB{len(words)}H", function, 2 * len(words), *words)
        ill = self.ills.get(unit, "")
        if late and ill != "owes":  # what it owed comes first, stamped with the question of now
            return frame(tid, unit, late.pop())
        if ill == "owes":
            late.append(body)
        if ill == "reset":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raise OSError
        if ill.startswith("exception:"):
            return frame(tid, unit, bytes([function | 0x80, int(ill.removeprefix("exception:"))]))
        return {
            "": frame(tid, unit, body),
            "silent": b"",
            "owes": b"",
            "garbage": bytes(range(200, 240)),
            "short": frame(tid, unit, body[:1] + bytes([2]) + body[2:4]),
            "other_unit": frame(tid, unit + 1, body),
            "other_question": frame(tid + 1, unit, body),
            "unstamped": frame(0, unit, body),
            "other_function": frame(tid, unit, b"\x04" + body[1:]),
            "torn": frame(tid, unit, body)[:11],
        }[ill]


def frame(tid: int, unit: int, body: bytes) -> bytes:
    return struct.pack(">HHHB", tid % 0x10000, 0, len(body) + 1, unit) + body


@contextmanager
def _ignored() -> Iterator[None]:
    try:
        yield
    except OSError:
        return


class Heard:
    """Collects observations and lets a test wait for the one it wants."""

    def __init__(self) -> None:
        self.all: list[Observation] = []
        self._news = threading.Condition()

    def __call__(self, observation: Observation) -> None:
        with self._news:
            self.all.append(observation)
            self._news.notify_all()

    def mark(self) -> int:
        with self._news:
            return len(self.all)

    def wait(self, wanted: Callable[[Observation], bool], after: int = 0) -> Observation:
        found: list[Observation] = []

        def there() -> bool:
            found[:] = [one for one in self.all[after:] if wanted(one)]
            return bool(found)

        with self._news:
            assert self._news.wait_for(there, WAIT_S), f"not heard; heard were {self.all[after:]}"
            return found[0]


@contextmanager
def running(worker: object, heard: Heard) -> Iterator[threading.Event]:
    """The worker in a thread of its own, stopped at the end; an exception in it fails the test."""
    stop = threading.Event()
    failed: list[BaseException] = []

    def run() -> None:
        try:
            worker.run(heard, stop)  # type: ignore[attr-defined]
        except BaseException as error:  # noqa: BLE001
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(WAIT_S)
        assert not thread.is_alive()
        assert not failed, failed
    assert [wrong for seen in heard.all for wrong in faults(getattr(seen, "detail", NOTHING))] == []


def detector(
    gas: str,
    unit_id: int,
    name: str = "cn10_single_gas",
    *,
    poll_s: float = 0.1,
    min_poll_s: float = 0.1,
    warmup_s: float = 0.0,
) -> GasDetector:
    """A detector of a shipped profile, quicker than in the field unless a test asks for its own figures."""
    table = GasTable(name=NAME, bus="b", unit_id=unit_id, profile=name, gas=gas, area="tank", poll_s=poll_s)
    shape = replace(profile_file.load(ROOT, name), min_poll_s=min_poll_s, warmup_s=warmup_s)
    return GasDetector(f"gas-{gas}", table, shape)


def bus(port: int, *detectors: GasDetector, timeout_s: float = 0.2) -> GasBus:
    table = BusTable(kind="modbus_tcp", host="127.0.0.1", port=port, timeout_s=timeout_s)
    return GasBus("b", table, detectors, CLOCK)


def wise_profile(gas: str = "h2s") -> SampledProfile:
    """An analogue input of a WISE module with a transmitter for 0-100 ppm."""
    table = GasTable(
        name=NAME, bus="field_broker", at="M", profile="", gas=gas, area="tank", range=100.0, unit="ppm"
    )
    return fitted_sampled(load_mqtt(ROOT, "advantech_wise-4000_ai1"), table)


@contextmanager
def unanswered() -> Iterator[int]:
    """A port where nobody listens, nor can begin to by chance."""
    with ExitStack() as held:
        yield picked_port(held)
