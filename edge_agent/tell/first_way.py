"""A look whether the first way to the centre carries again, beside the second that is in use."""

import contextlib
import socket
import threading

from edge_agent.field import bound_socket
from edge_agent.settings.site_brokers import UplinkTable

LOOK_S = 5.0


class Look:
    """One look, in a thread of its own: a dead route may take its time, and the line in use must not wait."""

    def __init__(self, way: UplinkTable) -> None:
        """Begin to look. No log-in: that would throw our own session off the broker."""
        self.answers: bool | None = None  # None: nobody knows yet
        self._way = way
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        way, answers = self._way, False
        with contextlib.suppress(OSError):
            if way.interface is None:
                made = socket.create_connection((way.host, way.port), LOOK_S)
            else:
                made = bound_socket.connect(way.host, way.port, LOOK_S, way.interface)
            made.close()
            answers = True
        self.answers = answers
