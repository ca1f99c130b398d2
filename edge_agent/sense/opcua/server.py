"""One OPC UA server and the sensors behind its nodes: a source of domain/ports.py.

Every node is read at its period, all in one question, and at once when the server tells of a change. After a lost
connection everything is read again; until then every sensor is unknown. The loop runs in this worker's own thread.
"""

import asyncio
import contextlib
from collections.abc import Iterable
from threading import Event as StopFlag
from typing import TYPE_CHECKING

from edge_agent.clock import Clock
from edge_agent.domain.observation import Quality
from edge_agent.domain.ports import Deliver
from edge_agent.domain.words import NOTHING, Words, joined
from edge_agent.sense.opcua.status import meaning
from edge_agent.sense.sampled.profile import CONTACT
from edge_agent.sense.sampled.sensor import Sensor
from edge_agent.sense.sampled.values import Raw, Sampled
from edge_agent.settings.site_lines import OpcUaTable

if TYPE_CHECKING:
    from edge_agent.sense.opcua.connection import Connection, Told

LOOK_S = 0.1
LEAVE_S = 0.5  # for the farewell; a source returns within a second of being told to stop
FIRST_RETRY_S = 0.25
LONGEST_RETRY_S = 4.0
# The value whose own time counts; units and names are as old as the server.
MEASURED = ("level", "wind", f"{CONTACT}0")


class OpcUaServer:
    """One server."""

    kind = "opcua"

    def __init__(self, server: str, table: OpcUaTable, sensors: Iterable[Sensor], clock: Clock) -> None:
        """Nothing is connected until `run`."""
        self._server, self._table, self._clock = server, table, clock
        self._sensors = tuple(sensors)
        self._nodes = tuple(
            (sensor, name, at.replace("{at}", sensor.at))
            for sensor in self._sensors
            for name, at in sensor.profile.places.items()
        )
        self._down = NOTHING

    @property
    def name(self) -> str:
        """For people."""
        return f"opcua {self._server}"

    def run(self, deliver: Deliver, stop: StopFlag) -> None:
        """Read every sensor until `stop`; a server that is gone is told of every period and tried again."""
        asyncio.run(self._guarded(deliver, stop))

    async def _guarded(self, deliver: Deliver, stop: StopFlag) -> None:
        work = asyncio.create_task(self._work(deliver))
        while not stop.is_set():
            now_s = self._clock.monotonic()
            for sensor in self._sensors:
                told = sensor.silent(now_s, self._down)
                if told is not None:
                    deliver(told)
            if work.done():
                work.result()  # a defect of ours: the supervisor starts this worker anew
            await asyncio.sleep(LOOK_S)
        work.cancel()
        await asyncio.wait({work}, timeout=LEAVE_S)

    async def _work(self, deliver: Deliver) -> None:
        """One connection after the other, for ever."""
        from edge_agent.sense.opcua import connection  # noqa: PLC0415 (the extra [opcua], and 2 s of loading it)

        retry_s = FIRST_RETRY_S
        while True:
            began_s = self._clock.monotonic()
            try:
                line = await connection.opened(self._table)
                try:
                    await self._serve(line, deliver)
                finally:
                    with contextlib.suppress(Exception):  # it is gone: nothing is left to be told to it
                        await asyncio.wait_for(line.close(), LEAVE_S)
            except Exception as error:  # noqa: BLE001 (whatever ends a connection becomes a verdict about its sensors)
                self._down = connection.in_words(self._table, error).words
            lasted = self._clock.monotonic() - began_s > LONGEST_RETRY_S
            retry_s = FIRST_RETRY_S if lasted else min(retry_s * 2, LONGEST_RETRY_S)
            await asyncio.sleep(retry_s)

    async def _serve(self, line: "Connection", deliver: Deliver) -> None:
        """Read at every period, and at a change; raises when the connection ends."""
        period_s = min(sensor.period_s for sensor in self._sensors)
        changed = asyncio.Event()
        await self._read(line, deliver)
        await line.watch([node for _, name, node in self._nodes if name in MEASURED], period_s, changed.set)
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), period_s)
            changed.clear()
            await self._read(line, deliver)

    async def _read(self, line: "Connection", deliver: Deliver) -> None:
        told = await asyncio.wait_for(line.read([node for _, _, node in self._nodes]), self._table.timeout_s)
        self._down = NOTHING
        received = self._clock.instant()
        for sensor in self._sensors:
            mine = {name: one for (whose, name, _), one in zip(self._nodes, told, strict=True) if whose is sensor}
            seen = sensor.heard(sampled_of(mine), received)
            if seen is not None:
                deliver(seen)


def sampled_of(told: "dict[str, Told]") -> Sampled:
    """All nodes of one sensor: its own value's time, and the worst status among them."""
    values: dict[str, Raw] = {name: one.value for name, one in told.items()}
    found = [(name, *meaning(one.code)) for name, one in told.items()]
    ill = [(name, quality, why) for name, quality, why in found if quality is not Quality.GOOD]
    worst = max((quality for _, quality, _ in ill), key=_rank, default=Quality.GOOD)
    why = joined(Words(f"{name}：{why.zh}", f"{name}: {why.en}") for name, _, why in ill if why)
    moments = [one.source_utc for name, one in told.items() if name in MEASURED]
    return Sampled(values=values, source_utc=moments[0] if moments else None, quality=worst, why=why)


def _rank(quality: Quality) -> int:
    order = (
        Quality.SUSPECT,
        Quality.UNDERRANGE,
        Quality.WARMUP,
        Quality.STALE,
        Quality.INHIBITED,
        Quality.COMM_FAIL,
    )
    if quality is Quality.OVERRANGE:
        return len(order) + 1
    return order.index(quality) if quality in order else len(order)
