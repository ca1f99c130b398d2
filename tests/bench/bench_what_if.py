"""How long it takes to try a day of recorded inputs with another limit, and to play an incident of it again.

A job of eight hours at the brain's five steps a second, written as the journal writes it; then `what_if` over all
of it, and `relive` of a quarter of an hour. The floor is reading the lines. `python -m tests.bench.bench_what_if`
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec.structs import replace

from edge_agent.decide.state import Start
from edge_agent.domain.request import Ask
from edge_agent.ops.folders import JOURNAL
from edge_agent.ops.incident.change import Change
from edge_agent.ops.incident.journals import Span, segments
from edge_agent.ops.incident.player import relive
from edge_agent.ops.incident.what_if import what_if
from edge_agent.settings.site import Settings
from edge_agent.settings.site_itself import FoldersTable
from edge_agent.store.batch import Batch
from edge_agent.store.journal import Journal
from edge_agent.store.store import Store
from tests.bench.table import show
from tests.support.story import T0_UTC, Story, scenario_site

TICK_S = 0.2
CHUNK_S = 60.0
CONTACT_EVERY = 10  # minutes
SEGMENT_MIN = 30  # a segment ends after 16 MB
HEAD = ("", "recorded s", "count", "took s", "CPU s", "x real time", "")


def recorded(folder: Path, minutes: int) -> Settings:
    """A job whose people do what is asked of them, and gas for a minute in every hour."""
    site = scenario_site()
    settings = replace(
        site, folder=folder, site=replace(site.site, folders=FoldersTable(state=".", runtime="run"))
    )
    story = Story(settings)
    lines = 0
    journal = Journal(folder / JOURNAL, "bench", quota_bytes=2**40)
    journal.rotate(story.lines[0], 0.0)
    story.begin_work(valid_to_utc=T0_UTC + 20 * 3600)
    for minute in range(minutes):
        story.field.gas["gas-h2s"] = {"level": 9.0 if minute % 60 == 30 else 0.0}
        if minute and minute % SEGMENT_MIN == 0:
            start = Start(boot="b", head="", settings="", instant=story.instant, state=story.decisions[-1].state)
            journal.rotate(msgspec.json.encode(start), 0.0)
        if minute % CONTACT_EVERY == 0:
            story.ask(Ask.HERE, "li-na")
        story.run(CHUNK_S, every_s=TICK_S)
        for line in story.lines[max(lines, 1) :]:
            journal.append(line)
        journal.flush()
        lines = len(story.lines)
        del story.decisions[:-1]
    journal.close()
    with Store.open(folder / "agent.sqlite") as store:
        store.commit(Batch())
    return settings


def read(settings: Settings, span: Span) -> int:
    """Every line, and nothing decided."""
    return sum(1 for segment in segments(settings.state_folder / JOURNAL, span) for _ in segment.steps)


def timed(what: str, span: Span, work: Callable[[], int]) -> tuple[str, ...]:
    """One row."""
    began_s, cpu_s = time.perf_counter(), time.process_time()
    steps = work()
    took_s, length_s = time.perf_counter() - began_s, span.to_utc - span.from_utc
    used = f"{time.process_time() - cpu_s:.1f}"
    return (what, f"{length_s:.0f}", f"{steps}", f"{took_s:.1f}", used, f"{length_s / took_s:.0f}", "")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=480)
    minutes = parser.parse_args().minutes
    with tempfile.TemporaryDirectory() as folder:
        settings = recorded(Path(folder), minutes)
        day = Span(from_utc=T0_UTC, to_utc=T0_UTC + minutes * 60)
        incident = Span(from_utc=day.to_utc - 900, to_utc=day.to_utc)
        change = Change(limits={"gases.h2s.stop_high": 10.0})
        rows = [
            timed("what-if, both runs", day, lambda: what_if(settings, day, change, time.monotonic).steps),
            timed("play a quarter of an hour again", incident, lambda: relive(settings, incident).again.decided),
            timed("floor: reading the day's lines", day, lambda: read(settings, day)),
        ]
    show("What-if: a recorded day tried with another limit", HEAD, rows, "msgspec")


if __name__ == "__main__":
    main()
