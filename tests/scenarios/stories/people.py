"""Who is inside: counted in and out, how long, in contact, and nobody who does not belong there."""

from msgspec.structs import replace

from edge_agent.domain.observation import SeenPerson, View, Worn
from edge_agent.domain.person import Person, Role
from edge_agent.domain.request import Ask
from edge_agent.domain.ticket import Approval
from edge_agent.domain.words import Words
from edge_agent.settings.site import Settings
from edge_agent.settings.site_relays import ContactTable
from tests.scenarios.stories.telling import story, story_at, working
from tests.support.story import HOT, T0_UTC, Story, scenario_site, ticket

INSIDE = {"x_m": 0.0, "y_m": 0.0}
OUTSIDE = {"x_m": 5.0, "y_m": -1.0}


def ready(site: Settings) -> Story:
    """Everything for a start but the signatures."""
    told = Story(site)
    told.bring(ticket())
    told.run(2)
    told.ready()
    return told


def seen(count: int, area: str = "tank-inside", **ppe: Worn) -> tuple[SeenPerson, ...]:
    """People in the camera's picture."""
    boxes = ((0.1 * n, 0.1, 0.1 * n + 0.05, 0.5) for n in range(count))
    return tuple(SeenPerson(track=n, box=box, score=0.9, zones=(area,), ppe=ppe) for n, box in enumerate(boxes))


@story
def somebody_is_inside_before_the_start(site: Settings) -> Story:
    told = ready(site)
    told.field.worker |= INSIDE
    told.run(2)
    told.ask(Ask.START, "wang-lei")
    told.run(2)
    told.field.worker |= OUTSIDE
    told.run(2)
    told.ask(Ask.START, "wang-lei")
    told.ask(Ask.START, "li-na")
    told.run(2)
    return told


@story
def a_worker_goes_in_uncounted(site: Settings) -> Story:
    told = working(site, goes_in=("wu-gang",))
    told.run(9)
    told.ask(Ask.ENTER, "li-na", about=("zhou-qiang",))
    told.run(3)
    return told


@story
def a_worker_passes_the_mouth_too_quickly_to_be_uncounted(site: Settings) -> Story:
    told = working(site)
    told.comes_out()
    told.field.worker |= INSIDE
    told.run(5)
    told.field.worker |= OUTSIDE
    told.run(3)
    return told


@story
def a_stranger_goes_in(site: Settings) -> Story:
    told = working(site)
    told.comes_out()
    told.bring(Person(id="zhou-qiang", name="周强 Zhou Qiang", roles=(Role.WORKER,)))
    told.bring(Person(id="gao-lin", name="高林 Gao Lin", roles=(Role.WORKER,), tag="tag-worker-1"))
    told.field.worker |= INSIDE
    told.run(3)
    told.field.worker |= OUTSIDE  # he only looked in
    told.run(3)
    told.field.worker |= INSIDE
    told.run(7)
    told.field.worker |= OUTSIDE
    told.run(5)
    told.ask(Ask.CHECK_IN, "li-na")
    told.step()
    for who in ("wang-lei", "li-na", "qian-wei"):
        told.ask(Ask.RESUME, who)
        told.step()
    return told


@story
def a_wearable_that_nobody_wears_is_inside(site: Settings) -> Story:
    told = working(site)
    told.comes_out()
    told.bring(Person(id="zhou-qiang", name="周强 Zhou Qiang", roles=(Role.WORKER,)))
    told.field.worker |= INSIDE
    told.run(7)
    return told


@story
def the_guard_goes_in(site: Settings) -> Story:
    told = working(site)
    told.field.guard |= {"x_m": 3.0, "y_m": 0.0}
    told.run(3)
    told.field.guard |= {"x_m": 6.5, "y_m": 0.5}
    told.run(2)
    told.field.guard |= {"x_m": 3.0, "y_m": 0.0}
    told.run(6)
    told.field.guard |= {"x_m": 6.5, "y_m": 0.5}
    told.run(6)
    told.ask(Ask.RESUME, "wang-lei")  # the guard shows first that he is at the point again
    told.step()
    told.resume()
    return told


