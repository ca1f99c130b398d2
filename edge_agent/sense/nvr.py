"""A recorder of the site (NVR) that keeps the films of some cameras: asked every few seconds whether it is there.

It is asked as a player would ask it: by RTSP at its own port. That it answers does not prove what is on its disks;
that it does not is reason enough to say that nothing is being kept.
"""

import socket
import threading

from edge_agent.clock import Clock
from edge_agent.domain.observation import DeviceHealth
from edge_agent.domain.ports import Deliver
from edge_agent.domain.words import NOTHING, Words
from edge_agent.field import system_words
from edge_agent.settings.site_cameras import NvrTable

EVERY_S = 5.0
TIMEOUT_S = 0.8  # a source returns within a second of being told to stop
ANSWER = b"RTSP/1.0 "
NO_RTSP = Words("端口有应答，但不是 RTSP", "something answers at its port, but it is no RTSP")
REMEDY = Words("请检查录像机电源、网络和端口", "check the recorder's power, network and port")


class Nvr:
    """One recorder as a Source: its health under its own id."""

    def __init__(self, id_: str, table: NvrTable, clock: Clock) -> None:
        """Asked at once, and every few seconds."""
        self._id, self._table, self._clock = id_, table, clock

    @property
    def name(self) -> str:
        """Which worker this is, for people."""
        return f"recorder {self._id}"

    def run(self, deliver: Deliver, stop: threading.Event) -> None:
        """Say how it is, again and again, until `stop`."""
        while not stop.is_set():
            wrong = self.asked()
            if wrong:
                wrong = wrong.then(REMEDY)
            deliver(DeviceHealth(source=self._id, at_s=self._clock.monotonic(), ok=not wrong, detail=wrong))
            stop.wait(EVERY_S)

    def asked(self) -> Words:
        """What is wrong with it; nothing where it answers."""
        where = f"{self._table.host}:{self._table.port}"
        question = f"OPTIONS rtsp://{where}/ RTSP/1.0\r\nCSeq: 1\r\n\r\n".encode()
        try:
            with socket.create_connection((self._table.host, self._table.port), TIMEOUT_S) as line:
                line.settimeout(TIMEOUT_S)
                line.sendall(question)
                answer = b""
                while len(answer) < len(ANSWER) and (more := line.recv(4096)):
                    answer += more
        except OSError as fault:
            why = system_words.of(fault)
            return Words(f"{where}：{why.zh}", f"{where}: {why.en}")
        return NOTHING if answer.startswith(ANSWER) else NO_RTSP
