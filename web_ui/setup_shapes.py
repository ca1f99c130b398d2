"""The shapes of the first setting-up: what is still open."""

from typing import Literal

from msgspec import Struct

from edge_agent.domain.words import Words

StepId = Literal["site", "time", "uplink", "camera", "detector", "zone", "relay", "wearable", "people", "trial"]


class SetupStep(Struct, frozen=True, kw_only=True):
    """One thing that a new box needs. `says`: what is known of it now; `to`: the page where it is done."""

    id: StepId
    standing: Literal["done", "open", "fault", "unknown"]
    says: Words
    to: str


class Setup(Struct, frozen=True, kw_only=True):
    """Everything that a new box needs, in the order in which it is done."""

    steps: tuple[SetupStep, ...]
