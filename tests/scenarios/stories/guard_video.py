"""The guard's post by video: it may show that nobody is there, and save a dead badge for a while (G6)."""

from msgspec.structs import replace

from edge_agent.domain.observation import GUARD_MARK, SeenPerson, View, Worn
from edge_agent.domain.request import Ask
from edge_agent.domain.ticket import Point
from edge_agent.settings.devices import derived
from edge_agent.settings.site import Settings
from edge_agent.settings.site_cameras import GuardColour
from tests.scenarios.stories.network import real_limits
from tests.scenarios.stories.telling import story_at, working
from tests.support.story import Story, scenario_site, ticket

AT_POST = SeenPerson(track=1, box=(0.4, 0.4, 0.5, 0.9), score=0.8, zones=("tank-mouth",))
PASSING = SeenPerson(track=2, box=(0.9, 0.4, 1.0, 0.9), score=0.7)


def watched_post(base: Settings | None = None) -> Settings:
    """The demo tank, with a camera whose picture of the manhole is marked as the guard's post."""
    base = scenario_site() if base is None else base
    camera = base.site.cameras["cam-1"]
    marked = replace(camera, areas=tuple(replace(area, post=True) for area in camera.areas))
    return replace(base, site=replace(base.site, cameras={**base.site.cameras, "cam-1": marked}))


def watched_by_real_limits() -> Settings:
    """The same under the default rulebook."""
    return watched_post(real_limits())


def at_post(site: Settings) -> Story:
    """Work is under way, its guard at the post and in the picture."""
    told = working(site, goes_in=(), video_required=False)
    told.field.seen = (AT_POST, PASSING)
    told.step()
    return told


@story_at(watched_post)
def nobody_at_the_post_by_video(site: Settings) -> Story:
    """His wearable says that he is there; no picture does. Somebody in time ends the warning."""
    told = at_post(site)
    told.field.seen = (PASSING,)
    told.run(60)
    told.run(2)
    told.field.seen = (AT_POST,)
    told.run(2)
    told.field.seen = ()
    told.run(290, every_s=2)
    told.field.view = View.DARK  # while it shows nothing it says nothing
    told.step()
    told.field.view = View.CLEAR
    told.run(290, every_s=2)
    told.run(16)
    told.field.seen = (AT_POST,)
    told.run(2)
    return told


@story_at(watched_post)
def nobody_at_the_post_for_three_minutes_and_the_delay(site: Settings) -> Story:
    """His wearable shows him there: he is asked for now, and was not two seconds earlier."""
    told = at_post(site)
    told.field.seen = ()
    told.run(2)
    told.run(182, every_s=2)
    told.field.seen = (AT_POST,)
    told.run(2)
    return told


@story_at(watched_post)
def nobody_looked_for_a_while(site: Settings) -> Story:
    """A camera that was silent has seen nobody leave: its clock begins anew."""
    told = at_post(site)
    told.field.seen = ()
    told.run(50, every_s=2)
    told.field.silent.add("cam-1")
    told.run(12)
    told.field.silent.clear()
    told.run(50, every_s=2)
    return told


@story_at(watched_post)
def a_dead_badge_is_saved_by_video(site: Settings) -> Story:
    """Just one person at the post saves a silent badge; not for long, not two, not one seen long ago."""
    told = at_post(site)
    told.field.silent.add("tag-guard")
    told.run(12)
    told.field.silent.clear()
    told.run(2)
    told.field.silent.add("tag-guard")
    told.run(7)
    told.field.seen = (AT_POST, AT_POST)
    told.run(3)  # a moment ago he was alone
    told.field.seen = (AT_POST,)
    told.run(3)
    told.run(3)
    told.field.silent.clear()
    told.resume()
    told.run(4)
    told.field.silent.add("tag-guard")
    told.field.seen = ()
    told.run(9)
    return told


@story_at(watched_post)
def an_empty_post_that_the_badge_tells_of_too(site: Settings) -> Story:
    """One episode: what the wearable says already is not said again by video."""
    told = at_post(site)
    told.field.seen = ()
    told.field.guard["y_m"] = 30.0
    told.run(320, every_s=2)
    told.ask("check_out", "li-na")  # and without any guard the post may be empty
    told.run(4)
    return told


