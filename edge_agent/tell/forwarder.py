"""The forwarder: a process of its own that carries outbox rows to the broker and downlinks back.

`python -m edge_agent.tell.forwarder`, configuration as one JSON line on stdin (see wire.py). It reads
the store read-only and never writes it: a row is deleted by the agent, once the broker's PUBACK for it
has been handed back. Killed at any moment, it loses nothing: what was not acknowledged is sent again,
and the receiver keeps (source, seq) apart. paho's own queue is never used: at most WINDOW rows are in
its hands, and every connection begins with a client that knows nothing of the one before.
"""

import itertools
import os
import sys
import time
from pathlib import Path

import msgspec
from msgspec.structs import replace

from edge_agent.domain.words import Words
from edge_agent.field.ready import ready
from edge_agent.store.errors import StoreError
from edge_agent.store.reader import Reader
from edge_agent.tell import late, link, messages
from edge_agent.tell.broker import WINDOW, Broker, NotConnected
from edge_agent.tell.first_way import Look
from edge_agent.tell.retry import Retry
from edge_agent.tell.ways import SECOND, Ways
from edge_agent.tell.wire import LARGEST_DOWN, TOOK, Down, ForwarderConfig, Line, Link

# Acknowledged rows that the agent has not deleted yet; beyond it, wait for the agent, who deletes with each step:
# a backlog drains at five times this a second at most (measured under load: 500 gave 2,000 a second, this 3,100).
MOST_UNDELETED = 1000
LOOK_S = 1.0  # look into the outbox this often even if nobody wakes us
LONGEST_RETRY_S = 5.0
LONGEST_LOOPBACK_RETRY_S = 1.0
DRAIN_S = 2.0  # for the second broker to acknowledge what it was sent, before it is left for the first
LOOPBACK = ("127.", "localhost", "::1")


