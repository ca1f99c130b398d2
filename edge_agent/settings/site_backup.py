"""site.toml's table of the backup that goes off the box, and what backups are called."""

from typing import Annotated

from msgspec import Meta, Struct

SUFFIX = ".edgebackup"
RECIPIENT = r"^[A-Za-z0-9_-]{43}$"


class BackupTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[backup]: settings and records go, sealed, to the folder `into` of another machine or disk, mounted here.

    Only who holds the private half of `recipient` opens one (`edge-agent backup --new-key FILE` makes both); the
    box cannot. The newest `keep` of this unit stay. systemd's timer says when (edge-agent-backup.timer).
    `send`: the newest goes to the store of [upload] as well; `into` may then be a folder of the box itself.
    """

    into: Annotated[str, Meta(pattern="^/", max_length=512)]
    recipient: Annotated[str, Meta(pattern=RECIPIENT)]
    keep: Annotated[int, Meta(ge=1, le=1000)] = 14
    send: bool = False


def named_like(site: str, unit: str) -> str:
    """The pattern of this unit's names (glob): in their order the oldest comes first; others are left alone."""
    return f"{site}-{unit}-[0-9]*Z{SUFFIX}"
