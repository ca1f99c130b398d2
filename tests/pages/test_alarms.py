"""Alarms in a browser: first-out first, acknowledged where they are read; an event with what led to it."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from playwright.sync_api import expect

from edge_agent.decide.cards import card
from edge_agent.decide.guides import guides, kinds
from edge_agent.domain.next_step import NextStep
from edge_agent.domain.outcome import Effect, Event, Priority
from edge_agent.domain.request import Ask
from edge_agent.domain.ticket import Point
from edge_agent.domain.words import Words
from edge_agent.ops.folders import DATABASE, EVIDENCE
from edge_agent.store.batch import Batch
from edge_agent.store.chain import GENESIS
from edge_agent.store.store import Store
from edge_agent.tell.live import Live, LiveAlarm
from edge_agent.tell.live_curves import Curve, Evidence, Way
from edge_agent.tell.live_file import write_guides
from edge_agent.tell.live_measured import LiveLimits
from tests.pages.phone import Phone
from tests.support.board_world import TREE, Folder, evacuating
from tests.support.desk_peer import DeskPeer
from tests.support.pages import Served
from tests.support.store_values import entries
from web_ui.words import TABLES

WORDS = Words("硫化氢 14.2 ppm（允许：不超过 7.2 ppm）", "H2S 14.2 ppm (allowed: at most 7.2 ppm)")
NEWEST = 60
KEPT = 30  # the number of the event that tells of a film of event 7
RECTIFIED = 31  # ... of its rectification ticket
STEPS = 300  # ten minutes
SCREENS = [("zh", "phone"), ("en", "phone"), ("zh", "tablet"), ("en", "wall")]


def alarmed() -> Live:
    """The camera failed first, the gas came after it; the guard may acknowledge both."""
    base, now = evacuating(), time.time()
    later, first = base.alarms[1], base.alarms[0]

    def made(one: LiveAlarm, since_s: float, code: str) -> LiveAlarm:
        cards = card(Effect.EVACUATE)
        return replace(one, since_utc=now - since_s, code=code, card=cards, act_within_s=180.0)

    alarms = (made(later, 20, "GAS-01"), made(first, 90, "CAM-01"))
    step = NextStep(
        ask=Ask.ACKNOWLEDGE,
        words=Words("确认报警", "Acknowledge"),
        who=("guard",),
        persons=("li-na",),
        fresh=False,
    )
    permit = replace(base.permits[0], next=(step,), area_id="tank-inside", point=Point(1.0, 1.0))
    gas = tuple(
        replace(one, limits=LiveLimits(warn=5.0, stop=7.2)) if one.gas == "h2s" else one for one in base.gas
    )
    events = (replace(base.events[0], seq=NEWEST), *base.events[1:])
    return replace(base, alarms=alarms, permits=(permit, *base.permits[1:]), gas=gas, events=events)


def raised(seq: int, at_utc: float) -> Event:
    said = {"zh": WORDS.zh, "en": WORDS.en}
    parts = dict.fromkeys(("title", "detail", "cause", "consequence", "action"), said)
    data = {
        **parts,
        "code": "GAS-01",
        "act_within_s": 180,
        "notify": ["guard", "safety_officer"],
        "source": "gas-h2s",
    }
    return Event(
        seq=seq,
        type="alarm.raised",
        subject="T-2042",
        at_s=1.0,
        at_utc=at_utc,
        priority=Priority.CRITICAL,
        data=data,
    )


def before(at_utc: float) -> Evidence:
    """Gas that rises after a minute without a word; one man walks, the other's tag falls silent."""
    levels = tuple(None if 60 <= n < 90 else max(0.4, (n - 200) * 0.14) for n in range(STEPS))
    quality = tuple("l" if 60 <= n < 90 else "g" for n in range(STEPS))
    begins = at_utc - 2.0 * STEPS
    walk = tuple((6.0 - n * 0.02, 0.5) for n in range(STEPS))
    silent = tuple((1.0, 1.0) if n < 150 else None for n in range(STEPS))
    return Evidence(
        seq=7,
        type="alarm.raised",
        permit="T-2042",
        at_utc=at_utc,
        curves={"gas-h2s": Curve(from_utc=begins, step_s=2.0, levels=levels, quality=quality)},
        ways={
            "li-na": Way(from_utc=begins, step_s=2.0, places=walk),
            "zhao-min": Way(from_utc=begins, step_s=2.0, places=silent),
        },
        stills=("7-cam-1.jpg",),
    )


