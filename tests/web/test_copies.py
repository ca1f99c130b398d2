"""A masked copy of a film is for whoever asked for it: its token, which records tell, opens it to nobody else."""

import time
from pathlib import Path

from edge_agent.field.film.names import shown_name
from edge_agent.ops.folders import SHOWN
from tests.support.desk_peer import DeskPeer
from tests.support.pages import make_client
from web_ui.records import Records
from web_ui.sessions import Sessions

PATH = "/api/v1/films/copies/mg7abc123"


def test_nobody_fetches_the_copy_that_another_asked_for(site: Path, peer: DeskPeer) -> None:
    assert peer  # who is known
    folder = site / "state" / SHOWN
    folder.mkdir(parents=True)
    (folder / f"{shown_name('mg7abc123', 'zhao-min')}.mp4").write_bytes(b"film")
    (folder / f"{shown_name('mg7late', 'zhao-min')}.failed").write_text("没有\nnone\n", "utf-8")
    records = Records(site / "web")
    sessions = Sessions(records, time.time)
    whose = ("zhao-min", "chen-admin")
    secrets = {one: sessions.begin(one, "kid", time.time() + 60)[0] for one in whose}
    records.close()
    officer, other = (make_client(site, secrets[one]) for one in whose)
    with officer.get(PATH) as got:
        assert got.data == b"film", got.json
    assert other.get(PATH).json["error"]["code"] == "E-NO-BUNDLE"
    late = PATH.replace("abc123", "late")
    assert officer.get(late).json["error"]["code"] == "E-BUNDLE"
    assert other.get(late).json["error"]["code"] == "E-NO-BUNDLE"
    whole = PATH.replace("mg7abc123", shown_name("mg7abc123", "zhao-min"))
    assert other.get(whole).json["error"]["code"] == "E-NO-BUNDLE"
