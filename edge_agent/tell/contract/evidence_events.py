"""What events about films, pictures and cameras carry."""

from typing import Annotated

from msgspec import Meta

from edge_agent.domain.noted import KeptFile, SentFile
from edge_agent.tell.contract.permit_events import Data, Utc
from edge_agent.tell.contract.values import Person


class EvidenceKept(Data, frozen=True, kw_only=True):
    """Pictures or a film were kept; their SHA-256 stand in the audit chain with this event."""

    kind: Annotated[str, Meta(description="still, clip or permit (a whole job)")]
    files: tuple[KeptFile, ...]
    began_utc: Utc
    ended_utc: Utc
    clock_trusted: bool
    whole: Annotated[bool, Meta(description="false: the film was cut off")] = True
    camera: str = ""
    permit: str = ""
    events: Annotated[tuple[int, ...], Meta(description="seq of the events that it is about")] = ()


class EvidenceSent(Data, frozen=True, kw_only=True):
    """Copies of kept evidence left the unit by HTTP; the bytes have the SHA-256 that evidence.kept told."""

    of: Annotated[int, Meta(description="seq of the event evidence.kept")]
    permit: str = ""
    files: tuple[SentFile, ...]


class EvidenceHandled(Data, frozen=True, kw_only=True):
    """A film or a bundle was taken off the box, seen, marked to stay or let go.

    evidence.exported, .looked, .marked, .unmarked.
    """

    by: Person
    name: str
    file: str
    how: Annotated[str, Meta(description="masked, raw, bundle, look, play, keep, let_go")]
    reason: str


class PictureAsked(Data, frozen=True, kw_only=True):
    """Somebody asked for a picture of what a camera shows now."""

    by: Person
    source: Annotated[str, Meta(description="camera")]
    reason: str
    after: Annotated[int | None, Meta(description="seq of the event that it is the picture after")] = None


class CameraAimed(Data, frozen=True, kw_only=True):
    """A camera that can turn has arrived, and said so itself (camera.aimed, camera.home; ledger 4-21)."""

    source: Annotated[str, Meta(description="the camera")]
    preset: Annotated[str, Meta(description="as the camera calls it")]
    area: Annotated[str, Meta(description="that it shows; empty: home")]
    why: Annotated[str, Meta(description="key of the alarm, or id of the order; empty: neither")]
    pan: Annotated[float | None, Meta(description="as the camera says it, ONVIF's normalised values")]
    tilt: float | None
    zoom: float | None