def filmed(event: Event) -> Event:
    """The records are told of a film of event 7 that was cut off."""
    file = {"name": "T-2042/cam-1/20261126T120000.000Z-clip.film", "sha256": "ab" * 32, "size": 7}
    data = {
        "kind": "clip", "camera": "cam-1", "permit": "T-2042", "events": [7], "files": [file], "began_utc": 1.8e9,
        "ended_utc": 1.8e9 + 30, "clock_trusted": True, "whole": False,
    }  # fmt: skip
    return replace(event, type="evidence.kept", data=data)


def rectified(event: Event) -> Event:
    """The centre's word on where putting event 7 right stands."""
    words = {"zh": "整改工单 R-7（第 7 条事件）：整改中", "en": "rectification ticket R-7 of event 7: in progress"}
    data = {
        "kind": "ticket",
        "event": 7,
        "status": "in_progress",
        "deadline_utc": event.at_utc - 60,
        "words": words,
    }
    return replace(event, type="record.updated", subject="ticket/R-7", data=data)


@pytest.fixture
def site(folder: Folder) -> Iterator[Path]:
    """Records with sixty events, evidence of one of them, a plan."""
    folder.put_still()
    site, at_utc = folder.path.parent, time.time() - 30
    shutil.copy(TREE / "zones" / "demo-tank" / "areas.toml", site / "areas.toml")
    (site / "state" / EVIDENCE).mkdir()
    (site / "state" / EVIDENCE / "7.json").write_bytes(msgspec.json.encode(before(at_utc)))
    for name in ("7-cam-1.jpg", "7-cam-1.masked.jpg"):
        shutil.copy(folder.path / "cam-1.jpg", site / "state" / EVIDENCE / name)
    write_guides(folder.path, guides(), kinds())
    events = [raised(seq, at_utc) for seq in range(1, NEWEST + 1)]
    events[KEPT - 1] = filmed(events[KEPT - 1])
    events[RECTIFIED - 1] = rectified(events[RECTIFIED - 1])
    with Store.open(site / "state" / DATABASE) as store:
        store.commit(Batch(audit=entries(events, GENESIS)))
        yield site


@pytest.fixture
def guard(site: Path, served: Served, folder: Folder, phones: Callable[..., Phone]) -> Iterator[Phone]:
    """The guard's device, on the page of the alarms that both stand."""
    assert site
    with folder.kept(alarmed):
        one = phones(served.url, "en")
        one.enter("li-na", "/alarms")
        yield one


def test_alarms_tell_what_came_first_and_what_i_do(guard: Phone) -> None:
    for language, size in SCREENS:
        guard.become(language, size)
        guard.go("/alarms")  # nothing is opened yet
        tells_what_came_first(guard, TABLES[language])


def tells_what_came_first(guard: Phone, t: dict[str, dict[str, str]]) -> None:
    first = guard("#alarms .alarms > li").first
    expect(first).to_contain_text(t["permit"]["first"])
    expect(first).to_contain_text("CAM-01")
    expect(first.locator('[data-own="true"]')).to_contain_text(t["role"]["guard"])
    guard.tap(".alarms button[aria-expanded] >> nth=1")
    expect(guard(".guide")).to_contain_text(getattr(guides()["GAS-01"].action, guard.language))
    expect(guard("#past li")).to_have_count(50)
    above, below = (guard(part).bounding_box() for part in ("#alarms", "#past"))
    assert above is not None
    assert below is not None
    assert above["y"] < below["y"]
    guard.look("30-alarms")
    guard.tap("#past > .button")
    expect(guard("#past li")).to_have_count(NEWEST)


