"""The guard at his post: signs of life, the three radii, silence, relief, check-in (docs/domain.md 2.5)."""

from msgspec.structs import replace

from edge_agent.domain.person import Person
from edge_agent.domain.request import Ask, Presence
from edge_agent.domain.ticket import Point
from edge_agent.settings.devices import derived
from edge_agent.settings.site import Settings
from tests.scenarios.stories.telling import story, story_at, working
from tests.support.story import GOOD_AIR, T0_UTC, Story, scenario_site, ticket


def person(site: Settings, id_: str, **changes: object) -> Person:
    """Somebody of the site's list, altered."""
    return replace(next(one for one in site.persons if one.id == id_), **changes)


@story
def guard_sits_still_and_answers_with_a_press(site: Settings) -> Story:
    """Asked, he presses; asked again, he presses; the third press in a row needs a check-in."""
    told = working(site)
    told.field.guard["moving"] = False
    told.run(22)
    for _ in range(3):
        told.ask(Ask.HERE, "li-na")
        told.run(22)
    told.ask(Ask.CHECK_IN, "li-na")
    told.run(2)
    told.ask(Ask.HERE, "li-na")
    told.ask(Ask.HERE, "wang-lei")  # the holder cannot vouch for him
    told.run(2)
    return told


@story
def guard_is_asked_twice_and_takes_a_step(site: Settings) -> Story:
    """What asked him is over at once: nobody is called about a guard who walks."""
    told = working(site)
    told.field.guard["moving"] = False
    told.run(32)
    told.field.guard |= {"y_m": 4.5, "moving": True}
    told.run(4)
    return told


@story
def guard_has_not_moved_and_his_wearable_comes_off(site: Settings) -> Story:
    """A wearable that nobody wears tells of nobody's rest: one alarm about him, the one that says why."""
    told = working(site)
    told.field.guard["moving"] = False
    told.run(43)
    told.field.guard["worn"] = False
    told.run(5)
    return told


@story
def guard_presses_the_button_of_his_wearable(site: Settings) -> Story:
    """The button counts once each time it goes down; a walk in between begins the count anew."""
    told = working(site)
    for _ in range(2):
        told.field.guard |= {"moving": False, "here": True}
        told.run(2)
        told.field.guard["here"] = False
        told.run(2)
    told.field.guard |= {"y_m": 4.5, "moving": True}
    told.run(2)
    for _ in range(3):
        told.field.guard["here"] = True
        told.step()
        told.field.guard["here"] = False
        told.step()
    told.field.guard |= {"here": True, "worn": False}  # pressed by somebody else
    told.step()
    return told


@story
def guard_sits_for_an_hour_and_is_asked_once(site: Settings) -> Story:
    """Micro-movement while worn is motion, for half an hour; then a press, or a step, must come."""
    told = working(site, goes_in=())
    told.run(1790, every_s=10)
    told.run(15)
    told.ask(Ask.HERE, "li-na")
    told.run(1780, every_s=10)
    return told


@story
def a_badge_hangs_on_a_rail_that_shakes(site: Settings) -> Story:
    """Worn, it says, and its IMU feels the rail: nobody takes a step, and nobody answers."""
    told = working(site, goes_in=())
    told.run(3590, every_s=10)
    told.run(8)
    return told


@story
def a_badge_that_nobody_is_known_to_wear(site: Settings) -> Story:
    """Without a wear flag the wind that moves the badge is no sign of life."""
    told = working(site)
    told.field.guard["worn"] = None
    told.run(45)
    return told


@story
def guard_stands_one_storey_higher(site: Settings) -> Story:
    told = working(site, point=Point(6.5, 0.0, 1.0))
    told.field.guard["z_m"] = 6.0
    told.run(8)  # five metres are the same level
    told.field.guard["z_m"] = 6.5
    told.run(5)
    told.field.guard["z_m"] = 1.0
    told.run(3)
    told.field.guard["z_m"] = -4.5
    told.run(9)
    told.ask(Ask.CHECK_IN, "li-na")
    told.run(2)
    told.field.guard["z_m"] = 1.0
    told.run(2)
    return told


@story
def guard_leaves_the_site(site: Settings) -> Story:
    """Past fifty metres the work stops; past the site's edge the box says: withdraw the ticket."""
    told = working(site)
    told.field.guard["x_m"] = 89.0
    told.run(4)
    told.field.guard["x_m"] = 95.0
    told.step()
    told.field.guard["x_m"] = 89.0  # back over the edge in time
    told.run(2)
    told.field.guard["x_m"] = 95.0
    told.run(5)
    told.field.guard["x_m"] = 89.0
    told.run(3)
    told.field.guard["x_m"] = 6.0
    told.run(3)
    told.ask(Ask.CHECK_IN, "li-na")
    told.run(4)
    told.ask(Ask.RESUME, "wang-lei")
    told.step()
    return told


