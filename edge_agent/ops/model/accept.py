"""`edge-agent model accept SITE`: the gate before a model goes live, on built-in or own pictures."""

import sys
from pathlib import Path

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from edge_agent.domain.words import NOTHING, Words, joined
from edge_agent.ops.model import accept_persons, measure, shelf
from edge_agent.ops.model.shelf import LABELS, Labelled, Source
from edge_agent.sense.camera.detector import Detector
from edge_agent.sense.camera.manifest import PERSON, Model
from edge_agent.sense.camera.proof.swap import Compare, Loaders, Seeing, Swap, named
from edge_agent.sense.camera.runtimes import Runtime, choose
from edge_agent.sense.camera.runtimes.wanted import Wanted
from edge_agent.settings.site import Settings

BEHIND = 0.02  # of AP50 or recall that a new model may lose of a label, on people's own pictures
FEWEST = 20  # boxes of a label on which a comparison may rest
LEAST_SCORE = 0.01
REFUSED = 1  # exit code
Own = list[tuple[Source, list[Labelled]]]


def own_pictures(data: Path, sets: Path) -> Own:
    """Every set that judges, whole. Raises BadShelf."""
    known = shelf.sources(sets)
    judging = {name: source for name, source in known.items() if source.use == "judge"}
    return [(source, shelf.labelled(data, name, source)) for name, source in judging.items()]


def accept(settings: Settings, models: Path, wanted: Wanted, own: Own | None) -> int:
    """Judge every model that the site's cameras name, remember and say what came of it; 1 if one is refused."""

    def session(weights: bytes, _entry: Model, _name: str, runtime: str) -> Runtime:
        return choose.load(weights, replace(wanted, runtime=runtime))

    cameras = settings.site.cameras
    found = {name: named(models, name) for name in {camera.model for camera in cameras.values()}}

    def judge(weights: bytes, runtime: str) -> Runtime:
        return choose.load(weights, choose.beside(replace(wanted, runtime=runtime)))

    loaders, compare = Loaders(session, judge), None if own is None else on(own)
    swap = Swap(settings.state_folder / "models", wanted.runtime, loaders, compare)
    outcome = swap.settle({camera: found[table.model] for camera, table in cameras.items()})
    swap.keep(outcome)
    for camera, seeing in sorted(outcome.by_camera.items()):
        judged = f"{seeing.accepted.name} ({seeing.accepted.runtime})"
        sys.stdout.write(f"{camera}: {judged}\n")
    if outcome.refused:
        sys.stdout.write(f"{outcome.refused.zh}\n{outcome.refused.en}\n")
        return REFUSED
    sys.stdout.write("已接受，重启主机程序后启用 accepted; it judges from the next start of the box\n")
    return 0


def on(own: Own) -> Compare:
    """A comparison on these pictures: the boxes of each label, and what is told of people."""

    def compare(new: Seeing, live: Seeing) -> Words:
        one, two = _looked(new, own), _looked(live, own)
        first, second = one.hits, two.hits
        both = [label for label in first if label in second and second[label].wanted >= FEWEST]
        if not both:
            return Words(
                f"图片太少：每类至少需要 {FEWEST} 个标注",
                f"too few pictures: a label needs {FEWEST} boxes at least",
            )
        why = [_behind(label, (first[label], new.detector), (second[label], live.detector)) for label in both]
        for text, worse in accept_persons.behind(one.told, two.told, BEHIND, FEWEST):
            sys.stdout.write(f"{text}\n")
            why.append(worse)
        return joined(why)

    return compare


def _behind(label: str, new: tuple[measure.Hits, Detector], live: tuple[measure.Hits, Detector]) -> Words:
    """Where the new one is worse, in figures; printed either way."""
    rows = []
    for hits, detector in (new, live):
        precision, recall = (0.0 if part is None else part for part in hits.at(detector.threshold))
        rows.append((hits.average_precision or 0.0, recall, precision))
    (ap, recall, precision), (ap_live, recall_live, precision_live) = rows
    text = (
        f"{label}: AP50 {ap:.3f} ({ap_live:.3f}), recall {recall:.3f} ({recall_live:.3f}), "
        f"precision {precision:.3f} ({precision_live:.3f})"
    )
    sys.stdout.write(f"{text} of {new[0].wanted}\n")
    if ap >= ap_live - BEHIND and recall >= recall_live - BEHIND:
        return NOTHING
    return Words(
        f"在自有图片上逊于现用模型（括号内）：{text}",
        f"worse on your pictures than the live one (in brackets): {text}",
    )


class _Looked(Struct):
    """What one model made of the pictures: hits by label, what it told of the labels' persons."""

    hits: dict[str, measure.Hits]
    told: accept_persons.Told


def _looked(seeing: Seeing, own: Own) -> _Looked:
    detector, found = seeing.detector, dict[str, list[measure.Hits]]()
    told = accept_persons.nothing_told()
    for source, items in own:
        labels = [name for name in detector.labels if name in source.labelled and name not in detector.hints]
        for item in items:
            picture = shelf.picture(item.path)
            detector.fit(picture)
            seen = detector.look(LEAST_SCORE)
            size = np.array([picture.shape[1], picture.shape[0]] * 2, np.float32)
            for name in labels:
                boxes = seen.only(seen.labels == detector.labels.index(name))
                true = item.boxes[item.boxes[:, 0] == LABELS.index(name), 1:] * size
                found.setdefault(name, []).append(measure.hits(boxes.corners * size, boxes.scores, true))
            if PERSON in source.labelled:
                accept_persons.note(told, seeing.wearer, picture, seen, item)
    return _Looked({name: measure.joined(parts) for name, parts in found.items()}, told)
