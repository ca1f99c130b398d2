"""What one decision costs, and how fast a recorded job is decided again.

`decide.step` with the demo site and one active permit: once with nothing new, once with a word from
every source of the field. The floor of a step is what any step must do: take the observations in and
fuse them into a World, without one rule. The floor of a replay is reading its lines (msgspec), without
one decision. `python -m tests.bench step`
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from edge_agent.decide.state import Inputs, Start
from edge_agent.decide.step import step
from edge_agent.domain.permit import State
from edge_agent.fuse import world as fuse
from edge_agent.fuse.memory import absorb
from edge_agent.ops.replay import decisions
from tests.bench.table import SPREAD, quantile, show, spread
from tests.support.story import Story, scenario_site

SCENARIOS = Path(__file__).resolve().parents[1] / "scenarios"
TICK_S = 0.2
WARM_UP = 50
SETTINGS = scenario_site()
SPEED = ("", "recorded s", "steps", "took s", "x real time", "")


def timed(count: int, work: Callable[[], object]) -> list[float]:
    """Seconds of each of `count` runs."""
    for _ in range(WARM_UP):
        work()
    took = []
    for _ in range(count):
        began_s = time.perf_counter()
        work()
        took.append(time.perf_counter() - began_s)
    return took


def step_rows(count: int) -> list[tuple[str, ...]]:
    """The cost of one step, in microseconds."""
    story = Story(SETTINGS)
    story.begin_work()
    story.run(5)
    if story.state is not State.ACTIVE:
        raise SystemExit("bench_step: the story's permit is not active")
    state = story.decisions[-1].state
    heard = story.inputs()
    quiet = Inputs(instant=heard.instant)

    def fused() -> fuse.World:
        known = fuse.Known(permits=state.permits, persons=state.persons, outputs=state.outputs)
        return fuse.build(SETTINGS, absorb(state.memory, heard.observations), known, heard.instant)

    us = 1e6
    all_said = f"step, a word of every source ({len(heard.observations)} observations)"
    return [
        spread("step, nothing new", timed(count, lambda: step(SETTINGS, state, quiet)), scale=us),
        spread(all_said, timed(count, lambda: step(SETTINGS, state, heard)), scale=us),
        spread("floor: taking in and fusing the same, no rule", timed(count, fused), scale=us),
    ]


def longest_scenario() -> tuple[str, list[bytes]]:
    """The recorded scenario with the most steps."""
    files = {path.parent.name: path.read_bytes().splitlines() for path in SCENARIOS.glob("*/inputs.jsonl")}
    plain = {name: lines for name, lines in files.items() if not (SCENARIOS / name / "site").exists()}
    return max(plain.items(), key=lambda item: len(item[1]))


def shift(minutes: float) -> list[bytes]:
    """An active job at the brain's own five steps a second."""
    story = Story(SETTINGS)
    story.begin_work()
    story.run(minutes * 60, every_s=TICK_S)
    return story.lines


def speed_row(name: str, lines: list[bytes], work: Callable[[list[bytes]], object], note: str) -> tuple[str, ...]:
    """How fast `work` gets through the lines: the median of five."""
    began = msgspec.json.decode(lines[0], type=Start).instant.now_s
    recorded_s = msgspec.json.decode(lines[-1], type=Inputs).instant.now_s - began
    runs = []
    for _ in range(5):
        start_s = time.perf_counter()
        work(lines)
        runs.append(time.perf_counter() - start_s)
    took_s = quantile(runs, 0.5)
    cells = f"{recorded_s:.0f}", str(len(lines) - 1), f"{took_s:.3f}", f"{recorded_s / took_s:.0f}"
    return (name, *cells, note)


def replay(lines: list[bytes]) -> None:
    """Decide again."""
    for _ in decisions(SETTINGS, lines):
        pass


def read_only(lines: list[bytes]) -> None:
    """Read, and decide nothing."""
    for line in lines[1:]:
        msgspec.json.decode(line, type=Inputs)


def main() -> int:
    """Measure, print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=5000, help="steps of each kind")
    parser.add_argument("--minutes", type=float, default=5.0, help="how long a job is replayed")
    options = parser.parse_args()
    show(
        "Step: one decision, demo site, one active permit, in microseconds",
        SPREAD,
        step_rows(options.count),
        "msgspec",
    )
    scenario, lines = longest_scenario()
    job = shift(options.minutes)
    rows = [
        speed_row(f"scenario {scenario}", lines, replay, "one step a second"),
        speed_row("  floor: reading it", lines, read_only, ""),
        speed_row("active job", job, replay, "five steps a second, as the brain takes them"),
        speed_row("  floor: reading it", job, read_only, ""),
    ]
    show("Replay: recorded time over the time it takes to decide it again", SPEED, rows, "msgspec")
    return 0


if __name__ == "__main__":
    sys.exit(main())
