"""What somebody who only looks on is told of a camera: the lines between the program that shows and the pages.

One line of JSON goes there; one comes back, and behind it the picture of `size` bytes, if there is one.
"""

from msgspec import Struct

from edge_agent.domain.observation import SeenPerson
from edge_agent.domain.words import NOTHING, Words

SOCKET = "pictures.sock"  # in the runtime folder
LARGEST_ASK = 512
LARGEST_LINE = 64 * 1024
LARGEST_PICTURE = 2_000_000
WAIT_S = 1.0  # how long a picture is waited for that is newer than the one that is known

Box = tuple[float, float, float, float]


class Asked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A picture of `camera` that is another than number `after`; without a camera: how all of them are."""

    camera: str = ""
    after: int = 0


class Thing(Struct, frozen=True):
    """A helmet, a vest and the like, as the model calls it; they decide nothing here."""

    box: Box
    label: str


class Shown(Struct, frozen=True, kw_only=True):
    """One picture, and what was concluded from this very one. `size` 0: there is no newer one.

    `view` is a View's value; `whole`: nobody could tell where people are, so that all of it is hidden.
    """

    camera: str
    seq: int = 0
    age_s: float = 0.0
    size: int = 0
    view: str = ""
    whole: bool = False
    persons: tuple[SeenPerson, ...] = ()
    things: tuple[Thing, ...] = ()


class CameraPulse(Struct, frozen=True, kw_only=True):
    """How one camera is by its programs: pictures and verdicts a second, over the last seconds; None: not known.

    `late_s` is the longest time from a picture to its verdict lately; `model` the one that judges now.
    """

    camera: str
    come_hz: float | None = None
    judged_hz: float | None = None
    late_s: float | None = None
    model: str = ""
    detail: Words = NOTHING


class CameraPulses(Struct, frozen=True, kw_only=True):
    """All cameras."""

    cameras: tuple[CameraPulse, ...]
