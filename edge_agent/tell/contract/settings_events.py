"""What events about settings, commissioning and devices carry."""

from typing import Annotated

from msgspec import Meta, Struct

from edge_agent.domain.commissioning import Certificate, Trial
from edge_agent.domain.device import DeviceRecord
from edge_agent.domain.words import Words
from edge_agent.tell.contract.permit_events import Data, Seconds, Utc
from edge_agent.tell.contract.values import Person


class SettingsFile(Data, frozen=True, kw_only=True):
    """A file of the settings that was taken together with another."""

    file: str
    sha256: str
    before: str


class CommissioningBy(Data, frozen=True, kw_only=True):
    """A commissioning begins, or is given up."""

    by: Person


class CommissioningBegun(CommissioningBy, frozen=True, kw_only=True):
    """Somebody begins to commission the box."""

    opens: Annotated[bool, Meta(description="work may start for a shift without a certificate")] = False


class CommissioningOpened(CommissioningBy, frozen=True, kw_only=True):
    """A safety officer lets work start once more without a certificate."""

    reason: str


class CommissioningTried(Data, frozen=True, kw_only=True):
    """One item was tried, or it is said why not."""

    trial: Trial


class Commissioned(Data, frozen=True, kw_only=True):
    """The certificate, as the unit signs it when it is written out."""

    by: Person
    begun_utc: Utc
    certificate: Certificate


class SettingsChanged(Data, frozen=True, kw_only=True):
    """A file of the settings has another text, and the box starts anew with it."""

    by: Person
    file: str
    sha256: str
    before: Annotated[str, Meta(description="SHA-256 of the text that was replaced")]
    also: Annotated[tuple[SettingsFile, ...], Meta(description="other files that were taken with it")] = ()
    changes: tuple[Words, ...]
    areas: Annotated[tuple[str, ...], Meta(description="areas that are new, another, or no more")]
    permits: Annotated[
        tuple[str, ...], Meta(description="open tickets in those areas; at none is anybody at work")
    ]
    effects: Annotated[tuple[Words, ...], Meta(description="what becomes of each open ticket")] = ()
    interlocks_off: Annotated[
        tuple[str, ...], Meta(description="outputs that held and fall with the start, as agreed")
    ] = ()
    reason: str
    words: Words


class DeviceSwapped(Data, frozen=True, kw_only=True):
    """Another device hangs under the same id; what was vouched for of the old one is closed."""

    by: Person
    was: Annotated[DeviceRecord | None, Meta(description="the old device's record; null: nobody vouched for it")]
    record: Annotated[DeviceRecord, Meta(description="the new device's record; nulls: nobody has said so")]
    reason: str
    words: Words


class BumpBegun(Data, frozen=True, kw_only=True):
    """A tester puts the gas of a bottle onto a detector; the box measures."""

    by: Person
    level: Annotated[float, Meta(description="what the bottle says")]
    unit: str
    lot: Annotated[str, Meta(description="of the bottle")]
    expires: Annotated[str, Meta(description="until which day the bottle's gas is good")]


class BumpTested(BumpBegun, frozen=True, kw_only=True):
    """What came of it, as the box has measured it. Failed, the detector satisfies nothing until one passes."""

    passed: bool
    nearest: Annotated[float | None, Meta(description="that it came to what the bottle says")]
    from_level: Annotated[float, Meta(description="that it showed before")]
    within_pct: Annotated[float, Meta(description="of the bottle's value, that count as met")]
    took_s: Seconds
    record: DeviceRecord
    words: Words


class DeviceVouched(Data, frozen=True, kw_only=True):
    """A named person has entered what a device's own test or its certificate says."""

    by: Person
    record: DeviceRecord
    certificate: Annotated[str, Meta(description="number of the calibration certificate")]
    reason: str


class DeviceUpdated(Data, frozen=True, kw_only=True):
    """A device's record came from the centre."""

    record: DeviceRecord


class CameraWalk(Data, frozen=True, kw_only=True):
    """A walk test begins, or is given up."""

    by: Person
    camera: Annotated[str, Meta(description="id of the camera")]


class CameraWalkLeftOut(CameraWalk, frozen=True, kw_only=True):
    """A corner of a walk test is left out: nobody can walk there."""

    point: Annotated[str, Meta(description="edge-<picture area>-<number of the corner>")]
    reason: str


class CornerLeft(Struct, frozen=True, kw_only=True):
    """A corner that nobody walked to, and why."""

    point: str
    called: Words
    reason: str
    by: Person


class StillKept(Struct, frozen=True, kw_only=True):
    """One picture of a walk test, heads hidden."""

    name: str
    sha256: str
    size: int


class CameraWalked(Data, frozen=True, kw_only=True):
    """What the box's own judgement saw of somebody who walked before a camera."""

    by: Person
    camera: Annotated[str, Meta(description="id of the camera")]
    begun_utc: Utc
    outcome: Annotated[str, Meta(description="passed, failed, dropped (not finished: shows nothing)")]
    points: Annotated[int, Meta(description="that were to be seen: posts, edges, with and without helmet")]
    seen_points: Annotated[int, Meta(description="of them that were seen")]
    looks: Annotated[int, Meta(description="judged pictures with the walker in them or lost between two sights")]
    seen_pct: Annotated[float | None, Meta(description="of the area that was seen worst; null: nobody walked")]
    blind_s: Annotated[float, Meta(description="longest time unseen, seconds")]
    age_p95_s: Annotated[float | None, Meta(description="95 % of the words came within so many seconds")]
    files: Annotated[tuple[StillKept, ...], Meta(description="a still for each point, by its hash")]
    left_out: Annotated[tuple[CornerLeft, ...], Meta(description="corners to which nobody can walk")]
    reasons: tuple[Words, ...]
    words: Words


class DeviceLooked(Data, frozen=True, kw_only=True):
    """Somebody has a device looked at before it is entered: nothing is decided by what it says."""

    by: Person
    what: Annotated[str, Meta(description="detector, cameras, stream")]
    where: Annotated[str, Meta(description="address or serial port; never a user or a password")]


class TokenRevoked(Data, frozen=True, kw_only=True):
    """What a program showed opens nothing any more."""

    by: Person
    token: Annotated[str, Meta(description="what the box calls it; its secret is never told")]
    name: Annotated[str, Meta(description="what it is for")]
    words: Words


class TokenMade(TokenRevoked, frozen=True, kw_only=True):
    """A program may read; it opens nothing while whoever made it administers the box no more."""

    reads: Annotated[str, Meta(description="figures (/metrics), read (live picture, gas history, events)")]
    until_utc: Utc
