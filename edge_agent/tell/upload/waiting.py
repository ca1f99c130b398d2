"""Which evidence is still to be sent: by the records, in which stand what was kept and what was sent."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from edge_agent.domain.outcome import Event
from edge_agent.store.load import Wanted
from edge_agent.store.reader import Reader
from edge_agent.tell.upload.parcels import kind_of

PAGE = 500
There = Callable[[str, str], bool]  # of a kind of evidence, a file of this name


def waiting(
    reader: Reader, after: int, since: Mapping[str, int], there: There = lambda _kind, _name: True
) -> tuple[list[Event], int]:
    """The events `evidence.kept` behind number `after` of which a file is to be sent, the oldest first.

    Each names those files alone. `since`: what may leave (the site's `what`), by the newest event of the moment
    from which it might. What is older is the backlog: it is sent if it is still there, and else passed over.
    And the number of the newest event of all: behind it nothing was looked at. Raises StoreError.
    """
    newest = next((event.seq for event in reader.recent(1)), 0)
    after = after if after <= newest else 0  # another history than the one that was looked at: all of it
    told = _all(reader, "evidence.sent", after)
    done = {(event.data["of"], file["name"]) for event in told for file in event.data["files"]}
    due: list[Event] = []
    for event in _all(reader, "evidence.kept", after):
        files = [one for one in _let_out(event, since, there) if (event.seq, one["name"]) not in done]
        if files:
            due.append(replace(event, data={**event.data, "files": files}))
    return sorted(due, key=lambda event: event.seq), newest


def _let_out(event: Event, since: Mapping[str, int], there: There) -> Iterator[Mapping[str, Any]]:
    kind = event.data["kind"]
    files: Iterable[Mapping[str, Any]] = event.data["files"]
    for file in files:
        what = kind_of(kind, file["name"])
        if what is not None and what in since and (event.seq > since[what] or there(kind, file["name"])):
            yield file


def _all(reader: Reader, type_: str, after: int) -> list[Event]:
    found: list[Event] = []
    before: int | None = None
    while True:
        page = reader.recent(PAGE, Wanted(type=type_, after=after, before=before))
        found += page
        if len(page) < PAGE:
            return found
        before = page[-1].seq
