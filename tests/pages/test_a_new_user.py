"""A new box, and people who know only what its screens say: claim, people, a permit, a whole job.

No centre, nobody known, nothing typed into the address bar but the box's address: every step is found on a screen
by whoever must do it.
"""

import re
from collections.abc import Callable, Iterator

import pytest
from msgspec import Struct
from playwright.sync_api import expect

from edge_agent.domain.scopes import SCOPES
from edge_agent.ops.demo.stage import Stage
from tests.pages import test_a_job_is_played as job
from tests.pages.conftest import stage
from tests.pages.phone import Phone
from tests.system.site import Site
from web_ui.words import TABLES

ADMIN, ADMIN_PIN = "han-xue", "8642"
LAST_DAY = "2099-12-31"


class Somebody(Struct, frozen=True, kw_only=True):
    """Whom the administrator enters, with what lets him do his part."""

    id: str
    name: str
    role: str
    scopes: tuple[str, ...] = ()
    tag: str = ""
    size: str = "phone"  # of his own device


TEAM = (
    Somebody(id="li-na", name="李娜 Li Na", role="guard", scopes=("guard",), tag="tag-guard"),
    Somebody(
        id="chen-jie", name="陈杰 Chen Jie", role="guard", scopes=("guard",), tag="tag-guard-2", size="tablet"
    ),
    Somebody(id="wang-lei", name="王磊 Wang Lei", role="holder", size="tablet"),
    Somebody(id="wu-gang", name="吴刚 Wu Gang", role="worker", scopes=("hot",), tag="tag-worker-2"),
    Somebody(id="sun-yan", name="孙燕 Sun Yan", role="tester", scopes=("gas_test",)),
    Somebody(id="qian-wei", name="钱伟 Qian Wei", role="shift_lead", size="panel"),
    Somebody(id="feng-tao", name="冯涛 Feng Tao", role="area_owner"),
    Somebody(id="zhao-min", name="赵敏 Zhao Min", role="safety_officer", size="panel"),
)
PINS = job.PINS | {"wu-gang": "6607"}


@pytest.fixture
def nobody_known() -> Iterator[Stage]:
    """The demo's field and site, and not one person in the box's books."""
    with stage(lambda _: "schema = 1\npersons = []\n") as set_up:
        yield set_up


def test_new_people_on_a_new_box_do_a_whole_job(nobody_known: Stage, phones: Callable[..., Phone]) -> None:
    url = f"https://127.0.0.1:{nobody_known.ports.board}"
    admin = phones(url, "en", "panel")
    claims(admin, (nobody_known.state_folder / "claim-code").read_text("utf-8").strip())
    second = phones(url, "en")
    second.go("/claim")
    expect(second("h1")).to_contain_text("already in use")
    expect(admin("h1")).to_have_text(TABLES["en"]["setup"]["title"])  # what the box still needs, people among it
    admin.tap(".setup a[href='/people']")
    for one in TEAM:
        enters(admin, one)
    admin.look("83-everybody")
    site = Site(nobody_known)
    team = devices(site, phones, url)
    site.permit = draws_up(team("wang-lei"))
    job.signs("approve", team("feng-tao"), "feng-tao")
    job.checks_in(team("li-na"))
    sees_to_the_measures(team("li-na"))
    job.takes_samples(team("sun-yan"))
    mark = site.stage.relay.mark()
    for person in ("qian-wei", "wang-lei", "li-na"):
        job.signs("start", team(person), person)
    site.coil(mark, on=True)
    job.works(team("li-na"))
    is_warned(site, team("li-na"))
    job.is_asked_and_answers(site, team("li-na"))
    job.takes_over(site, team("chen-jie"), team("li-na"))
    job.gas_comes(site, team)
    job.work_goes_on(site, team)
    job.work_ends(site, team)


def devices(site: Site, phones: Callable[..., Phone], url: str) -> job.Team:
    """Everybody's own device: from the box's address to the log-in, and on by what is shown."""
    known: dict[str, Phone] = {}

    def of(person: str) -> Phone:
        if person not in known:
            one = known[person] = phones(url, "en", next(who.size for who in TEAM if who.id == person))
            one.go("/")
            one.log_in(person, PINS[person])
            if site.permit:
                one.arrive()
        known[person].taps = 0
        return known[person]

    return of