@story
def a_wristband_that_knows_only_its_area(site: Settings) -> Story:
    """A single beacon gives an area, not metres: on post in the post's own area, nowhere known in the yard."""
    told = working(site)
    told.field.guard = {"zone": "tank-mouth", "moving": True, "accuracy_m": None}
    told.run(10)
    told.ask(Ask.CHECK_IN, "li-na")
    told.run(2)
    told.field.guard["zone"] = "yard"
    told.run(4)
    told.field.guard["zone"] = "tank-mouth"
    told.run(3)
    told.field.guard["zone"] = "canteen"  # which the plan does not know
    told.run(9)
    return told


@story
def guard_feels_no_pulse(site: Settings) -> Story:
    told = working(site)
    told.field.guard["heart_rate_bpm"] = 0.0
    told.step()
    told.field.guard["heart_rate_bpm"] = 71.0
    told.run(3)
    told.field.guard["heart_rate_bpm"] = 0.0
    told.run(4)
    return told


@story
def guard_leaves_without_a_relief(site: Settings) -> Story:
    told = working(site)
    told.ask(Ask.CHECK_OUT, "wang-lei")
    told.ask(Ask.CHECK_OUT, "li-na")
    told.run(3)
    told.ask(Ask.CHECK_IN, "li-na")
    told.run(5)
    told.resume()
    return told


@story
def who_may_not_take_the_post(site: Settings) -> Story:
    """A check-in is refused with every reason: certificate, training, record, another post, other work."""
    told = Story(site)
    told.field.worker |= {"x_m": 7.0, "y_m": 1.0}
    bare = person(site, "chen-jie", tag="tag-worker-1", certificates=(), training_ok_until_utc=T0_UTC - 5)
    told.bring(ticket(guards=("li-na", "chen-jie")))
    told.bring(ticket(id="P-2", guards=("li-na", "chen-jie", "zhou-qiang"), workers=("wu-gang",)))
    told.step()
    told.bring(replace(bare, valid_until_utc=T0_UTC - 7200))
    told.step()
    told.ask(Ask.CHECK_IN, "chen-jie")
    told.ask(Ask.CHECK_IN, "li-na")
    told.ask(Ask.CHECK_IN, "li-na", permit="P-2")
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.run(2)
    told.ask(Ask.START, "wang-lei")
    told.ask(Ask.START, "li-na")
    told.step()
    told.ask(Ask.CHECK_IN, "zhou-qiang", permit="P-2")  # he is at work under P-1
    told.ask(Ask.CHECK_IN, "wang-lei", permit="P-2")
    told.step()
    return told


@story
def a_guard_without_a_place_reads_the_boxs_screen(site: Settings) -> Story:
    """What the screen shows of him stands in for a wearable without a place, never for one that shows him far."""
    told = Story(site)
    told.field.guard |= {"x_m": 6.5, "y_m": 70.0}  # certainly not here, whatever code he was told
    told.bring(ticket())
    told.run(2)
    told.ask(Ask.CHECK_IN, "li-na", presence=Presence.CODE)
    told.step()
    told.field.guard |= {"x_m": None, "y_m": None}
    told.field.silent.add("tag-guard")
    told.run(20)
    for presence in (Presence.CODE, Presence.BADGE):
        told.ask(Ask.CHECK_IN, "li-na", presence=presence)
        told.step()
    told.field.silent.clear()
    told.field.guard |= {"x_m": 6.5, "y_m": 0.5}
    told.step()
    told.ask(Ask.CHECK_IN, "li-na", presence=Presence.CODE)  # his wearable shows it better
    told.step()
    return told