@story
def somebody_stays_inside_too_long(site: Settings) -> Story:
    told = working(site)
    for _ in range(2):
        told.run(400, every_s=20.0)
        told.ask(Ask.CONTACT, "li-na")
        told.step()
    told.run(34)
    told.run(8)
    told.run(45)
    told.run(15)
    told.comes_out()
    told.run(5)
    for who in ("wang-lei", "li-na", "qian-wei"):
        told.ask(Ask.RESUME, who)
        told.step()
    return told


@story
def nobody_inside_answers(site: Settings) -> Story:
    told = working(site)
    told.run(580, every_s=20.0)
    told.run(16)
    told.ask(Ask.CONTACT, "li-na", about=("zhou-qiang",))  # the other one is silent
    told.step()
    told.run(8)
    told.ask(Ask.CONTACT, "li-na", about=("wu-gang",))
    told.run(4)
    told.resume()
    return told


@story
def he_answers_within_the_time_to_answer(site: Settings) -> Story:
    told = working(site)
    told.run(580, every_s=20.0)
    told.run(19)
    told.ask(Ask.CONTACT, "li-na")
    told.run(3)
    return told


@story
def somebody_has_not_come_out_after_the_order_to_leave(site: Settings) -> Story:
    told = working(site)
    told.field.gas["gas-h2s"] = {"level": 9.0}
    told.run(3)
    told.field.worker |= OUTSIDE
    told.ask(Ask.LEAVE, "li-na", about=("zhou-qiang",))
    told.run(14)
    told.ask(Ask.LEAVE, "li-na", about=("wu-gang",))
    told.run(2)
    told.ask(Ask.ACKNOWLEDGE, "li-na")
    told.run(2)
    return told


@story
def everybody_comes_out_in_time(site: Settings) -> Story:
    told = working(site)
    told.field.gas["gas-h2s"] = {"level": 9.0}
    told.run(13)
    told.comes_out()
    told.run(4)
    return told


@story
def the_camera_sees_more_than_were_counted(site: Settings) -> Story:
    told = working(site)
    told.field.seen = seen(2)
    told.run(8)
    told.field.seen = seen(3)
    told.run(5)
    told.field.seen = seen(2)
    told.run(2)
    told.field.seen = seen(3)
    told.run(8)
    told.field.seen = seen(2)
    told.run(8)
    return told


@story
def a_camera_that_sees_nothing_counts_nobody(site: Settings) -> Story:
    told = working(site, video_required=False)
    told.field.seen = seen(3)
    told.field.view = View.DARK
    told.run(8)
    return told


@story
def counting_that_is_refused(site: Settings) -> Story:
    told = ready(site)
    told.ask(Ask.ENTER, "li-na", about=("zhou-qiang",))  # work has not begun
    told.step()
    told.ask(Ask.START, "wang-lei")
    told.ask(Ask.START, "li-na")
    told.step()
    told.bring(Person(id="feng-tao", name="冯涛 Feng Tao", roles=(Role.AREA_OWNER,), denied="暂停资格"))
    told.ask(Ask.ENTER, "wang-lei", about=("zhou-qiang",))  # not the guard
    told.ask(Ask.ENTER, "li-na")
    told.ask(Ask.ENTER, "li-na", about=("nobody", "feng-tao", "chen-jie", "zhou-qiang", "zhou-qiang"))
    told.ask(Ask.LEAVE, "li-na", about=("zhou-qiang",), tools=1)
    told.ask(Ask.CONTACT, "li-na")
    told.ask(Ask.CONTACT, "li-na", about=("zhou-qiang",))
    told.step()
    told.ask(Ask.ENTER, "li-na", about=("zhou-qiang", "sun-yan"), tools=3)  # the tester looks after the work
    told.ask(Ask.ENTER, "li-na", tools=1)
    told.step()
    told.ask(Ask.ENTER, "li-na", about=("zhou-qiang",))
    told.ask(Ask.LEAVE, "li-na", about=("sun-yan",), tools=2)
    told.ask(Ask.CLOSE, "wang-lei", people_inside=0)  # the count says otherwise
    told.step()
    told.ask(Ask.LEAVE, "li-na", about=("zhou-qiang",))
    told.ask(Ask.CLOSE, "wang-lei", people_inside=0)  # two tools are missing
    told.step()
    told.ask(Ask.LEAVE, "li-na", tools=2)
    told.ask(Ask.CLOSE, "wang-lei", people_inside=0)
    told.step()
    return told


