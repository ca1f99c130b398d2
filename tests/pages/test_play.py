"""A safety officer plays a stop again, asks what another limit would have done, and takes a bundle along."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Event, Thread
from typing import Any

import cv2
import msgspec
import numpy as np
import pytest
from msgspec.structs import replace
from playwright.sync_api import expect

from edge_agent.domain.person import Role
from edge_agent.field.film import names
from edge_agent.ops.bundles import NAME, scope
from edge_agent.ops.export import check_bundle
from edge_agent.ops.folders import BUNDLES, EVIDENCE, FILMS
from edge_agent.ops.recordings.shown import Shown
from edge_agent.ops.unit_key import unit_key
from edge_agent.settings.site_cameras import RecordingTable
from edge_agent.store.reader import Reader
from edge_agent.tell.evidence import MASKED
from edge_agent.tell.who.papers import PEOPLE, listed
from edge_agent.tell.who.proof import hint
from tests.ops.test_recording_command import sealed
from tests.ops.test_recordings import KEY
from tests.pages.phone import Phone
from tests.pages.test_films import source
from tests.support.board_world import Folder
from tests.support.desk_peer import CHEAP, DeskPeer, people
from tests.support.pages import TREE, Served
from tests.support.recorded import Unit
from web_ui.words import TABLES

__all__ = ["source"]
GREY = cv2.imencode(".jpg", np.full((360, 640, 3), 90, np.uint8))[1].tobytes()


class Yesterday:
    """The site with its recorded job, its pages, and the stop's event."""

    def __init__(self, folder: Path, ends: ExitStack) -> None:
        self.unit = Unit(folder)
        state, runtime = self.unit.settings.state_folder, self.unit.settings.runtime_folder
        runtime.mkdir()
        known = people()
        known["lin-audit"] = replace(
            known["zhao-min"],
            id="lin-audit",
            name="Lin",
            roles=(Role.AUDITOR,),
            pin_hash=CHEAP.hash("lin-audit"[::-1]),
            badge_hash=CHEAP.hash("badge-lin-audit"),
            badge_hint=hint("badge-lin-audit"),
        )
        (runtime / PEOPLE).write_bytes(msgspec.json.encode([listed(one) for one in known.values()]))
        with Reader.open(state / "agent.sqlite") as records:
            self.stop = next(one.seq for one in records.recent(50) if one.type == "permit.paused")
        (state / EVIDENCE).mkdir()
        (state / EVIDENCE / f"{self.stop}-cam-1{MASKED}").write_bytes(GREY)
        self.peer = ends.enter_context(DeskPeer(runtime))
        self.peer.persons = known
        ends.enter_context(Folder(runtime).kept())
        self.pages = ends.enter_context(Served(folder))

    def make(self, name: str) -> Path:
        """What the agent does when it has put a wish for a bundle on record."""
        folder = self.unit.settings.state_folder / BUNDLES
        folder.mkdir(exist_ok=True)
        into = folder / f"{name}.zip"
        asked = NAME.fullmatch(name)
        assert asked is not None
        wish = ["export", str(self.unit.settings.folder), *scope(asked), "--into", str(into)]
        subprocess.run([sys.executable, "-m", "edge_agent", *wish], cwd=TREE, check=True, capture_output=True)
        return into


@pytest.fixture(scope="module")
def yesterday(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yesterday]:
    with ExitStack() as ends:
        yield Yesterday(tmp_path_factory.mktemp("yesterday") / "site", ends)


def test_the_stop_is_played_again_and_explains_itself(yesterday: Yesterday, phones: Callable[..., Phone]) -> None:
    for language, size in (("zh", "phone"), ("en", "panel")):
        phone = phones(yesterday.pages.url, language, size)
        finds_the_pause(phone, yesterday)
        expect(phone(".proof[data-same=true]")).to_be_visible()
        expect(phone(".then-job .band")).to_have_attribute("data-tone", "evacuate")
        expect(phone(".then-job li").first).to_contain_text("15")
        expect(phone('.curve[data-channel="gas-h2s"] .now')).to_have_text("15 ppm")
        expect(phone(".then [data-priority='1']").first).to_be_visible()
        phone.has_pictures(".then .seen img")
        started = phone(".happenings li").filter(has_text=TABLES[language]["event_type"]["permit.started"]).first
        expect(started).to_contain_text("王磊 Wang Lei")
        expect(started).to_contain_text("李娜 Li Na")
        started.locator("button").click()
        expect(phone(".then-job .band")).to_have_attribute("data-tone", "may_work")
        expect(phone('.curve[data-channel="gas-h2s"] .now')).to_have_text("0 ppm")
        expect(phone(".then .seen")).to_have_count(0)  # nothing had been seen yet
        phone.look("70-play")