def claims(admin: Phone, code: str) -> None:
    """What the first screen asks for, of whoever reads the box's code; once."""
    admin.go("/")
    for language, size in (("zh", "phone"), ("en", "panel")):
        expect(admin(".clockcheck")).to_be_visible()
        admin.become(language, size)
        expect(admin(".clockcheck")).to_contain_text(TABLES[language]["claim"]["time_right"])
        admin.look("80-claim")
    words = TABLES["en"]["claim"]
    for field, text in (("code", code.lower()), ("name", "韩雪 Han Xue"), ("id", ADMIN), ("pin", ADMIN_PIN)):
        admin.page.get_by_label(words[field]).fill(text)
    expect(admin("button[type=submit]")).to_be_disabled()
    admin.page.get_by_label(words["again"]).fill(ADMIN_PIN)
    admin.tap("button[type=submit]")
    expect(admin(".top .title")).to_contain_text("Han Xue")
    admin.look("81-claimed")


def enters(admin: Phone, one: Somebody) -> None:
    """Somebody new, on the page of people."""
    table = TABLES[admin.language]
    words = table["roster"]
    press(admin, words["add"])
    admin.page.get_by_label(words["id"], exact=True).fill(one.id)
    admin.page.get_by_label(words["name"], exact=True).fill(one.name)
    press(admin, table["role"][one.role])
    admin.page.get_by_label(words["pin"]).fill(PINS[one.id])
    admin.page.get_by_label(words["trained"]).fill(LAST_DAY)
    if one.tag:
        press(admin, one.tag)
    if one.scopes:
        press(admin, words["add_certificate"])
        admin.page.get_by_label(words["number"]).fill(f"C-{one.id}")
        for scope in one.scopes:
            press(admin, getattr(SCOPES[scope], admin.language))
        admin.page.get_by_label(words["until"]).fill(LAST_DAY)
    if one.id == "li-na":
        admin.look("82-somebody-new")
    admin.type(ADMIN_PIN)
    admin.tap("button[type=submit]")
    expect(admin(f".roster li:has-text('{one.id}')")).to_be_visible()


def draws_up(holder: Phone) -> str:
    """The permit's number."""
    zh = holder.language == "zh"
    holder.look("84-nothing-yet")
    holder.tap(".steps a[href='/tickets/new']")
    for words in ("二级动火作业" if zh else "level-2 hot work", "罐内" if zh else "Inside the tank"):
        press(holder, words)
    for name in ("Li Na", "Chen Jie"):
        holder.page.get_by_role("button", name=re.compile(name)).click()
    only = holder.page.get_by_role("button", name=re.compile("Wu Gang"))  # the only worker: named by the page
    expect(only).to_have_attribute("aria-pressed", "true")
    holder.page.get_by_label(TABLES[holder.language]["ticket"]["content"]).fill(
        "补焊人孔法兰 weld the manhole flange"
    )
    if holder.page.get_by_label(TABLES[holder.language]["ticket"]["jsa"]).count():
        holder.page.get_by_label(TABLES[holder.language]["ticket"]["jsa"]).fill("JSA-7")
    press(holder, TABLES[holder.language]["ticket"]["indoors"])
    holder.look("85-permit")
    holder.type(PINS["wang-lei"])
    holder.tap("button[type=submit]")
    expect(holder(".glance")).to_be_visible()
    return holder.page.url.rsplit("/", 1)[1]


def sees_to_the_measures(guard: Phone) -> None:
    """Each is looked at, then ticked: nothing is ticked beforehand."""
    guard.do("confirm")
    for tick in guard(".tick").all():
        tick.click()
    guard.look("87-measures")
    guard.send()


def is_warned(site: Site, guard: Phone) -> None:
    """Gas rises, and does not stop the work yet."""
    site.stage.gateway.command("set", gas="h2s", level=6.0)
    guard.tone("warning")
    guard.look("86-warned")
    site.stage.gateway.command("set", gas="h2s", level=0.0)
    guard.tone("may_work")


def press(phone: Phone, words: str) -> None:
    phone.page.get_by_role("button", name=words, exact=True).first.click()
