"""A Sparkplug host written from the specification: it takes whatever a broker delivers, and finds fault by id.

Source: Sparkplug Specification 3.0.0 (Eclipse Foundation, 2022-11-16); the ids are its test assertions. What is
said of hosts themselves, of templates, data sets and aliases (the unit uses none) is not judged. One node.
"""

from dataclasses import dataclass, field
from typing import Any

from edge_agent.tell.sparkplug.schema import Payload

TYPES = {3, 4, 8, 10, 11, 12}  # Int32, Int64, UInt64, Double, Boolean, String: the only ones that the unit sends
VALUES = {
    3: "int_value",
    4: "long_value",
    8: "long_value",
    10: "double_value",
    11: "boolean_value",
    12: "string_value",
}
ASSERTIONS = frozenset(
    {
        "tck-id-principles-birth-certificates-order",
        "tck-id-topic-structure",
        "tck-id-topic-structure-namespace-a",
        "tck-id-topic-structure-namespace-valid-device-id",
        "tck-id-topic-structure-namespace-device-id-associated-message-types",
        "tck-id-topics-nbirth-mqtt",
        "tck-id-topics-nbirth-seq-num",
        "tck-id-topics-nbirth-timestamp",
        "tck-id-topics-nbirth-metrics",
        "tck-id-topics-nbirth-bdseq-included",
        "tck-id-topics-nbirth-bdseq-matching",
        "tck-id-topics-nbirth-bdseq-increment",
        "tck-id-topics-nbirth-rebirth-metric",
        "tck-id-topics-ndata-mqtt",
        "tck-id-topics-ndata-seq-num",
        "tck-id-topics-ndata-timestamp",
        "tck-id-topics-ndeath-payload",
        "tck-id-topics-ndeath-seq",
        "tck-id-topics-dbirth-seq",
        "tck-id-topics-dbirth-metrics",
        "tck-id-topics-ddata-seq-num",
        "tck-id-topics-ddeath-seq-num",
        "tck-id-message-flow-device-birth-publish-nbirth-wait",
        "tck-id-message-flow-edge-node-birth-publish-will-message-will-retained",
        "tck-id-operational-behavior-data-publish-nbirth-values",
        "tck-id-operational-behavior-data-publish-nbirth-change",
        "tck-id-operational-behavior-data-publish-nbirth-order",
        "tck-id-operational-behavior-data-commands-rebirth-action-3",
        "tck-id-operational-behavior-data-commands-rebirth-value",
        "tck-id-payloads-sequence-num-always-included",
        "tck-id-payloads-sequence-num-incrementing",
        "tck-id-payloads-name-requirement",
        "tck-id-payloads-name-birth-data-requirement",
        "tck-id-payloads-metric-datatype-req",
        "tck-id-payloads-metric-datatype-value",
        "tck-id-payloads-propertyset-keys-array-size",
        "tck-id-payloads-propertyset-quality-value-value",
        "tck-id-payloads-ndeath-bdseq",
        "tck-id-payloads-ndeath-will-message-qos",
        "tck-id-payloads-dbirth-order",
    }
)


@dataclass(kw_only=True)
class Known:
    """One metric as the host holds it; `stale`: its node or device died, or it says so itself."""

    type: int
    value: Any
    at_ms: int
    quality: int
    stale: bool = False