def finds_the_pause(phone: Phone, yesterday: Yesterday) -> None:
    """From home, by what the pages show: the alarms, among them what the box paused, the event, the player."""
    phone.enter("zhao-min", "/")
    phone.tap(".nav a[href='/alarms']")
    kinds = phone("#past .chips")
    kinds.get_by_role("button", name=TABLES[phone.language]["alarms"]["pauses"], exact=True).click()
    paused = TABLES[phone.language]["event_type"]["permit.paused"]
    expect(phone("#past li").first).to_contain_text(paused)
    expect(phone(f"#past li:not(:has-text('{paused}'))")).to_have_count(0)
    phone.look("69-pauses")
    phone.tap(f"#past a[href='/events/{yesterday.stop}']")
    phone.tap(f".event .head a[href='/play/{yesterday.stop}']")


def test_what_another_limit_would_have_done_is_marked_as_a_calculation(
    yesterday: Yesterday, phones: Callable[..., Phone]
) -> None:
    for language, size in (("zh", "tablet"), ("en", "phone")):
        phone = phones(yesterday.pages.url, language, size)
        phone.enter("zhao-min", f"/play/{yesterday.stop}")
        phone(".whatif select").select_option("gases.h2s.stop_high")
        phone(".whatif input").fill("20")
        phone.tap(".whatif button[type=submit]")
        expect(phone(".found .mark")).to_be_visible()
        stops = phone(".found tbody tr").first.locator("td")
        expect(stops).to_have_text(["1", "0"])
        expect(phone(".found .stood li").first).to_contain_text("GAS-01")
        phone.look("71-what-if")


def test_a_bundle_is_asked_for_by_pin_and_checked_elsewhere(
    yesterday: Yesterday, phones: Callable[..., Phone]
) -> None:
    phone = phones(yesterday.pages.url, "zh", "phone")
    phone.enter("zhao-min", f"/play/{yesterday.stop}")
    phone.tap(".bundle summary")
    phone(".bundle input").first.fill("事故调查")
    phone(".bundle input.pin").fill("zhao-min"[::-1])
    phone.look("72-bundle")
    phone.tap(".bundle button[type=submit]")
    expect(phone(".bundle .waiting")).to_be_visible()
    (wish,) = yesterday.peer.requests
    name, deed = wish.about
    assert (deed, wish.reason, name.partition("-")[0]) == ("bundle", "事故调查", str(yesterday.stop))
    yesterday.make(name)
    with phone.page.expect_download() as fetched:
        phone.tap(".bundle a[download]")
    key = unit_key(yesterday.unit.settings.state_folder).as_dict(private=False)["x"]
    assert check_bundle.main([str(fetched.value.path()), "--key", str(key)]) == 0


def test_who_does_not_answer_for_the_work_is_shown_no_way_there(
    yesterday: Yesterday, phones: Callable[..., Phone]
) -> None:
    phone = phones(yesterday.pages.url, "zh", "phone")
    phone.enter("li-na", f"/events/{yesterday.stop}")
    expect(phone(".event .head h1")).to_be_visible()
    expect(phone('a[href^="/play/"]')).to_have_count(0)
    phone.go(f"/play/{yesterday.stop}")
    expect(phone(".fault .code")).to_have_text("E-NOT-ALLOWED")


def test_a_film_goes_with_the_scrubber(
    yesterday: Yesterday, phones: Callable[..., Phone], source: Path, tmp_path: Path
) -> None:
    settings = yesterday.unit.settings
    with Reader.open(settings.state_folder / "agent.sqlite") as records:
        stop = next(one for one in records.recent(50) if one.seq == yesterday.stop)
    began_utc = stop.at_utc - 3
    path = names.path_of(settings.state_folder / FILMS, stop.subject, "cam-1", "clip", began_utc)
    sealed(source, path)
    path = path.rename(path.with_suffix(names.KNOWN))
    os.utime(path, (began_utc + 6, began_utc + 6))
    key = tmp_path / "films.key"
    key.write_text(KEY.hex())
    key.chmod(0o600)
    site = replace(settings.site, recording=RecordingTable(key_file=str(key)))
    worker = Shown(replace(settings, site=site), TREE)

    def heard(form: dict[str, Any]) -> None:
        data = {"file": form["about"][0], "how": form["about"][1], "by": form["person"]}
        Thread(target=worker.take, args=("evidence.looked", data, Event())).start()

    yesterday.peer.heard = heard
    phone = phones(yesterday.pages.url, "en", "panel")
    phone.enter("zhao-min", f"/play/{yesterday.stop}")
    phone.tap(".films-then button")
    phone(".films-then input[type=text]").fill("who was there")
    phone.badge("badge-zhao-min")
    expect(phone("video")).to_be_visible()
    phone.page.wait_for_function("() => Math.abs(document.querySelector('video').currentTime - 3) < 1.1")
    phone.look("79-film-in-the-player")
    phone("input[type=range]").press("PageUp")  # a tenth of the whole: long after the film
    expect(phone(".film")).to_have_attribute("data-outside", "true")
    yesterday.peer.heard = lambda _form: None
