"""What events about the unit itself carry."""

from typing import Annotated

from msgspec import Meta, Struct

from edge_agent.domain.words import Words
from edge_agent.tell.contract.permit_events import Data, Said, Utc
from edge_agent.tell.contract.values import Person


class SirenTried(Struct, frozen=True, kw_only=True):
    """One siren of a test."""

    siren: Annotated[str, Meta(description="module and output")]
    name: Words
    heard: Annotated[bool | None, Meta(description="null: it has no feedback contact, or it could not be read")]
    line: Annotated[str, Meta(description="what watches its line says: whole, broken, unread; or unwatched")]


class SirensTried(Data, frozen=True, kw_only=True):
    """A test of sirens, or of other outputs: planned for when, by whom, with which result (ledger 0-32, 2-41)."""

    planned: Annotated[str, Meta(description="time of the site, HH:MM, of its settings")]
    by: Annotated[str, Meta(description="schedule: it stands in the settings; else who asked for it")]
    reason: str = ""
    began_utc: Utc
    ended_utc: Utc
    result: Annotated[str, Meta(description="passed, failed, unproven (not of all is it known)")]
    sirens: tuple[SirenTried, ...]
    words: Words


class TrialOrdered(Data, frozen=True, kw_only=True):
    """Somebody lets sirens or lamps go on for a moment, to see that they do."""

    by: Person
    outputs: Annotated[tuple[str, ...], Meta(description="module/output")]
    in_s: Annotated[float, Meta(description="seconds until then: people are told that it is a test")]
    reason: str
    words: Words


class OutputSeen(Data, frozen=True, kw_only=True):
    """Somebody saw or heard outputs go on that no contact reads back: a person's word, no measurement."""

    by: Person
    outputs: Annotated[tuple[str, ...], Meta(description="module/output")]
    reason: Annotated[str, Meta(description="where he was, in his own words")]
    until_utc: Annotated[Utc, Meta(description="so long it counts, while the output is as it is")]
    words: Words


class Started(Data, frozen=True, kw_only=True):
    """The agent started; running permits come up paused."""

    rulebook: str
    settings: Annotated[str, Meta(description="digest of the settings that decide")]


class MessagesDropped(Data, frozen=True, kw_only=True):
    """Messages to the centre gave way unsent, because there was no room; the unit's records keep the events."""

    kind: Annotated[str, Meta(description="telemetry, again (events told again) or event")]
    count: int
    first_seq: Annotated[int | None, Meta(description="lowest number of an event among them; null: none is")]
    last_seq: Annotated[int | None, Meta(description="highest number of an event among them")]
    words: Said


class RecordsLost(Data, frozen=True, kw_only=True):
    """The records do not go on where they were last told; the first event of what follows."""

    why: Annotated[
        str,
        Meta(
            description="damaged: not readable; older: they end before what the unit's journal knows; "
            "restored: from a backup"
        ),
    ]
    aside: Annotated[str, Meta(description="where damaged ones are kept on the unit")] = ""
    rows: Annotated[int, Meta(description="of the chain before, as far as it could be read")] = 0
    head: Annotated[str, Meta(description="hash of the last of them; empty: not readable")] = ""
    again_upto: Annotated[
        int,
        Meta(
            description="the unit can still tell again up to this number; what you lack between it and this event "
            "never comes"
        ),
    ] = 0
    jumped: Annotated[
        bool, Meta(description="nobody knew the newest number that was told: seq leaps, and none is used twice")
    ] = False
    words: Said
