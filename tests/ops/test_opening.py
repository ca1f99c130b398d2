"""Records that were really spoilt between two starts: the box comes up, says so first, and nobody works on."""

import os
from collections.abc import Callable
from pathlib import Path

import apsw
import msgspec
import pytest
from msgspec import Struct
from msgspec.structs import replace

from edge_agent.agent.brain import Brain, Lost, Parts
from edge_agent.decide.state import Kept
from edge_agent.domain.commissioning import NOT_COMMISSIONED
from edge_agent.domain.permit import Permit, State
from edge_agent.ops import opening
from edge_agent.ops.consume.kept import Arrived
from edge_agent.ops.consume.kept import Kept as Centre
from edge_agent.ops.opening import condemn, damaged_lately, opened
from edge_agent.settings.site import Settings
from edge_agent.store.batch import Batch
from edge_agent.store.chain import verify
from edge_agent.store.journal import Journal
from edge_agent.store.reader import Reader
from edge_agent.store.store import Store
from tests.agent.test_brain import Bench, HandClock
from tests.scenarios.stories.commissioning import act
from tests.support.story import Story, scenario_site

PAGE = 4096
Spoil = Callable[[Path], None]


class Worked(Struct, frozen=True):
    """A box that was at work, after an ordinary stop."""

    path: Path
    seq: int
    head: str
    permit: Permit


def at(folder: Path, settings: Settings) -> Settings:
    """The same site with its state there."""
    folders = replace(settings.site.folders, state=str(folder))
    return replace(settings, site=replace(settings.site, folders=folders))


@pytest.fixture
def site(tmp_path: Path) -> Settings:
    return at(tmp_path, scenario_site())


def work(bench: Bench, site: Settings) -> Worked:
    story = Story(site)
    story.begin_work()
    story.run(3)
    bench.play(story.lines[1:])
    state = bench.brain.state
    assert state.permits["P-1"].state is State.ACTIVE
    return Worked(bench.folder / "agent.sqlite", state.seq, bench.brain.keeper._head, state.permits["P-1"])


@pytest.fixture
def worked(tmp_path: Path, site: Settings) -> Worked:
    bench = Bench(tmp_path, site)
    found = work(bench, site)
    bench.close()
    return found


def page(number: int) -> Spoil:
    """Another page than was written, as a worn card gives it."""

    def spoil(path: Path) -> None:
        with path.open("r+b") as file:
            file.seek(number * PAGE)
            file.write(os.urandom(PAGE))

    return spoil


