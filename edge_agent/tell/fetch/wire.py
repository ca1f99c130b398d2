"""What the agent tells the process that fetches a file, and what comes back: one JSON line each."""

from msgspec import Struct

from edge_agent.domain.words import Words
from edge_agent.settings.site_upload import HttpTable


class FetchConfig(HttpTable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How to speak to whom, what is fetched, and where it goes."""

    url: str
    sha256: str
    size: int
    target: str


class Fetched(Struct, frozen=True, kw_only=True):
    """How it ended: "here"; "later", to be tried again; "wrong", other bytes than were signed for."""

    how: str
    words: Words


HERE, LATER, WRONG = "here", "later", "wrong"