@story
def hot_work_counts_nobody(site: Settings) -> Story:
    told = working(site, **HOT)
    told.ask(Ask.ENTER, "li-na", about=("wu-gang",))
    told.step()
    return told


def vests_asked() -> Settings:
    """The demo tank, in which everybody wears a vest, whatever the work."""
    base = scenario_site()
    areas = tuple(replace(area, ppe=("vest",)) if area.id == "tank-inside" else area for area in base.areas)
    return replace(base, areas=areas)


@story_at(vests_asked)
def the_area_asks_for_more_than_the_work(site: Settings) -> Story:
    """A vest; gloves are asked for by nobody. In as many pictures as prove it, and hysteresis on the way back."""
    told = working(site)
    told.field.seen = seen(1, helmet=Worn.WORN, vest=Worn.MISSING, gloves=Worn.MISSING)
    told.run(4)
    told.run(4)
    told.field.seen = seen(1, helmet=Worn.WORN, vest=Worn.WORN, gloves=Worn.MISSING)
    told.run(12)
    return told


@story
def a_worker_whose_helmet_is_seen_now_and_then(site: Settings) -> Story:
    """Half of the pictures change nothing that is told; and who is hidden is told no more."""
    told = working(site)
    told.field.seen = seen(1, helmet=Worn.MISSING)
    told.run(6)
    for worn in (Worn.WORN, Worn.MISSING) * 6:
        told.field.seen = seen(1, helmet=worn)
        told.run(0.5, every_s=0.5)
    told.field.seen = seen(1, helmet=Worn.UNSURE)
    told.run(14)
    return told


@story
def a_worker_without_his_helmet(site: Settings) -> Story:
    told = working(site)
    told.field.seen = seen(1, helmet=Worn.WORN)
    told.run(5)
    told.field.seen = seen(1, helmet=Worn.MISSING)
    told.run(2)  # two pictures of five: too few
    told.field.seen = seen(1, helmet=Worn.WORN)
    told.run(5)
    told.field.seen = seen(1, helmet=Worn.UNSURE)  # hidden: neither worn nor missing
    told.run(8)
    told.field.seen = seen(1, "tank-mouth", helmet=Worn.MISSING)  # elsewhere
    told.run(8)
    told.field.seen = seen(1, helmet=Worn.MISSING)
    told.run(7)
    told.field.seen = seen(1, helmet=Worn.WORN)
    told.run(12)
    return told


@story
def nobody_looks_for_a_harness_at_height(site: Settings) -> Story:
    """The camera's model knows helmets only: a while too short, then long enough; then one that knows both."""
    signed = (Approval(role="specialist_department", person="qian-wei", at_utc=T0_UTC - 600),)
    told = working(site, type="height", level="2", workers=("zhou-qiang",), approvals=signed)
    told.field.seen = seen(2, helmet=Worn.WORN)
    told.run(8)
    told.field.seen = ()
    told.run(6)
    told.field.seen = seen(2, helmet=Worn.WORN)
    told.run(12)
    told.field.seen = seen(2, helmet=Worn.WORN, harness=Worn.UNSURE)
    told.run(70)
    return told


