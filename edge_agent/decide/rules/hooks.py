"""What hooks on harnesses say of the people of a work: who hangs on nothing, and of whom nobody can tell."""

from collections.abc import Iterable, Iterator

from edge_agent.domain.observation import Worn
from edge_agent.domain.outcome import Finding
from edge_agent.domain.person import Person
from edge_agent.domain.words import Words
from edge_agent.fuse.hooks import Hook, all_hooked_up
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.people import Tag
from edge_agent.fuse.world import World

HARNESS = "harness"


def unhooked(world: World, job: Job, items: Iterable[str]) -> Iterator[Finding]:
    """Somebody of this work, at its place, who has hung on nothing for longer than it takes to change hooks."""
    for person, tag, hook in _hung(world, job, items):
        changes_hooks = hook.so_for_s(world.now_s) < world.rulebook.ppe.over_s.value
        if hook.state is Worn.MISSING and not changes_hooks and there(job, person, tag):
            words = Words(
                f"{person.name}：安全带未挂（{hook.name.zh}）", f"{person.name}: not hooked on ({hook.name.en})"
            )
            yield Finding(job.permit.ticket.id, f"{hook.id}/{person.id}", words)


def untold(world: World, job: Job, items: Iterable[str]) -> Iterator[Finding]:
    """Whose hook cannot be read; and who is unhooked while nobody knows whether he is at the work."""
    for person, tag, hook in _hung(world, job, items):
        is_there = there(job, person, tag)
        if is_there is not False and hook.state is Worn.UNSURE:
            why = Words("挂钩触点无法读取", "the contact of his hook cannot be read")
        elif is_there is None and hook.state is Worn.MISSING:
            why = Words("挂钩未挂，位置不明", "he is not hooked on, and nobody knows where he is")
        else:
            continue
        words = Words(
            f"{person.name}：{why.zh}，无法确认安全带是否挂好（{hook.name.zh}）",
            f"{person.name}: {why.en}, so that nobody can tell whether he hangs on ({hook.name.en})",
        )
        yield Finding(job.permit.ticket.id, f"{hook.id}/{person.id}", words)


def told_of_all(world: World, job: Job) -> bool:
    """Whether each of those who work here has a hook: then it speaks, and nobody need look for his harness."""
    ticket = job.permit.ticket
    return all_hooked_up((_tag(world, id_) for id_ in (ticket.holder, *ticket.workers)), world.hooks)


def there(job: Job, person: Person, tag: Tag) -> bool | None:
    """Whether he is where the work is: counted in, or placed there now; None where nobody knows."""
    if any(one.person == person.id for one in job.permit.inside):
        return True
    return tag.area == job.permit.ticket.area if tag.fresh and tag.area is not None else None


def _tag(world: World, person: str) -> str | None:
    record = world.persons.get(person)
    return None if record is None else record.tag


def _hung(world: World, job: Job, items: Iterable[str]) -> Iterator[tuple[Person, Tag, Hook]]:
    """The people of this work who have a hook, where a harness is asked for."""
    if HARNESS not in items:
        return
    for person, tag in job.tags:
        hook = world.hooks.get(tag.device.id)
        if hook is not None:
            yield person, tag, hook
