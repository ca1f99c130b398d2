"""Which model judges which camera from a start on: the one that site.toml names, if it passes the gate.

The first that a camera has needs only to say the same here as on the CPU, and to answer the canary. Another must
besides see no less than the one that is live; until it does, that one goes on, and the box says why.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.domain.words import NOTHING, Words, WordsError, joined
from edge_agent.sense.camera import manifest
from edge_agent.sense.camera.detector import Detector
from edge_agent.sense.camera.manifest import Model
from edge_agent.sense.camera.proof import accepted, canary, gate
from edge_agent.sense.camera.proof.accepted import Accepted
from edge_agent.sense.camera.runtimes import Runtime
from edge_agent.sense.camera.runtimes.wanted import PLAIN

Compare = Callable[[Detector, Detector], Words]  # why the first may not take the second's place
Load = Callable[[bytes, Model, str, str], Runtime]  # weights, entry, its name, runtime -> ready session


class Named(Struct, frozen=True):
    """A model as site.toml names it, from the models folder."""

    name: str
    entry: Model
    weights: bytes


class Seeing(Struct, frozen=True):
    """A model that judges: its detector, and what was accepted of it."""

    detector: Detector
    accepted: Accepted


class Outcome(Struct, frozen=True):
    """Who judges, why it is not who is named, and the files to be kept of what is new."""

    by_camera: dict[str, Seeing]
    refused: Words
    files: dict[str, bytes]


def named(folder: Path, name: str) -> Named:
    """The checked model `name` of a models folder. Raises ModelError."""
    return Named(name, manifest.model(folder, name), manifest.weights(folder, name))


class Swap:
    """One start: every model is loaded and judged once, however many cameras name it."""

    def __init__(self, store: Path | None, runtime: str, load: Load, own: Compare | None = None) -> None:
        """`store` is the folder of what was accepted, None where nothing is kept; `load` makes sessions.

        `own` compares on people's own pictures instead of the drawn ones; what it refuses stays refused.
        """
        self._store, self._runtime, self._load, self._own = store, runtime, load, own
        self._before = accepted.Record() if store is None else accepted.read(store)
        self._loaded: dict[str, Seeing] = {}
        self._verdicts: dict[tuple[str, str], Words] = {}
        self._files: dict[str, bytes] = {}
        self._refused = dict(self._before.refused)

    def settle(self, wanted: dict[str, Named]) -> Outcome:
        """Decide for every camera (by id). Raises ModelError where there is nothing that could judge."""
        by_camera, refused = {}, list[Words]()
        for camera, model in sorted(wanted.items()):
            by_camera[camera], why = self._one(model, self._before.cameras.get(camera))
            if why and why not in refused:
                refused.append(why)
        return Outcome(by_camera, joined(refused), self._files)

    def keep(self, outcome: Outcome) -> None:
        """Remember what judges now, if that is new. A disk that refuses costs the next start's comparison."""
        if self._store is None:
            return
        judging = {camera: seeing.accepted for camera, seeing in outcome.by_camera.items()}
        record = replace(self._before, cameras=judging, refused=self._refused)
        try:
            if record != self._before:
                accepted.keep(self._store, record, outcome.files)
        except OSError as fault:
            print(f"accepted models not kept: {fault}", file=sys.stderr)  # noqa: T201 - the agent's log

    def _one(self, model: Named, live: Accepted | None) -> tuple[Seeing, Words]:
        known = accepted.key(model.entry, self._runtime)
        if live is not None and live.key == known:
            return self._known(live, model.weights), NOTHING
        kept = None if live is None or self._store is None else accepted.weights(self._store, live)
        if live is None or kept is None:
            return self._first(model)
        verdict = (known, live.key)
        if verdict not in self._verdicts:
            self._verdicts[verdict] = self._gate(model, live, kept)
        if not self._verdicts[verdict]:
            return self._loaded[known], NOTHING
        zh = f"模型 {model.name} 未通过启用检查，仍用 {live.name}"
        why = Words(zh, f"{model.name} was refused, {live.name} goes on")
        return self._known(live, kept), why.then(self._verdicts[verdict])

    def _first(self, model: Named) -> tuple[Seeing, Words]:
        """Nothing to compare with: on another runtime than the CPU it must say the same as there."""
        known, plainly = accepted.key(model.entry, self._runtime), accepted.key(model.entry, PLAIN)
        if known not in self._loaded and self._differs(model):
            if plainly not in self._loaded:
                self._new(model, PLAIN)
            why = Words(f"模型 {model.name} 改用 CPU 运行", f"{model.name} runs on the CPU instead")
            return self._loaded[plainly], why.then(self._differs(model))
        return self._loaded[known], NOTHING

    def _gate(self, model: Named, live: Accepted, kept: bytes) -> Words:
        """Why `model` may not take the place of `live`."""
        try:
            known = accepted.key(model.entry, self._runtime)
            if why := (self._own is None and self._refused.get(known)) or self._differs(model):
                return why
            new, old = self._loaded[known], self._known(live, kept)
            if why := canary.wrong(new.detector, new.accepted.expected):
                return why
            if self._own is None:
                return gate.behind(gate.score(new.detector), gate.score(old.detector))
            return self._by_own(known, self._own(new.detector, old.detector))
        except WordsError as fault:
            return fault.words
        except Exception as fault:  # noqa: BLE001 - becomes a refusal: what crashes on a picture does not go live
            kind = type(fault).__name__
            return Words(f"检查时出错（{kind}）", f"it failed on a built-in picture ({kind}: {fault})")

    def _by_own(self, known: str, why: Words) -> Words:
        """People's own pictures outweigh the drawn ones: a start must not let in what they refused."""
        self._refused.pop(known, None)
        if why:
            self._refused[known] = why
        return why

    def _differs(self, model: Named) -> Words:
        """Load it, and say why the runtime's words are not the CPU's."""
        known = accepted.key(model.entry, self._runtime)
        if known not in self._loaded:
            detector = self._new(model, self._runtime)
            if self._runtime != PLAIN:
                plain = Detector(self._load(model.weights, model.entry, model.name, PLAIN), model.entry)
                self._verdicts[known, known] = gate.apart(detector, plain)
        return self._verdicts.get((known, known), NOTHING)

    def _new(self, model: Named, runtime: str) -> Detector:
        detector = Detector(self._load(model.weights, model.entry, model.name, runtime), model.entry)
        made = Accepted(name=model.name, entry=model.entry, runtime=runtime, expected=canary.answer(detector))
        self._loaded[made.key] = Seeing(detector, made)
        self._files[model.entry.sha256] = model.weights
        return detector

    def _known(self, live: Accepted, weights: bytes) -> Seeing:
        if live.key not in self._loaded:
            runtime = self._load(weights, live.entry, live.name, live.runtime)
            self._loaded[live.key] = Seeing(Detector(runtime, live.entry), live)
        self._files[live.entry.sha256] = weights
        return self._loaded[live.key]
