"""What one camera shows, for the live picture: how many people, where, and who of them wears what is asked."""

from collections import Counter
from collections.abc import Iterable

from edge_agent.decide.rules.ppe import ITEMS
from edge_agent.domain.observation import SeenPerson, View, Worn
from edge_agent.domain.words import Words
from edge_agent.domain.zone import Opening
from edge_agent.fuse.cameras import Camera
from edge_agent.fuse.hooks import Hook
from edge_agent.fuse.openings import Passed
from edge_agent.fuse.ppe import Items, overall
from edge_agent.fuse.ppe_asked import asked_of
from edge_agent.fuse.world import World
from edge_agent.tell.live_camera import LiveCamera, LiveCount, LivePassed, LivePlaced, LivePpe, LiveWearer
from edge_agent.tell.live_people import LiveWorn


def seen_by(camera: Camera, world: World, areas: dict[str, Words]) -> LiveCamera:
    """One camera; who cannot be seen is nobody of whom anything is said."""
    trusted = camera.view is View.CLEAR
    seen = Counter(zone for person in camera.persons for zone in person.zones)
    return LiveCamera(
        id=camera.device.id,
        name=camera.device.name,
        view=camera.view.value,
        age_s=camera.blind_s,
        persons=len(camera.persons) if trusted else None,
        persons_in=tuple(
            LiveCount(area=areas.get(area, Words(area, area)), persons=count) for area, count in seen.items()
        ),
        placed=tuple(
            LivePlaced(track=track, x_m=one.x_m, y_m=one.y_m, accuracy_m=one.accuracy_m)
            for track, one in camera.placed
        ),
        passed=tuple(_passed(one, known, areas) for one, known in camera.passed),
        ppe=_equipment(camera, world) if trusted else None,
        still=f"{camera.device.id}.jpg",
    )


def worn_by(tag: str, world: World) -> tuple[LiveWorn, ...]:
    """What contacts say of what somebody wears, and for how long; nothing of whom has none."""
    told = ((item, worn[tag]) for item, worn in world.worn.items() if tag in worn)
    return tuple(_worn(item, hook, world.now_s) for item, hook in told)


def _worn(item: str, hook: Hook, now_s: float) -> LiveWorn:
    for_s = None if hook.since_s is None else now_s - hook.since_s
    return LiveWorn(item=item, name=ITEMS[item], state=hook.state.value, for_s=for_s)


def _passed(opening: Opening, known: Passed, areas: dict[str, Words]) -> LivePassed:
    count = known.since(known.watched_s)
    area = areas.get(opening.area, Words(opening.area, opening.area))
    return LivePassed(opening=opening.id, area=area, ins=count.ins, outs=count.outs, sure=count.sure)


def _equipment(camera: Camera, world: World) -> LivePpe | None:
    """Of those of whom anything is asked where they stand; None where nothing is asked of anybody seen."""
    people = tuple(_wearers(camera, world))
    if not people:
        return None
    counts = Counter(person.overall for person in people)
    return LivePpe(
        compliant=counts[Worn.WORN.value],
        missing=counts[Worn.MISSING.value],
        not_assessable=counts[Worn.UNSURE.value],
        people=people,
    )


def _wearers(camera: Camera, world: World) -> Iterable[LiveWearer]:
    for person in camera.persons:
        asked = asked_of(person.zones, world.ppe_asked)
        if asked:
            told = camera.equipment.told.get(person.track, {})
            yield _wearer(person, asked, told, world.now_s)


def _wearer(person: SeenPerson, asked: frozenset[str], told: Items, now_s: float) -> LiveWearer:
    items = []
    for item in sorted(asked):
        one = told.get(item)
        items.append(
            LiveWorn(
                item=item,
                name=ITEMS.get(item, Words(item, item)),
                state=(Worn.UNSURE if one is None else one.state).value,
                for_s=None if one is None else now_s - one.since_s,
            )
        )
    return LiveWearer(track=person.track, overall=overall(asked, told).value, items=tuple(items))
