"""What the tables' rows become where one is dropped or altered, and which of them a World asks for."""

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from edge_agent.decide import permit_machine
from edge_agent.decide.rules.rule import Rule
from edge_agent.decide.rules.table import RULES
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass, State
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.world import World


class Table(dict[tuple[State, permit_machine.Trigger], State]):
    """The machine's table, noting which rows are asked for."""

    def __init__(self, asked: set[object]) -> None:
        super().__init__(permit_machine.TRANSITIONS)
        self.asked = asked

    def get(self, key: Any, default: Any = None) -> Any:
        self.asked.add(key)
        return super().get(key, default)


def watched(asked: set[object]) -> list[Rule]:
    """The rules, noting which finds something, or would if what is asked before the start were asked for ever."""
    last: list[World] = []  # the World looked at last, and the same where no work has begun

    def waiting(world: World) -> World:
        if not last or last[0] is not world:
            last[:] = [world, always_waiting(world)]
        return last[1]

    def noting(rule: Rule) -> Rule:
        def find(world: World) -> tuple[Finding, ...]:
            found = tuple(rule.find(world))
            if found or (rule.before_start and any(rule.find(waiting(world)))):
                asked.add(rule.name)
            return found

        return replace(rule, find=find)

    return [noting(rule) for rule in RULES]


def _told_otherwise(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """What people are told, what it is put down to, and what it warns of."""
    others = [priority for priority in Priority if priority is not rule.priority]
    yield "priority", replace(rule, priority=others[0])
    yield "blame", replace(rule, blame=next(blame for blame in Blame if blame is not rule.blame))
    for herald in rule.heralds:
        yield f"no herald of {herald}", replace(rule, heralds=tuple(one for one in rule.heralds if one != herald))
    if rule.signal:
        yield "no signal", replace(rule, signal=())


class Waiting(Job, frozen=True, kw_only=True, gc=False):
    """A job whose work never begins."""

    @property
    def waiting(self) -> bool:
        return True


def always_waiting(world: World) -> World:
    """The same World, seen so that no work has begun: what is asked before the start is asked for ever."""
    jobs = {
        job.permit.ticket.id: Waiting(**{name: getattr(job, name) for name in Job.__struct_fields__})
        for job in world.jobs
    }
    in_areas = {area: tuple(jobs[job.permit.ticket.id] for job in there) for area, there in world.jobs_in.items()}
    every = tuple(jobs.values())
    return replace(world, jobs=every, waiting=every, jobs_in=in_areas)


def of_a_stop(rule: Rule) -> Iterator[tuple[str, Rule | None]]:
    """What a resume asks for, of a row that stops work; after the end nothing is resumed."""
    if rule.effect >= Effect.PAUSE:
        for pause_class in PauseClass:
            if pause_class is not rule.pause_class:
                yield f"class {pause_class.value}", replace(rule, pause_class=pause_class)
        if not rule.after_end:  # nothing is resumed after the end
            yield "retest", replace(rule, retest=not rule.retest)
        if rule.final:
            yield "not final", replace(rule, final=False)


def altered(rule: Rule) -> Iterator[tuple[str, Rule | None]]:
    """The mutants of one row."""
    yield "dropped", None
    if rule.before_start:  # while work goes on it finds nothing, so delays, latches and a pause say nothing
        yield from (
            ("effect NOTE", replace(rule, effect=Effect.NOTE)),
            ("ever", replace(rule, before_start=False, find=lambda world: rule.find(always_waiting(world)))),
        )
        return
    for effect in Effect:
        if effect is not rule.effect:
            yield f"effect {effect.name}", replace(rule, effect=effect)
    yield from _told_otherwise(rule)
    yield from of_a_stop(rule)
    yield "latch", replace(rule, latch=not rule.latch)
    on, off = rule.on_delay, rule.off_delay
    yield "slower", replace(rule, on_delay=lambda book, work: on(book, work) + 1)
    if on.__name__ != "at_once":
        yield "hastier", replace(rule, on_delay=lambda book, work: on(book, work) - 1)
    yield "lingering", replace(rule, off_delay=lambda book, work: off(book, work) + 2)
    if off.__name__ != "at_once":
        yield "forgetful", replace(rule, off_delay=lambda book, work: off(book, work) - 1)