def test_an_alarm_is_acknowledged_by_the_key_of_whoever_may(
    guard: Phone, phones: Callable[..., Phone], peer: DeskPeer
) -> None:
    guard.tap(".alarms .button.main")
    expect(guard(".told")).to_contain_text("Acknowledged")
    form = next(json.loads(said["form"]) for said in peer.asked if said["do"] == "signed")
    assert (form["ask"], form["permit"], form["person"]) == ("acknowledge", "T-2042", "li-na")
    assert form["alarm"] == "camera|T-2042|cam-1"
    assert guard.taps == 1
    other = phones(guard.url, "en")
    other.enter("sun-viewer", "/alarms")
    expect(other(".alarms .hint").first).to_contain_text("acknowledged by Li-Na")
    expect(other(".alarms .button.main")).to_have_count(0)


def test_an_event_shows_what_led_to_it_and_says_where_nothing_was_kept(guard: Phone) -> None:
    guard.go("/events/7")
    expect(guard(".event")).to_be_visible()  # in her own language, before she changes it
    for language, size in SCREENS:
        guard.become(language, size)
        shows_what_led_to_it(guard, TABLES[language])
    guard.go("/events/9")
    expect(guard(".event")).to_contain_text("No curves and pictures were kept")
    guard.go("/events/99")
    expect(guard(".fault .code")).to_have_text("E-NO-EVENT")


def shows_what_led_to_it(guard: Phone, t: dict[str, dict[str, str]]) -> None:
    curve = guard('.curve[data-channel="gas-h2s"]')
    expect(curve.locator("polyline")).to_have_count(2)  # broken where nothing was measured
    expect(curve.locator("line.limit")).to_have_count(1)
    expect(curve).to_contain_text(t["quality"]["comm_fail"])
    expect(curve).to_contain_text("13.86")
    plan = guard(".plan")
    expect(plan.locator("polygon")).to_have_count(3)
    expect(plan.locator("circle")).to_have_count(2)
    expect(plan.locator("li").nth(1)).to_contain_text("5")  # minutes since his last place
    expect(guard(".event .qr")).to_be_visible()
    expect(guard(".seen img")).to_be_visible()
    expect(guard(".event")).to_contain_text(t["role"]["safety_officer"])
    expect(guard(".event")).to_contain_text("Zhao-Min")
    expect(guard(".event .films")).to_contain_text(t["event"]["films"])
    expect(guard(".event .films")).to_contain_text("ab" * 32)
    expect(guard(".event .rectified")).to_contain_text("R-7")
    expect(guard(".event .rectified")).to_contain_text(t["event"]["rectified_late"].partition("{")[0])
    expect(guard(".event .films")).to_contain_text(t["event"]["film_torn"])
    expect(guard(".guide")).to_contain_text(getattr(guides()["GAS-01"].action, guard.language))
    guard.has_pictures(".event img")
    guard.look("31-event")


def test_an_officer_sees_a_picture_without_its_mask_once_he_has_said_why(
    guard: Phone, phones: Callable[..., Phone], peer: DeskPeer
) -> None:
    guard.go("/events/7")
    expect(guard(".seen img")).to_be_visible()
    expect(guard(".seen details")).to_have_count(0)  # nobody offers her what she may not see
    officer = phones(guard.url, "en")
    officer.enter("zhao-min", "/events/7")
    officer.tap(".seen summary")
    officer(".seen input[type=text]").fill("who fell")
    officer(".seen input.pin").fill("nim-oahz")
    officer.tap(".seen form .enter")
    expect(officer(".seen details img")).to_be_visible()
    officer.has_pictures(".seen details img")
    form = next(json.loads(said["form"]) for said in peer.asked if said["do"] == "signed")
    assert (form["ask"], form["about"], form["reason"]) == ("film", ["7-cam-1.jpg", "look"], "who fell")
