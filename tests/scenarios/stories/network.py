"""The wireless network falls silent: that is told once, given its grace, and hides nobody who is really gone."""

from msgspec.structs import replace

from edge_agent.domain.permit import State
from edge_agent.settings.site import Settings
from tests.scenarios.stories.devices import record
from tests.scenarios.stories.telling import story_at, working
from tests.support.story import T0_UTC, Story, scenario_site, with_rulebook

ON_THE_AIR = {"tag-guard", "tag-guard-2", "tag-worker-1", "cam-1"}


def real_limits() -> Settings:
    """The demo tank under the default rulebook; everybody was at this morning's class, devices are in order."""
    site = with_rulebook(scenario_site(), "gb30871-2022")
    persons = tuple(replace(one, daily_class_utc=T0_UTC - 1800) for one in site.persons)
    return replace(site, persons=persons, records=tuple(record(device.id) for device in site.devices))


def at_work(site: Settings, *, video_required: bool = False) -> Story:
    """Work is under way; the relief guard's wearable is heard too."""
    told = working(site, goes_in=(), video_required=video_required)
    told.field.also["tag-guard-2"] = {"x_m": 30.0, "y_m": 0.5, "moving": True}
    told.run(5)
    assert told.state is State.ACTIVE
    return told


@story_at(real_limits)
def the_network_is_silent_for_a_while(site: Settings) -> Story:
    """Tags and the required camera at once, for less than either may be silent with the network's grace."""
    told = at_work(site, video_required=True)
    told.field.silent |= ON_THE_AIR
    told.run(55)
    told.field.silent.clear()
    told.run(40)
    return told


@story_at(real_limits)
def the_network_is_silent_for_a_moment(site: Settings) -> Story:
    """Too short to be told."""
    told = at_work(site, video_required=True)
    told.field.silent |= ON_THE_AIR
    told.run(15)
    told.field.silent.clear()
    told.run(5)
    return told


@story_at(real_limits)
def the_network_stays_silent(site: Settings) -> Story:
    """Its grace is over, and nobody knows where the guard is: the work stops; gas was watched all the time."""
    told = at_work(site)
    told.field.silent |= ON_THE_AIR
    told.run(95)
    return told


@story_at(real_limits)
def the_guard_leaves_while_the_network_is_silent(site: Settings) -> Story:
    """What the network says first when it is back."""
    told = at_work(site)
    told.field.silent |= ON_THE_AIR
    told.run(40)
    told.field.silent.clear()
    told.field.guard["x_m"] = 80.0
    told.run(12)
    return told


@story_at(real_limits)
def gas_rises_while_the_network_is_silent(site: Settings) -> Story:
    """The detectors hang on a wire."""
    told = at_work(site)
    told.field.silent |= ON_THE_AIR
    told.run(20)
    told.field.gas["gas-ch4"]["level"] = 12.0
    told.run(2)
    return told


@story_at(real_limits)
def a_slow_tag_has_its_word_taken_by_a_hole(site: Settings) -> Story:
    """He was last heard a while before the hole, and is heard again a while after it."""
    told = at_work(site)
    told.field.silent.add("tag-guard")
    told.run(25)
    told.field.silent |= ON_THE_AIR
    told.run(20)
    told.field.silent -= ON_THE_AIR - {"tag-guard"}
    told.run(30)
    told.field.silent.clear()
    told.run(3)
    return told


@story_at(real_limits)
def all_tags_silent_and_a_camera_that_sees(site: Settings) -> Story:
    """A source that gets through shows that the network is there: the guard has no grace."""
    told = at_work(site)
    told.field.silent |= ON_THE_AIR - {"cam-1"}
    told.run(62)
    return told


@story_at(real_limits)
def two_that_fall_silent_are_no_witnesses(site: Settings) -> Story:
    """A tag and a camera: each may have failed by itself, and nobody says that the network did."""
    told = Story(site)
    told.field.silent.add("tag-worker-1")
    told.begin_work(goes_in=(), video_required=False)
    told.run(5)
    told.field.silent |= ON_THE_AIR
    told.run(50)
    return told