@dataclass
class SparkplugHost:
    """What it holds: metrics by device ("" is the node's own), which devices are online, and what was late."""

    online: bool = False
    bd_seq: int | None = None
    seq: int = -1
    metrics: dict[str, dict[str, Known]] = field(default_factory=dict)
    devices: set[str] = field(default_factory=set)
    history: list[tuple[str, str, Any, int]] = field(default_factory=list)
    _birthing: bool = False
    _last_bd_seq: int | None = None

    def hears(self, topic: str, payload: bytes, *, qos: int, retain: bool) -> None:
        """Raises AssertionError with the id of what is not as the specification has it."""
        space, group, kind, node, device = self._levels(topic)
        _must("tck-id-topic-structure-namespace-a", space == "spBv1.0" and bool(group) and bool(node))
        said = Payload.FromString(payload)
        if kind == "NDEATH":
            self._ndeath(said, qos=qos, retain=retain)
            return
        _must("tck-id-topics-nbirth-mqtt", qos == 0 and not retain)
        _must("tck-id-topics-ndata-timestamp", said.HasField("timestamp"))
        _must("tck-id-payloads-sequence-num-always-included", said.HasField("seq"))
        match kind:
            case "NBIRTH":
                self._nbirth(said)
            case "DBIRTH":
                self._dbirth(said, device)
            case "NDATA" | "DDATA":
                self._data(said, device)
            case "DDEATH":
                self._ddeath(said, device)
            case _:
                raise AssertionError(f"tck-id-topic-structure: {kind}")

    def _levels(self, topic: str) -> tuple[str, str, str, str, str]:
        space, group, kind, node, *rest = topic.split("/")
        _must("tck-id-topic-structure", len(rest) == (1 if kind.startswith("D") else 0))
        return space, group, kind, node, rest[0] if rest else ""

    def _nbirth(self, said: Any) -> None:
        names = {metric.name: metric for metric in said.metrics}
        _must("tck-id-topics-nbirth-seq-num", said.seq == 0)
        _must("tck-id-topics-nbirth-bdseq-included", "bdSeq" in names)
        again = names.get("Node Control/Rebirth")
        _must("tck-id-topics-nbirth-rebirth-metric", again is not None and again.datatype == 11)
        _must("tck-id-operational-behavior-data-commands-rebirth-value", not again.boolean_value)
        number = names["bdSeq"].long_value
        if self.online:
            _must("tck-id-operational-behavior-data-commands-rebirth-action-3", number == self.bd_seq)
        elif self._last_bd_seq is not None:
            _must("tck-id-topics-nbirth-bdseq-increment", number != self._last_bd_seq)
        self.online, self.bd_seq, self.seq = True, number, 0
        self._last_bd_seq = number
        self.metrics, self.devices, self._birthing = {"": self._birth(said)}, set(), True

    def _dbirth(self, said: Any, device: str) -> None:
        _must("tck-id-message-flow-device-birth-publish-nbirth-wait", self.online)
        self._next("tck-id-topics-dbirth-seq", said)
        self.devices.add(device)
        self.metrics[device] = self._birth(said)

    def _birth(self, said: Any) -> dict[str, Known]:
        found = {}
        for metric in said.metrics:
            _must("tck-id-payloads-name-requirement", bool(metric.name) and metric.name not in found)
            _must("tck-id-payloads-metric-datatype-req", metric.HasField("datatype"))
            _must("tck-id-payloads-metric-datatype-value", metric.datatype in TYPES)
            found[metric.name] = self._known(metric, metric.datatype)
        return found

    def _known(self, metric: Any, kind: int) -> Known:
        _must("tck-id-payloads-name-birth-data-requirement", metric.HasField("timestamp"))
        held = metric.WhichOneof("value")
        fits = held is None if metric.is_null else held == VALUES[kind]
        _must("tck-id-operational-behavior-data-publish-nbirth-values", fits)
        keys, values = list(metric.properties.keys), list(metric.properties.values)
        _must("tck-id-payloads-propertyset-keys-array-size", len(keys) == len(values))
        quality = dict(zip(keys, values, strict=True))["Quality"].int_value
        _must("tck-id-payloads-propertyset-quality-value-value", quality in {0, 192, 500})
        value = None if held is None else getattr(metric, held)
        return Known(type=kind, value=value, at_ms=metric.timestamp, quality=quality, stale=quality == 500)

    def _data(self, said: Any, device: str) -> None:
        _must("tck-id-principles-birth-certificates-order", self.online and (not device or device in self.devices))
        self._next("tck-id-topics-ndata-seq-num", said)
        _must("tck-id-operational-behavior-data-publish-nbirth-change", len(said.metrics) > 0)
        held = self.metrics[device]
        for metric in said.metrics:
            _must("tck-id-topics-nbirth-metrics", metric.name in held)
            _must("tck-id-payloads-metric-datatype-value", metric.datatype == held[metric.name].type)
            known = self._known(metric, held[metric.name].type)
            if metric.is_historical:
                self.history.append((device, metric.name, known.value, known.at_ms))
            else:
                held[metric.name] = known

    def _ddeath(self, said: Any, device: str) -> None:
        _must("tck-id-principles-birth-certificates-order", self.online and device in self.devices)
        self._next("tck-id-topics-ddeath-seq-num", said)
        self.devices.discard(device)
        for known in self.metrics[device].values():
            known.stale = True

    def _ndeath(self, said: Any, *, qos: int, retain: bool) -> None:
        _must("tck-id-topics-ndeath-seq", not said.HasField("seq"))
        _must("tck-id-topics-ndeath-payload", [metric.name for metric in said.metrics] == ["bdSeq"])
        _must("tck-id-message-flow-edge-node-birth-publish-will-message-will-retained", not retain)
        _must("tck-id-payloads-ndeath-will-message-qos", qos in {0, 1})
        if said.metrics[0].long_value != self.bd_seq:
            return  # of a session that was over before (tck-id-topics-nbirth-bdseq-matching)
        self.online, self.bd_seq = False, None
        self.devices.clear()
        for of_one in self.metrics.values():
            for known in of_one.values():
                known.stale = True

    def _next(self, id_: str, said: Any) -> None:
        _must("tck-id-payloads-sequence-num-incrementing", said.seq == (self.seq + 1) % 256)
        _must(id_, said.seq < 256)
        self.seq = said.seq


def _must(id_: str, holds: bool) -> None:  # noqa: FBT001 (what is asserted)
    assert id_ in ASSERTIONS
    assert holds, id_