@story
def a_guard_whose_wearable_is_coarse_is_here_by_the_boxs_screen(site: Settings) -> Story:
    """Its fix may mean the post and may not: a press says nothing, the screen's code or a badge held to it does.

    Twice, as any press; and never for who is certainly elsewhere, or has taken his wearable off.
    """
    told = working(site, goes_in=())
    told.field.guard |= {"y_m": 20.0, "accuracy_m": 10.0, "moving": False}
    told.run(25)
    told.ask(Ask.HERE, "li-na")
    told.step()
    told.ask(Ask.HERE, "li-na", presence=Presence.CODE)
    told.run(30)
    told.ask(Ask.HERE, "li-na", presence=Presence.BADGE)
    told.run(5)
    told.ask(Ask.HERE, "li-na", presence=Presence.CODE)  # a third in a row
    told.step()
    told.ask(Ask.CHECK_IN, "li-na", presence=Presence.CODE)
    told.step()
    told.ask(Ask.HERE, "chen-jie", presence=Presence.CODE)  # not the guard on duty
    told.field.guard |= {"accuracy_m": 1.0}  # certainly off her post, whatever code she was told
    told.step()
    told.ask(Ask.HERE, "li-na", presence=Presence.CODE)
    told.step()
    told.field.guard |= {"accuracy_m": 10.0, "worn": False}
    told.step()
    told.ask(Ask.HERE, "li-na", presence=Presence.BADGE)
    told.step()
    return told


@story
def a_guard_without_a_place_is_here_by_code_until_she_is_lost(site: Settings) -> Story:
    """A sign of life is no place: who is not heard any more stops the work, whatever the screen says of her."""
    told = working(site, goes_in=())
    told.field.silent.add("tag-guard")
    told.run(5)
    told.ask(Ask.HERE, "li-na", presence=Presence.CODE)
    told.run(10)
    return told


@story
def a_check_in_that_somebody_co_signs(site: Settings) -> Story:
    """His wearable gives no place; a shift lead stands beside him and says so, in time."""
    told = Story(site)
    told.field.guard |= {"x_m": None, "y_m": None}
    told.bring(ticket())
    told.run(2)
    told.ask(Ask.CHECK_IN, "qian-wei", about=("li-na",))  # nobody has asked yet
    told.ask(Ask.CHECK_IN, "li-na")
    told.ask(Ask.CHECK_IN, "wang-lei", about=("li-na",))
    told.ask(Ask.CHECK_IN, "qian-wei", about=("chen-jie",))
    told.step()
    told.ask(Ask.CHECK_IN, "qian-wei", about=("li-na",))
    told.run(2)
    told.field.guard |= {"x_m": 6.5, "y_m": 20.0, "accuracy_m": 10.0}  # too coarse to show it
    told.step()
    told.ask(Ask.CHECK_IN, "li-na")
    told.step()
    told.field.guard |= {"y_m": 40.0}  # and now certainly not here
    told.step()
    told.ask(Ask.CHECK_IN, "qian-wei", about=("li-na",))
    told.step()
    told.bring(person(site, "li-na", roles=("guard", "shift_lead")))
    told.ask(Ask.CHECK_IN, "li-na", about=("li-na",))
    told.step()
    told.run(60, every_s=10)
    told.ask(Ask.CHECK_IN, "qian-wei", about=("li-na",))  # too late
    told.step()
    return told


@story
def guard_drops_his_wearable_and_runs(site: Settings) -> Story:
    """Two causes in one step are one stop, told in one sentence."""
    told = working(site)
    told.field.guard |= {"x_m": 70.0, "worn": False}
    told.run(4)
    return told


def slow_tags() -> Settings:
    """The demo tank, whose guards wear tags that promise a word every 9 s: the guard is lost after 8."""
    base = scenario_site()
    slow = replace(base.site.wearables["tag-guard"], period_s=9.0)
    site = replace(base.site, wearables=base.site.wearables | {"tag-guard": slow})
    return replace(base, site=site, devices=derived(site, base.rulebook))


def _speaks_every(told: Story, every_s: float, times: int) -> None:
    """The guard's tag alone is slow."""
    for _ in range(times):
        told.field.silent.add("tag-guard")
        told.run(every_s - 1)
        told.field.silent.discard("tag-guard")
        told.step()


@story
def a_tag_that_is_heard_too_seldom_guards_nobody(site: Settings) -> Story:
    """Before its intervals are known its settings are believed; then it is what it shows until it is faster."""
    told = Story(site)
    told.bring(ticket())
    _speaks_every(told, 9.0, 29)
    told.ready()
    told.run(2)
    told.ask(Ask.START, "wang-lei")
    told.ask(Ask.CHECK_IN, "li-na")
    told.step()
    told.run(90)
    told.ready()
    told.run(10)
    return told


@story
def a_tag_just_fast_enough(site: Settings) -> Story:
    told = Story(site)
    told.bring(ticket())
    _speaks_every(told, 8.0, 31)
    told.begin_work(version=2)
    return told


@story
def a_tag_that_was_away_is_not_slow(site: Settings) -> Story:
    """It lay in its charger between its words: that is no interval of its."""
    told = Story(site)
    told.bring(ticket())
    told.run(20)
    _speaks_every(told, 21.0, 3)
    told.run(20)
    told.begin_work(version=2)
    return told


