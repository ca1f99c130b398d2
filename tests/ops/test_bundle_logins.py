"""A camera's log-in from a page: into a closed file under a new name, and nowhere else; one that it took."""

import json
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from edge_agent.domain.request import Answer
from edge_agent.domain.settings_change import SettingsChange
from edge_agent.ops.bundle_change import Bundle
from edge_agent.ops.bundle_files import digest
from edge_agent.settings import camera_logins
from edge_agent.settings.camera_logins import Login
from edge_agent.settings.edits import Edit
from edge_agent.settings.load import load
from edge_agent.tell.desk_settings import SettingsForm
from tests.pages.test_devices import tank
from tests.support.story import ROOT

SECRET = 'p@ss "w/ört'  # noqa: S105
OTHER = "an-other-word"


class Site:
    def __init__(self, folder: Path) -> None:
        self.folder = tank(folder / "tank")
        self.took = {SECRET, OTHER}
        self.asked: list[SettingsChange] = []
        self.says = True
        self.bundle = Bundle(self.folder, ROOT, lambda: None, took=self._took)

    def _took(self, url: str, login: Login) -> bool:
        assert url.startswith("rtsp://")
        return login.password in self.took

    def brain(self, change: SettingsChange) -> Answer:
        self.asked.append(change)
        return Answer(request="r", accepted=self.says)

    def give(self, value: Any, at: tuple[str, ...] = ("cameras", "cam-1", "login"), **more: Any) -> Answer:
        file = self.folder / "site.toml"
        edits = (Edit(do="login", at=at, value=value),)
        form = SettingsForm(file="site.toml", before=digest(file.read_bytes()), edits=edits, **more)
        return self.bundle.change(form, self.brain)

    @property
    def table(self) -> dict[str, Any]:
        return tomllib.loads((self.folder / "site.toml").read_text("utf-8"))


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def holding(site: Site, word: str) -> list[str]:
    files = (file for file in site.folder.rglob("*") if file.is_file())
    return [file.name for file in files if word.encode() in file.read_bytes()]


def test_it_is_taken_with_the_settings_closed_to_others_and_told_to_nobody(site: Site) -> None:
    answer = site.give({"user": "viewer", "password": SECRET})
    assert answer.accepted, answer.reasons
    name = site.table["vision"]["logins_file"]
    assert site.table["cameras"]["cam-1"]["login"] == "cam-1"
    assert (site.folder / name).stat().st_mode & 0o777 == 0o600
    assert camera_logins.read(site.folder / name) == {"cam-1": Login(user="viewer", password=SECRET)}
    url = camera_logins.tables(site.folder, load(site.folder, ROOT).site)["cam-1"].url
    assert url.startswith("rtsp://viewer:p%40ss%20%22w%2F%C3%B6rt@")
    told = json.dumps([msgspec.to_builtins(one) for one in (*site.asked, answer)], ensure_ascii=False)
    assert "w/ört" not in told
    assert "viewer" not in told
    assert holding(site, "ört") == [Path(name).name]


def test_a_check_alone_and_a_refusal_leave_nothing_behind(site: Site) -> None:
    answer = site.give({"user": "viewer", "password": OTHER}, check_only=True)
    assert answer.accepted
    assert OTHER not in msgspec.json.encode(answer).decode()
    site.says = False
    assert not site.give({"user": "viewer", "password": OTHER}).accepted
    assert holding(site, OTHER) == []
    assert "login" not in site.table["cameras"]["cam-1"]


def test_another_password_replaces_it_and_the_one_before_stays_with_the_last_good_settings(site: Site) -> None:
    assert site.give({"user": "viewer", "password": OTHER}).accepted
    first = site.table["vision"]["logins_file"]
    assert site.give({"user": "viewer", "password": SECRET}).accepted
    second = site.table["vision"]["logins_file"]
    assert first != second
    assert camera_logins.read(site.folder / second)["cam-1"].password == SECRET
    assert first in (site.folder / "site.toml.last-good").read_text("utf-8")


def test_one_that_no_camera_took_is_refused(site: Site) -> None:
    site.took.clear()
    answer = site.give({"user": "viewer", "password": OTHER})
    assert "try this user and password at the camera first" in answer.reasons[0].en
    assert site.asked == []
    assert holding(site, OTHER) == []


@pytest.mark.parametrize(
    "value", [None, "x", {"user": "", "password": OTHER}, {"user": "a"}, {"user": 3, "password": OTHER}]
)
def test_what_is_none_is_refused_without_a_word_of_it(site: Site, value: Any) -> None:
    answer = site.give(value)
    assert not answer.accepted
    assert OTHER not in f"{answer}"


@pytest.mark.parametrize("at", [("cameras", "cam-9", "login"), ("cameras", "cam-1"), ("gas", "cam-1", "login")])
def test_it_is_a_cameras_own(site: Site, at: tuple[str, ...]) -> None:
    assert "no such camera" in site.give({"user": "viewer", "password": SECRET}, at).reasons[0].en


def test_logins_that_cannot_be_read_are_not_lost_by_a_new_one(site: Site) -> None:
    assert site.give({"user": "viewer", "password": SECRET}).accepted
    (site.folder / site.table["vision"]["logins_file"]).write_text("broken [", "utf-8")
    answer = site.give({"user": "viewer", "password": OTHER})
    assert not answer.accepted
    assert "is no TOML" in answer.reasons[0].en


def test_an_edit_never_prints_its_value() -> None:
    assert OTHER not in repr(Edit(do="login", at=("cameras", "cam-1", "login"), value=OTHER))
