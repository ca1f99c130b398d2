"""An incident as the pages play it: what was measured, decided and done, decided again from the recorded inputs.

Times are UTC seconds; `until_utc` None: it still held at the end. What is told of people is told to few
(web_ui/access.py).
"""

from typing import Literal

from msgspec import Struct

from edge_agent.domain.words import NOTHING, Words
from edge_agent.tell.live import LiveEvent
from edge_agent.tell.live_curves import Curve, Way
from edge_agent.tell.live_measured import LiveLimits
from edge_agent.tell.live_permit import LiveReason


class IncidentGas(Struct, frozen=True, kw_only=True):
    """One channel with the limits that decided."""

    id: str
    name: Words
    gas: str
    unit: str
    limits: LiveLimits


class AlarmSpell(Struct, frozen=True, kw_only=True):
    """One alarm, from when to when it stood; `detail` as it was first said."""

    key: str
    rule: str
    code: str
    permit: str
    title: Words
    detail: Words
    action: Words
    priority: int
    from_utc: float
    until_utc: float | None


class PermitSpell(Struct, frozen=True, kw_only=True):
    """One permit, as long as it was in one state for one set of causes."""

    permit: str
    type: str
    area: str
    state: str
    evacuate: bool
    causes: tuple[LiveReason, ...]
    from_utc: float
    until_utc: float | None


class OutputSpell(Struct, frozen=True, kw_only=True):
    """What one output was told to be."""

    device: str
    name: Words
    channel: str
    does: str
    on: bool
    from_utc: float
    until_utc: float | None


class Happening(LiveEvent, frozen=True, kw_only=True):
    """One event of the records: who did it, and why, as far as the event says so."""

    who: tuple[str, ...] = ()
    why: tuple[Words, ...] = ()


class IncidentStill(Struct, frozen=True, kw_only=True):
    """A masked picture that was kept with an event of these minutes."""

    seq: int
    camera: str
    at_utc: float


class Again(Struct, frozen=True, kw_only=True):
    """How far what was decided again is what stands in the records, byte for byte.

    `same_settings`: the settings of now are those that decided then.
    """

    decided: int
    agree: int
    recorded: int
    same_settings: bool


class LimitNow(Struct, frozen=True, kw_only=True):
    """A limit of the rulebook that a calculation may try otherwise."""

    key: str
    value: float
    unit: str
    source: Words


class RuleNow(Struct, frozen=True, kw_only=True):
    """A rule that a calculation may leave out."""

    name: str
    code: str
    title: Words


class Incident(Struct, frozen=True, kw_only=True):
    """Some minutes of a site. `cut`: there was more than is told."""

    from_utc: float
    to_utc: float
    again: Again
    restarts: tuple[float, ...]
    gas: tuple[IncidentGas, ...]
    curves: dict[str, Curve]
    ways: dict[str, Way]  # by person
    names: dict[str, str]  # of people, by id
    alarms: tuple[AlarmSpell, ...]
    permits: tuple[PermitSpell, ...]
    outputs: tuple[OutputSpell, ...]
    happenings: tuple[Happening, ...]
    stills: tuple[IncidentStill, ...]
    limits: tuple[LimitNow, ...]
    rules: tuple[RuleNow, ...]
    cut: bool


class Tally(Struct, frozen=True, kw_only=True):
    """What one run of the calculation came to, over all permits."""

    stops: int
    stopped_s: float
    worked_s: float
    alarms: int
    called_out: int  # times that people had to leave
    refused: int  # requests of people


class Difference(Struct, frozen=True, kw_only=True):
    """A stop or an alarm that one run has and the other has not (null there), or has at another time."""

    what: Literal["stop", "alarm"]
    permit: str
    code: str
    title: Words
    detail: Words
    was_utc: float | None
    was_s: float | None  # how long; null: it still held at the end
    then_utc: float | None
    then_s: float | None


class Changed(Struct, frozen=True, kw_only=True):
    """What was tried: one limit with its two values, or a rule left out (`rule`)."""

    key: str = ""
    rule: str = ""
    title: Words = NOTHING
    was: float | None = None
    tried: float | None = None
    unit: str = ""


class WhatIf(Struct, frozen=True, kw_only=True):
    """The same inputs decided twice, as the settings of now have it and with a change. It changes nothing.

    What people did is played as they did it. Steps within `step_s` seconds are taken as one, in both runs.
    `cut`: there were more differences than are told.
    """

    from_utc: float
    to_utc: float
    changed: tuple[Changed, ...]
    step_s: float
    steps: int
    took_s: float
    restarts: tuple[float, ...]
    same_settings: bool
    was: Tally
    tried: Tally
    differences: tuple[Difference, ...]
    cut: bool
