"""Questions of somebody who fits a detector, put on a running bus between two of its own."""

import queue
from concurrent.futures import Future

from edge_agent.domain.words import Words
from edge_agent.field.modbus import Link, ModbusError, Trouble

WAIT_S = 3.0  # for one turn on a busy bus, and its answer
NO_TURN = Words("总线忙，未轮到", "the bus is busy: its turn did not come")

Question = tuple[int, int, int, int]  # function, unit, address, count


class Guests:
    """Asked from any thread, answered by the bus's own."""

    def __init__(self) -> None:
        """Nobody asks yet."""
        self._asked: queue.SimpleQueue[tuple[Question, Future[tuple[int, ...]]]] = queue.SimpleQueue()

    @property
    def waiting(self) -> bool:
        """Whether somebody asks."""
        return not self._asked.empty()

    def registers(self, function: int, unit_id: int, address: int, count: int) -> tuple[int, ...]:
        """As a link's own (field/modbus); raises ModbusError."""
        future: Future[tuple[int, ...]] = Future()
        self._asked.put(((function, unit_id, address, count), future))
        try:
            return future.result(WAIT_S)
        except TimeoutError:
            future.cancel()
            raise ModbusError(Trouble.SILENT, NO_TURN) from None

    def serve(self, link: Link) -> None:
        """Put one question; whoever has gone meanwhile is passed over."""
        try:
            question, future = self._asked.get_nowait()
        except queue.Empty:
            return
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(link.registers(*question))
        except ModbusError as fault:
            future.set_exception(fault)
