"""Rules about an output that gives power to several jobs: it falls with one of them, and comes back with the last.

As in a group lockout (29 CFR 1910.147(f)(3)) each job has its own lock on it: a job whose power another one took
is stopped, and the power comes back when the people of every job have resumed their own (docs/decisions/0021).
"""

from collections.abc import Iterable, Iterator

from edge_agent.decide.permit_machine import PERMITTED
from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.outcome import Effect, Finding, Output, Priority
from edge_agent.domain.permit import UNDER_WAY, Blame, PauseClass
from edge_agent.domain.words import Words
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.relays import Relay, Wire
from edge_agent.fuse.world import World


def power_taken(world: World) -> Iterator[Finding]:
    """Work is permitted, and its power has fallen since: its own job holds it on, so another one took it.

    Work that has not begun waits for the other one too: else its tools would start with that one's resume.
    """
    by, what = _kept_off(world), Words("已被共用该输出的作业断开", "cut by a job that shares it")
    for job, relay, wire in _off(world):
        if wire.since_s >= job.permit.since_s:
            yield _finding(job, relay, wire, _named(what, by.get(relay.device.id, ())))
    for job in world.waiting if by else ():
        for relay, wire in _permissives(job):
            if relay.device.id in by:
                yield _finding(job, relay, wire, _named(what, by[relay.device.id]))


def power_waits(world: World) -> Iterator[Finding]:
    """Work was started or resumed while another job keeps its power off: it comes without another word here."""
    by = _kept_off(world)
    what = Words("仍断开；下列作业恢复或关闭后即送电", "still off, and comes on once these resume or close")
    for job, relay, wire in _off(world):
        if wire.since_s < job.permit.since_s and relay.device.id in by:
            yield _finding(job, relay, wire, _named(what, by[relay.device.id]))


def _off(world: World) -> Iterator[tuple[Job, Relay, Wire]]:
    """Outputs that are off although this job of theirs may work."""
    for job in world.jobs:
        if job.permit.state in PERMITTED and not job.permit.shadow:
            for relay, wire in _permissives(job):
                if not wire.wanted_on:
                    yield job, relay, wire


def _permissives(job: Job) -> Iterator[tuple[Relay, Wire]]:
    return ((relay, wire) for relay in job.relays for wire in relay.wires if wire.does is Output.PERMISSIVE)


def _kept_off(world: World) -> dict[str, list[str]]:
    """By module, the jobs that may not work now while their people may be at it (outputs.py)."""
    found: dict[str, list[str]] = {}
    for job in world.jobs:
        permit = job.permit
        at_it = permit.state in UNDER_WAY or permit.leaving
        if at_it and (permit.state not in PERMITTED or permit.shadow):
            for relay in job.relays:
                found.setdefault(relay.device.id, []).append(permit.ticket.id)
    return found


def _named(what: Words, by: Iterable[str]) -> Words:
    return Words(f"{what.zh}（{'、'.join(by) or '-'}）", f"{what.en} ({', '.join(by) or '-'})")


def _finding(job: Job, relay: Relay, wire: Wire, what: Words) -> Finding:
    name = relay.device.name
    words = Words(f"{name.zh} {wire.channel}：{what.zh}", f"{name.en} {wire.channel}: {what.en}")
    return Finding(job.permit.ticket.id, f"{relay.device.id}/{wire.channel}", words)


SHARED = Words(
    "同一输出供给几项作业，其中一项停止或结束", "one output feeds several jobs, and one of them stopped"
)

RULES = (
    Rule(
        name="power_taken",
        code="DEV-11",
        find=power_taken,
        effect=Effect.PAUSE,
        pause_class=PauseClass.MANUAL,
        priority=Priority.HIGH,
        blame=Blame.RULE,
        # Its finding ends with the stop: so long it calls, and the siren sounds, where nobody acknowledges.
        off_delay=lambda book, _: book.resume.clean_s.value,
        latch=True,
        act_within_s=60,
        clause="ISO 14118:2017: no unexpected start-up; 29 CFR 1910.147(f)(3)",
        ledger="2-02",
        text=Text(
            title=Words("电源被另一作业断开", "Another job took the power"),
            cause=SHARED,
            consequence=Words("再送电时设备会意外启动", "when power comes back, machines would start by surprise"),
            action=Words(
                "关闭工具开关；本作业由本票人员恢复，全部作业恢复后才送电",
                "Switch tools off; your own people resume this job, and power comes when all have resumed",
            ),
        ),
    ),
    Rule(
        name="power_waits",
        code="DEV-12",
        find=power_waits,
        effect=Effect.WARN,
        pause_class=PauseClass.MANUAL,
        priority=Priority.MEDIUM,
        blame=Blame.RULE,
        act_within_s=600,
        clause="ISO 14118:2017: no unexpected start-up; 29 CFR 1910.147(f)(3)",
        ledger="2-02",
        text=Text(
            title=Words("电源尚未恢复", "The power is still off"),
            cause=SHARED,
            consequence=Words("随时可能送电", "power may come at any moment"),
            action=Words("关闭工具开关，视为带电", "Keep tools switched off; treat them as live"),
        ),
    ),
)
