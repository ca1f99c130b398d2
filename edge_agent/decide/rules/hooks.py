"""What contacts say of what people wear: who hangs on nothing, who has no air, and of whom nobody can tell."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from edge_agent.domain.observation import Worn
from edge_agent.domain.outcome import Finding
from edge_agent.domain.person import Person
from edge_agent.domain.words import Words
from edge_agent.fuse.hooks import Hook, all_hooked_up
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.people import Tag
from edge_agent.fuse.world import World

HARNESS, AIR = "harness", "scba"


class _Says(Struct, frozen=True):
    """How one item is spoken of."""

    missing: Words
    missing_somewhere: Words
    unread: Words
    untold: Words


SAYS = {
    HARNESS: _Says(
        missing=Words("安全带未挂", "not hooked on"),
        missing_somewhere=Words("挂钩未挂，位置不明", "he is not hooked on, and nobody knows where he is"),
        unread=Words("挂钩触点无法读取", "the contact of his hook cannot be read"),
        untold=Words("无法确认安全带是否挂好", "so that nobody can tell whether he hangs on"),
    ),
    AIR: _Says(
        missing=Words("未佩戴空气呼吸器", "breathing apparatus not worn"),
        missing_somewhere=Words("未佩戴空气呼吸器，位置不明", "he does not wear it, and nobody knows where he is"),
        unread=Words("呼吸器触点无法读取", "the contact of his breathing apparatus cannot be read"),
        untold=Words("无法确认是否佩戴空气呼吸器", "so that nobody can tell whether he breathes its air"),
    ),
}


def unhooked(world: World, job: Job, items: Iterable[str]) -> Iterator[Finding]:
    """Somebody of this work, at its place, who has gone without for longer than it takes to change hooks."""
    for item, person, tag, hook in _worn(world, job, items):
        changes = hook.so_for_s(world.now_s) < world.rulebook.ppe.over_s.value
        if hook.state is Worn.MISSING and not changes and there(job, person, tag):
            what = SAYS[item].missing
            words = Words(
                f"{person.name}：{what.zh}（{hook.name.zh}）", f"{person.name}: {what.en} ({hook.name.en})"
            )
            yield Finding(job.permit.ticket.id, f"{hook.id}/{person.id}", words)


def untold(world: World, job: Job, items: Iterable[str]) -> Iterator[Finding]:
    """Whose contact cannot be read; and who goes without while nobody knows whether he is at the work."""
    for item, person, tag, hook in _worn(world, job, items):
        is_there, says = there(job, person, tag), SAYS[item]
        if is_there is not False and hook.state is Worn.UNSURE:
            why = says.unread
        elif is_there is None and hook.state is Worn.MISSING:
            why = says.missing_somewhere
        else:
            continue
        words = Words(
            f"{person.name}：{why.zh}，{says.untold.zh}（{hook.name.zh}）",
            f"{person.name}: {why.en}, {says.untold.en} ({hook.name.en})",
        )
        yield Finding(job.permit.ticket.id, f"{hook.id}/{person.id}", words)


def told_of_all(world: World, job: Job) -> set[str]:
    """Items of which a contact speaks for each of those who work here: nobody need look for those."""
    ticket = job.permit.ticket
    tags = [_tag(world, id_) for id_ in (ticket.holder, *ticket.workers)]
    return {item for item, worn in world.worn.items() if all_hooked_up(iter(tags), worn)}


def there(job: Job, person: Person, tag: Tag) -> bool | None:
    """Whether he is where the work is: counted in, or placed there now; None where nobody knows."""
    if any(one.person == person.id for one in job.permit.inside):
        return True
    return tag.area == job.permit.ticket.area if tag.fresh and tag.area is not None else None


def _tag(world: World, person: str) -> str | None:
    record = world.persons.get(person)
    return None if record is None else record.tag


def _worn(world: World, job: Job, items: Iterable[str]) -> Iterator[tuple[str, Person, Tag, Hook]]:
    """The people of this work of whom a contact speaks, with each item that is asked for."""
    asked = frozenset(items)
    for item, worn in world.worn.items():
        for person, tag in job.tags if item in asked else ():
            hook = worn.get(tag.device.id)
            if hook is not None:
                yield item, person, tag, hook
