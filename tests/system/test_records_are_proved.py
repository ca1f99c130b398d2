"""A running box signs where its records stand; whoever has such a word can tell a copy that lacks something."""

import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

from edge_agent.ops.folders import DATABASE
from edge_agent.settings.load import load
from tests.support.broker import subscriber
from tests.support.story import ROOT
from tests.system.site import DOWN, Site


def verify(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "edge_agent.ops.audit.verify", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_box_signs_where_its_records_stand(site: Site, tmp_path: Path) -> None:
    before = site.last_seq()
    site.seen.send(DOWN, b"anything at all")
    site.event("request.rejected", before, origin=DOWN)
    settings = load(site.stage.site, ROOT)
    with subscriber(settings.site.uplink.port, "edge/+/+/up/audit", client_id="auditor") as heard:
        heard.wait_for(bool)
        message = heard.messages[-1]
    assert message.retain
    notes = tmp_path / "audit.jsonl"
    notes.write_bytes(message.payload)
    records = settings.state_folder / DATABASE
    whole = verify(str(records), "--checkpoint", str(notes))
    assert whole.returncode == 0, whole.stdout + whole.stderr
    assert "1 checkpoints agree" in whole.stdout

    copy = tmp_path / DATABASE
    with sqlite3.connect(f"{records.as_uri()}?mode=ro", uri=True) as file, sqlite3.connect(copy) as other:
        file.backup(other)
    n = json.loads(message.payload)["n"]
    with sqlite3.connect(copy) as file:
        file.execute("DELETE FROM audit WHERE n >= ?", (n,))
    cut = verify(str(copy), "--checkpoint", str(notes))
    assert cut.returncode == 1
    assert f"rows {n} to {n}: are gone" in cut.stdout
    shutil.copy(copy, tmp_path / "alone.sqlite")
    assert verify(str(tmp_path / "alone.sqlite")).returncode == 0, "without a checkpoint nobody can tell"
