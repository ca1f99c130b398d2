"""People whom a camera sees go in: into a zone that stops the work, and through an opening, counted."""

from msgspec.structs import replace

from edge_agent.domain.observation import SeenPerson, View
from edge_agent.domain.request import Ask
from edge_agent.domain.zone import Opening, PlanPoint
from edge_agent.settings.site import Settings
from tests.scenarios.stories.network import real_limits
from tests.scenarios.stories.people import seen
from tests.scenarios.stories.telling import story_at, working
from tests.support.story import HOT, Story, scenario_site

DOOR = Opening(id="door", area="tank-inside", line=((0.5, 0.1), (0.5, 1.0)), inward=(0.9, 0.5))
ELSEWHERE = Opening(id="gate", area="yard", line=((0.1, 0.1), (0.1, 1.0)), inward=(0.0, 0.5))


def with_camera(base: Settings, **changes: object) -> Settings:
    """The demo tank with its camera changed."""
    camera = replace(base.site.cameras["cam-1"], **changes)
    return replace(base, site=replace(base.site, cameras={**base.site.cameras, "cam-1": camera}))


def a_stop_zone() -> Settings:
    """The mouth of the tank is a zone in which nobody may be seen."""
    base = scenario_site()
    areas = tuple(replace(area, stop_on_entry=True) for area in base.site.cameras["cam-1"].areas)
    return with_camera(base, areas=areas)


def a_door() -> Settings:
    """People are counted through the opening, under the default rulebook."""
    return with_camera(real_limits(), openings=(ELSEWHERE, DOOR))


@story_at(a_stop_zone)
def somebody_walks_into_a_stop_zone(site: Settings) -> Story:
    """Whoever it is: the first picture of him there stops the work. Beside it he stops nothing."""
    told = working(site, goes_in=(), video_required=False)
    told.field.seen = seen(1, "yard")
    told.run(4)
    told.field.seen = seen(1, "tank-mouth")
    told.run(2)
    told.field.seen = seen(1, "yard")
    told.run(12)
    told.resume()
    told.run(2)
    return told


@story_at(a_stop_zone)
def a_stop_zone_that_nobody_sees(site: Settings) -> Story:
    """Work that a picture must be able to stop goes on with pictures only, whatever its ticket asks."""
    told = working(site, goes_in=(), video_required=False)
    told.field.view = View.COVERED
    told.run(12)
    return told


def walks(told: Story, *, track: int, inward: bool = True) -> None:
    """Somebody walks through the door."""
    steps = (0.3, 0.42, 0.6, 0.7)
    for x in steps if inward else reversed(steps):
        told.field.seen = (SeenPerson(track=track, box=(x - 0.05, 0.3, x + 0.05, 0.8), score=0.9),)
        told.run(0.5, every_s=0.5)
    told.field.seen = ()


def registers(told: Story, ask: Ask, *people: str) -> None:
    """The guard counts them in or out."""
    told.ask(ask, "li-na", about=people)
    told.step()


@story_at(a_door)
def two_go_in_and_one_is_registered(site: Settings) -> Story:
    """In time the other one is registered too; then somebody goes in whom nobody registers."""
    told = working(site, goes_in=())
    walks(told, track=1)
    registers(told, Ask.ENTER, "zhou-qiang")
    walks(told, track=2)
    told.run(27)
    registers(told, Ask.ENTER, "wu-gang")
    told.run(4)
    walks(told, track=3, inward=False)
    registers(told, Ask.LEAVE, "wu-gang")
    walks(told, track=4)
    told.run(34)
    walks(told, track=5, inward=False)
    told.run(34)
    return told


@story_at(a_door)
def one_is_registered_whom_no_picture_showed(site: Settings) -> Story:
    """Fewer by video: told where nothing was missed, and not where nobody looked for a while."""
    told = working(site, goes_in=())
    registers(told, Ask.ENTER, "zhou-qiang")
    told.run(34)
    walks(told, track=1)
    told.run(34)
    told.field.view = View.DARK
    told.run(4)
    told.field.view = View.CLEAR
    registers(told, Ask.ENTER, "wu-gang")
    told.run(40)
    return told


def on_the_plan() -> Settings:
    """The camera looks down on the tank: its picture is eight metres wide and high; under the default rulebook."""
    picture, plan = (
        ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)),
        ((-4.0, 4.0), (4.0, 4.0), (4.0, -4.0), (-4.0, -4.0)),
    )
    points = tuple(PlanPoint(picture=one, plan_m=two) for one, two in zip(picture, plan, strict=True))
    return with_camera(real_limits(), on_plan=points)


