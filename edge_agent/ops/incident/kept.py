"""What the records themselves hold of a span: events with who and why, and the pictures kept with them."""

from collections.abc import Iterable, Iterator

from edge_agent.domain.outcome import Event
from edge_agent.domain.words import NOTHING, Words, joined
from edge_agent.ops.export.table import WHO
from edge_agent.ops.folders import DATABASE, EVIDENCE
from edge_agent.ops.incident.journals import Span
from edge_agent.ops.replay import line
from edge_agent.settings.site import Settings
from edge_agent.store.load import Wanted
from edge_agent.store.reader import Reader
from edge_agent.tell.evidence import MASKED
from edge_agent.tell.live_incident import Happening, IncidentStill

PAGE = 500
MOST = 500  # events that are told
WALKED = 400  # pages at most, from the newest back
SIGNED = frozenset({"permit.signed", "permit.started", "permit.resumed"})
ABOUT_A_PERSON = "person."  # why somebody is barred, and by whom, is told to administrators alone


def events(settings: Settings, span: Span) -> list[Event]:
    """The events of the span as they are recorded, oldest first, the first MOST of them. Raises StoreError."""
    found: list[Event] = []
    before: int | None = None
    with Reader.open(settings.state_folder / DATABASE) as records:
        for _ in range(WALKED):
            page = records.recent(PAGE, Wanted(before=before))
            found += [one for one in page if span.holds(one.at_utc)]
            if len(page) < PAGE or page[-1].at_utc < span.from_utc:
                break
            before = page[-1].seq
    return found[::-1][:MOST]


def same(again: Event, recorded: Event | None) -> bool:
    """Whether the same was decided again, byte for byte."""
    return recorded is not None and line(again) == line(recorded)


def happening(event: Event) -> Happening:
    """One event with who did it and why."""
    data = event.data
    private = event.type.startswith(ABOUT_A_PERSON)
    return Happening(
        seq=event.seq,
        type=event.type,
        subject=event.subject,
        at_utc=event.at_utc,
        words=_words(data.get("words")) or _words(data.get("detail")),
        permit=event.subject if event.type.startswith("permit.") else str(data.get("permit") or ""),
        priority=int(event.priority),
        who=() if private else _who(event),
        why=() if private else tuple(_why(event)),
    )


def _who(event: Event) -> tuple[str, ...]:
    """Who did it: of what several sign, everybody who has signed."""
    if event.type in SIGNED:
        signers = tuple(str(one["person"]) for one in event.data.get("signatures") or ())
        return signers[-1:] if event.type == "permit.signed" else signers
    members = (*WHO, "guard") if event.type.startswith("guard.") else WHO
    return tuple(str(event.data[key]) for key in members if isinstance(event.data.get(key), str))[:1]


def _why(event: Event) -> Iterator[Words]:
    for cause in event.data.get("causes") or ():
        yield joined((_words(cause.get("title")), _words(cause.get("detail"))))
    for reason in event.data.get("reasons") or ():
        yield _words(reason)


def _words(said: object) -> Words:
    if not isinstance(said, dict):
        return NOTHING
    return Words(str(said.get("zh", "")), str(said.get("en", "")))


def stills(settings: Settings, recorded: Iterable[Event]) -> Iterator[IncidentStill]:
    """The masked pictures of these events."""
    folder = settings.state_folder / EVIDENCE
    for event in recorded:
        for path in sorted(folder.glob(f"{event.seq}-*{MASKED}")):
            camera = path.name.removeprefix(f"{event.seq}-").removesuffix(MASKED)
            yield IncidentStill(seq=event.seq, camera=camera, at_utc=event.at_utc)
