"""What the board reads of the runtime folder: files that are always whole, replaced at once."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from edge_agent.domain.guide import Guide, HazardKind, Offers
from edge_agent.store.folder import put_unsynced
from edge_agent.tell.live import Live
from edge_agent.tell.live_commissioning import LiveCommissioning
from edge_agent.tell.live_curves import Curves

LIVE = "live.json"
CURVES = "curves.json"
CARDS = "cards.json"
HAZARDS = "hazards.json"
WORKS = "works.json"
COMMISSIONING = "commissioning.json"


def write_live(runtime: Path, live: Live) -> None:
    """Replace `<runtime>/live.json` at once. Not synced: after a power cut nobody wants the old picture.

    Raises OSError; the picture before it then still stands, and grows old.
    """
    _replace(runtime / LIVE, live)


def write_curves(runtime: Path, curves: Curves) -> None:
    """Replace `<runtime>/curves.json` at once. Raises OSError."""
    _replace(runtime / CURVES, curves)


def write_guides(runtime: Path, guides: Mapping[str, Guide], kinds: Iterable[HazardKind]) -> None:
    """What people look up: `cards.json`, every guide card by its code, and `hazards.json`. Raises OSError."""
    _replace(runtime / CARDS, guides)
    _replace(runtime / HAZARDS, tuple(kinds))


def write_offers(runtime: Path, offers: Offers) -> None:
    """What a ticket is drawn up from: `works.json`. Raises OSError."""
    _replace(runtime / WORKS, offers)


def write_commissioning(runtime: Path, now: LiveCommissioning) -> None:
    """How the commissioning stands: `commissioning.json`. Raises OSError."""
    _replace(runtime / COMMISSIONING, now)


def _replace(path: Path, what: object) -> None:
    put_unsynced(path, msgspec.json.encode(what))


def read_live(runtime: Path) -> Live | None:
    """The picture; None where there is none that this program understands (the agent is not running).

    Whoever shows it compares `at_utc` with the clock: a picture older than 3 s is not live.
    """
    try:
        return msgspec.json.decode((runtime / LIVE).read_bytes(), type=Live)
    except (OSError, msgspec.DecodeError):
        return None
