"""Who gets which short message, when it is tried again, and when somebody else is tried. Pure.

A critical event that the centre's broker has not got in time goes to everybody whose role it names. Each message
is a row; what becomes of it is decided here, by the clock of the box.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.domain.centre_record import UNVERIFIED_S, CentreRecord, ContactPerson, dialled
from edge_agent.domain.local_time import LocalTime
from edge_agent.domain.outcome import Event, Priority
from edge_agent.domain.words import Words
from edge_agent.tell.short import pdu

State = Literal["new", "put", "sent", "arrived", "failed", "unanswered", "needless"]
OPEN: frozenset[State] = frozenset({"new", "put"})  # still to be sent
LOST: frozenset[State] = frozenset({"failed", "unanswered"})
FIRST_RETRY_S, LONGEST_RETRY_S = 5.0, 300.0
MOST_TRIES = 6
HOUR_S = 3600.0
# One sign beyond the 7-bit alphabet would more than halve what an English message holds.
PLAINLY = str.maketrans({"≤": "<=", "≥": ">=", "—": "-", "…": "...", "³": "3", "²": "2"})
KEPT_S = 30 * 86400.0  # rows of the record


class Patience(Struct, frozen=True, kw_only=True):
    """How long is waited, and how much is sent (site.toml, [short_messages])."""

    after_s: float
    receipt_s: float
    per_hour: int
    language: Literal["zh", "en"]


class Row(Struct, frozen=True, kw_only=True):
    """One message to one number; `second` is tried where this one is not known to have arrived."""

    id: str
    seq: int
    name: str
    number: str
    second: str
    text: str
    verified: bool = True  # somebody reached him lately, by a list that still counts
    made_utc: float
    next_utc: float
    state: State = "new"
    tries: int = 0
    handle: str = ""
    reference: str = ""
    sent_utc: float | None = None


def is_critical(event: Event) -> bool:
    """Whether people are told at once: what is dangerous now, in earnest, and asks for roles.

    That the work stands is no news beside the alarm that stopped it.
    """
    if event.type == "permit.paused":
        return False
    return event.priority is Priority.CRITICAL and bool(event.data.get("notify")) and not event.data.get("drill")


def rows_for(  # noqa: PLR0913, PLR0917 (what is told, to whom, how)
    event: Event, copy: CentreRecord, patience: Patience, site: str, local_time: LocalTime, now_utc: float
) -> Iterator[Row]:
    """A message to each number of those whom the event names, those who were verified lately first.

    A list that has run out is better than nobody: it is used, and none of it is verified.
    """
    contacts = copy.contacts
    if contacts is None:
        return
    said = text_of(event, site, local_time, patience.language)
    roles = event.data["notify"]
    people = [one for one in contacts.people if one.role in roles and (dialled(one.phone) or dialled(one.second))]
    told: set[str] = set()
    counts = copy.counts(now_utc)
    for one in sorted(people, key=lambda person: not verified(person, now_utc)):
        numbers = [number for number in map(dialled, (one.phone, one.second)) if number]
        number, second = numbers[0], next((other for other in numbers[1:] if other != numbers[0]), "")
        if number not in told:
            told.add(number)
            yield Row(
                id=f"{event.seq}/{number}",
                seq=event.seq,
                name=one.name,
                number=number,
                second=second,
                text=said,
                verified=counts and verified(one, now_utc),
                made_utc=now_utc,
                next_utc=now_utc + patience.after_s,
            )


def verified(one: ContactPerson, now_utc: float) -> bool:
    """Whether somebody reached him lately."""
    return one.verified_utc is not None and 0 <= now_utc - one.verified_utc <= UNVERIFIED_S


def text_of(event: Event, site: str, local_time: LocalTime, language: Literal["zh", "en"]) -> str:
    """Time, site, what and which: cut to what one message holds."""
    data = event.data
    cause = next(iter(data.get("causes") or ()), data)
    what = [part.get(language, "") for part in (cause.get("title"), cause.get("detail")) if part]
    at = local_time.local(event.at_utc).strftime("%H:%M")
    words = ("：" if language == "zh" else ": ").join([site, *(part for part in what if part)])
    text = f"{at} {words}"
    return pdu.fitted(text if language == "zh" else text.translate(PLAINLY))


def sent(row: Row, reference: str, now_utc: float) -> Row:
    """It went out."""
    return replace(row, state="sent", reference=reference, sent_utc=now_utc, tries=row.tries + 1)


def refused(row: Row, now_utc: float) -> Row:
    """The carrier did not take it: again later, or never."""
    tries = row.tries + 1
    if tries >= MOST_TRIES:
        return replace(row, state="failed", tries=tries)
    wait_s = min(FIRST_RETRY_S * 2 ** (tries - 1), LONGEST_RETRY_S)
    return replace(row, tries=tries, next_utc=now_utc + wait_s)


def receipted(rows: Iterable[Row], number: str, reference: str, *, arrived: bool) -> Row | None:
    """The row that this receipt is about, as it stands after it; also one that was given up already.

    One whose reference was lost in a restart is the newest to that number.
    """
    went = [row for row in rows if row.number == number and row.state in {"sent", "unanswered"}]
    named = [row for row in went if row.reference == reference] or [row for row in went if not row.reference]
    if not named:
        return None
    newest = max(named, key=lambda row: row.sent_utc or 0.0)
    return replace(newest, state="arrived" if arrived else "failed")


def late(row: Row, patience: Patience, now_utc: float) -> bool:
    """Whether it was sent and nobody has said in time that it arrived."""
    return row.state == "sent" and row.sent_utc is not None and now_utc - row.sent_utc >= patience.receipt_s


def otherwise(row: Row, now_utc: float) -> Row | None:
    """The same message by the second channel, where the first is lost and there is one."""
    if row.state not in LOST or not row.second:
        return None
    return Row(
        id=f"{row.seq}/{row.second}",
        seq=row.seq,
        name=row.name,
        number=row.second,
        second="",
        text=row.text,
        verified=False,  # nobody says when it was tried last
        made_utc=now_utc,
        next_utc=now_utc,
    )


def free_utc(rows: Iterable[Row], number: str, patience: Patience, now_utc: float) -> float:
    """From when on this number may be sent another one: so many an hour, and no more."""
    went = sorted(
        row.sent_utc
        for row in rows
        if row.number == number and row.sent_utc is not None and row.sent_utc > now_utc - HOUR_S
    )
    return now_utc if len(went) < patience.per_hour else went[-patience.per_hour] + HOUR_S


def unreached(rows: Iterable[Row], since_utc: float) -> Words:
    """Whose newest message did not arrive, since the contacts came; one that arrives clears it."""
    newest: dict[str, Row] = {}
    for row in sorted(rows, key=lambda one: one.made_utc):
        if row.made_utc >= since_utc and (row.state in LOST or row.state == "arrived"):
            newest[row.number] = row
    lost = [f"{row.name} {masked(row.number)}" for row in newest.values() if row.state in LOST]
    return Words("、".join(lost), ", ".join(lost))


def masked(number: str) -> str:
    """Enough of it to know which one, not enough to call it."""
    return f"…{number[-4:]}"
