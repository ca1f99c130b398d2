"""Secrets, names and faces are planted everywhere on a box; none of them is in the bundle, and what helps is."""

import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from edge_agent.__main__ import main
from edge_agent.domain.person import Person, Role
from edge_agent.ops.support import command, hidden
from edge_agent.settings.load import load
from edge_agent.store.batch import Batch
from edge_agent.store.store import Store
from tests.agent.test_brain import Bench
from tests.support.demo_root import REPOSITORY
from tests.support.story import Story

PLANTED = {
    "camera": "Kamera-pass-77", "broker": "brokerpass-0815", "key": "c0ffee" * 10 + "beef", "url": "urlpass9",
    "token": "tok-field-http-1", "name": "欧阳测试", "id": "ouyang-ceshi", "by_message": "上官来信",
    "parameter": "Query-pass5",
}  # fmt: skip
FACE = b"\xff\xd8\xff\xe0JFIF-a-face-of-somebody"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    place = tmp_path / "site"
    shutil.copytree(
        REPOSITORY / "zones" / "demo-tank", place, ignore=shutil.ignore_patterns("state", "run", "web")
    )
    text = (place / "site.toml").read_text("utf-8")
    text = re.sub(
        r"(?m)^\[uplink\].*\n", '[uplink]\nusername = "box-7"\npassword_file = "secrets/uplink.password"\n', text
    )
    (place / "site.toml").write_text(text, "utf-8")
    for name, content in {
        "secrets/uplink.password": PLANTED["broker"],
        "films.key": PLANTED["key"],
        "http-token": PLANTED["token"],
        "camera-logins.toml": f'[logins.gate]\nuser = "gate-user"\npassword = "{PLANTED["camera"]}"\n',
    }.items():
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_text(content, "utf-8")
        (place / name).chmod(0o600)
    people = (place / "persons.toml").read_text("utf-8").replace("王磊", PLANTED["name"])
    (place / "persons.toml").write_text(people, "utf-8")
    settings = load(place, REPOSITORY)
    settings.state_folder.mkdir(parents=True, exist_ok=True)
    bench = Bench(settings.state_folder, settings)
    story = Story(settings)
    story.begin_work()
    bench.play(story.lines[1:])
    bench.close()
    with Store.open(settings.state_folder / "agent.sqlite") as store:
        person = Person(id=PLANTED["id"], name=PLANTED["by_message"], roles=(Role.WORKER,))
        store.commit(Batch(persons=(person,)))
    evidence = settings.state_folder / "evidence"
    evidence.mkdir(exist_ok=True)
    (evidence / "7-cam-1.jpg").write_bytes(FACE)
    settings.runtime_folder.mkdir(parents=True, exist_ok=True)
    (settings.runtime_folder / "cam-1.jpg").write_bytes(FACE)
    return place


LOG = (
    f"auth failed for rtsp://u:{PLANTED['url']}@10.0.0.7/1, tried {PLANTED['camera']} and {PLANTED['broker']}\n"
    f"[rtsp] 404: rtsp://10.0.0.8/user=admin_password={PLANTED['parameter']}_channel=1.sdp\n"
    f"{PLANTED['by_message']} ({PLANTED['id']}) refused; key {PLANTED['key']}\n"
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA\n-----END PRIVATE KEY-----\n"
    "[L-208] records are not kept: the disk is full\n"
)


def test_nothing_that_was_planted_is_in_it_and_what_helps_is(
    tmp_path: Path, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "_run", lambda *said: LOG if said[0] == "journalctl" else "active\n")
    into = tmp_path / "help.zip"
    assert main(["support-bundle", str(site), "--into", str(into)]) == 0
    assert into.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(into) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    for name, content in parts.items():
        for what, word in PLANTED.items():
            assert word.encode() not in content, f"{what} in {name}"
            assert json.dumps(word).strip('"').encode() not in content, f"{what} in {name}, escaped"
        assert b"\xff\xd8\xff" not in content, name
        assert b"argon2" not in content, name
        assert b"PRIVATE KEY" not in content, name
        for person in load(site, REPOSITORY).persons:
            assert person.name.encode() not in content, f"{person.name} in {name}"
            assert person.id.encode() not in content, f"{person.id} in {name}"
    assert b"[L-208] records are not kept: the disk is full" in parts["log.txt"]
    told = json.loads(parts["settings.json"])
    assert told["site"]["uplink"]["password_file"].endswith("uplink.password")
    assert told["people_by_role"]["guard"] >= 1
    assert {one["type"] for one in json.loads(parts["events.json"])} >= {"unit.started", "permit.started"}
    assert json.loads(parts["records.json"])["rows"] > 3
    assert json.loads(parts["about.json"])["sqlite"]
    assert any(one["part"] == "disk" for one in json.loads(parts["doctor.json"]))


def test_a_part_that_cannot_be_made_says_why_and_the_others_come(tmp_path: Path, site: Path) -> None:
    state = load(site, REPOSITORY).state_folder
    (state / "agent.sqlite").write_bytes(b"no database at all" * 500)
    into = tmp_path / "help.zip"
    assert main(["support-bundle", str(site), "--into", str(into)]) == 0
    with zipfile.ZipFile(into) as file:
        assert "not_made" in json.loads(file.read("events.json"))
        assert json.loads(file.read("about.json"))["program"]
    assert main(["support-bundle", str(site), "--into", str(tmp_path / "no" / "help.zip")]) == 73


def test_short_words_blind_nothing_and_long_hashes_go() -> None:
    sweep = hidden.Sweep(["no", "li", "secret-word"])
    assert sweep.clean("no light, secret-word") == "no light, ****"
    assert sweep.clean("Ab1" * 20) == "****"
    assert sweep.clean("the-records-end-at-what-the-journal-knows-and-no-more") != "****"
