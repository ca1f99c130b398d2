"""The stand-alone verifier: a real store, a real signature, and tamperings, each named at its row."""

import json
import random
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import OKPKey

from edge_agent.ops.audit import verify
from edge_agent.ops.audit.verify import Checkpoint, Row, check
from edge_agent.ops.unit_key import NAME, unit_key
from edge_agent.store.chain import GENESIS
from edge_agent.store.store import Store
from edge_agent.tell.checkpoint import LONGEST_S, MOST_ROWS, Notary, Standing
from edge_agent.tell.contract.check import fault_of
from edge_agent.tell.signing import new_key, public_text
from tests.support.store_values import event_batch
from tests.support.tampering import WAYS, filled, names_it, tampered, written

ROWS = 40


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("unit"), ROWS)


@pytest.fixture(scope="module")
def rows(records: Path) -> list[Row]:
    return list(verify.rows_of(records))


def signed(rows: list[Row], n: int, key: OKPKey | None = None) -> dict[str, Any]:
    standing = Standing(n=n, seq=n, head=rows[n - 1].hash)
    return Notary(key or new_key()).checkpoint(
        standing,
        source="edge/s/u",
        boot="b",
        demo=False,
        time="2027-01-15T08:00:00.000Z",
        trusted=True,
        now_s=1.0,
    )