@story_at(watched_post)
def a_slow_tag_beside_a_camera_that_sees_the_post(site: Settings) -> Story:
    """The camera is a second source while it can see."""
    told = Story(site)
    told.bring(ticket())
    told.field.seen = (AT_POST,)
    for _ in range(32):
        told.field.silent.add("tag-guard")
        told.run(8)
        told.field.silent.discard("tag-guard")
        told.step()
    told.ready()
    told.field.view = View.DARK
    told.run(2)
    told.ask(Ask.START, "wang-lei")
    told.step()
    return told


def slow_tag_at_a_watched_post() -> Settings:
    """A camera sees the post, and the guard's tag promises a word every 9 s: he is lost after 8."""
    base = watched_post()
    slow = replace(base.site.wearables["tag-guard"], period_s=9.0)
    site = replace(base.site, wearables=base.site.wearables | {"tag-guard": slow})
    return replace(base, site=site, devices=derived(site, base.rulebook))


@story_at(slow_tag_at_a_watched_post)
def an_old_place_of_a_slow_tag_shows_nobody(site: Settings) -> Story:
    """Its settings call it fresh for 27 s; what may show a guard at his post is as young as his loss asks."""
    told = Story(site)
    told.bring(ticket())
    told.field.seen = (AT_POST,)
    told.run(3)
    told.field.silent.add("tag-guard")
    told.run(7)
    told.ask(Ask.CHECK_IN, "li-na")  # 8 s old
    told.step()
    told.field.silent.clear()
    told.step()
    told.field.silent.add("tag-guard")
    told.run(6)
    told.ask(Ask.CHECK_IN, "li-na")  # 7 s old
    told.step()
    return told


@story_at(watched_post)
def an_empty_post_beside_everything_that_tells_of_it(site: Settings) -> Story:
    """Whatever else says that the guard is not there, video does not say it again; when that is over, it does."""
    told = Story(site)
    told.begin_work(video_required=False, point=Point(6.5, 0.0, 1.0))
    well = {**told.field.guard, "z_m": 1.0}
    told.field.guard = dict(well)
    told.field.seen = ()
    for empty_s in (192, 180):  # first it is empty for a while, then for too long
        told.run(empty_s, every_s=4.0)
        for wrong in (
            {"x_m": 80.0},  # too far, and still on the site
            {"accuracy_m": 60.0},
            {"z_m": 9.0},
            {"y_m": 500.0},  # off the site
            {"worn": False},
        ):
            told.field.guard = {**well, **wrong}
            told.run(9)
            told.field.guard = dict(well)
            told.run(4)
        told.field.silent.add("tag-guard")
        told.run(12)
        told.field.silent.clear()
        told.run(2)
    told.field.silent.add("tag-guard")
    told.run(45)  # nor does anything else say what a silent badge says
    return told


@story_at(watched_by_real_limits)
def an_empty_post_and_a_badge_that_lies_still(site: Settings) -> Story:
    """Nothing shows him there any more: he is asked for after a minute, not after three."""
    told = at_post(site)
    told.field.seen = ()
    told.field.guard["moving"] = False
    told.run(68, every_s=2)
    told.run(14, every_s=2)
    return told


@story_at(watched_by_real_limits)
def an_empty_post_and_a_badge_that_lies_still_for_a_minute_and_the_delay(site: Settings) -> Story:
    """He is asked for now, and was not two seconds earlier."""
    told = at_post(site)
    told.field.seen = ()
    told.field.guard["moving"] = False
    told.run(2)
    told.run(74, every_s=2)
    return told


@story_at(watched_by_real_limits)
def a_coarse_badge_is_saved_by_video(site: Settings) -> Story:
    """Fixes that say too little, and one person at the post: for five minutes, and not a second longer."""
    told = at_post(site)
    told.field.guard |= {"x_m": 26.0, "accuracy_m": 60.0}
    told.run(298, every_s=2)
    told.run(80, every_s=2)
    return told


@story_at(watched_by_real_limits)
def a_coarse_badge_and_nobody_at_the_post(site: Settings) -> Story:
    """The same, and no picture shows anybody: he is called after ten seconds, and the work stops after sixty."""
    told = at_post(site)
    told.field.guard |= {"x_m": 26.0, "accuracy_m": 60.0}
    told.run(20)
    told.field.seen = ()
    told.run(75)
    return told


