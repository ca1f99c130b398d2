"""How long an auditor waits: verify.py over a million records, beside what any check must at least do.

The records are a unit's own file: events of a real job over and over, chained as the unit chains them. The floor
reads the same rows and hashes the same bytes, and compares nothing. `python -m tests.bench verify`
"""

import argparse
import hashlib
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import rfc8785

from edge_agent.ops.audit import verify
from edge_agent.store.chain import GENESIS
from edge_agent.store.store import Store
from tests.bench.guarded import ROOT
from tests.bench.table import show

HEAD = ("", "records", "seconds", "records/s", "")


def bodies() -> list[bytes]:
    """The events of the job of docs/upstream/examples, as they are sealed."""
    lines = (ROOT / "docs" / "upstream" / "examples" / "job.jsonl").read_text(encoding="utf-8").splitlines()
    events = [told["payload"] for told in map(json.loads, lines) if told["topic"].endswith("/up/event")]
    return [rfc8785.dumps({"event": one, "kind": "event"}) for one in events]


def sealed(count: int) -> Iterator[tuple[int, str, bytes, str, str]]:
    """Rows of the chain."""
    head = GENESIS
    for n, body in enumerate(islice(cycle(bodies()), count), start=1):
        hash_ = hashlib.sha256(b'{"body":' + body + b',"prev":"' + head.encode() + b'"}').hexdigest()
        yield n, "event", body, head, hash_
        head = hash_


def filled(path: Path, count: int) -> None:
    """A unit's file with that many records in it."""
    Store.open(path).close()
    with sqlite3.connect(path) as file:
        file.execute("PRAGMA synchronous = OFF")
        file.executemany(
            "INSERT INTO audit (n, kind, body, prev_hash, hash) VALUES (?, ?, ?, ?, ?)", sealed(count)
        )
    file.close()


def floor_s(path: Path) -> float:
    """Read every row, hash its bytes."""
    began_s = time.perf_counter()
    with sqlite3.connect(path) as file:
        for body, _ in file.execute("SELECT body, hash FROM audit ORDER BY n"):
            hashlib.sha256(body).hexdigest()
    return time.perf_counter() - began_s


def measure(path: Path, count: int) -> list[tuple[str, ...]]:
    """The table's rows. Raises CalledProcessError where the records do not hold."""
    began_s = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-I", verify.__file__, str(path)], check=True, capture_output=True, text=True
    )
    took_s = time.perf_counter() - began_s
    if f"{count} records hold" not in done.stdout:
        raise RuntimeError(done.stdout)
    size_mb = path.stat().st_size / 1e6
    timed = (("verify.py", took_s, f"a file of {size_mb:.0f} MB; asked for: 1,000,000 in 60 s"),
             ("floor: read and hash", floor_s(path), ""))  # fmt: skip
    return [(name, str(count), f"{s:.2f}", f"{count / s:.0f}", note) for name, s, note in timed]


def main() -> int:
    """Fill, check, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "agent.sqlite"
        filled(path, options.count)
        show(
            "Verifying: records of a unit checked by the file that stands alone",
            HEAD,
            measure(path, options.count),
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
