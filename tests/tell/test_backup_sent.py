"""The newest sealed backup to a real HTTP server: by parts, on after a kill or a cut; whole, it has arrived."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edge_agent.tell.evidence import MASKED
from edge_agent.tell.upload.backups import Arrived, Backups, arrived
from edge_agent.tell.upload.door import Door, Later
from edge_agent.tell.upload.parcels import MIB
from edge_agent.tell.upload.ways import way_of
from edge_agent.tell.upload.wire import BackupSent
from edge_agent.tell.wire import Link
from tests.support.mounts import beside_a_hung_share
from tests.support.object_store import ObjectStore, breaks_off, hangs_up, says
from tests.tell.test_upload import STILL, Agent, Unit, path_of

SEALED = os.urandom(11 * MIB)  # three parts
NAME = "s-u-20261118T023000Z.edgebackup"
NEWER = "s-u-20261119T023000Z.edgebackup"


@pytest.fixture
def bucket() -> Iterator[ObjectStore]:
    with ObjectStore() as store:
        yield store


@pytest.fixture
def make(tmp_path: Path, bucket: ObjectStore) -> Callable[..., Unit]:
    def made(**table: object) -> Unit:
        (tmp_path / "backups").mkdir()
        sent = BackupSent(
            folder=str(tmp_path / "backups"),
            state=str(tmp_path / "under-way"),
            arrived=str(tmp_path / "arrived"),
            patience_s=1.0,
        )
        return Unit(tmp_path / "unit", bucket, backup=sent, **table)

    return made


def sent(unit: Unit) -> BackupSent:
    assert unit.config.backup is not None
    return unit.config.backup


def put(unit: Unit, name: str = NAME, body: bytes = SEALED) -> Path:
    path = Path(sent(unit).folder) / name
    path.write_bytes(body)
    return path


def begun(unit: Unit) -> Backups:
    """As the process begins: with what is on the disk and nothing else."""
    way = way_of(unit.config, Door(unit.config), site="s", unit="u")
    return Backups(unit.config, sent(unit), way)


def last(unit: Unit) -> Arrived | None:
    return arrived(Path(sent(unit).arrived))


def test_it_goes_on_with_the_part_that_was_due_after_a_kill_and_a_cut(
    bucket: ObjectStore, make: Callable[..., Unit]
) -> None:
    unit = make()
    file = put(unit)
    begun(unit).carry(file.name)
    assert last(unit) is None, "a part of it is no backup"
    bucket.faults.append(hangs_up)
    with pytest.raises(Later):
        begun(unit).carry(file.name)
    bucket.faults.append(breaks_off)
    with pytest.raises(Later):
        begun(unit).carry(file.name)
    sender = begun(unit)
    while sender.due() is not None:
        sender.carry(file.name)
    assert bucket.objects == {path_of(NAME, SEALED): SEALED}
    told = last(unit)
    assert told is not None
    assert (told.name, told.size) == (NAME, len(SEALED))
    assert told.address.endswith(path_of(NAME, SEALED))
    parts = [path for method, path in bucket.seen if method == "PUT"]
    assert len({path for path in parts if "partNumber=1" in path}) == 1
    assert sum("partNumber=1" in path for path in parts) == 1, "what the store has answered is not sent again"
    assert begun(unit).due() is None


def test_the_newest_alone_is_sent_and_one_of_another_unit_never(
    bucket: ObjectStore, make: Callable[..., Unit]
) -> None:
    unit = make()
    first = put(unit, body=b"old")
    begun(unit).carry(first.name)
    newer = put(unit, NEWER, b"new")
    put(unit, "s-other-20261120T023000Z.edgebackup")
    sender = begun(unit)
    assert sender.due() == newer.name
    sender.carry(newer.name)
    assert sorted(bucket.objects) == sorted([path_of(NAME, b"old"), path_of(NEWER, b"new")])
    assert sender.due() is None


def test_a_store_that_does_not_take_it_has_not_got_it(bucket: ObjectStore, make: Callable[..., Unit]) -> None:
    unit = make()
    file = put(unit, body=b"small")
    for status in (413, 403, 500, 404):
        bucket.faults.append(says(status))
        with pytest.raises(Later):
            begun(unit).carry(file.name)
        assert last(unit) is None
    file.unlink()
    begun(unit).carry(file.name)  # it made room meanwhile: nothing to do
    assert last(unit) is None


def test_the_process_sends_evidence_first_and_then_the_backup(
    bucket: ObjectStore, make: Callable[..., Unit]
) -> None:
    unit = make()
    put(unit)
    unit.keeps((f"7-cam-1{MASKED}", STILL))
    agent = Agent(unit)
    agent.until(lambda: last(unit) is not None)
    agent.end()
    paths = [path for method, path in bucket.seen if method in {"PUT", "POST"}]
    assert MASKED in paths[0], "evidence goes first"
    assert bucket.objects[path_of(NAME, SEALED)] == SEALED
    assert all(link.up for link in agent.links)


def test_a_share_whose_server_is_gone_is_told_and_evidence_goes_on(make: Callable[..., Unit]) -> None:
    unit = make()

    def body() -> list[Link]:
        agent = Agent(unit)
        agent.until(lambda: agent.links)
        unit.keeps((f"7-cam-1{MASKED}", STILL))
        agent.until(lambda: agent.sent)
        agent.end()
        assert agent.deaths == 0
        return agent.links

    first, *_ = beside_a_hung_share(Path(sent(unit).folder), body)
    assert not first.up
    assert f"{sent(unit).folder} does not answer" in first.detail.en
    assert last(unit) is None
