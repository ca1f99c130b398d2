"""A technician equips a box that knows nothing: from `edge-agent init` to work that the box guards, by its pages.

The field is simulated over the real protocols; the box's programs are those that its units start. How long people
would take is added to what the machine took (hands.py).
"""

import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from playwright.sync_api import expect

from edge_agent.ops.demo.ports import picked_port
from edge_agent.ops.demo.stage import Broker, Process, wait_for_port
from edge_agent.ops.folders import DATABASE
from edge_agent.simulate.handle import Simulator
from edge_agent.store.reader import Reader
from tests.pages.hands import KEY_S, READ_S, TAP_S, Hands, Times
from tests.pages.phone import Phone
from tests.system.site import until
from web_ui.words import TABLES

ADMIN, PIN = "han-xue", "8642"
TAG = '[{"provider_id": "tag-guard", "x": 0.5, "y": 0.5, "roam_m": 1.0}]'
LAST_DAY = "2099-12-31"


class Box:
    """The programs of a box that was just installed, and a field around it."""

    def __init__(self, folder: Path, ends: ExitStack) -> None:
        self.folder, self.site, self._ends = folder, folder / "site", ends
        self.ports = {name: picked_port(ends) for name in ("uplink", "field", "board", "enrol", "film")}
        for name, port in (("central", self.ports["uplink"]), ("field", self.ports["field"])):
            broker = Broker(f"{name}-broker", port, folder)
            ends.callback(broker.stop)
        self.gateway = self.played("gas-gateway", "--warmup", "0")
        self.relay = self.played("relay", "--mirror", "0:0", "--mirror", "2:1")
        self.wearables = self.played("wearables", "--port", str(self.ports["field"]), "--tags", TAG)
        self.camera = self.played(
            "camera", "--port", str(self.ports["film"]), "--path", "cam", "--synthetic", "20"
        )

    def played(self, kind: str, *options: str) -> Simulator:
        one = Simulator(kind, *options)
        self._ends.callback(one.stop)
        return one

    def installed(self) -> None:
        """What whoever installs the package does at the console: the first settings, then the units."""
        self.begun()
        self.started()

    def started(self) -> None:
        """Its units, until its pages answer."""
        self.agent = Process("agent", [sys.executable, "-m", "edge_agent", "run", str(self.site)], self.folder)
        self._ends.callback(self.agent.stop)
        until((self.site / "state" / "claim-code").exists, "the box shows its code")
        pages = Process("pages", [sys.executable, "-m", "web_ui", str(self.site)], self.folder)
        self._ends.callback(pages.stop)
        wait_for_port(self.ports["board"], pages)

    def begun(self) -> None:
        """The first settings, moved to this machine's ports."""
        answers = {
            "id": "plant-7",
            "unit": "edge-1",
            "zh": "七号装置",
            "en": "Plant 7",
            "lat": "30.8",
            "lon": "121.3",
        }
        options = [f"--{name}={value}" for name, value in answers.items()]
        subprocess.run([sys.executable, "-m", "edge_agent", "init", str(self.site), *options], check=True)
        self._moved_here()

    def _moved_here(self) -> None:
        """This machine's ports and folders, and its clock, which no NTP server keeps here.

        Minutes of waiting are seconds in the demo's rulebook, and no night makes it stricter: what people do is
        what is measured, whatever the hour.
        """
        file = self.site / "site.toml"
        text = file.read_text("utf-8")
        for table, port in (("uplink", "uplink"), ("field_broker", "field")):
            text = re.sub(rf"(\[{table}\][^\[]*?port = )\d+", rf"\g<1>{self.ports[port]}", text)
        text = text.replace("port = 8443", f"port = {self.ports['board']}").replace('"0.0.0.0"', '"127.0.0.1"')
        text = text.replace("enrol_port = 8080", f"enrol_port = {self.ports['enrol']}")
        text = text.replace('source = "kernel"', 'source = "declared"')
        text = text.replace('rulebook = "gb30871-2022"', 'rulebook = "demo-confined-space"')
        folders = (
            '[folders]\nstate = "state"\nruntime = "runtime"\nweb = "web"\n\n[upgrade]\nnever = true\n\n[clock]'
        )
        file.write_text(text.replace("[clock]", folders, 1), "utf-8")

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.ports['board']}"

    @property
    def code(self) -> str:
        return (self.site / "state" / "claim-code").read_text("utf-8").strip()

    def starts(self) -> int:
        with Reader.open(self.site / "state" / DATABASE) as records:
            return sum(one.type == "unit.started" for one in records.recent(500))

    def energised(self) -> bool:
        return bool(self.relay.command("status")["coils"][0])


