"""Which evidence is still to be sent: by the records, in which stand what was kept and what was sent."""

from edge_agent.domain.outcome import Event
from edge_agent.store.load import Wanted
from edge_agent.store.reader import Reader
from edge_agent.tell.upload.parcels import allowed

PAGE = 500


def waiting(reader: Reader, after: int, what: tuple[str, ...]) -> tuple[list[Event], int]:
    """The events `evidence.kept` behind number `after` of which a file is to be sent, the oldest first.

    And the number of the newest event of all: behind it nothing was looked at. Raises StoreError.
    """
    newest = next((event.seq for event in reader.recent(1)), 0)
    after = after if after <= newest else 0  # another history than the one that was looked at: all of it
    done = {event.data["of"] for event in _all(reader, "evidence.sent", after)}
    kept = [event for event in _all(reader, "evidence.kept", after) if event.seq not in done]
    due = [
        event for event in kept if any(allowed(event.data["kind"], f["name"], what) for f in event.data["files"])
    ]
    return sorted(due, key=lambda event: event.seq), newest


def _all(reader: Reader, type_: str, after: int) -> list[Event]:
    found: list[Event] = []
    before: int | None = None
    while True:
        page = reader.recent(PAGE, Wanted(type=type_, after=after, before=before))
        found += page
        if len(page) < PAGE:
            return found
        before = page[-1].seq
