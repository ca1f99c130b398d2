"""What events about a permit carry, field by field. The published schemas are made from these."""

from typing import Annotated

from msgspec import Meta, Struct, field

from edge_agent.domain.coverage import Hole
from edge_agent.domain.headcount import HeadCount
from edge_agent.domain.permit import Cause, Retest, Signature, State
from edge_agent.domain.ticket import Ticket
from edge_agent.domain.words import Words
from edge_agent.tell.contract.context import Context
from edge_agent.tell.contract.values import Person

Rule = Annotated[str, Meta(description="name of the rule, as docs/RULES.md lists it")]
Code = Annotated[str, Meta(description="stable code of the rule or hazard, for example GAS-01")]
Capacity = Annotated[str, Meta(description="in which a signature is needed, for example holder or guard")]
Area = Annotated[str, Meta(description="id of the area of the site's plan")]
Seconds = Annotated[float, Meta(description="seconds")]
Utc = Annotated[float, Meta(description="seconds since 1970-01-01T00:00:00Z")]
Notify = Annotated[tuple[str, ...], Meta(description="roles that must be told now (ledger 0-14, 2-26)")]
Reasons = Annotated[tuple[Words, ...], Meta(description="every reason, in words for people")]
Said = Annotated[Words, Meta(description="the event as one sentence for people")]