def told(path: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    """As an auditor runs it: the file alone, in a folder without edge_agent."""
    alone = path.parent / "auditor"
    alone.mkdir(exist_ok=True)
    shutil.copy(verify.__file__, alone / "verify.py")
    return subprocess.run(
        [sys.executable, "-I", "verify.py", str(path), *more],
        cwd=alone,
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_stands_alone_and_is_short_enough_to_be_read() -> None:
    text = Path(verify.__file__).read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    assert "import edge_agent" not in text
    assert "from edge_agent" not in text


def test_untouched_records_hold_and_agree_with_their_checkpoints(records: Path, rows: list[Row]) -> None:
    key = new_key()
    notes = records.parent / "audit.jsonl"
    notes.write_text("".join(json.dumps(signed(rows, n, key)) + "\n" for n in (7, ROWS)))
    done = told(records, "--checkpoint", str(notes), "--key", public_text(key))
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{ROWS} records hold, 2 checkpoints agree" in done.stdout
    assert "cut off" not in done.stdout
    done = told(records)
    assert done.returncode == 0
    assert "nobody can say" in done.stdout


def test_records_that_were_cut_off_or_rolled_back_do_not_agree(tmp_path: Path, rows: list[Row]) -> None:
    notes = tmp_path / "audit.jsonl"
    notes.write_text(json.dumps(signed(rows, ROWS)))
    older = filled(tmp_path / "older", 25)
    done = told(older, "--checkpoint", str(notes))
    assert done.returncode == 1
    assert f"rows 26 to {ROWS}: are gone" in done.stdout
    rewritten = tmp_path / "rewritten" / "agent.sqlite"
    rewritten.parent.mkdir()
    with Store.open(rewritten) as store:
        head = GENESIS
        for seq in range(1, ROWS + 2):
            batch = event_batch(seq, head, topic="edge/s/u/up/event")
            if seq == 10:  # another history from here on, well chained
                batch = event_batch(seq + 100_000, head)
            store.commit(batch)
            head = batch.audit[-1].sealed.hash
    done = told(rewritten, "--checkpoint", str(notes))
    assert done.returncode == 1
    assert f"row {ROWS}: not the history" in done.stdout


def test_a_thousand_tamperings_are_all_named_at_their_row(rows: list[Row]) -> None:
    """Ten thousand, on the disk: make soak."""
    draw = random.Random(7)  # noqa: S311 (which tampering, no secret)
    kept = [Checkpoint("edge/s/u", ROWS, rows[-1].hash, "t")]
    assert check(rows, kept) == ([], ROWS)
    for number in range(1000):
        spoilt = tampered(draw, rows, number)
        faults, _ = check(spoilt, kept)
        assert names_it(rows, spoilt, faults), (number, WAYS[number % len(WAYS)].__name__, faults)


def test_what_is_tampered_with_on_the_disk_is_named_too(tmp_path: Path, rows: list[Row]) -> None:
    path = filled(tmp_path / "unit", ROWS)
    draw = random.Random(8)  # noqa: S311 (likewise)
    kept = [Checkpoint("edge/s/u", ROWS, rows[-1].hash, "t")]
    for number in range(len(WAYS)):
        spoilt = tampered(draw, rows, number)
        written(path, spoilt)
        assert names_it(rows, spoilt, check(verify.rows_of(path), kept)[0]), WAYS[number].__name__


def test_a_byte_that_is_changed_in_the_file_itself_is_named(tmp_path: Path) -> None:
    path = filled(tmp_path / "unit", ROWS)
    with sqlite3.connect(path) as file:
        file.execute("UPDATE audit SET body = CAST(replace(body, 'P-1', 'P-2') AS BLOB) WHERE n = 13")
    done = told(path)
    assert done.returncode == 1
    assert "row 13: was altered" in done.stdout


def test_a_forged_checkpoint_and_another_units_key_are_refused(
    tmp_path: Path, records: Path, rows: list[Row]
) -> None:
    good = signed(rows, 5)
    head, payload, signature = good["jws"].split(".")
    forged = {**good, "jws": f"{head}.{payload[:-2]}AA.{signature}"}
    notes = tmp_path / "audit.jsonl"
    for message, said in (
        (forged, "the signature does not hold"),
        ({"n": 5}, "no checkpoint"),
        ([], "no checkpoint"),
    ):
        notes.write_text(json.dumps(message))
        done = told(records, "--checkpoint", str(notes))
        assert done.returncode == 65, done.stdout
        assert said in done.stderr
    notes.write_text(json.dumps(good))
    done = told(records, "--checkpoint", str(notes), "--key", public_text(new_key()))
    assert done.returncode == 65
    assert "is not" in done.stderr
    assert told(tmp_path / "nothing.sqlite").returncode == 65
    (tmp_path / "text").write_text("text")
    assert "no records can be read" in told(tmp_path / "text").stderr


def test_a_checkpoint_is_due_at_first_then_by_rows_or_time() -> None:
    notary = Notary(new_key())
    assert not notary.due(0, 1.0)
    assert notary.due(3, 1.0)
    message = notary.checkpoint(
        Standing(n=3, seq=3, head="a" * 64),
        source="edge/s/u",
        boot="b",
        demo=True,
        time="2027-01-15T08:00:00.000Z",
        trusted=False,
        now_s=1.0,
    )
    assert fault_of("edge/s/u/up/audit", json.dumps(message).encode()) == ""
    assert not notary.due(3, 1.0 + 10 * LONGEST_S)
    assert not notary.due(4, LONGEST_S)
    assert notary.due(4, 1.0 + LONGEST_S)
    assert notary.due(3 + MOST_ROWS, 2.0)


def test_a_key_may_begin_with_what_looks_like_an_option(tmp_path: Path, records: Path, rows: list[Row]) -> None:
    """One key in 64 does."""
    notes = tmp_path / "audit.jsonl"
    notes.write_text(json.dumps(signed(rows, 5)))
    noted = "-kcQMkD8yv8DD1IHG9pqYt5cMHBRXBQc4rIou6PYFtI"
    done = told(records, "--checkpoint", str(notes), "--key", noted)
    assert (done.returncode, f"is not {noted}" in done.stderr) == (65, True), done.stderr


def test_a_unit_keeps_its_key_and_replaces_one_that_cannot_be_used(tmp_path: Path) -> None:
    first = unit_key(tmp_path)
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600
    assert public_text(unit_key(tmp_path)) == public_text(first)
    (tmp_path / NAME).write_text("half a k")
    other = unit_key(tmp_path)
    assert public_text(other) != public_text(first)
    assert (tmp_path / NAME).with_suffix(".unusable").read_text() == "half a k"
    assert public_text(unit_key(tmp_path)) == public_text(other)
