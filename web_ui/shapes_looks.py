"""How the field and the agent are: a look of the doctor, the picture's age."""

from typing import Literal

from msgspec import Struct

from edge_agent.domain.words import NOTHING, Words


class Finding(Struct, frozen=True, kw_only=True):
    """One finding of `edge-agent doctor`; the layer counts from settings (0) and plug (1) up to the value (7)."""

    part: str
    layer: int
    standing: Literal["fine", "fault", "unseen"]
    code: str
    says: Words
    remedy: Words = NOTHING


class Looked(Struct, frozen=True, kw_only=True):
    """One look at the field, the lowest fault first; `failed` says why there is none."""

    at_utc: float
    findings: tuple[Finding, ...] = ()
    failed: Words = NOTHING


class Look(Struct, frozen=True, kw_only=True):
    """The last look (null: nobody has looked since the service started), and whether another one is under way."""

    running: bool
    last: Looked | None


class Health(Struct, frozen=True, kw_only=True):
    """Whether the agent's picture is live."""

    ok: bool
    age_s: float | None
