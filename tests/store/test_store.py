"""What was committed is what is loaded; one writer; readers beside it; damaged files are named."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import apsw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from peewee import OperationalError

from edge_agent.domain.figures import Counts
from edge_agent.domain.permit import State
from edge_agent.store.batch import Batch, Outgoing, Seen
from edge_agent.store.chain import GENESIS, verify
from edge_agent.store.connect import sqlite_fault
from edge_agent.store.errors import StoreError, StoreFault
from edge_agent.store.reader import Reader
from edge_agent.store.store import Store, quarantine
from tests.support.store_values import alarm, data, entries, event, event_batch, permit, person, record


def test_a_new_file_is_empty_and_marked(store: Store, path: Path) -> None:
    saved = store.load()
    assert (saved.seq, saved.head_hash, saved.permits, saved.waiting) == (0, GENESIS, (), 0)
    with Reader.open(path) as reader:
        pragma = {
            name: reader._database.pragma(name) for name in ("application_id", "user_version", "journal_mode")
        }
    assert pragma == {"application_id": 0x65644761, "user_version": 1, "journal_mode": "wal"}
    assert store._database.connection().pragma("synchronous") == 2  # FULL


def test_the_sqlite_in_use_has_no_two_writers_defect() -> None:
    assert sqlite_fault() is None
    assert "3.51.2" in (sqlite_fault("3.51.2") or "")
    assert sqlite_fault("3.51.3") is None


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(data, max_size=5), st.lists(st.sampled_from(State), max_size=4, unique=True), st.booleans())
def test_what_was_committed_is_loaded_after_a_restart(tmp_path_factory, facts, states, listed) -> None:
    path = tmp_path_factory.mktemp("store") / "edge.sqlite"
    events = [event(seq, facts=fact) for seq, fact in enumerate(facts, start=1)]
    permits = tuple(permit(f"P-{n}", state) for n, state in enumerate(states))
    batch = Batch(
        audit=entries(events, GENESIS),
        permits=permits,
        alarms=(alarm(),) if listed else None,
        persons=(person("li"), person("wang", pin_hash="$argon2id$x")),
        records=(record("gas-1", calibration_due_utc=1.9e9), record("gas-2", self_test_ok=False)),
        counts=Counts(gas_alarms={"cl2/yard": ((20000, len(facts)),)}),
        seen=(Seen(subject="permit/P-1", version=3, message="m-1"),),
        meta={"boot": "b-1"},
    )
    with Store.open(path) as store:
        store.commit(batch)
    with Store.open(path) as store:
        saved = store.load()
        assert store.verify_chain() is None
    assert saved.permits == permits
    assert saved.alarms == (batch.alarms or ())
    assert saved.persons == batch.persons
    assert saved.records == batch.records
    assert saved.counts == batch.counts
    assert saved.seen == {"permit/P-1": batch.seen[0]}
    assert saved.meta["boot"] == "b-1"
    assert saved.recent == tuple(reversed(events))
    assert (saved.seq, saved.audit_n) == (len(events), len(events))
    assert saved.head_hash == (batch.audit[-1].sealed.hash if events else GENESIS)


def test_alarms_are_the_whole_list_and_none_leaves_it(store: Store) -> None:
    store.commit(Batch(alarms=(alarm("a"), alarm("b"))))
    store.commit(Batch(permits=(permit(),)))
    assert [a.verdict.key for a in store.load().alarms] == ["a", "b"]
    store.commit(Batch(alarms=(alarm("b"),)))
    assert [a.verdict.key for a in store.load().alarms] == ["b"]
    store.commit(Batch(alarms=()))
    assert store.load().alarms == ()


def test_a_permit_that_is_kept_no_longer_is_gone(store: Store) -> None:
    store.commit(Batch(permits=(permit("P-1"), permit("P-2"))))
    store.commit(Batch(forgotten=("P-1",)))
    assert [kept.ticket.id for kept in store.load().permits] == ["P-2"]


def test_a_newer_permit_and_a_newer_downlink_replace_the_older(store: Store) -> None:
    store.commit(Batch(permits=(permit(state=State.ACTIVE),), seen=(Seen(subject="s", version=1, message="a"),)))
    store.commit(Batch(permits=(permit(state=State.PAUSED),), seen=(Seen(subject="s", version=2, message="b"),)))
    saved = store.load()
    assert [p.state for p in saved.permits] == [State.PAUSED]
    assert saved.seen["s"].version == 2


def test_a_batch_that_does_not_continue_the_chain_is_refused_whole(store: Store) -> None:
    store.commit(event_batch(1, GENESIS))
    stray = event_batch(2, "f" * 64)
    with pytest.raises(StoreError) as refused:
        store.commit(Batch(audit=stray.audit, permits=(permit(),)))
    assert refused.value.fault is StoreFault.FORK
    assert store.load().permits == ()
    store.commit(event_batch(2, store.load().head_hash))


def test_the_same_batch_twice_counts_once(store: Store) -> None:
    batch = event_batch(1, GENESIS)
    store.commit(batch)
    store.commit(batch)
    assert (store.load().seq, store.load().waiting) == (1, 1)


def test_a_seq_that_is_taken_leaves_nothing_of_its_batch(store: Store) -> None:
    store.commit(event_batch(1, GENESIS))
    head = store.load().head_hash
    with pytest.raises(StoreError):
        store.commit(Batch(audit=entries([event(1, other=True)], head), permits=(permit(),)))
    assert (store.load().audit_n, store.load().permits) == (1, ())
    store.commit(event_batch(2, head))


def test_urgent_rows_come_first_and_ids_are_never_used_again(store: Store, path: Path) -> None:
    store.commit(Batch(outbox=tuple(Outgoing(topic=f"t/{p}", payload=b"x", priority=p) for p in (3, 1, 4, 1))))
    with Reader.open(path) as reader:
        rows = reader.outbox(10)
        assert [(row.priority, row.id) for row in rows] == [(1, 2), (1, 4), (3, 1), (4, 3)]
        assert [row.id for row in reader.outbox(2, without={2, 1})] == [4, 3]
        store.commit(Batch(acked=(1, 2, 3, 4)))
        assert reader.outbox(10) == []
        assert reader.gone({1, 2, 9}) == {1, 2, 9}
        store.commit(Batch(outbox=(Outgoing(topic="t", payload=b"y", priority=1),)))
        assert [row.id for row in reader.outbox(10)] == [5]


def test_a_state_replaces_its_unsent_older_word_only(store: Store, path: Path) -> None:
    def say(topic: str, payload: bytes, *, retain: bool) -> Outgoing:
        return Outgoing(topic=topic, payload=payload, priority=2, retain=retain)

    store.commit(
        Batch(outbox=(say("up/permit/1", b"ready", retain=True), say("up/permit/2", b"ready", retain=True)))
    )
    store.commit(Batch(outbox=(say("up/event", b"e1", retain=False), say("up/event", b"e2", retain=False))))
    store.commit(Batch(outbox=(say("up/permit/1", b"active", retain=True),)))
    store.commit(Batch(acked=(1,)))  # the broker took the older word: the newer one still has to go
    with Reader.open(path) as reader:
        assert [row.payload for row in reader.outbox(10)] == [b"ready", b"e1", b"e2", b"active"]


@pytest.mark.usefixtures("store")
def test_only_one_process_may_write(path: Path) -> None:
    with pytest.raises(StoreError) as refused:
        Store.open(path)
    assert refused.value.fault is StoreFault.LOCKED
    assert "stop it first" in refused.value.words.en


def test_a_reader_can_neither_write_nor_checkpoint(store: Store, path: Path) -> None:
    store.commit(event_batch(1, GENESIS))
    before = path.read_bytes()
    with Reader.open(path) as reader:
        with pytest.raises(OperationalError, match="readonly"):
            reader._database.execute_sql("DELETE FROM outbox")
        with pytest.raises(OperationalError):  # the file is open for reading only: the kernel refuses the write
            list(reader._database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)"))
        assert path.read_bytes() == before
        assert len(reader.outbox(10)) == 1


def test_a_reader_verifies_the_chain_beside_the_writer(store: Store, path: Path) -> None:
    store.commit(Batch(audit=entries([event(seq) for seq in range(1, 1203)], GENESIS)))
    with Reader.open(path) as reader:
        assert verify(reader.audit()) is None
        assert [one.seq for one in reader.recent(2)] == [1202, 1201]


READ_AS_NOBODY = """
import os, sys
from pathlib import Path
from edge_agent.store.reader import Reader
os.setgroups([]); os.setgid(65534); os.setuid(65534)
with Reader.open(Path(sys.argv[1])) as reader:
    print(len(reader.outbox(10)))
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become another user")
def test_another_user_reads_after_a_clean_close_without_write_access() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(folder) / "edge.sqlite"
        with Store.open(path) as store:
            store.commit(event_batch(1, GENESIS))
        for file in Path(folder).iterdir():
            file.chmod(0o644)
        done = subprocess.run(
            [sys.executable, "-c", READ_AS_NOBODY, str(path)],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.stdout.strip() == "1", done.stderr


def test_a_file_of_another_program_is_left_alone(path: Path) -> None:
    foreign = apsw.Connection(str(path))
    foreign.execute("CREATE TABLE theirs(x)")
    foreign.close()
    before = path.read_bytes()
    with pytest.raises(StoreError) as refused:
        Store.open(path)
    assert refused.value.fault is StoreFault.VERSION
    assert path.read_bytes() == before


def test_a_newer_schema_is_refused(path: Path) -> None:
    Store.open(path).close()
    newer = apsw.Connection(str(path))
    newer.pragma("user_version", 2)
    newer.close()
    with pytest.raises(StoreError) as refused:
        Store.open(path)
    assert refused.value.fault is StoreFault.VERSION
    assert "schema 2" in str(refused.value)


def test_rubbish_is_named_and_can_be_put_aside(path: Path) -> None:
    path.write_bytes(b"this is no database at all" * 400)
    with pytest.raises(StoreError) as refused:
        Store.open(path)
    assert refused.value.fault is StoreFault.CORRUPT
    aside = quarantine(path, 1_800_000_000.0)
    assert aside.name == "edge.sqlite.corrupt-20270115T080000Z"
    assert aside.exists()
    with Store.open(path) as fresh:
        assert fresh.load().permits == ()


def _alter(path: Path, statement: str) -> None:
    connection = apsw.Connection(str(path))
    connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE permit SET json = CAST(replace(CAST(json AS TEXT), '4000.0', '9000.0') AS BLOB)", "permit P-1"),
        ("UPDATE alarm SET crc = crc + 1", "alarm"),
        ("DELETE FROM audit WHERE n = 2", "does not end at its head"),
        ("DELETE FROM meta WHERE key = 'head'", "does not end at its head"),
    ],
)
def test_values_that_changed_on_the_disk_are_never_loaded(path: Path, statement: str, says: str) -> None:
    with Store.open(path) as store:
        batch = Batch(audit=entries([event(1), event(2)], GENESIS), permits=(permit(),), alarms=(alarm(),))
        store.commit(batch)
    _alter(path, statement)
    with Store.open(path) as store, pytest.raises(StoreError, match=says) as refused:
        store.load()
    assert refused.value.fault is StoreFault.CORRUPT


