"""The live picture on its way to the board: a file that is always whole, replaced about twice a second."""

from pathlib import Path

import msgspec

from edge_agent.tell.live import Live

LIVE = "live.json"


def write_live(runtime: Path, live: Live) -> None:
    """Replace `<runtime>/live.json` at once. Not synced: after a power cut nobody wants the old picture.

    Raises OSError; the picture before it then still stands, and grows old.
    """
    path = runtime / LIVE
    half = path.with_name(f".{LIVE}.new")
    half.write_bytes(msgspec.json.encode(live))
    half.replace(path)


def read_live(runtime: Path) -> Live | None:
    """The picture; None where there is none that this program understands (the agent is not running).

    Whoever shows it compares `at_utc` with the clock: a picture older than 3 s is not live.
    """
    try:
        return msgspec.json.decode((runtime / LIVE).read_bytes(), type=Live)
    except (OSError, msgspec.DecodeError):
        return None
