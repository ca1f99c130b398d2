"""What `edge-agent restore` leaves in the records for the next start: which backup, where numbers go on."""

from collections.abc import Mapping

import msgspec
from msgspec import Struct

KEY = "restored"  # of the store's meta


class Restored(Struct, frozen=True, kw_only=True):
    """One restored backup. `seq`: the newest number that the centre may know; the next event is behind it."""

    made_utc: float
    rows: int
    head: str
    seq: int


def restored(meta: Mapping[str, str]) -> Restored | None:
    """What the records say of it; None where they were not restored, or the start after it has told so."""
    said = meta.get(KEY, "")
    return msgspec.json.decode(said, type=Restored) if said else None