def test_an_edited_audit_row_is_named(path: Path) -> None:
    with Store.open(path) as store:
        store.commit(Batch(audit=entries([event(seq) for seq in (1, 2, 3)], GENESIS)))
    _alter(path, "UPDATE audit SET body = CAST(replace(CAST(body AS TEXT), '12.5', '99.5') AS BLOB) WHERE n = 2")
    with Store.open(path) as store:
        assert store.verify_chain().n == 2


def test_flipped_pages_are_refused_at_the_door(path: Path) -> None:
    with Store.open(path) as store:
        store.commit(Batch(audit=entries([event(seq) for seq in range(1, 300)], GENESIS)))
    raw = bytearray(path.read_bytes())
    for page in range(3, len(raw) // 4096):
        raw[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path.write_bytes(raw)
    with pytest.raises(StoreError) as refused:
        Store.open(path)
    assert refused.value.fault is StoreFault.CORRUPT


class OutboxAgainstModel(RuleBasedStateMachine):
    """The outbox behaves as a plain list does, whatever is added, replaced and acknowledged."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "edge.sqlite"
        self.store = Store.open(path)
        self.reader = Reader.open(path)
        self.model: list[tuple[int, int, str, bool]] = []
        self.next = 1

    @rule(topic=st.sampled_from("abc"), priority=st.integers(1, 4), retain=st.booleans())
    def say(self, topic: str, priority: int, *, retain: bool) -> None:
        self.store.commit(Batch(outbox=(Outgoing(topic=topic, payload=b"x", priority=priority, retain=retain),)))
        if retain:
            self.model = [row for row in self.model if not (row[2] == topic and row[3])]
        self.model.append((priority, self.next, topic, retain))
        self.next += 1

    @rule(data=st.data())
    def acknowledge(self, data: st.DataObject) -> None:
        ids = data.draw(st.sets(st.integers(0, self.next + 1)))
        self.store.commit(Batch(acked=tuple(ids)))
        self.model = [row for row in self.model if row[1] not in ids]

    @invariant()
    def the_same_rows_in_the_same_order(self) -> None:
        rows = [(row.priority, row.id, row.topic, row.retain) for row in self.reader.outbox(1000)]
        assert rows == sorted(self.model)

    def teardown(self) -> None:
        self.reader.close()
        self.store.close()
        self.folder.cleanup()


OutboxAgainstModel.TestCase.settings = settings(max_examples=15, stateful_step_count=15, deadline=None)
TestOutbox = OutboxAgainstModel.TestCase