class Forwarder:
    """One loop, one thread: pipes, broker, outbox."""

    def __init__(self, config: ForwarderConfig, reader: Reader, stdin: int, stdout: int) -> None:
        """`stdin` and `stdout` are file descriptors of the agent's pipes."""
        self._config = config
        self._reader = reader
        self._stdin = stdin
        self._stdout = stdout
        self._heard = b""
        self._broker: Broker | None = None
        local = config.host.startswith(LOOPBACK)
        self._retry = Retry(longest_s=LONGEST_LOOPBACK_RETRY_S if local else LONGEST_RETRY_S)
        second = config.second
        self._ways = (
            Ways(two=False, after_s=0.0, back_s=0.0)
            if second is None
            else Ways(two=True, after_s=second.after_s, back_s=second.back_s)
        )
        self._look: Look | None = None  # at the first way, while the second carries
        self._leaves_s: float | None = None  # since when the second broker is about to be left
        self._link: Link | None = None
        self._acked: set[int] = set()  # taken by the broker, not yet deleted by the agent
        self._unsendable: set[int] = set()
        self._health_topic = messages.up_topic(config.site, config.unit, "health")
        self._health = config.birth.encode()  # or what the agent said of its health since
        # Never the numbers of the forwarder before us: a late `took` must not acknowledge another message.
        self._numbers = itertools.count(time.monotonic_ns())

    def run(self) -> None:
        """Until the agent closes the pipe."""
        while self._turn():
            pass
        if self._broker:
            self._broker.leave()

    def _turn(self) -> bool:
        """One round: wait, listen to the agent, serve the broker, send. False once the agent is gone."""
        now_s = time.monotonic()
        if self._broker is None and now_s >= self._retry.at_s:
            self._connect()
        if not self._wait(now_s):
            return False
        if self._broker:
            self._serve(self._broker)
        return True

    def _wait(self, now_s: float) -> bool:
        """Wait for the agent, the broker, or time to look or to connect. False once the agent is gone."""
        timeout_s = LOOK_S if self._broker else min(LOOK_S, max(0.0, self._retry.at_s - now_s))
        read: list[int] = [self._stdin]
        write: list[int] = []
        if self._broker and self._broker.fileno() < 0:
            timeout_s = 0.0  # closed already (a certificate refused within the handshake): `turn` says so
        elif self._broker:
            read.append(self._broker.fileno())
            write.extend([self._broker.fileno()] if self._broker.wants_to_write() else [])
            timeout_s = 0.0 if self._broker.holds_bytes() else timeout_s
        readable, _ = ready(read, write, timeout_s)
        return self._stdin not in readable or self._hear()

    def _hear(self) -> bool:
        """What the agent says. False at the end of the pipe."""
        said = os.read(self._stdin, 65536)
        if not said:
            return False
        *lines, self._heard = (self._heard + said).split(b"\n")
        for line in lines:
            if line.startswith(TOOK) and self._broker:
                self._broker.took(int(line[len(TOOK) :]))
        return True

    def _connect(self) -> None:
        self._broker = None
        second = self._config.second if self._ways.now == SECOND else None
        attempt = Broker(self._config, second or self._config, self._health, self._numbers)
        fault = attempt.connect()
        if fault:
            self._lost(fault)
        else:
            self._broker = attempt

    def _serve(self, broker: Broker) -> None:
        """Let the broker speak, hand over what it said, send what fits into the window."""
        try:
            broker.turn()
            self._hand_over(broker)  # before sending: what was taken must not be sent again
            if broker.ready:
                self._retry.worked()
                self._ways.works()
                second = self._ways.now == SECOND
                self._say_link(Link(up=True, detail=link.UP_SECOND if second else link.UP, second=second))
                if not (second and self._goes_back(broker, time.monotonic())):
                    self._send(broker)
        except NotConnected as lost:
            self._hand_over(broker)
            self._lost(lost.words)

    def _goes_back(self, broker: Broker, now_s: float) -> bool:
        """Look at the first way now and then; once it answers nothing more is sent here, and this one is left."""
        if self._leaves_s is None:
            if self._look is None and self._ways.due(now_s):
                self._look = Look(self._config)
            if self._look is None or self._look.answers is None:
                return False
            answers, self._look = self._look.answers, None
            if not answers:
                return self._ways.looked(now_s, answers=False)
            self._leaves_s = now_s
        if broker.busy and now_s - self._leaves_s < DRAIN_S:
            return True
        self._ways.looked(now_s, answers=True)
        self._leaves_s, self._broker = None, None
        self._retry.at_s = now_s
        broker.leave()
        return True

    def _hand_over(self, broker: Broker) -> None:
        """Acknowledgements and downlink messages, to the agent."""
        acked = broker.take_acked()
        if acked:
            self._acked.update(acked)
            self._say(Line(ack=tuple(acked)))
        for number, topic, payload, retain in broker.take_downs():
            self._say(Line(down=Down(n=number, topic=topic, retain=retain, payload=payload[: LARGEST_DOWN + 1])))

    def _send(self, broker: Broker) -> None:
        """Fill the window with the most urgent rows that are neither on their way nor taken."""
        room = WINDOW - len(broker.in_flight)
        if self._acked:
            self._acked -= self._reader.gone(self._acked)
        if room <= 0 or len(self._acked) >= MOST_UNDELETED:
            return
        for row in self._reader.outbox(room, without={*broker.in_flight, *self._acked, *self._unsendable}):
            if row.topic == self._health_topic:
                self._health = row.payload
            try:
                broker.publish(replace(row, payload=late.marked(row.payload, time.time())))
            except ValueError:  # a topic or size that MQTT cannot carry must not hold up the rest
                self._unsendable.add(row.id)
                self._say(Line(unsendable=row.id))

    def _lost(self, words: Words) -> None:
        self._broker, self._look, self._leaves_s = None, None, None
        self._retry.failed(time.monotonic())
        self._ways.failed(time.monotonic())
        self._say_link(Link(up=False, detail=words))

    def _say_link(self, link: Link) -> None:
        if link != self._link:
            self._link = link
            self._say(Line(link=link))

    def _say(self, line: Line) -> None:
        data = memoryview(msgspec.json.encode(line) + b"\n")
        while data:
            data = data[os.write(self._stdout, data) :]


def read_config(stdin: int) -> ForwarderConfig:
    """The first line of stdin, read byte by byte so that nothing behind it is swallowed."""
    line = bytearray()
    while not line.endswith(b"\n"):
        byte = os.read(stdin, 1)
        if not byte:
            break
        line += byte
    return msgspec.json.decode(bytes(line), type=ForwarderConfig)


def main() -> int:
    """Run until the agent closes our stdin. Exit 0 then; 70 when the store cannot be read."""
    stdin, stdout = sys.stdin.fileno(), sys.stdout.fileno()
    config = read_config(stdin)
    try:
        with Reader.open(Path(config.store)) as reader:
            Forwarder(config, reader, stdin, stdout).run()
    except StoreError as fault:
        print(f"forwarder: {fault}", file=sys.stderr)  # noqa: T201 (stderr is the journal of the service)
        return 70
    except BrokenPipeError:
        return 0  # the agent is gone
    return 0


if __name__ == "__main__":
    sys.exit(main())