B = TypeVar("B", bound=Box)


@contextmanager
def boxed(kind: type[B]) -> Iterator[B]:
    """A field with its box; nothing of it is left."""
    if shutil.which("mosquitto", path="/usr/bin:/usr/sbin:/usr/local/sbin") is None:
        pytest.skip("mosquitto is not installed (apt-get install mosquitto)")
    folder = Path(tempfile.mkdtemp(prefix="edge-equipped-"))
    folder.chmod(0o755)
    with ExitStack() as ends:
        yield kind(folder, ends)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def box() -> Iterator[Box]:  # type: ignore[override]
    with boxed(Box) as one:
        yield one


def test_a_technician_equips_a_box_from_the_package_to_guarded_work(
    box: Box, phones: Callable[..., Phone]
) -> None:
    times = Times(300.0)  # from the installed package to the first guarded permit
    box.installed()
    times.told("package to pages")
    fitter = times.watched(Hands(phones(box.url, "en", "phone")))
    claims(fitter, box.code)
    times.told("claim")
    notes_devices_and_area(fitter, box)
    times.told("devices and area, noted")
    takes_them(fitter, box)
    times.told("taken, one restart; siren tried")
    people = enters_people(fitter, box)
    times.told("people, by their table")
    team = {one: times.watched(Hands(phones(box.url, "en", "phone"))) for one in people}
    permit = begins_work(box, team)
    times.told("guarded permit")
    times.kept()
    the_guard_goes_and_comes_back(box, team)
    nothing_of_it_is_open(fitter, permit)


def standing(fitter: Hands, step: str, is_: str) -> None:
    expect(fitter.phone(f"[data-step='{step}']")).to_have_attribute("data-standing", is_)


DEVICES = ("camera", "detector", "zone", "relay", "wearable", "people", "trial")


def claims(fitter: Hands, code: str, opens: tuple[str, ...] = DEVICES) -> None:
    words = TABLES["en"]["claim"]
    fitter.phone.go("/")
    for field, text in (("code", code), ("name", "Han Xue"), ("id", ADMIN), ("pin", PIN), ("again", PIN)):
        fitter.fill(words[field], text)
    fitter.submit()
    expect(fitter.phone(".setup-steps")).to_be_visible()
    standing(fitter, "time", "done")
    for step in opens:
        standing(fitter, step, "open")
    standing(fitter, "uplink", "done")
    looks(fitter, "100-setup")


def looks(fitter: Hands, name: str) -> None:
    """In both languages and three widths; a page that was filled in is empty afterwards."""
    began_s = time.monotonic()
    for language, size in (("zh", "phone"), ("zh", "tablet"), ("zh", "panel")):
        fitter.phone.become(language, size)
        fitter.phone.look(name)
    fitter.phone.become("en", "phone")
    fitter.looked_s += time.monotonic() - began_s
    widths(fitter, name)


def widths(fitter: Hands, name: str) -> None:
    began_s = time.monotonic()
    for size in ("panel", "tablet", "phone"):
        fitter.phone.resize(size)
        fitter.phone.look(name)
    fitter.looked_s += time.monotonic() - began_s


