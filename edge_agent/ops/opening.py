"""The records at start: opened and looked through; damaged, older and restored ones are known for what they are.

A box without its past can still guard: what cannot be read is moved aside for the auditor, and the journal, which
is on the disk before each commit, says what stood in it.
"""

import logging
from pathlib import Path

from edge_agent.agent.brain import Lost
from edge_agent.clock import SystemClock
from edge_agent.decide import figures
from edge_agent.decide.state import ChainBreak, Kept, State
from edge_agent.ops.folders import DATABASE, JOURNAL
from edge_agent.ops.replay import newest, newest_head
from edge_agent.ops.restored import Restored, restored
from edge_agent.settings.site import Settings
from edge_agent.store.chain import GENESIS
from edge_agent.store.errors import StoreError, StoreFault
from edge_agent.store.remains import remains
from edge_agent.store.store import Store, quarantine

log = logging.getLogger(__name__)

AWAY = frozenset({StoreFault.CORRUPT, StoreFault.IO})  # a disk that cannot read them may still keep new ones
AGAIN_S = 3600.0  # records that are damaged again so soon lie on a disk that fails: beginning anew helps nobody
CONDEMNED = ".condemned"  # beside the database: the full check, or a commit, found what a start does not look for


def opened(settings: Settings) -> tuple[Store, Lost | None]:
    """The one writer, and what became of the records before, if anything did. Raises StoreError."""
    path = settings.state_folder / DATABASE
    try:
        store = _readable(path)
    except StoreError as fault:
        if fault.fault not in AWAY:
            raise
        return _begun_anew(settings, path, fault)
    back = restored(store.load().meta)
    if back is not None:
        return store, _from_backup(back)
    head = newest_head(settings.state_folder / JOURNAL)
    if head is None or head == GENESIS or store.holds(head):
        return store, None
    return store, _older(settings, store)


def condemn(path: Path, why: str) -> None:
    """The next start moves these records aside, whatever its own look says. Raises OSError."""
    _mark(path).write_text(why, encoding="utf-8")


def damaged_lately(path: Path, utc: float) -> bool:
    """Whether records were moved aside within the last hour already."""
    return any(abs(utc - one.stat().st_ctime) < AGAIN_S for one in path.parent.glob(f"{path.name}.corrupt-*"))


def _mark(path: Path) -> Path:
    return path.with_name(path.name + CONDEMNED)


def _readable(path: Path) -> Store:
    """The store, if everything in it that the agent continues from can be read. Raises StoreError."""
    mark = _mark(path)
    if mark.exists() and path.exists():
        raise StoreError(StoreFault.CORRUPT, path, mark.read_text("utf-8"))
    store = Store.open(path)
    try:
        store.load()
    except StoreError:
        store.close()
        raise
    return store


def _begun_anew(settings: Settings, path: Path, fault: StoreError) -> tuple[Store, Lost]:
    aside = quarantine(path, SystemClock(declared=False).instant().utc)
    _mark(path).unlink(missing_ok=True)
    log.critical("the records are damaged and moved aside to %s: %s", aside, fault)
    left = remains(aside)
    seq, known = _by_journal(settings)
    broken = ChainBreak(
        why="damaged", aside=aside.name, rows=left.rows, head=left.head, by_journal=known is not None
    )
    return Store.open(path), Lost(broken=broken, seq=max(seq, left.seq), known=known)


def _older(settings: Settings, store: Store) -> Lost:
    saved = store.load()
    seq, known = _by_journal(settings)
    log.critical("the records end at event %d, the journal knows %d: they are not all there", saved.seq, seq)
    broken = ChainBreak(why="older", rows=saved.audit_n, head=saved.head_hash, by_journal=known is not None)
    return Lost(broken=broken, seq=seq, known=known)


def _from_backup(back: Restored) -> Lost:
    """What was told since the backup was told by another box: numbers go on behind it."""
    log.warning("the records come from a backup: numbers go on behind %d", back.seq)
    broken = ChainBreak(why="restored", rows=back.rows, head=back.head, made_utc=back.made_utc)
    return Lost(broken=broken, seq=back.seq)


def _by_journal(settings: Settings) -> tuple[int, Kept | None]:
    """The newest number that the journal knows, and what stood then; by other settings nobody can say."""
    last = newest(settings, settings.state_folder / JOURNAL)
    if last is None:
        return 0, None
    same = last.settings == settings.digest
    return last.state.seq, _kept(settings, last.state) if same else None


def _kept(settings: Settings, state: State) -> Kept:
    """As the store would have kept it: what the settings say is not kept beside them."""
    persons = {person.id: person for person in settings.persons}
    records = {record.id: record for record in settings.records}
    return Kept(
        permits=tuple(state.permits.values()),
        alarms=tuple(state.alarms.values()),
        persons=tuple(one for id_, one in state.persons.items() if persons.get(id_) != one),
        records=tuple(one for id_, one in state.records.items() if records.get(id_) != one),
        centre=tuple(state.centre.values()),
        rectifications=tuple(state.rectifications.values()),
        commissioning=state.commissioning,
        counts=figures.kept(state),
    )
