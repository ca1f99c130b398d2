"""kill -9 and power cuts in mid-commit: what was acknowledged is there, the chain holds, the journal agrees."""

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

from edge_agent.store.journal import read, segments
from edge_agent.store.store import Store
from tests.support.power import cuts

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


def test_no_power_cut_loses_what_was_acknowledged_and_with_fewer_syncs_some_would(tmp_path: Path) -> None:
    """A thousand of them: make faults. The control shows that the replay can lose something at all."""
    for name in ("ours", "control"):
        (tmp_path / name).mkdir()
    ours = cuts(tmp_path / "ours", 30, 60, "a power cut")
    assert [left for left in ours if left.lost or left.broken] == []
    assert any(left.found > left.acknowledged for left in ours), (
        "what was written but not acknowledged may be there"
    )
    control = cuts(tmp_path / "control", 20, 60, "a power cut", synchronous="normal")
    assert any(left.lost for left in control)
    assert not any(left.broken for left in control)
