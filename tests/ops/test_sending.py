"""The way of evidence to the centre's store as the agent runs it: what became of each file is for the records."""

import hashlib
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import msgspec
from msgspec.structs import replace

from edge_agent.agent.brain import Brain
from edge_agent.clock import SystemClock
from edge_agent.domain.noted import EvidenceSent, KeptFile
from edge_agent.domain.observation import DeviceHealth
from edge_agent.ops.folders import DATABASE, EVIDENCE
from edge_agent.ops.sending import Sending
from edge_agent.settings.site_itself import FoldersTable
from edge_agent.settings.site_upload import UploadTable
from edge_agent.store.batch import Batch
from edge_agent.store.chain import GENESIS
from edge_agent.store.store import Store
from edge_agent.tell.evidence import MASKED
from tests.support.object_store import ID, SECRET, ObjectStore
from tests.support.store_values import entries, event
from tests.support.story import Story, scenario_site

WITHIN_S = 20.0
PICTURE = b"\xff\xd8 a picture"


class Heard:
    """What the brain is told and asked."""

    def __init__(self) -> None:
        self.health: list[DeviceHealth] = []
        self.asked: list[EvidenceSent] = []

    def deliver(self, seen: DeviceHealth) -> None:
        self.health.append(seen)

    def ask(self, item: EvidenceSent) -> None:
        self.asked.append(item)


def until(holds: Callable[[], Any]) -> None:
    until_s = time.monotonic() + WITHIN_S
    while not holds():
        assert time.monotonic() < until_s
        time.sleep(0.05)


def test_what_was_kept_lies_at_the_centres_store_and_the_records_are_told(tmp_path: Path) -> None:
    made = Story(scenario_site()).settings
    settings = replace(
        made, folder=tmp_path, site=replace(made.site, folders=FoldersTable(state="state", runtime="run"))
    )
    shelf = settings.state_folder / EVIDENCE
    shelf.mkdir(parents=True)
    name = f"1-cam-1{MASKED}"
    (shelf / name).write_bytes(PICTURE)
    kept = KeptFile(name=name, sha256=hashlib.sha256(PICTURE).hexdigest(), size=len(PICTURE))
    data = {"kind": "still", "permit": "P-1", "files": [msgspec.to_builtins(kept)]}
    with Store.open(settings.state_folder / DATABASE) as store:
        store.commit(Batch(audit=entries([replace(event(1, **data), type="evidence.kept")], GENESIS)))
        keys = tmp_path / "upload.keys"
        keys.write_text(f"{ID}\n{SECRET}\n")
        heard, stop = Heard(), threading.Event()
        with ObjectStore() as bucket:
            table = UploadTable(url=bucket.url, keys_file=str(keys), plain=True)
            worker = Sending(settings, table, SystemClock(declared=True), cast(Brain, cast(Any, heard)))
            thread = threading.Thread(target=worker.run, args=(stop,))
            thread.start()
            until(lambda: heard.asked)
            stop.set()
            thread.join(WITHIN_S)
            assert not thread.is_alive()
            assert list(bucket.objects.values()) == [PICTURE]
    (sent,) = heard.asked
    assert (sent.of, sent.permit, sent.files[0].fate) == (1, "P-1", "sent")
    assert [(one.source, one.ok) for one in heard.health] == [("upload", True)]
