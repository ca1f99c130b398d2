"""One metric, and how a handful of them becomes a payload and is read back."""

from enum import IntEnum
from typing import Any

from google.protobuf.message import DecodeError
from msgspec import Struct

from edge_agent.tell.sparkplug.schema import DataType, Payload

LARGEST_COMMAND = 64 * 1024  # bytes; a rebirth request is 40
Value = bool | int | float | str


class Grade(IntEnum):
    """How good a value is (tck-id-payloads-propertyset-quality-value-value)."""

    BAD = 0
    GOOD = 192
    STALE = 500


class Metric(Struct, frozen=True, kw_only=True):
    """One value of the unit or of a device. None: there is no value, and the reader is told so.

    `at_ms`: when it was measured, UTC milliseconds since 1970. `unit`: as people write it, "" for none.
    """

    name: str
    type: DataType
    value: Value | None
    at_ms: int
    grade: Grade = Grade.GOOD
    unit: str = ""

    @property
    def said(self) -> tuple[Value | None, Grade]:
        """What must change for it to be worth a message: its age alone is not."""
        return self.value, self.grade


class Unreadable(Exception):  # noqa: N818 (it says what the bytes are)
    """The bytes are no Sparkplug payload."""


def encode(
    metrics: tuple[Metric, ...],
    at_ms: int,
    *,
    seq: int | None,
    birth: bool = False,
    historical: bool = False,
) -> bytes:
    """The payload. `seq` None: a death certificate has none. A birth says each metric's unit as well.

    Each metric says its type, always. Outside births it SHOULD NOT (tck-id-payloads-metric-datatype-not-req), but
    Eclipse Tahu's own decoder for JavaScript reads a value without one as null, and its encoders send it.
    """
    payload = Payload(timestamp=at_ms)
    if seq is not None:
        payload.seq = seq
    for metric in metrics:
        _put(payload.metrics.add(), metric, birth=birth, historical=historical)
    return bytes(payload.SerializeToString())


def _put(to: Any, metric: Metric, *, birth: bool, historical: bool) -> None:
    to.name, to.timestamp, to.datatype = metric.name, metric.at_ms, metric.type
    if historical:
        to.is_historical = True
    if metric.value is None:
        to.is_null = True
    else:
        _put_value(to, metric.type, metric.value)
    _property(to, "Quality", DataType.INT32, int(metric.grade))
    if birth and metric.unit:
        _property(to, "engUnit", DataType.STRING, metric.unit)


def _property(to: Any, key: str, kind: DataType, value: Value) -> None:
    to.properties.keys.append(key)
    one = to.properties.values.add()
    one.type = kind
    _put_value(one, kind, value)


def _put_value(to: Any, kind: DataType, value: Value) -> None:
    match kind:
        case DataType.INT32:
            to.int_value = int(value) & 0xFFFFFFFF  # two's complement, as the specification asks (6.4.16)
        case DataType.INT64 | DataType.UINT64:
            to.long_value = int(value) & 0xFFFFFFFFFFFFFFFF
        case DataType.DOUBLE:
            to.double_value = float(value)
        case DataType.BOOLEAN:
            to.boolean_value = bool(value)
        case DataType.STRING:
            to.string_value = str(value)


def commanded(payload: bytes, name: str) -> bool:
    """Whether a command sets this Boolean metric to true. Raises Unreadable."""
    if len(payload) > LARGEST_COMMAND:
        raise Unreadable(f"{len(payload)} bytes: a command has {LARGEST_COMMAND} at most")
    try:
        said = Payload.FromString(payload)
    except DecodeError as fault:
        raise Unreadable(str(fault)) from None
    return any(metric.name == name and metric.boolean_value for metric in said.metrics)