class Data(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every event's data may carry. Receivers ignore members that they do not know."""

    shift: Annotated[str, Meta(description="date/id of the shift under way; absent where the site has none")] = ""
    drill: Annotated[bool, Meta(description="true: only played, nothing of it is real")] = False
    context: Annotated[Context | None, Meta(description="for tickets, maps, analyses: see Context")] = None


class PermitFacts(Data, frozen=True, kw_only=True):
    """What every event about a permit's life carries: the permit as it stands after the event."""

    state: State
    version: Annotated[int, Meta(description="of the ticket")]
    area: Area
    holder: Person
    guard: Annotated[str | None, Meta(description="person checked in at the point now; null: nobody")]
    authorised: Annotated[bool, Meta(description="true only while the box itself permits work")]
    causes: Annotated[tuple[Cause, ...], Meta(description="of the present stop, first-out first")]
    signatures: Annotated[tuple[Signature, ...], Meta(description="that count for what is being agreed to")]
    shadow: Annotated[bool, Meta(description="true: written down only, this box does not protect the work")] = (
        False
    )


class CoverageTold(Struct, frozen=True, kw_only=True):
    """For how long a permit's work was guarded, and when which feed was blind."""

    guarded_pct: Annotated[float | None, Meta(description="of the time worked, rounded down; null: none was")]
    watched_s: Seconds
    blind_s: Annotated[float, Meta(description="seconds in which any required feed was blind")]
    uplink_blind_s: Annotated[float, Meta(description="seconds without the centre; work goes on without it")]
    holes: tuple[Hole, ...]
    words: Words


class Changed(PermitFacts, frozen=True, kw_only=True):
    """A permit's state was acted on (permit.ready, .started, .paused, .stopped, .resumed, .closed, ...)."""

    from_: Annotated[State, Meta(description="the state before")] = field(name="from")
    notify: Notify
    words: Annotated[Words | None, Meta(description="why, in words; absent where people asked for it")] = None
    instruction: Annotated[Words | None, Meta(description="what everybody does now")] = None
    headcount: Annotated[HeadCount | None, Meta(description="who may still be in danger (ledger 0-35)")] = None
    coverage: Annotated[CoverageTold | None, Meta(description="at the end: what was guarded")] = None


class CauseAdded(PermitFacts, frozen=True, kw_only=True):
    """Stopped work has one more reason to be stopped."""

    words: Said
    instruction: Words | None = None
    headcount: HeadCount | None = None


class Spoken(PermitFacts, frozen=True, kw_only=True):
    """An event about a permit with a sentence and no more (shadow.began, permit.fire_watch_over, ...)."""

    words: Said


class Received(PermitFacts, frozen=True, kw_only=True):
    """A ticket arrived, from the centre or drawn up on the box (then with `ticket` and `by`)."""

    by: Annotated[str, Meta(description="person who drew it up on the box; absent: the centre")] = ""
    extends: Annotated[str, Meta(description="the ticket for whose work it gives more time")] = ""
    ticket: Annotated[Ticket | None, Meta(description="of a ticket made on the box: all of it")] = None
    left_out: Annotated[tuple[str, ...], Meta(description="measures of the rulebook that it leaves out")] = ()


class Approved(PermitFacts, frozen=True, kw_only=True):
    """Somebody signed a ticket that was made on the box."""

    by: Person
    role: Annotated[str, Meta(description="in which he signed")]
    still_needed: Annotated[tuple[str, ...], Meta(description="roles whose signature is missing")]
    left_out: tuple[str, ...]
    ticket: Ticket


class Linked(PermitFacts, frozen=True, kw_only=True):
    """Two tickets of one job name each other."""

    by: Person
    words: Said
    ticket: Ticket


class TicketRefused(Data, frozen=True, kw_only=True):
    """A ticket that the box does not take."""

    version: int
    reasons: Reasons


class ChangeReceived(PermitFacts, frozen=True, kw_only=True):
    """A newer version of a running permit; it counts when the guard has acknowledged it (ledger 2-17)."""

    changes: Annotated[tuple[Words, ...], Meta(description="each field with its old and its new value")]
    words: Said


class ChangeTaken(ChangeReceived, frozen=True, kw_only=True):
    """The guard has acknowledged the newer version: it counts."""

    by: Person


class Signed(PermitFacts, frozen=True, kw_only=True):
    """Somebody agreed to a start, a resume or a close."""

    for_: Annotated[str, Meta(description="what was agreed to: start, resume, resume_watch, close")] = field(
        name="for"
    )
    still_needed: Annotated[tuple[Capacity, ...], Meta(description="who must agree still")]


class Audited(PermitFacts, frozen=True, kw_only=True):
    """What an auditor would fault, at the start and at the close."""

    at: Annotated[str, Meta(description="start or close")]
    faults: tuple[Words, ...]


class Retested(PermitFacts, frozen=True, kw_only=True):
    """A named tester entered a gas test; the box judged it."""

    retest: Retest
    reasons: Annotated[tuple[Words, ...], Meta(description="why it did not pass; empty: it passed")]


class MeasureConfirmed(PermitFacts, frozen=True, kw_only=True):
    """Somebody looked: manual measures are in place."""

    person: Person
    confirmed: Annotated[tuple[str, ...], Meta(description="ids of measures of the ticket")]


class EverybodyOut(PermitFacts, frozen=True, kw_only=True):
    """After a permit that ended in the middle of its work: all are out."""

    by: Person
    words: Said


class FireWatchOwed(PermitFacts, frozen=True, kw_only=True):
    """A ticket ended before its fire watch was kept."""

    left_s: Annotated[float, Meta(description="seconds of watch that are still owed")]
    notify: Notify
    words: Said


class Refused(Data, frozen=True, kw_only=True):
    """What somebody asked for was refused (permit.start_refused, permit.resume_refused, ...)."""

    person: Person
    proof: Annotated[str, Meta(description="by which he showed who he is: pin, badge, session, code, ...")]
    reasons: Reasons


class HereRefused(Data, frozen=True, kw_only=True):
    """The guard's "I'm here" did not count: asked for by a person, or pressed on a wearable (with the permit)."""

    reasons: Reasons
    person: str = ""
    proof: str = ""
    state: State | None = None
    version: int | None = None
    area: str = ""
    holder: str = ""
    guard: str | None = None
    authorised: bool = False
    causes: tuple[Cause, ...] = ()
    signatures: tuple[Signature, ...] = ()
    shadow: bool = False


class Overridden(Data, frozen=True, kw_only=True):
    """A safety officer lets a rule be for a while, or it ended."""

    rule: Rule
    code: Code
    by: Person
    reason: str
    until_utc: Utc
    count: Annotated[int, Meta(description="how many have been given under this permit")]
    words: Said


class HandedOver(PermitFacts, frozen=True, kw_only=True):
    """The work went over to the next shift."""

    person: Person
    items: Annotated[tuple[str, ...], Meta(description="what was handed over")]
    words: Said


class GuardIn(PermitFacts, frozen=True, kw_only=True):
    """A guard checked in at the point."""

    presence: Annotated[str, Meta(description="what shows that he is there: tag, code, badge, claim, ...")]
    relieved: Annotated[str | None, Meta(description="whom he relieves")] = None
    co_signed: Annotated[str, Meta(description="who vouches for him where nothing else does")] = ""


class GuardOut(PermitFacts, frozen=True, kw_only=True):
    """The guard checked out; nobody guards."""

    person: Person


class GuardRelieved(PermitFacts, frozen=True, kw_only=True):
    """One guard took over from another."""

    relieved: Person
    words: Said


class GuardHere(PermitFacts, frozen=True, kw_only=True):
    """The guard answered "are you there?"."""

    presses: Annotated[int, Meta(description="in a row, since he last moved or checked in")]
    left: Annotated[int, Meta(description="how many more count before he must move")]
    presence: str


class Crossed(PermitFacts, frozen=True, kw_only=True):
    """People went in or came out, or answered from inside (person.entered, .left, .answered)."""

    by: Person
    persons: tuple[str, ...]
    inside: Annotated[tuple[str, ...], Meta(description="everybody who is counted inside now")]
    tools: Annotated[int | None, Meta(description="tools counted now; null: not counted")]
    tools_inside: int


class Wears(PermitFacts, frozen=True, kw_only=True):
    """Somebody of the permit wears another device from now on: keep it in the person's record."""

    by: Person
    person: Person
    wears: Annotated[str, Meta(description="the wearable's id")]
    before: Annotated[str | None, Meta(description="which he wore; it speaks for nobody now; null: none")]


class WouldHave(PermitFacts, frozen=True, kw_only=True):
    """In shadow: work would have been stopped, or its start refused."""

    rules: tuple[str, ...]
    words: Said