def halved(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2 // PAGE * PAGE)


def gone(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def emptied(path: Path) -> None:
    """A file system that kept the name alone."""
    gone(path)
    path.touch()


def no_header(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"\0" * 16)


def condemned(path: Path) -> None:
    """Every page is well; the full look or a commit found what a start does not look for."""
    condemn(path, "row 7: was altered")


def one_letter_of_the_permit(path: Path) -> None:
    content = path.read_bytes()
    assert b'"state":"active"' in content
    path.write_bytes(content.replace(b'"state":"active"', b'"state":"\xe1ctive"'))


def started(tmp_path: Path, site: Settings) -> tuple[Brain, Store, Lost | None]:
    store, lost = opened(site)
    journal = Journal(tmp_path / "journal", "boot-2")
    parts = Parts(clock=HandClock(), store=store, journal=journal, actuators=[], boot="boot-2", lost=lost)
    brain = Brain(site, parts)
    journal.close()
    return brain, store, lost


def aside_of(path: Path) -> Path:
    found = (one for one in path.parent.glob("agent.sqlite.corrupt-*") if not one.name.endswith(("-wal", "-shm")))
    (aside,) = found
    return aside


SPOILT: dict[str, Spoil] = {
    **{f"page {number}": page(number) for number in (1, 3, 5)},
    "half": halved,
    "header": no_header,
    "bit": one_letter_of_the_permit,
    "marked": condemned,
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_spoilt_records_are_set_aside_and_the_work_is_known_and_paused(
    tmp_path: Path, site: Settings, worked: Worked, spoil: Spoil
) -> None:
    spoil(worked.path)
    spoilt = worked.path.read_bytes()
    brain, store, lost = started(tmp_path, site)
    with store:
        assert lost is not None
        assert lost.broken.why == "damaged"
        aside = aside_of(worked.path)
        assert aside.read_bytes()[PAGE:] == spoilt[PAGE:], "kept for the auditor as it was found"
        assert damaged_lately(worked.path, aside.stat().st_ctime)
        permit = brain.state.permits["P-1"]
        assert permit.state is State.PAUSED
        assert permit.causes[-1].rule == "restart"
        assert [one.person for one in permit.inside] == [one.person for one in worked.permit.inside] != []
        first, second, *_ = reversed(brain.newest)
        assert (first.type, first.seq, second.type) == ("records.lost", worked.seq + 1, "unit.started")
        assert first.data["aside"] == aside.name
        saved = store.load()
        assert [(one.ticket.id, one.state) for one in saved.permits] == [("P-1", State.PAUSED)]
        assert store.verify_chain() is None
    with Reader.open(worked.path) as reader:
        rows = list(reader.audit())
    assert verify(rows) is None
    assert b'"records.lost"' in rows[0].body
    again, store, lost = started(tmp_path, site)
    store.close()
    assert lost is None, "said once"
    assert again.state.permits["P-1"].state is State.PAUSED


def test_where_the_old_chain_can_be_read_its_end_is_in_the_first_row_of_the_new(
    tmp_path: Path, site: Settings, worked: Worked
) -> None:
    one_letter_of_the_permit(worked.path)
    brain, store, _ = started(tmp_path, site)
    store.close()
    first = brain.newest[-1]
    assert (first.data["head"], first.data["rows"]) == (worked.head, worked.seq)
    assert worked.head[:12] in first.data["words"]["en"]


def test_the_alarm_is_raised_by_the_first_step_and_stays_until_somebody_has_read_it(
    tmp_path: Path, site: Settings, worked: Worked
) -> None:
    page(2)(worked.path)
    store, lost = opened(site)
    with store:
        journal = Journal(tmp_path / "journal", "boot-2")
        parts = Parts(clock=HandClock(), store=store, journal=journal, actuators=[], boot="boot-2", lost=lost)
        brain = Brain(site, parts)
        for _ in range(4):
            brain.step(())
        journal.close()
        (alarm,) = (one for one in brain.state.alarms.values() if one.verdict.rule == "records_damaged")
        assert alarm.state.value == "unack_rtn", "over, and nobody has read it yet"


def copied(path: Path) -> dict[str, bytes]:
    """The database as it stands, with its -wal: what somebody might put back later."""
    return {one.name: one.read_bytes() for one in path.parent.glob("agent.sqlite*") if one.suffix != ".lock"}


def put_back(path: Path, copy: dict[str, bytes]) -> None:
    gone(path)
    for name, content in copy.items():
        (path.parent / name).write_bytes(content)


def segments(folder: Path) -> list[Path]:
    return sorted((folder / "journal").glob("*.jsonl"))


def cut_off(segment: Path, events: int) -> None:
    """Without the last lines that made an event, and all after them."""
    lines = segment.read_bytes().splitlines(keepends=True)
    seqs = [msgspec.json.decode(line).get("seq", 0) for line in lines]
    first = next(at for at, seq in enumerate(seqs) if seq > seqs[-1] - events)
    segment.write_bytes(b"".join(lines[:first]))


def test_a_copy_from_a_few_seconds_before_is_found(tmp_path: Path, site: Settings) -> None:
    """Within one segment of the journal: its start is in both."""
    bench = Bench(tmp_path, site)
    copy = copied(tmp_path / "agent.sqlite")
    before = work(bench, site)
    bench.close()
    put_back(before.path, copy)
    brain, store, lost = started(tmp_path, site)
    store.close()
    assert lost is not None
    assert (lost.broken.why, lost.broken.jumped) == ("older", False)
    told = next(event for event in brain.newest if event.type == "records.lost")
    assert told.seq == before.seq + 1
    assert told.data["again_upto"] == lost.broken.rows < before.seq
    assert brain.state.permits["P-1"].state is State.PAUSED


def test_a_journal_that_lost_its_end_is_found_and_the_records_go_on(
    tmp_path: Path, site: Settings, worked: Worked
) -> None:
    cut_off(segments(tmp_path)[-1], 2)
    brain, store, lost = started(tmp_path, site)
    with store:
        brain.step(())
        assert store.verify_chain() is None
    assert lost is not None
    assert lost.broken.why == "journal"
    newer = [event for event in brain.newest if event.seq > worked.seq]
    assert [event.seq for event in reversed(newer)] == list(range(worked.seq + 1, brain.state.seq + 1))
    assert "records.lost" not in {event.type for event in newer}, "nothing is lost of them"
    assert brain.state.permits["P-1"].state is State.PAUSED
    (alarm,) = (one for one in brain.state.alarms.values() if one.verdict.rule == "records_damaged")
    assert "cannot be played again" in alarm.verdict.finding.detail.en


@pytest.mark.parametrize("whole", [True, False], ids=["removed", "one segment of two"])
def test_a_journal_that_was_removed_is_found(tmp_path: Path, site: Settings, *, whole: bool) -> None:
    first = Bench(tmp_path, site)
    first.brain.step(())
    first.close()
    bench = Bench(tmp_path, site)
    work(bench, site)
    bench.close()
    for segment in segments(tmp_path) if whole else segments(tmp_path)[-1:]:
        segment.unlink()
    _, store, lost = started(tmp_path, site)
    store.close()
    assert lost is not None
    assert lost.broken.why == "journal"


def test_a_kill_between_the_journal_and_the_commit_is_an_ordinary_start(tmp_path: Path, site: Settings) -> None:
    bench = Bench(tmp_path, site)
    copies = []
    commit = bench.store.commit

    def watched(batch: Batch) -> None:
        copies.append((copied(tmp_path / "agent.sqlite"), segments(tmp_path)[-1].read_bytes(), batch.audit))
        commit(batch)

    bench.store.commit = watched  # type: ignore[method-assign]
    work(bench, site)
    bench.close()
    killed = [(copy, journal) for copy, journal, audit in copies if audit]
    assert len(killed) > 3
    (segment,) = segments(tmp_path)
    for copy, journal in killed:
        put_back(tmp_path / "agent.sqlite", copy)
        segment.write_bytes(journal)
        store, lost = opened(site)
        store.close()
        assert lost is None


def spoilt_journal(folder: Path) -> None:
    for segment in segments(folder):
        segment.write_bytes(os.urandom(500) + b"\n" + os.urandom(500))


def torn_in_the_middle(folder: Path) -> None:
    """The newest segment from its middle on: what came after nobody knows."""
    segment = segments(folder)[-1]
    lines = segment.read_bytes().splitlines(keepends=True)
    segment.write_bytes(b"".join(lines[: len(lines) // 2]) + b"\xff\n" + b"".join(lines[-1:]))


def no_journal(folder: Path) -> None:
    for segment in segments(folder):
        segment.unlink()


@pytest.mark.parametrize("lose", [spoilt_journal, torn_in_the_middle, no_journal])
@pytest.mark.parametrize("spoil", [no_header, gone])
def test_a_number_that_was_told_is_never_told_again_whatever_is_lost(
    tmp_path: Path, site: Settings, worked: Worked, lose: Spoil, spoil: Spoil
) -> None:
    """By the reference consumer: what is new is kept, what never comes is waited for by nobody."""
    centre = Centre(tmp_path / "centre.sqlite")
    centre.take(told_by(worked.path))
    (tmp_path / "integrity.json").write_bytes(b'{"utc":1.0}')  # a box that ran for more than a minute
    lose(tmp_path)
    spoil(worked.path)
    brain, store, lost = started(tmp_path, site)
    store.close()
    assert lost is not None
    assert lost.broken.jumped or lost.broken.why == "older"
    first = brain.newest[-1]
    assert first.type == "records.lost"
    assert first.seq > worked.seq + 1000 or not lost.broken.jumped
    new = centre.take(told_by(worked.path))
    assert [event["seq"] for event in new][:1] == [first.seq]
    assert len(new) == brain.state.seq - first.seq + 1
    assert centre.gaps() == []
    assert centre.upto() == {"edge/" + site.site.site.id + "/" + site.site.site.unit: brain.state.seq}
    assert centre.doubles() == []
    centre.close()


def test_a_second_loss_of_everything_lands_behind_the_first(
    tmp_path: Path, site: Settings, worked: Worked, monkeypatch: pytest.MonkeyPatch
) -> None:
    utc = 1.8e9
    monkeypatch.setattr(opening, "_utc", lambda: utc)
    (tmp_path / "integrity.json").write_bytes(b'{"utc":1.0}')
    newest = worked.seq
    for _ in range(3):
        utc += 60.0  # a box tells less than an event a second
        no_journal(tmp_path)
        gone(worked.path)
        brain, store, _ = started(tmp_path, site)
        store.close()
        assert brain.newest[-1].seq > newest
        newest = brain.state.seq
        no_journal(tmp_path)


def test_a_new_box_begins_at_one(tmp_path: Path, site: Settings) -> None:
    (tmp_path / "journal").mkdir()
    (tmp_path / "journal" / "00000001-boot.jsonl").write_bytes(b'{"boot":"x","he')  # its power was cut at once
    brain, store, lost = started(tmp_path, site)
    store.close()
    assert lost is None
    assert brain.newest[-1].seq == 1


def told_by(path: Path) -> list[Arrived]:
    with Reader.open(path) as reader:
        return [Arrived(row.topic, row.payload, 0.0) for row in reader.outbox(100_000)]


@pytest.mark.parametrize("spoil", [emptied, gone])
def test_records_that_are_simply_not_there_begin_no_second_number_one(
    tmp_path: Path, site: Settings, spoil: Spoil
) -> None:
    bench = Bench(tmp_path, site)
    before = work(bench, site)
    bench.close()
    Bench(tmp_path, site).close()  # its segment begins with the head of the work
    spoil(before.path)
    brain, store, lost = started(tmp_path, site)
    store.close()
    assert lost is not None
    assert lost.broken.why == "older"
    assert brain.newest[-1].seq > before.seq
    assert brain.state.permits["P-1"].state is State.PAUSED


def test_an_older_copy_is_found_by_the_journal_and_numbers_go_on_behind_what_was_told(
    tmp_path: Path, site: Settings
) -> None:
    path = tmp_path / "agent.sqlite"
    Bench(tmp_path, site).close()
    older = path.read_bytes()
    bench = Bench(tmp_path, site)
    before = work(bench, site)
    bench.close()
    third = Bench(tmp_path, site)
    third.close()
    gone(path)
    path.write_bytes(older)
    brain, store, lost = started(tmp_path, site)
    with store:
        assert store.verify_chain() is None
    assert lost is not None
    assert lost.broken.why == "older"
    assert lost.broken.head != before.head
    told = next(event for event in brain.newest if event.type == "records.lost")
    assert told.seq == third.brain.state.seq + 1
    assert brain.state.permits["P-1"].state is State.PAUSED
    assert not list(tmp_path.glob("agent.sqlite.corrupt-*")), "what it holds is sound"


def test_a_wal_that_is_gone_after_a_power_cut_is_found(tmp_path: Path, site: Settings) -> None:
    bench = Bench(tmp_path, site)
    bench.store.checkpoint()
    before = work(bench, site)
    bench.brain.keeper.begin(bench.clock.instant(), Kept())  # the hour is over: the next segment
    cut = tmp_path / "cut"
    cut.mkdir()
    (cut / "agent.sqlite").write_bytes(before.path.read_bytes())  # without its -wal
    (cut / "journal").symlink_to(tmp_path / "journal")
    bench.close()
    store, lost = opened(at(cut, site))
    store.close()
    assert lost is not None
    assert lost.broken.why == "older"
    assert lost.broken.rows < before.seq


def test_other_settings_than_those_of_the_journal_bring_no_permit_back(
    tmp_path: Path, site: Settings, worked: Worked
) -> None:
    page(3)(worked.path)
    brain, store, lost = started(tmp_path, replace(site, digest="another"))
    store.close()
    assert lost is not None
    assert lost.known is None
    assert dict(brain.state.permits) == {}
    assert brain.newest[-1].seq == worked.seq + 1
    assert "send what is still to be done again" in brain.newest[-1].data["words"]["en"]


class Unreadable(apsw.VFS):
    """A disk that fails to read one page of the database, again and again (EIO)."""

    def __init__(self) -> None:
        super().__init__("unreadable", "")

    def xOpen(self, name, flags) -> apsw.VFSFile:  # noqa: N802
        return UnreadableFile(name, flags)


class UnreadableFile(apsw.VFSFile):
    def __init__(self, name, flags) -> None:
        super().__init__("", name, flags)

    def xRead(self, amount, offset) -> bytes:  # noqa: N802
        if amount == PAGE and offset == 3 * PAGE:
            raise apsw.IOError
        return super().xRead(amount, offset)


def test_a_page_that_the_disk_cannot_read_any_more_is_damage(
    tmp_path: Path, site: Settings, worked: Worked, monkeypatch: pytest.MonkeyPatch
) -> None:
    vfs = Unreadable()
    opens = Store.open
    tries: list[Path] = []

    def on_a_bad_block(path: Path) -> Store:  # the new file lies elsewhere on the disk
        tries.append(path)
        return opens(path, vfs="unreadable" if len(tries) == 1 else None)

    monkeypatch.setattr(Store, "open", on_a_bad_block)
    brain, store, lost = started(tmp_path, site)
    store.close()
    assert vfs
    assert tries == [worked.path, worked.path]
    assert lost is not None
    assert lost.broken.why == "damaged"
    assert brain.state.permits["P-1"].state is State.PAUSED


def test_a_commissioning_is_not_lost_with_the_records(tmp_path: Path, site: Settings) -> None:
    bench = Bench(tmp_path, site)
    told = Story(site)
    act(told, "begin")
    act(told, "skip", "ups/unit", note="none fitted")
    bench.play(told.lines[1:])
    known = bench.brain.state.commissioning
    assert known.session is not None
    bench.close()
    condemned(tmp_path / "agent.sqlite")
    brain, store, _ = started(tmp_path, site)
    with store:
        assert brain.state.commissioning == known
        assert store.load().commissioning == known, "the start after this one knows it, too"


def test_what_the_start_itself_measured_is_kept(tmp_path: Path, site: Settings) -> None:
    bench = Bench(tmp_path, site)
    told = Story(site)
    act(told, "begin")
    bench.play(told.lines[1:])
    bench.close()
    journal = Journal(tmp_path / "journal", "boot-2")
    with Store.open(tmp_path / "agent.sqlite") as store:
        session = store.load().commissioning.session
        assert session is not None
        before = replace(NOT_COMMISSIONED, session=replace(session, cut_utc=1.0))
        store.commit(Batch(commissioning=before))
        brain = Brain(site, Parts(clock=HandClock(), store=store, journal=journal, actuators=[], boot="boot-2"))
        journal.close()
        assert brain.state.commissioning != before
        assert store.load().commissioning == brain.state.commissioning
