"""Whatever happens to a unit and its connection: a host that knows the specification finds no fault."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from edge_agent.tell.sparkplug.metric import Grade, Metric
from edge_agent.tell.sparkplug.node import BD_SEQ, REBIRTH, EdgeNode, Image, Message
from edge_agent.tell.sparkplug.schema import DataType
from tests.support.sparkplug_host import SparkplugHost

VALUES = {
    DataType.INT32: st.integers(-(2**31), 2**31 - 1),
    DataType.DOUBLE: st.floats(-1e6, 1e6, width=32),
    DataType.BOOLEAN: st.booleans(),
    DataType.STRING: st.text(max_size=5),
}


@st.composite
def _metric(draw: st.DrawFn, name: str) -> Metric:
    kind = draw(st.sampled_from(sorted(VALUES)))
    value = draw(st.none() | VALUES[kind])
    unit = draw(st.sampled_from(["", "ppm"]))
    return Metric(name=name, type=kind, value=value, at_ms=1, grade=draw(st.sampled_from(Grade)), unit=unit)


@st.composite
def images(draw: st.DrawFn) -> Image:
    devices = draw(st.sets(st.sampled_from(["gas-1", "permit-%2F", "camera-罐顶"])))
    names = st.lists(st.sampled_from(["a", "b/c", "水位"]), min_size=1, unique=True)
    return {device: tuple(draw(_metric(name)) for name in draw(names)) for device in ("", *sorted(devices))}


class Link(RuleBasedStateMachine):
    """A node that is connected, cut off, asked again, and whose unit looks different all the time."""

    @initialize(image=images(), first=st.integers(0, 255))
    def begin(self, image: Image, first: int) -> None:
        self.node, self.host = EdgeNode("site", "edge-1", first), SparkplugHost()
        self.image, self.at_ms, self.connected, self.will = image, 1000, False, None
        self.before: Image = {}

    @rule()
    @precondition(lambda self: not self.connected)
    def connects(self) -> None:
        self.node.opened()
        self.will = self.node.death(self.at_ms)
        self.connected = True
        self._send(list(self.node.births(self.image, self.at_ms)))

    @rule()
    @precondition(lambda self: self.connected)
    def is_cut_off(self) -> None:
        self.connected = False
        self.node.lost()
        assert self.will is not None
        self.host.hears(self.will.topic, self.will.payload, qos=1, retain=False)
        assert not self.host.online

    @rule()
    @precondition(lambda self: self.connected)
    def is_asked_for_everything(self) -> None:
        self._send(list(self.node.births(self.image, self.at_ms)))

    @rule(image=images())
    def looks_different(self, image: Image) -> None:
        self.at_ms += 500
        self.image = image
        if self.connected:
            self._send(list(self.node.changes(image, self.at_ms)))
        else:
            self.node.keep(image)

    @rule()
    @precondition(lambda self: self.connected)
    def nothing_changes(self) -> None:
        assert list(self.node.changes(self.image, self.at_ms)) == []

    @invariant()
    def the_host_holds_what_the_unit_shows(self) -> None:
        if not getattr(self, "connected", False):
            return
        own = {**self.host.metrics[""]}
        assert own.pop(BD_SEQ).value == self.node.bd_seq
        assert own.pop(REBIRTH).value is False
        assert self.host.devices == {device for device in self.image if device}
        for device, metrics in self.image.items():
            held = own if device == "" else self.host.metrics[device]
            assert {name: (one.value, one.quality) for name, one in held.items()} == {
                metric.name: (_as_sent(metric), metric.grade) for metric in metrics
            }

    def _send(self, messages: list[Message]) -> None:
        for message in messages:
            self.host.hears(message.topic, message.payload, qos=0, retain=False)


def _as_sent(metric: Metric) -> object:
    if metric.type is DataType.INT32 and isinstance(metric.value, int):
        return metric.value % 2**32  # two's complement in 32 bits
    return metric.value


TestLink = Link.TestCase
TestLink.settings = settings(max_examples=40, stateful_step_count=20)


def image(level: float) -> Image:
    return {"": (), "gas-1": (Metric(name="Level", type=DataType.DOUBLE, value=level, at_ms=round(level)),)}


def test_what_changed_while_nobody_could_be_told_comes_later_as_history_in_its_order() -> None:
    node, host = EdgeNode("g", "n", 0), SparkplugHost()
    node.opened()
    for message in node.births(image(0), 0):
        host.hears(message.topic, message.payload, qos=0, retain=False)
    node.lost()
    for level in range(1, 1201):
        node.keep(image(level))
    death = node.death(0)
    host.hears(death.topic, death.payload, qos=1, retain=False)
    node.opened()
    for message in node.births(image(1200), 1300):
        host.hears(message.topic, message.payload, qos=0, retain=False)
    assert host.history == [("gas-1", "Level", float(level), level) for level in range(1, 1201)]
    assert host.metrics["gas-1"]["Level"].value == 1200


def test_the_oldest_history_gives_way_and_what_is_kept_stays_bounded() -> None:
    node = EdgeNode("g", "n", 0)
    for level in range(30_000):
        node.keep(image(level))
    node.opened()
    sent = list(node.births(image(29_999), 0))
    host = SparkplugHost()
    for message in sent:
        host.hears(message.topic, message.payload, qos=0, retain=False)
    assert [value for _, _, value, _ in host.history] == [float(level) for level in range(10_000, 30_000)]
    assert max(len(message.payload) for message in sent) < 64 * 1024


def test_sequence_numbers_begin_anew_after_255() -> None:
    node, host = EdgeNode("g", "n", 254), SparkplugHost()
    for _ in range(3):
        node.opened()
        told = [*node.births(image(0), 0)]
        told += [message for level in range(1, 600) for message in node.changes(image(level), 0)]
        for message in told:
            host.hears(message.topic, message.payload, qos=0, retain=False)
        node.lost()
        death = node.death(0)
        host.hears(death.topic, death.payload, qos=1, retain=False)
    assert node.bd_seq == 1
