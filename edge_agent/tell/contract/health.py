"""What a unit tells of itself beside being in touch: the members of `facts` in up/health. Absent: not told."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

Seconds = Annotated[float | None, Meta(description="seconds; null: not known, or never")]


class DeviceTold(Struct, frozen=True, kw_only=True):
    """What a device or a part of the unit says of itself."""

    ok: bool
    detail: Annotated[str, Meta(description="what is wrong and how to mend it; empty where all is well")]


class GaugeState(Struct, frozen=True, kw_only=True):
    """How one gauge stands; its figures are told by up/gas."""

    quality: Annotated[str, Meta(description="only good satisfies anything")]
    crossed: Annotated[str, Meta(description="limit: high_high, high, low, low_low; empty: none")]
    limits: Annotated[dict[str, float], Meta(description="by name, in the unit of the gauge")]
    interlock: Annotated[
        str, Meta(description="output that falls with it, or who else trips it; empty: nothing does")
    ]


class OutputTold(Struct, frozen=True, kw_only=True):
    """One output of a relay module, beside what its mirror contact says."""

    does: str
    wanted_on: bool
    feedback: Annotated[
        bool | None, Meta(description="closed: it has power, it sounds; null: no contact, or not read")
    ]
    off_after_s: Annotated[
        float | None, Meta(description="measured, the last time that it fell; null while it is on")
    ]


class SwitchoverTold(Struct, frozen=True, kw_only=True):
    """The last time that the mains of a module went."""

    lost: Annotated[str, Meta(description="when, RFC 3339")]
    over: Annotated[bool, Meta(description="the mains are back")]
    delay_s: Annotated[
        float | None, Meta(description="until the back-up supply carried the load; null: it did not")
    ]


class SirenTest(Struct, frozen=True, kw_only=True):
    """What the last test of the sirens showed since the unit came up."""

    began: Annotated[str, Meta(description="when, RFC 3339")]
    result: Annotated[str, Meta(description="passed, failed, unproven")]
    sirens: Annotated[dict[str, Any], Meta(description="by module/output: heard (true, false, null), line")]


class IntervalsTold(Struct, frozen=True, kw_only=True):
    """How often a wearable was really heard: so many of its last intervals were no longer."""

    promised_s: Annotated[float, Meta(description="by its settings")]
    intervals: Annotated[int, Meta(description="how many were measured")]
    p50_s: Seconds
    p99_s: Seconds


class DiskUseTold(Struct, frozen=True, kw_only=True):
    """One class of what lies on the unit's disk."""

    bytes: int
    most: Annotated[int | None, Meta(description="its quota; null: counted in rows, or none")]
    per_day: Annotated[float | None, Meta(description="bytes more each day; null: not known yet")]


class DiskTold(Struct, frozen=True, kw_only=True):
    """The disk of the unit's records, looked at each hour."""

    free: int
    size: int
    written_per_day: Annotated[float | None, Meta(description="bytes that it takes a day: what a card wears by")]
    days_left: Annotated[
        float | None, Meta(description="until it is full at this rate; null: not known, or never")
    ]
    classes: Annotated[dict[str, DiskUseTold], Meta(description="database, journal, films, stills, history, ...")]


class Facts(Struct, frozen=True, kw_only=True):
    """What else is known of the unit; nothing in its last will."""

    program: str | UnsetType = UNSET
    contract: Annotated[str | UnsetType, Meta(description="version of these messages")] = UNSET
    rulebook: str | UnsetType = UNSET
    rulebook_version: str | UnsetType = UNSET
    models: Annotated[dict[str, str] | UnsetType, Meta(description="by camera, as its settings name it")] = UNSET
    may_update: Annotated[bool | UnsetType, Meta(description="nobody is at work, inside or at a fire watch")] = (
        UNSET
    )
    settings: Annotated[str | UnsetType, Meta(description="SHA-256 of what it decides by")] = UNSET
    clock_trusted: bool | UnsetType = UNSET
    shift: str | UnsetType = UNSET
    permits: Annotated[dict[str, str] | UnsetType, Meta(description="state by permit")] = UNSET
    devices: dict[str, DeviceTold] | UnsetType = UNSET
    cameras: Annotated[dict[str, str] | UnsetType, Meta(description="clear, or why nobody is seen")] = UNSET
    gauges: dict[str, GaugeState] | UnsetType = UNSET
    wearables: dict[str, IntervalsTold] | UnsetType = UNSET
    outputs: Annotated[dict[str, OutputTold] | UnsetType, Meta(description="by module/output")] = UNSET
    sirens_heard: Annotated[
        dict[str, bool] | UnsetType, Meta(description="the last time that each siren had to sound")
    ] = UNSET
    siren_test: SirenTest | UnsetType | None = UNSET
    power: Annotated[dict[str, SwitchoverTold] | UnsetType, Meta(description="by module that watches both")] = (
        UNSET
    )
    disk: DiskTold | UnsetType = UNSET
    copies: Annotated[dict[str, Any] | UnsetType, Meta(description="copies of the centre's own records")] = UNSET


NOTHING_TOLD = Facts()
