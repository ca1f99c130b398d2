"""A box that nobody administers: claimed once, also when it is killed in between; no secret is left anywhere."""

import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from edge_agent.ops.demo.ports import copy_site
from edge_agent.ops.demo.stage import Process
from edge_agent.tell.desk_client import ask
from edge_agent.tell.who.claim import FILE
from edge_agent.tell.who.throttle import FREE_TRIES
from tests.support.desk_site import Browser
from tests.system.conftest import anywhere
from tests.system.site import until

PIN = "830517"
BADGE = "04:AB:CD:99"
ADMIN = re.compile(r"\[\[persons\]\] # admin.*?(?=\[\[|\Z)", re.DOTALL)


class New:
    """The demo's box as it comes from the factory: its field is silent, and nobody administers it."""

    def __init__(self, folder: Path, held: ExitStack) -> None:
        self.folder, self.site = folder, folder / "site"
        source = anywhere(folder / "source")
        people = source / "persons.toml"
        people.write_text(ADMIN.sub("", people.read_text("utf-8")), "utf-8")
        copy_site(source, self.site, held)
        self.start()

    def start(self) -> None:
        self.agent = Process("agent", [sys.executable, "-m", "edge_agent", "run", str(self.site)], self.folder)
        until(lambda: self.say(do="box").get("boot"), "the desk answers")

    def say(self, **line: Any) -> dict[str, Any]:
        self.agent.check()
        return ask(self.site / "runtime" / "requests.sock", line)

    def claim(self, code: str) -> dict[str, Any]:
        return self.say(do="claim", code=code, person={"id": "boss", "name": "老板"}, pin=PIN)

    @property
    def code(self) -> str:
        return (self.site / "state" / FILE).read_text("ascii").strip()

    def written(self) -> bytes:
        """Everything that the box has written: records, journal, papers, log."""
        files = [path for path in self.site.rglob("*") if path.is_file() and path.suffix != ".toml"]
        return b"".join(_content(path) for path in (*files, self.agent.log))


def _content(path: Path) -> bytes:
    """Of a picture that was just put in its place there is nothing under the old name."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


@pytest.fixture
def box(tmp_path: Path) -> Iterator[New]:
    with ExitStack() as held:
        new = New(tmp_path, held)
        yield new
        new.agent.stop()
    shutil.rmtree(new.site / "state", ignore_errors=True)


def test_a_box_is_claimed_once_whatever_happens_in_between(box: New) -> None:
    code = box.code
    assert code in box.agent.log.read_text("utf-8")
    assert box.say(do="box")["claimed"] is False
    for _ in range(FREE_TRIES):
        assert "not the claim code" in box.claim("ABCD-EFGH")["reasons"][0]["en"]
    box.agent.kill()
    box.start()
    assert box.code == code
    refused = box.claim("ABCD-EFGH")
    assert "too many wrong tries" in refused["reasons"][0]["en"]  # nobody gains tries by pulling the plug
    until(lambda: box.claim(code)["accepted"], "claimed once the wait is over")
    assert not (box.site / "state" / FILE).exists()
    assert "claimed only once" in box.claim(code)["reasons"][0]["en"]

    box.agent.kill()
    box.start()
    assert box.say(do="box")["claimed"] is True
    assert "claimed only once" in box.claim(code)["reasons"][0]["en"]
    browser = Browser()
    assert browser.log_in(box, person="boss", pin=PIN)["who"]["roles"] == ["admin"]
    added = {"id": "new-1", "name": "New", "roles": ["guard"], "areas": ["yard"], "language": "en"}
    asked = {"ask": "person", "person": "boss", "permit": "", "record": added, "new_badge": BADGE}
    assert "once more" in browser.ask(box, **asked)["reasons"][0]["en"]
    assert browser.ask(box, **asked, pin=PIN)["accepted"]
    assert Browser().log_in(box, badge=BADGE)["who"]["areas"] == ["yard"]
    people = box.site / "runtime" / "people.json"
    until(lambda: b'"new-1"' in people.read_bytes(), "the new one is on paper")
    assert Browser().log_in(box, person="boss", pin="20202020")["accepted"] is False
    until(lambda: b"unit.claimed" in box.written(), "it is in the records")
    for secret in (PIN, BADGE, "20202020"):
        assert secret.encode() not in box.written()
    assert b"argon2" not in people.read_bytes()
