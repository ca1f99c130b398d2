"""From a box that nobody owns to its first guarded work, by its pages: the claim, people, a permit."""

import re
import time
from pathlib import Path

from playwright.sync_api import expect

from tests.pages.hands import READ_S, TAP_S, Hands
from tests.pages.new_box import Box
from tests.system.site import until
from web_ui.words import TABLES

ADMIN, PIN = "han-xue", "8642"
LAST_DAY = "2099-12-31"
DEVICES = ("camera", "detector", "zone", "relay", "wearable", "people", "trial")


def standing(fitter: Hands, step: str, is_: str) -> None:
    expect(fitter.phone(f"[data-step='{step}']")).to_have_attribute("data-standing", is_)


def claims(fitter: Hands, code: str, opens: tuple[str, ...] = DEVICES) -> None:
    words = TABLES["en"]["claim"]
    fitter.phone.go("/")
    for field, text in (("code", code), ("name", "Han Xue"), ("pin", PIN), ("again", PIN)):
        fitter.fill(words[field], text)
    expect(fitter.phone.page.get_by_label(words["id"])).to_have_value(ADMIN)  # as the page proposes
    fitter.submit()
    expect(fitter.phone(".setup-steps")).to_be_visible()
    standing(fitter, "time", "done")
    for step in opens:
        standing(fitter, step, "open")
    standing(fitter, "uplink", "done")
    looks(fitter, "100-setup")


def looks(fitter: Hands, name: str) -> None:
    """In both languages and three widths; what was filled in stays."""
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
    holder, guard, tester = (team[one] for one in ("wang-lei", "li-na", "qian-wei"))
    holder.logs_in("wang-lei", TEAM["wang-lei"][3])
    permit = draws_up(holder)
    tester.logs_in("qian-wei", TEAM["qian-wei"][3])
    tester.is_waited_for(permit, "approve")
    tester.pin(TEAM["qian-wei"][3])
    tester.sends()
    guard.logs_in("li-na", TEAM["li-na"][3])
    guard.is_waited_for(permit, "check_in")
    guard.sends()
    guard.opens("confirm")
    for tick in guard.phone(".tick").all():
        tick.click()
        guard.person_s += TAP_S
    guard.sends()
    samples(tester)
    for person in ("qian-wei", "wang-lei", "li-na"):
        expect(team[person].phone('.steps a[href*="do=start"]')).to_be_visible()
        if person == "qian-wei":
            shows_how_it_stands(team[person])
        team[person].signs("start", TEAM[person][3])
    guard.phone.tone("may_work")
    until(box.energised, "the tools have power")
    guard.phone.look("105-guarded")
    return permit


def draws_up(holder: Hands) -> str:
    """The ticket, by whoever holds the permit; then its page."""
    words = TABLES["en"]["ticket"]
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
    holder.person_s += READ_S
    return holder.phone.page.url.rsplit("/", 1)[1]


def shows_how_it_stands(lead: Hands) -> None:
    """Whoever signs sees the permit's state above the keypad, in both languages; not counted."""
    lead.phone.do("start")
    expect(lead.phone(".glance")).to_be_visible()
    looks(lead, "112-signing")
    lead.phone.tap(".task .back")


def samples(tester: Hands) -> None:
    tester.opens("retest")
    cells = tester.phone(".cells input")
    for index in range(cells.count()):
        cells.nth(index).focus()
        tester.pin("0")
        tester.person_s += TAP_S if index else 0.0  # to the next one
    tester.sends()
