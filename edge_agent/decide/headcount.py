"""Who may still be in danger: the hazard zone of a permit and everybody in it (ledger 0-35). Pure.

Nobody counts as out because nothing is known of him: out is only whose fresh place says so, and whom the
guard has not counted in.
"""

from collections.abc import Iterable, Iterator

from edge_agent.domain.headcount import HeadCount, Whereabouts
from edge_agent.domain.permit import Permit
from edge_agent.domain.person import Person
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.people import Tag
from edge_agent.fuse.world import World


def head_count(job: Job, world: World) -> HeadCount:
    """Everybody of the permit, whoever the guard counted in, and whoever's tag is in its area."""
    permit, area = job.permit, job.permit.ticket.area
    people = tuple(_people(permit, job.people, world, area))
    return HeadCount(
        area=area,
        x_m=permit.ticket.point.x_m,
        y_m=permit.ticket.point.y_m,
        counted=len(permit.inside),
        seen=sum(one.area == area and one.where == "inside" for one in people),
        unknown=sum(one.where == "unknown" for one in people),
        people=people,
    )


def _people(
    permit: Permit, involved: Iterable[tuple[str, Person | None]], world: World, area: str
) -> Iterator[Whereabouts]:
    counted = {one.person for one in permit.inside}
    known = dict(involved) | {id_: world.persons.get(id_) for id_ in sorted(counted)}
    for id_, person in known.items():
        tag = world.tags.get(person.tag) if person is not None and person.tag else None
        yield _whereabouts(id_, person, tag, area, counted=id_ in counted, now_s=world.now_s)
    for person in world.persons.values():
        tag = world.tags.get(person.tag) if person.tag else None
        if person.id not in known and tag is not None and tag.area == area:
            yield _whereabouts(person.id, person, tag, area, counted=False, now_s=world.now_s)


def _whereabouts(  # noqa: PLR0913 (one person: who, where, and since when)
    id_: str, person: Person | None, tag: Tag | None, area: str, *, counted: bool, now_s: float
) -> Whereabouts:
    name = id_ if person is None else person.name
    if tag is None:
        return Whereabouts(person=id_, name=name, where="inside" if counted else "unknown")
    placed = tag.fresh and tag.area is not None
    inside = counted or (placed and tag.area == area)
    return Whereabouts(
        person=id_,
        name=name,
        where="inside" if inside else "out" if placed else "unknown",
        area=tag.area,
        x_m=tag.x_m,
        y_m=tag.y_m,
        age_s=None if tag.placed_s is None else now_s - tag.placed_s,
    )
