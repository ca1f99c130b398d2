"""kill -9 in mid-commit: every acknowledged batch is there, the chain holds, steps and journal agree."""

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

from edge_agent.store.journal import read, segments
from edge_agent.store.store import Store

WRITER = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from edge_agent.store.batch import Batch
    from edge_agent.store.journal import Journal
    from edge_agent.store.store import Store
    from tests.support.store_values import event_batch, permit

    folder = Path(sys.argv[1])
    with Store.open(folder / "edge.sqlite") as store:
        saved = store.load()
        seq, head = saved.seq, saved.head_hash
        journal = Journal(folder / "journal", "boot")
        journal.rotate(b"%d" % seq, 0.0)
        while True:
            seq += 1
            batch = event_batch(seq, head)
            journal.append(b"%d" % seq)
            journal.flush()
            store.commit(Batch(audit=batch.audit, outbox=batch.outbox, permits=(permit(f"P-{seq}"),)))
            head = batch.audit[-1].sealed.hash
            print(seq, flush=True)
    """
)


def test_no_acknowledged_batch_is_lost_however_often_the_writer_is_killed(tmp_path: Path) -> None:
    acknowledged = 0
    for round_ in range(6):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            for _ in range(7 + 5 * round_):
                acknowledged = int(writer.stdout.readline())
            writer.send_signal(signal.SIGKILL)
            rest = writer.stdout.read().split()
            acknowledged = int(rest[-1]) if rest and writer.wait() else acknowledged
        with Store.open(tmp_path / "edge.sqlite") as store:
            saved = store.load()
            assert store.verify_chain() is None
        assert saved.seq >= acknowledged
        assert saved.seq == saved.audit_n == saved.waiting == len(saved.permits)
    journalled = {int(line) for path in segments(tmp_path / "journal") for line in list(read(path))[1:]}
    assert journalled >= set(range(1, saved.seq + 1))
