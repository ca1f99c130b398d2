"""Files of cameras' log-ins that the settings name no more go from the disk: old passwords need not lie about.

Only what the box itself has made (bundle_logins.py) goes, and only where every text that could still be taken was
read and names it nowhere: the settings, those being taken, the last good ones, those that the box runs with. It
stays for a week, so that settings of yesterday can be restored.
"""

import logging
from collections.abc import Iterator
from pathlib import Path

from edge_agent.ops.bundle_files import texts_of
from edge_agent.ops.bundle_logins import made
from edge_agent.ops.settings_kept import copies
from edge_agent.settings.secret_files import SECRETS
from edge_agent.store.folder import sync_folder

log = logging.getLogger(__name__)

KEPT_S = 7 * 86_400.0
SITE = "site.toml"


def prune(folder: Path, state: Path, utc: float) -> tuple[str, ...]:
    """The names that went. Never raises: what cannot be read or removed stays, and the log says so."""
    try:
        said = b"\n".join(one.read_bytes() for one in _texts(folder, state))
        gone = tuple(one for one in made(folder) if _is_old(one, utc) and one.name.encode() not in said)
        for one in gone:
            one.unlink()
        if gone:
            sync_folder(folder / SECRETS)
    except OSError as fault:
        log.warning("old files of cameras' log-ins stay: %s", fault)
        return ()
    for one in gone:
        log.info("%s is named by no settings any more and has gone", one)
    return tuple(one.name for one in gone)


def _texts(folder: Path, state: Path) -> Iterator[Path]:
    """Every text that the box runs with, may take, or may go back to. The first must be there."""
    yield folder / SITE
    yield from (one for one in (*texts_of(folder / SITE), *copies(state, SITE)) if one.exists())


def _is_old(file: Path, utc: float) -> bool:
    """By its own date; one that is ahead of this clock is none."""
    return utc - file.stat().st_mtime > KEPT_S
