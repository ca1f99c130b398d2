"""What the agent and its forwarder say to each other over the child's pipes: one JSON line each.

To the child: the configuration first; then an empty line wakes it after a commit, `took <n>` says that
downlink message `n` is safe with the agent; the end of the pipe ends it. From the child: `Line`.
"""

from msgspec import Struct, field

from edge_agent.domain.noted import SentFile
from edge_agent.domain.words import Words
from edge_agent.settings.site_brokers import SecondUplinkTable, UplinkTable

LARGEST_DOWN = 256 * 1024  # bytes; a permit is about 2 kB, a person 0.5 kB
TOOK = b"took "


class ForwarderConfig(UplinkTable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The centre's broker, and what else the forwarder needs. Passwords stay in their file: it may be logged."""

    store: str
    site: str
    unit: str
    second: SecondUplinkTable | None = None
    birth: str  # up/health while connected, JSON text
    will: str  # up/health once the connection is lost, JSON text


class Link(Struct, frozen=True, kw_only=True):
    """Whether the broker is in touch, and if not why; `second`: by the second way."""

    up: bool
    detail: Words
    second: bool = False


class Down(Struct, frozen=True, kw_only=True):
    """One message from the centre, unchecked. `n` numbers it for `took`.

    One larger than LARGEST_DOWN is cut to one byte more than that, so that it is refused for its size.
    """

    n: int
    topic: str
    retain: bool
    payload: bytes = field(name="payload_b64")


class Carried(Struct, frozen=True, kw_only=True):
    """The files of one piece of evidence, event `of`: sent, or never to be."""

    of: int
    permit: str
    files: tuple[SentFile, ...]


class Line(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line from the child; exactly one of its fields is set."""

    ack: tuple[int, ...] | None = None  # outbox ids that the broker has taken
    link: Link | None = None
    down: Down | None = None
    carried: Carried | None = None  # of the process that carries evidence away
    unsendable: int | None = None  # outbox id of a row that MQTT cannot carry
