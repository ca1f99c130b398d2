"""What a simulated camera is told: what is wrong with its picture or its connection, and what it shows."""

from typing import Literal

from edge_agent.simulate.control import Command


class Freeze(Command, frozen=True, kw_only=True, tag="freeze"):
    """The picture stands still."""


class Dark(Command, frozen=True, kw_only=True, tag="dark"):
    """The light is gone."""


class Drop(Command, frozen=True, kw_only=True, tag="drop"):
    """Pictures are missing."""


class Stall(Command, frozen=True, kw_only=True, tag="stall"):
    """No packets."""


class Mute(Command, frozen=True, kw_only=True, tag="mute"):
    """No answers, no packets."""


class Garbage(Command, frozen=True, kw_only=True, tag="garbage"):
    """Broken pictures, or bytes that are no RTP at all."""

    kind: Literal["pictures", "bytes"] = "pictures"


class Gone(Command, frozen=True, kw_only=True, tag="gone"):
    """Unplugged."""


class Scene(Command, frozen=True, kw_only=True, tag="scene"):
    """Something happens before the camera, once."""

    clip: str


class Back(Command, frozen=True, kw_only=True, tag="back"):
    """All is well again."""


class Status(Command, frozen=True, kw_only=True, tag="status"):
    """Tell what is shown to whom."""