def with_hook() -> Settings:
    """The demo tank where the worker's harness has a contact on its hook."""
    base = scenario_site()
    relay = base.site.relays["relay-1"]
    hook = ContactTable(input=9, kind="hook", tag="tag-worker-1", name=Words("1 号挂钩", "Hook 1"))
    relay = replace(relay, contacts={**relay.contacts, "hook-1": hook})
    return replace(base, site=replace(base.site, relays={"relay-1": relay}))


def hung_at_height(site: Settings, *, hooked: bool | None) -> Story:
    """Work at height is under way; the worker is at its place, and his hook says so much."""
    told = Story(site)
    told.field.contacts = {"hook-1": True}
    told.field.worker |= INSIDE
    signed = (Approval(role="specialist_department", person="qian-wei", at_utc=T0_UTC - 600),)
    told.begin_work(type="height", level="2", workers=("zhou-qiang",), approvals=signed)
    told.run(6)
    told.field.contacts["hook-1"] = hooked
    return told


@story_at(with_hook)
def a_worker_at_height_hangs_on_nothing(site: Settings) -> Story:
    """He changes hooks, which takes a moment; then he hangs on nothing, until he hooks on and people resume."""
    told = hung_at_height(site, hooked=False)
    told.run(4)
    told.field.contacts["hook-1"] = True
    told.run(6)
    told.field.contacts["hook-1"] = False
    told.run(8)
    told.field.contacts["hook-1"] = True
    told.run(12)
    for who in ("wang-lei", "li-na", "qian-wei"):
        told.ask(Ask.RESUME, who)
        told.step()
    return told


@story_at(with_hook)
def a_hook_that_cannot_be_read_is_not_hooked_on(site: Settings) -> Story:
    """Neither hooked nor unhooked: somebody is told to look; and who is unhooked elsewhere stops nothing."""
    told = hung_at_height(site, hooked=None)
    told.run(10)
    told.field.contacts["hook-1"] = False
    told.field.worker |= OUTSIDE
    told.run(20)
    return told


def with_apparatus() -> Settings:
    """The demo tank, in which nobody goes without breathing apparatus, and the worker's has a contact."""
    base = scenario_site()
    relay, works = base.site.relays["relay-1"], base.rulebook.works
    worn = ContactTable(input=9, kind="breathing", tag="tag-worker-1", name=Words("1 号呼吸器", "Apparatus 1"))
    relay = replace(relay, contacts={**relay.contacts, "air-1": worn})
    asked = replace(works["confined_space"], ppe_critical=("scba",))
    book = replace(base.rulebook, works={**works, "confined_space": asked})
    return replace(base, site=replace(base.site, relays={"relay-1": relay}), rulebook=book)


@story_at(with_apparatus)
def a_worker_takes_his_breathing_apparatus_off_inside(site: Settings) -> Story:
    """For a moment, and for longer; then nobody can tell."""
    told = Story(site)
    told.field.contacts = {"air-1": True}
    told.begin_work(workers=("zhou-qiang",), goes_in=("zhou-qiang",))
    told.run(6)
    for worn, seconds in ((False, 3), (True, 6), (False, 8), (True, 3), (None, 6)):
        told.field.contacts["air-1"] = worn
        told.run(seconds)
    return told


@story
def a_worker_at_height_without_his_harness(site: Settings) -> Story:
    signed = (Approval(role="specialist_department", person="qian-wei", at_utc=T0_UTC - 600),)
    told = working(site, type="height", level="2", workers=("zhou-qiang",), approvals=signed)
    told.field.seen = seen(2, harness=Worn.WORN)
    told.run(5)
    told.field.seen = seen(2, harness=Worn.MISSING)
    told.run(2)  # two pictures of five: too few
    told.field.seen = seen(2, harness=Worn.WORN)
    told.run(8)
    told.field.seen = seen(2, harness=Worn.MISSING)
    told.run(8)
    told.field.seen = seen(2, harness=Worn.WORN)
    told.run(12)
    for who in ("wang-lei", "li-na", "qian-wei"):
        told.ask(Ask.RESUME, who)
        told.step()
    return told
