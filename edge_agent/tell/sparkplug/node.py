"""The edge node: which messages it owes, given what the unit looked like before and looks like now. Pure.

A session is one MQTT connection: the will is its death, the birth names everything there is, then only what
changed is said. What cannot be said meanwhile is kept and said later as history, the oldest given up first.
"""

from collections import deque
from collections.abc import Iterator

from msgspec import Struct

from edge_agent.tell.sparkplug.metric import Metric, encode
from edge_agent.tell.sparkplug.schema import DataType

NAMESPACE = "spBv1.0"
REBIRTH = "Node Control/Rebirth"
BD_SEQ = "bdSeq"
COUNTS = 256  # seq and bdSeq run from 0 to 255 and begin anew
MOST_KEPT = 20_000  # values; 50 channels that change twice a second fill it in three minutes, a permit in days
IN_ONE = 500  # values of history in one message, so that none grows beyond some 50 kB

NODE = ""  # the unit itself among its devices
Image = dict[str, tuple[Metric, ...]]  # by device, NODE for the unit: all that there is to say


class Message(Struct, frozen=True):
    """Ready for MQTT: QoS 0, not retained."""

    topic: str
    payload: bytes


class EdgeNode:
    """One per unit; its numbers go on over all sessions."""

    def __init__(self, group: str, name: str, bd_seq: int) -> None:
        """`bd_seq` is that of the first session (0..255)."""
        self._group, self._name = group, name
        self.bd_seq = bd_seq
        self._seq = 0
        self._born: Image | None = None  # what the host was told last; None: it was told nothing in this session
        self._last: Image = {}
        self._kept: deque[tuple[str, Metric]] = deque(maxlen=MOST_KEPT)

    def topic(self, kind: str, device: str = NODE) -> str:
        """`spBv1.0/group/KIND/node[/device]` (tck-id-topic-structure)."""
        parts = (NAMESPACE, self._group, kind, self._name, *((device,) if device else ()))
        return "/".join(parts)

    def opened(self) -> None:
        """A new connection: a number of its own (tck-id-topics-nbirth-bdseq-increment), and no birth yet."""
        self.bd_seq = (self.bd_seq + 1) % COUNTS
        self._born = None

    def death(self, at_ms: int) -> Message:
        """The will, and what is said before a goodbye: bdSeq alone, no seq (tck-id-topics-ndeath-seq)."""
        return Message(self.topic("NDEATH"), encode((self._number(at_ms),), at_ms, seq=None, birth=True))

    def lost(self) -> None:
        """The session is over: what changes now becomes history."""
        self._born = None

    def keep(self, image: Image) -> None:
        """What changed while nobody could be told."""
        for device, metrics in _changed(self._last, image).items():
            self._kept.extend((device, metric) for metric in metrics)
        self._last = image

    def births(self, image: Image, at_ms: int) -> Iterator[Message]:
        """Everything there is, the unit first (…-birth-publish-nbirth-wait), then what is owed of the past."""
        self._seq = COUNTS - 1  # so that NBIRTH has 0
        control = Metric(name=REBIRTH, type=DataType.BOOLEAN, value=False, at_ms=at_ms)
        yield self._message("NBIRTH", NODE, (self._number(at_ms), control, *image[NODE]), at_ms, birth=True)
        for device, metrics in image.items():
            if device:
                yield self._message("DBIRTH", device, metrics, at_ms, birth=True)
        self._born = self._last = image
        yield from self._history(at_ms)

    def changes(self, image: Image, at_ms: int) -> Iterator[Message]:
        """What is new since the last word; all of it once more where the unit itself has other metrics now."""
        born = self._born
        if born is None:
            self.keep(image)
            return
        if _names(born[NODE]) != _names(image[NODE]):
            yield from self.births(image, at_ms)
            return
        for device in born.keys() - image.keys():
            yield self._message("DDEATH", device, (), at_ms)
        for device, metrics in image.items():
            if device and _names(born.get(device, ())) != _names(metrics):
                yield self._message("DBIRTH", device, metrics, at_ms, birth=True)
                born = {**born, device: metrics}
        for device, changed in _changed(born, image).items():
            yield self._message("DDATA" if device else "NDATA", device, changed, at_ms)
        self._born = self._last = image

    def _history(self, at_ms: int) -> Iterator[Message]:
        """What was kept, in its order, of metrics that are still there: the host knows no others."""
        known = {(device, one.name, one.type) for device, metrics in self._last.items() for one in metrics}
        while self._kept:
            device = self._kept[0][0]
            some: list[Metric] = []
            while self._kept and self._kept[0][0] == device and len(some) < IN_ONE:
                metric = self._kept.popleft()[1]
                if (device, metric.name, metric.type) in known:
                    some.append(metric)
            if some:
                yield self._message("DDATA" if device else "NDATA", device, tuple(some), at_ms, historical=True)

    def _message(  # noqa: PLR0913 (a message's parts)
        self,
        kind: str,
        device: str,
        metrics: tuple[Metric, ...],
        at_ms: int,
        *,
        birth: bool = False,
        historical: bool = False,
    ) -> Message:
        self._seq = (self._seq + 1) % COUNTS
        payload = encode(metrics, at_ms, seq=self._seq, birth=birth, historical=historical)
        return Message(self.topic(kind, device), payload)

    def _number(self, at_ms: int) -> Metric:
        return Metric(name=BD_SEQ, type=DataType.INT64, value=self.bd_seq, at_ms=at_ms)


def _names(metrics: tuple[Metric, ...]) -> list[tuple[str, DataType, str]]:
    return [(metric.name, metric.type, metric.unit) for metric in metrics]


def _changed(before: Image, now: Image) -> Image:
    """Of each device that both have: what says something else."""
    found: Image = {}
    for device, metrics in now.items():
        said = {metric.name: metric.said for metric in before.get(device, ())}
        new = tuple(metric for metric in metrics if said and said.get(metric.name) != metric.said)
        if new:
            found[device] = new
    return found