def notes(fitter: Hands, step: str, id_: str) -> None:
    """Checked by the box with all that is noted already; nothing of it is in force."""
    fitter.press(fitter.words["setup"]["note"])
    expect(fitter.phone(".told")).to_contain_text(fitter.words["setup"]["noted"])
    expect(fitter.phone(f"[data-step='{step}'] .in-wait")).to_contain_text(id_)
    standing(fitter, step, "open")


def notes_devices_and_area(fitter: Hands, box: Box) -> None:
    words, starts = TABLES["en"]["setup"], box.starts()
    fitter.link("/setup/camera")
    looks(fitter, "101-camera-empty")
    fitter.fill(words["address"] + "rtsp://10.0.0.9:554/…", f"rtsp://127.0.0.1:{box.ports['film']}/cam")
    fitter.press(words["open_stream"])
    expect(fitter.phone(".probed")).to_contain_text("H.264")
    widths(fitter, "101-camera")
    fitter.press(
        "Around the work"
    )  # a played film stands otherwise after each start: to work its camera is nothing
    notes(fitter, "camera", "cam-1")
    fitter.link("/setup/detector")
    in_chinese(fitter, box)
    fitter.fill(words["where"] + words["where_hint"], f"127.0.0.1:{box.gateway.port}")
    fitter.fill(words["unit"], "1")
    fitter.press(words["probe"])
    expect(fitter.phone(".verdict")).to_have_attribute("data-quality", "good")
    expect(fitter.phone(".verdict")).to_contain_text("ch4")
    fitter.phone(".probed summary").click()
    expect(fitter.phone(".registers tbody tr")).to_have_count(10)
    widths(fitter, "103-probed")
    notes(fitter, "detector", "gas-ch4-1")
    loses_the_page(fitter, "gas-ch4-1")
    draws_the_area(fitter)
    fitter.link("/setup/relay")
    looks(fitter, "104-relay-empty")
    fitter.fill(words["module_at"] + words["relay_hint"], f"127.0.0.1:{box.relay.port}")
    fitter.press("wago_750-362")
    for does, coil in (("permissive", "0"), ("siren", "1")):
        fitter.fill(words["coil"].format(does=TABLES["en"]["output"][does]), coil)
    for contact, number in (("feedback", "0"), ("siren_feedback", "2"), ("button", "1")):
        fitter.fill(words[contact], number)
    widths(fitter, "104-relay")
    notes(fitter, "relay", "relay-1")
    fitter.link("/setup/wearable")
    fitter.press("omlox_wristband")
    fitter.fill(words["provider"], "tag-guard")
    notes(fitter, "wearable", "tag-1")
    looks(fitter, "108-noted")
    assert box.starts() == starts, "nothing is in force yet"
    assert "gas-ch4-1" not in (box.site / "site.toml").read_text("utf-8")


def loses_the_page(fitter: Hands, id_: str) -> None:
    """What is noted outlives a page that is loaded anew, and is told as what it is; not counted."""
    began_s = time.monotonic()
    fitter.phone.page.reload()
    expect(fitter.phone(f".noted [data-noted='{id_}']")).to_be_visible()
    expect(fitter.phone(".noted")).to_contain_text(TABLES["en"]["setup"]["not_in_force"])
    fitter.looked_s += time.monotonic() - began_s


def takes_them(fitter: Hands, box: Box) -> None:
    """One list, one difference, one signature, one restart; he is still logged in."""
    starts = box.starts()
    fitter.press(TABLES["en"]["zones"]["check"])
    expect(fitter.phone(".noted .changes")).to_have_attribute("data-accepted", "true")
    widths(fitter, "109-taken-together")
    fitter.pin(PIN)
    fitter.submit()
    expect(fitter.phone(".told")).to_contain_text(TABLES["en"]["setup"]["entered"])
    expect(fitter.phone(".noted")).to_have_count(0)
    assert box.starts() == starts + 1, "one restart for all of it"
    for step in ("camera", "detector", "zone", "wearable"):
        standing(fitter, step, "done")
    standing(fitter, "relay", "open")
    fitter.link("/setup/relay")
    expect(fitter.phone(".outputs li")).to_have_count(2)
    tries_the_siren(fitter, box)
    fitter.phone.go("/setup")
    standing(fitter, "relay", "done")


