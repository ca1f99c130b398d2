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
from edge_agent.sense.camera.persons import entry as persons_entry
from edge_agent.sense.camera.persons.entry import Wearing
from edge_agent.sense.camera.persons.wearer import Wearer
from edge_agent.sense.camera.proof import accepted, canary, gate
from edge_agent.sense.camera.proof.accepted import Accepted
from edge_agent.sense.camera.runtimes import Runtime
from edge_agent.sense.camera.runtimes.wanted import PLAIN


class Loaders(Struct, frozen=True):
    """What makes sessions: the detector's (weights, entry, its name, runtime), and the judge's of persons."""

    detector: Callable[[bytes, Model, str, str], Runtime]
    judge: Callable[[bytes, str], Runtime]


class Named(Struct, frozen=True):
    """A model as site.toml names it, from the models folder; or as it was accepted, from its copies."""

    name: str
    entry: Model
    weights: bytes
    wearing: Wearing | None = None
    judge: bytes | None = None

    def key(self, runtime: str) -> str:
        """What it is known by where it is run so."""
        return accepted.key(self.entry, self.wearing, runtime)


class Seeing(Struct, frozen=True):
    """A model that judges: its detector, what tells what people wear, and what was accepted of both."""

    detector: Detector
    wearer: Wearer | None
    accepted: Accepted


Compare = Callable[[Seeing, Seeing], Words]  # why the first may not take the second's place


class Outcome(Struct, frozen=True):
    """Who judges, why it is not who is named, and the files to be kept of what is new."""

    by_camera: dict[str, Seeing]
    refused: Words
    files: dict[str, bytes]


def named(folder: Path, name: str) -> Named:
    """The checked model `name` of a models folder. Raises ModelError."""
    entry, weights = manifest.model(folder, name), manifest.weights(folder, name)
    wearing = persons_entry.wearing(folder, name)
    has_judge = wearing is not None and wearing.judge is not None
    judge = persons_entry.judge(folder, name, wearing) if wearing is not None and has_judge else None
    return Named(name, entry, weights, wearing, judge)


class Swap:
    """One start: every model is loaded and judged once, however many cameras name it."""

    def __init__(self, store: Path | None, runtime: str, load: Loaders, own: Compare | None = None) -> None:
        """`store` is the folder of what was accepted, None where nothing is kept.

        `own` compares on people's own pictures instead of the drawn ones; what it refuses stays refused.
        """
        self._store, self._runtime, self._load, self._own = store, runtime, load, own
        self._before = accepted.Record() if store is None else accepted.read(store)
        self._loaded: dict[str, Seeing] = {}
        self._apart: dict[str, Words] = {}
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
        known = model.key(self._runtime)
        if live is not None and live.key == known:
            return self._ready(model, self._runtime, live), NOTHING
        kept = None if live is None else self._kept(live)
        if live is None or kept is None:
            return self._first(model)
        verdict = (known, live.key)
        if verdict not in self._verdicts:
            self._verdicts[verdict] = self._gate(model, live, kept)
        if not self._verdicts[verdict]:
            return self._loaded[known], NOTHING
        zh = f"模型 {model.name} 未通过启用检查，仍用 {live.name}"
        why = Words(zh, f"{model.name} was refused, {live.name} goes on")
        return self._ready(kept, live.runtime, live), why.then(self._verdicts[verdict])

    def _kept(self, live: Accepted) -> Named | None:
        """The live model from its copies; None if one is gone or damaged."""
        copies = [] if self._store is None else [accepted.weights(self._store, digest) for digest in live.hashes]
        whole = [copy for copy in copies if copy is not None]
        if not whole or len(whole) < len(live.hashes):
            return None
        return Named(live.name, live.entry, whole[0], live.wearing, whole[1] if len(whole) > 1 else None)

    def _first(self, model: Named) -> tuple[Seeing, Words]:
        """Nothing to compare with: on another runtime than the CPU it must say the same as there."""
        if differs := self._differs(model):
            why = Words(f"模型 {model.name} 改用 CPU 运行", f"{model.name} runs on the CPU instead")
            return self._ready(model, PLAIN), why.then(differs)
        return self._ready(model, self._runtime), NOTHING

    def _gate(self, model: Named, live: Accepted, kept: Named) -> Words:
        """Why `model` may not take the place of `live`."""
        try:
            known = model.key(self._runtime)
            if why := (self._own is None and self._refused.get(known)) or self._differs(model):
                return why
            new, old = self._ready(model, self._runtime), self._ready(kept, live.runtime, live)
            if why := canary.wrong(new.detector, new.wearer, new.accepted.expected):
                return why
            if self._own is None:
                return gate.behind(gate.score(new.detector), gate.score(old.detector))
            return self._by_own(known, self._own(new, old))
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
        """Why the wanted runtime's words are not the CPU's."""
        known = model.key(self._runtime)
        if self._runtime != PLAIN and known not in self._apart:
            one, plain = self._ready(model, self._runtime), self._ready(model, PLAIN)
            self._apart[known] = gate.apart(one.detector, plain.detector) or gate.judges_apart(
                one.accepted.expected.worn, plain.accepted.expected.worn
            )
        return self._apart.get(known, NOTHING)

    def _ready(self, model: Named, runtime: str, live: Accepted | None = None) -> Seeing:
        """Its sessions, loaded once; as it was accepted before, or with what it says of the canary now."""
        known = model.key(runtime)
        if known not in self._loaded:
            detector = Detector(self._load.detector(model.weights, model.entry, model.name, runtime), model.entry)
            wearer = self._wearer(model, runtime)
            made = live
            if made is None or made.expected.asked != canary.digest():  # an answer to other pictures is none
                made = Accepted(
                    name=model.name,
                    entry=model.entry,
                    wearing=model.wearing,
                    runtime=runtime,
                    expected=canary.answer(detector, wearer),
                )
            self._loaded[known] = Seeing(detector, wearer, made)
            files = (model.weights, model.judge)
            self._files |= {
                digest: file for digest, file in zip(made.hashes, files, strict=False) if file is not None
            }
        return self._loaded[known]

    def _wearer(self, model: Named, runtime: str) -> Wearer | None:
        """What tells what people wear; None if nobody has drawn its lines, or it could tell nothing at all."""
        if model.wearing is None:
            return None
        judge = None if model.judge is None else self._load.judge(model.judge, runtime)
        wearer = Wearer(model.entry.labels, model.wearing, judge)
        return wearer if wearer.items else None
