"""The records at start: opened and looked through; damaged, older and restored ones are known for what they are.

A box without its past can still guard: what cannot be read is moved aside for the auditor, and the journal, which
is on the disk before each commit, says what stood in it.
"""

import logging
from pathlib import Path

from msgspec import Struct

from edge_agent.agent.brain import Lost
from edge_agent.agent.journal_end import end
from edge_agent.clock import SystemClock
from edge_agent.decide import figures
from edge_agent.decide.state import ChainBreak, Kept, State
from edge_agent.ops.folders import DATABASE, HISTORY, JOURNAL
from edge_agent.ops.integrity import NAME as LOOKED
from edge_agent.ops.replay import newest
from edge_agent.ops.restored import Restored, restored
from edge_agent.settings.site import Settings
from edge_agent.store.batch import Saved
from edge_agent.store.chain import GENESIS
from edge_agent.store.errors import StoreError, StoreFault
from edge_agent.store.journal import segments
from edge_agent.store.remains import remains
from edge_agent.store.store import Store, quarantine

log = logging.getLogger(__name__)

AWAY = frozenset({StoreFault.CORRUPT, StoreFault.IO})  # a disk that cannot read them may still keep new ones
AGAIN_S = 3600.0  # records that are damaged again so soon lie on a disk that fails: beginning anew helps nobody
JUMP = 1_000_000  # where nobody knows the newest number that was told: a hundred years of a busy box's days
# ... and at least the seconds since 2020, so that the next jump lands behind this one even where nothing is left
# of it (a box tells less than an event a second), and a 32-bit column of a centre's holds them until 2088.
SINCE_UTC = 1_577_836_800
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
    return store, _judged(settings, store)


def _judged(settings: Settings, store: Store) -> Lost | None:
    """Whether the records and the journal go on from each other; every order in which one can have lost its end.

    A kill or a power cut alone leaves the journal the same or one step ahead: its line is on the disk first.
    """
    saved, last = store.load(), end(settings.state_folder / JOURNAL)
    back = restored(saved.meta)
    if back is not None:
        return _from_backup(saved, back)
    if last is None:
        if saved.seq:
            return _without_journal(saved, 0)
        return _older(settings, saved) if _guarded_before(settings.state_folder) else None
    if last.head != GENESIS and not store.holds(last.head):
        return _older(settings, saved)
    return _without_journal(saved, last.seq) if last.lacks(saved.seq) else None


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


def _guarded_before(folder: Path) -> bool:
    """Whether this box has a past although neither records nor journal say anything of it."""
    if any((folder / name).exists() for name in (HISTORY, LOOKED)) or any(folder.glob(f"{DATABASE}.corrupt-*")):
        return True
    # The very first segment, torn while it was begun, is that of a new box whose power was cut.
    parts = segments(folder / JOURNAL)
    return len(parts) > 1 or any(b"\n" in part.read_bytes() for part in parts)


def _begun_anew(settings: Settings, path: Path, fault: StoreError) -> tuple[Store, Lost]:
    aside = quarantine(path, _utc())
    _mark(path).unlink(missing_ok=True)
    log.critical("the records are damaged and moved aside to %s: %s", aside, fault)
    left = remains(aside)
    past = _past(settings, left.seq)
    broken = ChainBreak(
        why="damaged",
        aside=aside.name,
        rows=left.rows,
        head=left.head,
        by_journal=past.known is not None,
        jumped=past.jumped,
    )
    return Store.open(path), Lost(broken=broken, seq=past.seq, known=past.known)


def _older(settings: Settings, saved: Saved) -> Lost:
    past = _past(settings, saved.seq)
    log.critical(
        "the records end at event %d, numbers go on behind %d: they are not all there", saved.seq, past.seq
    )
    broken = ChainBreak(
        why="older",
        rows=saved.audit_n,
        head=saved.head_hash,
        by_journal=past.known is not None,
        again_upto=saved.seq,
        jumped=past.jumped,
    )
    return Lost(broken=broken, seq=past.seq, known=past.known)


def _without_journal(saved: Saved, seq: int) -> Lost:
    """Nothing is lost of the records, and they go on; what led to them cannot be played again."""
    log.critical("the journal ends at event %d, the records at %d: it is not all there", seq, saved.seq)
    broken = ChainBreak(why="journal", rows=saved.audit_n, head=saved.head_hash, again_upto=saved.seq)
    return Lost(broken=broken, seq=saved.seq)


def _from_backup(saved: Saved, back: Restored) -> Lost:
    """What was told since the backup was told by another box: numbers go on behind it."""
    log.warning("the records come from a backup: numbers go on behind %d", back.seq)
    broken = ChainBreak(
        why="restored", rows=back.rows, head=back.head, made_utc=back.made_utc, again_upto=saved.seq
    )
    return Lost(broken=broken, seq=back.seq)


class _Past(Struct, frozen=True, kw_only=True):
    """The number behind which everything goes on, and what the journal knows of people and permits."""

    seq: int
    known: Kept | None
    jumped: bool


def _past(settings: Settings, at_least: int) -> _Past:
    """`at_least`: the newest number that the records show. By other settings nothing is decided again."""
    folder = settings.state_folder / JOURNAL
    last, again = end(folder), newest(settings, folder)
    same = again is not None and again.settings == settings.digest
    by_journal = max(last.seq if last else 0, again.state.seq if again else 0)
    sure = last is not None and last.whole and (last.said or same) and by_journal >= at_least
    seq = max(by_journal, at_least)
    if not sure:  # a number that was told already would be taken for a repetition
        seq = max(seq + JUMP, int(_utc()) - SINCE_UTC)
    return _Past(seq=seq, known=_kept(settings, again.state) if again and same else None, jumped=not sure)


def _utc() -> float:
    return SystemClock(declared=False).instant().utc


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
