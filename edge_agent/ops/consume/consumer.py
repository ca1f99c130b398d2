"""The consumer's loop: what arrives is kept first and acknowledged then: a kill at any moment loses nothing."""

import argparse
import re
import signal
import ssl
import sys
import time

import apsw
import paho.mqtt.client as paho
from joserfc.errors import JoseError
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from peewee import ImproperlyConfigured, PeeweeException

from edge_agent.field.ready import readable
from edge_agent.ops.consume.acks import Acks
from edge_agent.ops.consume.kept import Arrived, Kept

EX_DATAERR = 65
EX_UNAVAILABLE = 69  # sysexits.h
MOST_AT_ONCE = 500  # messages in one transaction
WAIT_S = 0.2
RETRY_S = 1.0


def run(args: argparse.Namespace) -> int:
    """Consume until quiet or interrupted, then report. Exit 1 where numbers are missing."""
    try:
        kept = Kept(args.into)
    except (apsw.Error, PeeweeException, OSError) as fault:
        sys.stderr.write(_unusable(args.into, fault))
        return EX_UNAVAILABLE
    try:
        acks = None if args.ack_key is None else Acks(args.ack_key, args.kid)
    except (OSError, JoseError, ValueError) as fault:
        sys.stderr.write(f"私钥 {args.ack_key} 不可用：{fault}\nthe key {args.ack_key} cannot be used: {fault}\n")
        kept.close()
        return EX_DATAERR
    try:
        return _consumed(_Consumer(args, kept, acks), args)
    except (apsw.Error, PeeweeException) as fault:  # nothing was acknowledged that is not kept: it comes again
        sys.stderr.write(_unusable(args.into, fault))
        return EX_UNAVAILABLE
    finally:
        kept.close()


def _consumed(consumer: "_Consumer", args: argparse.Namespace) -> int:
    code = 0
    # Not in the middle of a statement: a database would still be at it when the report is asked for.
    before = {number: signal.signal(number, consumer.end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        consumer.run()
    except (OSError, ValueError) as fault:
        where = f"{args.host}:{args.port}"
        sys.stderr.write(f"连不上消息服务器 {where}：{fault}\ncannot reach the broker {where}: {fault}\n")
        code = EX_UNAVAILABLE
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    gaps = consumer.report()
    return code or int(gaps)


def _unusable(into: str, fault: Exception) -> str:
    where = re.sub(r":[^:@/]*@", ":...@", into)  # no password into a log
    more = ""
    if isinstance(fault, ImproperlyConfigured):
        more = "请安装 PostgreSQL 驱动 install its driver: pip install 'edge-agent[postgresql]'\n"
    return f"打不开 {where}：{fault}\ncannot use {where}: {fault}\n{more}"


class _Consumer:
    """One connection after the other, one thread."""

    def __init__(self, args: argparse.Namespace, kept: Kept, acks: Acks | None) -> None:
        self._args = args
        self._kept = kept
        self._waiting: list[paho.MQTTMessage] = []
        self._deliveries = 0
        self._heard_s = time.monotonic()
        self._acks = acks
        self._ended = False
        self._client = self._new_client()

    def _new_client(self) -> paho.Client:
        args = self._args
        client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=args.client_id,
            clean_session=False,  # the broker keeps what arrives while we are away
            protocol=paho.MQTTv311,
            manual_ack=True,
            reconnect_on_failure=False,
        )
        if args.username is not None:
            client.username_pw_set(args.username, args.password_file and args.password_file.read_text().strip())
        if args.ca is not None:
            client.tls_set_context(ssl.create_default_context(cafile=str(args.ca)))
        client.max_inflight_messages_set(MOST_AT_ONCE)
        client.on_connect = self._connected
        client.on_message = lambda _client, _data, message: self._waiting.append(message)
        return client

    def _connected(
        self, client: paho.Client, _data: object, _flags: object, code: ReasonCode, _p: Properties | None
    ) -> None:
        if code.is_failure:
            raise ValueError(str(code))
        client.subscribe(self._args.topic, qos=1)

    def end(self, *_: object) -> None:
        """Leave the loop after what is under way: a signal's handler."""
        self._ended = True

    def run(self) -> None:
        """Until quiet or ended. The first connection must come about; later losses are waited out."""
        self._client.connect(self._args.host, self._args.port)
        while not self._ended and not self._is_quiet():
            code = self._client.loop(WAIT_S)  # reads one message
            while code == paho.MQTT_ERR_SUCCESS and len(self._waiting) < MOST_AT_ONCE and self._more():
                code = self._client.loop_read()
            if code != paho.MQTT_ERR_SUCCESS:
                self._again()
            self._keep()
            self._acknowledge()

    def _more(self) -> bool:
        """Whether the next message is there already: many in one transaction, a busy broker is kept up with."""
        socket = self._client.socket()
        if socket is None or socket.fileno() < 0:
            return False
        if isinstance(socket, ssl.SSLSocket) and socket.pending():
            return True
        return readable(socket.fileno(), 0)

    def _acknowledge(self) -> None:
        if self._acks is None or not self._client.is_connected():
            return
        for topic, message in self._acks.due(self._kept.upto, time.time(), time.monotonic()):
            self._client.publish(topic, message, qos=1)

    def _again(self) -> None:
        """What was not acknowledged comes again: it is forgotten here."""
        self._keep()
        time.sleep(RETRY_S)
        try:
            self._client.reconnect()
        except OSError:
            return

    def _is_quiet(self) -> bool:
        quiet_s = self._args.until_quiet
        return quiet_s is not None and time.monotonic() - self._heard_s > quiet_s

    def _keep(self) -> None:
        """On the disk first, then the acknowledgement."""
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            now_utc = time.time()
            new = self._kept.take(Arrived(m.topic, bytes(m.payload), now_utc) for m in batch)
            for message in batch:
                self._client.ack(message.mid, message.qos)
            self._deliveries += len(batch)
            self._heard_s = time.monotonic()
            if not self._args.quiet:
                for event in new:
                    line = " ".join(str(event[name]) for name in ("source", "seq", "time", "type", "subject"))
                    sys.stdout.write(f"{line}\n")

    def report(self) -> bool:
        """Say what is here and what is missing; whether anything is."""
        gaps = self._kept.gaps()
        for source, count in self._kept.counts().items():
            sys.stdout.write(f"{source}: {count} 条事件 events\n")
        for gap in gaps:
            sys.stdout.write(f"{gap.source}: 缺 missing {gap.first}..{gap.last}\n")
        for gap in self._kept.lost():
            sys.stdout.write(f"{gap.source}: 不会再有 never to come {gap.first}..{gap.last}\n")
        doubles = self._kept.doubles()
        for source, seq in doubles:
            sys.stdout.write(
                f"{source}: {seq} 号有两个事件，均已保留 two events under one number, both are kept\n"
            )
        sys.stdout.write(f"{self._deliveries} 次投递 deliveries\n")
        return bool(gaps or doubles)
