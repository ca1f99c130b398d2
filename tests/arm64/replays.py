"""`python -m tests.arm64.replays FILE`: every scenario decided here; each event is a line, all else a digest.

Two machines that decide alike write the same bytes. Actions and the last state are in the digests: what no event
tells may differ no more than what one does.
"""

import hashlib
import sys
from pathlib import Path

import msgspec

from edge_agent.ops.replay import decisions, line
from tests.scenarios.stories import site_of

SCENARIOS = Path(__file__).resolve().parents[1] / "scenarios"


def ordered(what: object) -> bytes:
    """The same bytes for the same thing, in whatever order its tables were filled; numbers may be keys."""
    return msgspec.json.encode(msgspec.to_builtins(what, str_keys=True), order="sorted")


def replayed(name: str) -> list[bytes]:
    """What the box tells of one scenario, then one digest over all that it did, then one over where it ended."""
    inputs = (SCENARIOS / name / "inputs.jsonl").read_bytes().splitlines()
    told: list[bytes] = []
    did, state = hashlib.sha256(), None
    for decision in decisions(site_of(name), inputs):
        told += [line(event) for event in decision.events]
        did.update(ordered((decision.actions, decision.answers)))
        state = decision.state
    ended = hashlib.sha256(ordered(state)).hexdigest()
    return [*told, f"actions {did.hexdigest()}".encode(), f"state {ended}".encode()]


def names(part: int = 0, parts: int = 1) -> list[str]:
    """Every scenario, or every so manieth; the short ones first."""
    found = sorted(SCENARIOS.glob("*/inputs.jsonl"), key=lambda path: (path.stat().st_size, path))
    return [path.parent.name for path in found][part::parts]


def write(into: Path, part: int = 0, parts: int = 1) -> None:
    """One line for each thing said: the scenario's name, a blank, what it was."""
    with into.open("wb") as file:
        for name in names(part, parts):
            file.writelines(name.encode() + b" " + said + b"\n" for said in replayed(name))
            sys.stderr.write(f"{name}\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]), *(int(number) for number in sys.argv[2:4]))