def known_people_only() -> Settings:
    """The same, and the yard is for known people only."""
    base = on_the_plan()
    areas = tuple(replace(area, authorised_only=True) if area.id == "yard" else area for area in base.areas)
    return replace(base, areas=areas)


@story_at(known_people_only)
def a_stranger_where_only_known_people_may_be(site: Settings) -> Story:
    """Whatever the work is: the area says so."""
    told = working(site, goes_in=(), area="yard", **HOT)
    told.field.worker |= {"x_m": 50.0}
    told.field.also = {"tag-worker-2": {"x_m": 50.0, "y_m": 1.0, "moving": True}}
    told.field.seen = tuple(somewhere(track, track - 2.0, 1.0, "yard") for track in range(3))
    told.run(14)
    return told


def somewhere(track: int, x_m: float, y_m: float, area: str = "tank-inside") -> SeenPerson:
    """Somebody who stands there."""
    x, y = (x_m + 4) / 8, (4 - y_m) / 8
    return SeenPerson(track=track, box=(x - 0.02, y - 0.1, x + 0.02, y), score=0.9, zones=(area,))


@story_at(on_the_plan)
def somebody_is_seen_who_wears_nothing_and_is_on_no_ticket(site: Settings) -> Story:
    """One with a wearable and one whom the guard knows without one: the third is nobody that is known."""
    told = working(site)
    one, two, three = somewhere(1, 0.1, 0.1), somewhere(2, 2.0, 1.0), somewhere(3, -2.0, -2.0)
    told.field.also = {
        "tag-worker-2": {"x_m": 30.0, "y_m": 0.0, "moving": True}, "tag-guard-2": {"x_m": 30.0, "y_m": 1.0}
    }  # fmt: skip
    told.field.seen = (one,)
    told.run(12)
    cut_off = SeenPerson(track=9, box=(0.4, 0.5, 0.5, 1.0), score=0.9, zones=("tank-inside",))
    told.field.seen = (one, two, three, somewhere(4, 2.0, -2.0, "yard"), cut_off)  # whose feet are not seen
    told.run(8)
    told.field.seen = (one,)
    told.run(4)
    told.field.seen = tuple(somewhere(track, -2.0, track / 2 - 2.0) for track in range(6))
    told.run(14)
    told.field.seen = ()
    told.run(14)
    return told


def walks_about(told: Story, who: tuple[tuple[int, float, float], ...], seconds: int) -> None:
    """People who do not stand still: a step to and fro, each second."""
    for second in range(seconds):
        told.field.seen = tuple(somewhere(track, x_m + 0.4 * (second % 2), y_m) for track, x_m, y_m in who)
        told.step()


ONE, TWO, THIRD, HIS_DOUBLE = (1, 0.1, 0.1), (2, 2.0, 1.0), (3, -2.0, -2.0), (4, 2.0, 1.6)


def _tags_away(told: Story) -> None:
    told.field.also = {
        "tag-worker-2": {"x_m": 30.0, "y_m": 0.0, "moving": True}, "tag-guard-2": {"x_m": 30.0, "y_m": 1.0}
    }  # fmt: skip


@story_at(on_the_plan)
def a_stranger_walks_about_inside(site: Settings) -> Story:
    """With one whom his wearable shows and one without: warned of, then the work stops, whatever tag is near."""
    told = working(site)
    _tags_away(told)
    walks_about(told, (ONE, TWO, THIRD), 19)
    walks_about(told, (ONE, TWO), 12)
    told.field.also["tag-worker-2"] |= {"x_m": -0.4, "y_m": -0.4, "accuracy_m": 0.6}
    walks_about(told, (ONE, TWO, THIRD), 24)
    walks_about(told, (ONE, TWO), 14)
    return told


@story_at(on_the_plan)
def a_stranger_inside_of_whom_some_doubt_is_left(site: Settings) -> Story:
    """One boxed twice; one whom a wearable fits with twice its error; one who never walks: no stop."""
    told = working(site)
    _tags_away(told)
    walks_about(told, (ONE, TWO, HIS_DOUBLE), 24)
    told.field.also["tag-worker-2"] |= {"x_m": -1.0, "y_m": -1.0, "accuracy_m": 0.6}
    walks_about(told, (ONE, TWO, THIRD), 24)
    _tags_away(told)
    walks_about(told, (ONE, TWO), 14)
    told.field.seen = (somewhere(6, 0.1, 0.1), somewhere(7, 2.0, 1.0), somewhere(8, -2.0, -2.0))
    told.run(24)
    walks_about(told, (ONE, TWO), 14)
    return told
