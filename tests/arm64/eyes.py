"""`python -m tests.arm64.eyes`: what every model of the release says of the built-in pictures, as JSON.

Numbers come out a little otherwise on another processor; what they are taken for must not (`alike`).
"""

import sys
from pathlib import Path

import msgspec

from edge_agent.sense.camera.detector import Detector
from edge_agent.sense.camera.persons.wearer import Wearer
from edge_agent.sense.camera.proof import canary
from edge_agent.sense.camera.proof.swap import named
from edge_agent.sense.camera.runtimes import choose
from edge_agent.sense.camera.runtimes.wanted import Wanted

MODELS = Path(__file__).resolve().parents[2] / "models"


def parts(name: str) -> tuple[Detector, Wearer | None]:
    """One model on the processor, with its judge of persons where it has one."""
    model = named(MODELS, name)
    detector = Detector(choose.load(model.weights, Wanted()), model.entry)
    if model.wearing is None:
        return detector, None
    judge = None if model.judge is None else choose.load(model.judge, choose.beside(Wanted()))
    wearer = Wearer(model.entry.labels, model.wearing, judge)
    return detector, wearer if wearer.items else None


def answers() -> dict[str, canary.Answer]:
    """By model."""
    known = msgspec.toml.decode((MODELS / "manifest.toml").read_bytes())
    return {name: canary.answer(*parts(name)) for name in sorted(known)}


def doubts(there: dict[str, canary.Answer]) -> dict[str, str]:
    """Of each model, why this machine would not accept what the other one said; nothing where it would."""
    return {name: str(canary.wrong(*parts(name), expected).en) for name, expected in there.items()}


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(answers()))
