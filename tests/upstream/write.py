"""Writes docs/upstream: schemas, AsyncAPI, and examples as the box sends them: python -m tests.upstream.write.

`--release` also keeps the schemas as those that are never broken again (docs/upstream/released.json).
"""

import json
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from edge_agent.agent.context import speaker
from edge_agent.agent.records import Identity, record
from edge_agent.clock import Instant
from edge_agent.decide.state import State
from edge_agent.domain.outcome import Event
from edge_agent.ops.replay import decisions
from edge_agent.ops.telemetry import ENDS
from edge_agent.settings.site import Settings
from edge_agent.store.batch import Outgoing
from edge_agent.store.chain import GENESIS
from edge_agent.tell import health, measured
from edge_agent.tell.contract.asyncapi import document
from edge_agent.tell.contract.event_types import EVENTS, bare_type
from edge_agent.tell.contract.schema import schemas
from edge_agent.tell.derived import timeline
from tests.scenarios.stories import site_of
from tests.upstream.signed import checkpoint, downward, neighbourly

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = ROOT / "tests" / "scenarios"
DOCS = ROOT / "docs" / "upstream"
RELEASED = DOCS / "released.json"
JOB = (
    "the_centre_is_told_everything_and_has_a_say"  # the scenario that docs/upstream/examples/job.jsonl shows whole
)
LEAVING = "chlorine_release"  # people leave: the neighbours are told
IN_PICTURES = "the_area_asks_for_more_than_the_work"  # somebody is seen with his helmet on
BOOT = "3f6a2c7e"


class _Line(Struct):
    """What is wanted of a line of inputs."""

    instant: Instant


def generated() -> dict[str, str]:
    """Every generated page but the examples of single events, by its path below docs/upstream."""
    made = {f"schemas/{name}.json": _text(schema) for name, schema in schemas().items()}
    made["asyncapi.json"] = _text(document())
    made["examples/job.jsonl"] = "".join(
        json.dumps({"topic": topic, "payload": payload}, ensure_ascii=False) + "\n"
        for topic, payload in sent(JOB, beside=True)
    )
    made |= {f"examples/messages/{name}.json": _text(payload) for name, payload in one_of_each_kind().items()}
    made |= {f"examples/down/{name}.json": _text(payload) for name, payload in downward(JOB).items()}
    made["examples/peer/claims.json"] = _text(neighbourly(LEAVING))
    return made


@cache
def one_of_each_kind() -> dict[str, dict[str, Any]]:
    """For each kind of message that a unit sends beside events: the last of the first scenario that has one."""
    found: dict[str, dict[str, Any]] = {}
    for name in (JOB, stories()["figures.day"], IN_PICTURES):
        here: dict[str, dict[str, Any]] = {}
        for topic, payload in sent(name, beside=True):
            kind = topic.split("/")[4]
            if kind != "event" and (kind != "ppe" or payload["counts"][0]["compliant"]):
                here[kind] = payload
        found = here | found
    return found | {"audit": checkpoint(BOOT, found["permit"]["source"])}


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def sent(story: str, *, beside: bool = False) -> Iterator[tuple[str, dict[str, Any]]]:
    """Topic and content of everything that the box sends in one scenario, in its order.

    `beside`: also measured values and the time line, which its workers tell.
    """
    happened: list[Event] = []
    told_s = -measured.IDLE_S
    settings = site_of(story)
    site = settings.site.site
    who = Identity(site=site.id, unit=site.unit, boot=BOOT, demo=settings.demo)
    before, head = None, GENESIS
    lines = (SCENARIOS / story / "inputs.jsonl").read_bytes().splitlines()
    for decision, line in zip(decisions(settings, lines), lines, strict=True):
        before = before or State(memory=decision.state.memory)
        instant = msgspec.json.decode(line, type=_Line).instant
        made = record(settings, before, decision, head, who, instant=replace(instant, trusted=True))
        yield from _told(made.batch.outbox)
        happened.extend(event for event in decision.events if event.subject == "P-1")
        if beside:
            if instant.now_s - told_s >= measured.every_s(decision.state):
                told_s = instant.now_s
                yield from _told(_values(settings, decision.state, instant, first=before.seq == 0))
            if any(event.type in ENDS for event in decision.events):
                yield from _told([timeline("P-1", happened, speaker(settings))])
        before, head = decision.state, made.head


def _values(settings: Settings, state: State, instant: Instant, *, first: bool) -> Iterator[Outgoing]:
    """What edge_agent/ops/telemetry.py tells at this moment."""
    site = settings.site.site
    voice = measured.Voice(site=site.id, unit=site.unit, boot=BOOT, demo=settings.demo)
    world = measured.world_of(settings, state, instant)
    if first:
        yield from measured.videos(settings, voice)
        yield health.health(settings, state, world, voice, "0.1.0")
    yield from measured.measured(settings, world, voice)
    if state.figures.day.ppe:
        yield measured.ppe(state, world, voice)


def _told(rows: Iterable[Outgoing]) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((row.topic, json.loads(row.payload)) for row in rows)


@cache
def stories() -> dict[str, str]:
    """For every type of event that scenarios make: the scenario that shows it, the shortest first."""
    found: dict[str, str] = {}
    for path in sorted(SCENARIOS.glob("*/expected.jsonl"), key=lambda path: (path.stat().st_size, path)):
        for line in path.read_text().splitlines():
            found.setdefault(json.loads(line)["type"], path.parent.name)
    return {type_: found[type_] for type_ in EVENTS if type_ in found}


def one_of_each() -> dict[str, str]:
    """For each of those: its first message, pretty-printed, by its path."""
    made: dict[str, str] = {}
    for story in dict.fromkeys(stories().values()):
        for topic, payload in sent(story):
            type_ = bare_type(payload.get("type", ""))
            if topic.endswith("/up/event") and stories().get(type_) == story:
                made.setdefault(f"examples/events/{type_}.json", _text(payload))
    return made


def write(*, release: bool) -> None:
    """All of it, on the disk."""
    for path, text in (generated() | one_of_each()).items():
        (DOCS / path).parent.mkdir(parents=True, exist_ok=True)
        (DOCS / path).write_text(text)
    if release:
        RELEASED.write_text(json.dumps(schemas(), ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    write(release="--release" in sys.argv[1:])