@story_at(watched_by_real_limits)
def the_guard_leaves_the_picture_and_his_badge_stays(site: Settings) -> Story:
    """Called back after ten seconds; whose badge has moved since is not: he stands where no camera looks."""
    told = at_post(site)
    told.field.guard["moving"] = False
    told.field.seen = (PASSING,)
    told.run(9)
    told.field.seen = (AT_POST,)
    told.run(2)
    told.field.seen = (PASSING,)
    told.run(13)
    told.field.seen = (AT_POST,)
    told.run(2)
    told.field.guard["moving"] = True
    told.field.seen = ()
    told.run(30)
    told.field.guard["moving"] = False
    told.run(12)
    return told


@story_at(watched_by_real_limits)
def a_coat_on_a_hook_at_the_post(site: Settings) -> Story:
    """Nobody, once it has not moved for three minutes; and the badge does not say that anybody wears it."""
    told = at_post(site)
    told.field.guard["worn"] = None
    told.field.stone = True
    told.run(176, every_s=2)
    told.run(12)
    told.field.seen = (replace(AT_POST, box=(0.4, 0.3, 0.6, 0.9)),)  # somebody comes to the hook in time
    told.run(6)
    told.field.seen = (AT_POST,)
    told.run(310, every_s=2)
    return told


@story_at(watched_by_real_limits)
def a_coat_on_a_hook_and_a_badge_that_is_worn(site: Settings) -> Story:
    """His wearable shows him: he stands where no camera looks. Until it lies still."""
    told = at_post(site)
    told.field.stone = True
    told.run(310, every_s=2)
    told.field.guard["moving"] = False
    told.run(70, every_s=2)
    return told


@story_at(watched_by_real_limits)
def a_coat_of_which_the_camera_loses_sight(site: Settings) -> Story:
    """Now nobody, now something that never moves: that too shows no guard."""
    told = at_post(site)
    told.field.guard["worn"] = None
    told.field.stone = True
    for _ in range(48):
        told.field.seen = (AT_POST,)
        told.run(2)
        told.field.seen = ()
        told.run(2)
    return told


def guards_in_yellow() -> Settings:
    """The watched post of a site whose guards wear a colour that nobody else does."""
    base = watched_by_real_limits()
    vision = replace(base.site.vision, guard_colour=GuardColour(hue_deg=(45.0, 70.0)))
    return replace(base, site=replace(base.site, vision=vision))


@story_at(guards_in_yellow)
def somebody_without_the_guards_colour_stands_at_the_post(site: Settings) -> Story:
    """Any worker is no guard; of whom it cannot be seen may be one, for a while."""
    guard, worker, hidden = (
        replace(AT_POST, track=track, ppe={GUARD_MARK: worn}) for track, worn in enumerate(Worn)
    )
    told = at_post(site)
    told.field.guard |= {"moving": False}
    told.field.seen = (guard,)
    told.run(8)
    told.field.seen = (worker,)
    told.run(16)
    told.field.seen = (guard, worker)
    told.run(8)
    told.field.guard["worn"] = None
    told.field.seen = (hidden,)
    told.run(200, every_s=1)
    return told


@story_at(watched_post)
def a_coat_at_the_post_beside_everything_that_tells_of_it(site: Settings) -> Story:
    """Whatever else says that the guard is not there, video does not say that it cannot tell."""
    told = Story(site)
    told.begin_work(video_required=False, point=Point(6.5, 0.0, 1.0))
    well = {**told.field.guard, "z_m": 1.0, "worn": None}
    told.field.guard = dict(well)
    told.field.seen, told.field.stone = (AT_POST,), True
    for still_s in (192, 60):  # first it has not moved for a while, then for too long
        told.run(still_s, every_s=4.0)
        for wrong in ({"x_m": 80.0}, {"accuracy_m": 60.0}, {"z_m": 9.0}, {"y_m": 500.0}, {"worn": False}):
            told.field.guard = {**well, **wrong}
            told.run(9)
            told.field.guard = dict(well)
            told.run(4)
        told.field.silent.add("tag-guard")
        told.run(12)
        told.field.silent.clear()
        told.run(2)
    told.field.seen = (replace(AT_POST, box=(0.4, 0.3, 0.6, 0.9)),)  # somebody comes
    told.run(8)
    told.field.seen = (AT_POST,)
    told.run(200, every_s=4.0)
    told.field.seen = (replace(AT_POST, box=(0.4, 0.3, 0.6, 0.9)),)
    told.run(8)
    return told
