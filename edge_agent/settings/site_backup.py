"""site.toml's table of the backup that goes off the box."""

from typing import Annotated

from msgspec import Meta, Struct

RECIPIENT = r"^[A-Za-z0-9_-]{43}$"


class BackupTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[backup]: settings and records go, sealed, to the folder `into` of another machine or disk, mounted here.

    Only who holds the private half of `recipient` opens one (`edge-agent backup --new-key FILE` makes both); the
    box cannot. The newest `keep` of this unit stay. systemd's timer says when (edge-agent-backup.timer).
    """

    into: Annotated[str, Meta(pattern="^/", max_length=512)]
    recipient: Annotated[str, Meta(pattern=RECIPIENT)]
    keep: Annotated[int, Meta(ge=1, le=1000)] = 14