def tries_the_siren(fitter: Hands, box: Box) -> None:
    """Announced, on for a moment, read back at its contact; what lets tools run stays off."""
    mark = box.relay.mark()
    fitter.phone(".trial summary").click()
    fitter.pin(PIN)
    fitter.submit()
    expect(fitter.phone(".told")).to_be_visible()
    widths(fitter, "104-outputs")
    box.relay.wait_for(lambda line: line.get("coil") == 1 and line.get("on") is True, after=mark)
    box.relay.wait_for(lambda line: line.get("coil") == 1 and line.get("on") is False, after=mark)
    assert not box.energised()


def in_chinese(fitter: Hands, box: Box) -> None:
    """The same probe as a Chinese technician sees it; not counted."""
    began_s, person_s, words = time.monotonic(), fitter.person_s, TABLES["zh"]["setup"]
    fitter.phone.become("zh", "phone")
    fitter.fill(words["where"] + words["where_hint"], f"127.0.0.1:{box.gateway.port}")
    fitter.fill(words["unit"], "200")
    fitter.press(words["probe"])
    expect(fitter.phone(".fault")).to_contain_text("网关后的设备无应答")
    fitter.phone.look("103-nobody")
    fitter.fill(words["unit"], "3")
    fitter.press(words["probe"])
    expect(fitter.phone(".verdict")).to_contain_text("h2s")
    fitter.phone(".probed summary").click()
    for size in ("panel", "tablet", "phone"):
        fitter.phone.resize(size)
        fitter.phone.look("103-probed")
    fitter.phone.become("en", "phone")
    fitter.looked_s += time.monotonic() - began_s
    fitter.person_s = person_s


def draws_the_area(fitter: Hands) -> None:
    fitter.link("/setup/zone")
    corner = fitter.phone.page.get_by_label("Corner 1, metres east")
    fitter.into(corner, "-3")
    corner.blur()
    notes(fitter, "zone", "areas.toml")


TEAM: dict[str, tuple[str, tuple[str, ...], tuple[str, ...], str]] = {  # name, roles, scopes, PIN
    "li-na": ("Li Na", ("guard",), ("guard",), "1101"),
    "wang-lei": ("Wang Lei", ("holder",), (), "2202"),
    "wu-gang": ("Wu Gang", ("worker",), ("hot",), "3303"),
    "qian-wei": ("Qian Wei", ("shift_lead", "area_owner", "tester"), ("gas_test",), "4404"),
}


def table_of(folder: Path) -> Path:
    """As the office fills in the template, with Excel on a Chinese machine: GBK, semicolons, its own dates."""
    lines = ["Person id;Name;Roles;PIN;Wearable;Training valid until;Certificate;Covers;Valid until"]
    for id_, (name, roles, scopes, pin) in TEAM.items():
        tag, number = ("tag-1" if "guard" in roles else ""), ("C-1" if scopes else "")
        has, covers = "、".join(TABLES["zh"]["role"][one] for one in roles), ", ".join(scopes)
        lines.append(f"{id_};{name};{has};{pin};{tag};2099/12/31;{number};{covers};{LAST_DAY if scopes else ''}")
    file = folder / "people.csv"
    file.write_text("\r\n".join(lines), "gb18030", newline="")
    return file