@story
def a_tag_that_speaks_as_seldom_as_one_that_is_not_away(site: Settings) -> Story:
    """Ten seconds on a demo: these are its intervals, and it guards nobody."""
    told = Story(site)
    told.bring(ticket())
    _speaks_every(told, 10.0, 29)
    told.begin_work(version=2)
    return told


@story
def a_tag_that_was_away_for_a_second_longer_is_not_slow(site: Settings) -> Story:
    told = Story(site)
    told.bring(ticket())
    _speaks_every(told, 11.0, 29)
    told.begin_work(version=2)
    return told


@story_at(slow_tags)
def a_tag_that_promises_too_little(site: Settings) -> Story:
    told = Story(site)
    told.bring(ticket())
    told.run(2)
    told.ready()
    return told


@story
def a_coarse_fix_of_the_guard_falls_inside(site: Settings) -> Story:
    """His wristband is off by metres: for a while nobody can say that he went in; a sharp fix says so soon."""
    told = working(site)
    told.field.guard |= {"x_m": 0.0, "y_m": 0.0, "accuracy_m": 3.5}
    told.run(5)
    told.field.guard["x_m"] = 6.5
    told.run(2)
    told.field.guard["x_m"] = 0.0
    told.run(14)
    told.field.guard["x_m"] = 6.5
    told.run(3)
    return told


@story
def a_fix_as_sharp_as_jitter_tells_that_the_guard_went_in(site: Settings) -> Story:
    """No coarser than what counts as standing still."""
    told = working(site)
    told.field.guard |= {"x_m": 0.0, "y_m": 0.0, "accuracy_m": 3.0}
    told.run(14)
    return told


@story
def coarse_fixes_of_the_guard_inside_take_turns_with_sharp_ones(site: Settings) -> Story:
    """Neither kind stands for its time, and all lie within: sharp for long enough, they say that he went in."""
    told = working(site)
    told.field.guard |= {"x_m": 0.0, "y_m": 0.0}
    for accuracy_m in (3.5, 1.0) * 4:
        told.field.guard["accuracy_m"] = accuracy_m
        told.step()
    told.field.guard["accuracy_m"] = 1.0
    told.run(6)
    told.field.guard |= {"x_m": 6.5, "y_m": 0.5}
    told.run(3)
    return told


@story
def a_wearable_without_charge_guards_nobody(site: Settings) -> Story:
    """At ten per cent it is replaced; a little more opens the post again, also where somebody co-signs."""
    told = Story(site)
    told.bring(ticket())
    told.field.guard |= {"battery_pct": 10.0}
    told.run(2)
    told.ask(Ask.CHECK_IN, "li-na")
    told.step()
    told.field.guard |= {"battery_pct": 11.0, "x_m": None, "y_m": None}
    told.step()
    told.ask(Ask.CHECK_IN, "li-na")
    told.step()
    told.field.guard["battery_pct"] = 10.0
    told.step()
    told.ask(Ask.CHECK_IN, "qian-wei", about=("li-na",))
    told.step()
    told.field.guard["battery_pct"] = 11.0
    told.step()
    told.ask(Ask.CHECK_IN, "qian-wei", about=("li-na",))
    told.step()
    return told


def tags_of_eight_hours() -> Settings:
    """The demo tank, whose guards' tags last eight hours when full."""
    base = scenario_site()
    lasting = replace(base.site.wearables["tag-guard"], battery_life_h=8.0)
    site = replace(base.site, wearables=base.site.wearables | {"tag-guard": lasting})
    return replace(base, site=site, devices=derived(site, base.rulebook))


@story_at(tags_of_eight_hours)
def a_wearable_that_will_not_last_the_job_guards_nobody(site: Settings) -> Story:
    """Three hours are left: 37 % of eight are a little less, 38 % a little more."""
    told = Story(site)
    told.bring(ticket())
    told.field.guard["battery_pct"] = 37.0
    told.run(2)
    told.ask(Ask.CHECK_IN, "li-na")
    told.step()
    told.field.guard["battery_pct"] = 38.0
    told.step()
    told.ask(Ask.CHECK_IN, "li-na")
    told.step()
    return told


@story
def one_wearable_on_two_people_stops_the_work(site: Settings) -> Story:
    """A record of the centre gives the guard's tag to a worker too; corrected, people may resume."""
    told = working(site)
    told.bring(person(site, "zhou-qiang", tag="tag-guard"))
    told.run(3)
    told.bring(person(site, "zhou-qiang", tag="tag-worker-1"))
    told.run(3)
    told.resume()
    told.run(2)
    return told