def enters_people(fitter: Hands, box: Box) -> tuple[str, ...]:
    """By the table that the office has filled in: to type that is no part of fitting a box, and not counted."""
    fitter.link("/setup/people")
    fitter.choose(table_of(box.folder))
    expect(fitter.phone(".previewed li")).to_have_count(len(TEAM))
    widths(fitter, "110-people-table")
    fitter.pin(PIN)
    fitter.submit()
    fitter.phone.page.wait_for_url(f"{box.url}/people")  # when the last of them is in
    for id_ in TEAM:
        expect(fitter.phone(f".roster li:has-text('{id_}')")).to_be_visible()
    fitter.phone.go("/setup")
    standing(fitter, "people", "done")
    return tuple(id_ for id_ in TEAM if id_ != "wu-gang")


def begins_work(box: Box, team: dict[str, Hands]) -> str:
    """Drawn up on the page, approved, checked, sampled, started: there is power."""
    words = TABLES["en"]["ticket"]
    holder = team["wang-lei"]
    for id_, one in team.items():
        one.phone.go("/")
        one.phone.log_in(id_, TEAM[id_][3])
        one.person_s += 2 * TAP_S + KEY_S * (len(id_) + 4)
    holder.link("/tickets/new")
    for name in ("level-2 hot work", "Inside the space"):
        holder.press(name)
    for person in ("Li Na", "Wu Gang"):  # the only ones: named by the page
        one_of = holder.phone.page.get_by_role("button", name=re.compile(person))
        expect(one_of).to_have_attribute("aria-pressed", "true")
    holder.fill(words["content"], "weld a flange")
    holder.press(words["indoors"])
    holder.pin(TEAM["wang-lei"][3])
    holder.submit()
    expect(holder.phone(".glance")).to_be_visible()
    permit = holder.phone.page.url.rsplit("/", 1)[1]
    for one in team.values():
        if one is not holder:
            one.phone.tap(".permit-card")
            one.person_s += TAP_S
    team["qian-wei"].signs("approve", TEAM["qian-wei"][3])
    guard, tester = team["li-na"], team["qian-wei"]
    guard.does("check_in")
    guard.phone.do("confirm")
    for tick in guard.phone(".tick").all():
        tick.click()
        guard.person_s += TAP_S
    guard.phone.send()
    guard.person_s += 2 * TAP_S + READ_S
    samples(tester)
    for person in ("qian-wei", "wang-lei", "li-na"):
        expect(team[person].phone('.steps a[href*="do=start"]')).to_be_visible()
        team[person].signs("start", TEAM[person][3])
    guard.phone.tone("may_work")
    until(box.energised, "the tools have power")
    guard.phone.look("105-guarded")
    return permit


def samples(tester: Hands) -> None:
    tester.phone.do("retest")
    cells = tester.phone(".cells input")
    for index in range(cells.count()):
        cells.nth(index).focus()
        tester.pin("0")
    tester.phone.send()
    tester.person_s += 2 * TAP_S + READ_S


def the_guard_goes_and_comes_back(box: Box, team: dict[str, Hands]) -> None:
    """The box stops the work by itself; holder, guard and shift lead let it go on."""
    guard = team["li-na"]
    box.wearables.command("move", tag="tag-guard", x=90.0, y=0.5, speed=60.0)
    guard.phone.tone("stopped")
    until(lambda: not box.energised(), "the tools have no power")
    box.wearables.command("move", tag="tag-guard", x=0.5, y=0.5, speed=60.0)
    expect(guard.phone('.steps a[href*="do=check_in"]').first).to_be_visible()
    guard.does("check_in")
    for person in ("wang-lei", "li-na", "qian-wei"):
        expect(team[person].phone('.steps a[href*="do=resume"]')).to_be_visible()
        team[person].signs("resume", TEAM[person][3])
    guard.phone.tone("may_work")
    until(box.energised, "the tools have power again")


def nothing_of_it_is_open(fitter: Hands, permit: str) -> None:
    fitter.phone.go("/setup")
    standing(fitter, "trial", "done")
    expect(fitter.phone("[data-step='trial']")).to_contain_text(permit)
    looks(fitter, "106-setup-done")
    fitter.phone.go("/board")
    expect(fitter.phone(".board")).to_be_visible()
    fitter.phone.look("107-board")
