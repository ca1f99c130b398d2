"""The figures of films: what was told at the end of each window of each track, against what everybody wears."""

import numpy as np

from edge_agent.domain.observation import Worn
from edge_agent.ops.model import measure
from edge_agent.ops.model.films import Seen, Truth
from edge_agent.ops.model.people import MISSING, WORN
from edge_agent.ops.model.report import SIZES, Figures, counts, missing_line
from edge_agent.sense.camera.persons.wearer import ITEMS

STATES = {Worn.MISSING: MISSING, Worn.WORN: WORN}
Watched = dict[str, tuple[Truth, Seen]]  # by the film's name


def figures(watched: Watched) -> Figures:
    """Everything that was measured, by film and of all of them together, by the person's height."""
    return {
        "films": {name: _film(truth, seen) for name, (truth, seen) in watched.items()},
        "missing": {
            item: {size: counts(_missing(item, watched, low, high)) for size, (low, high) in SIZES.items()}
            for item in ITEMS
        },
    }


def _film(truth: Truth, seen: Seen) -> Figures:
    """One film: of each item, what was told of those who wear it and of those who lack it."""
    items = {
        item: {
            str(true): told | {"windows": sum(told.values())}
            for true in STATES
            if any((told := _told(item, truth, seen, true)).values())
        }
        for item in ITEMS
    }
    return {"pictures": seen.pictures, "unclear": seen.unclear, "tracks": seen.tracks, "items": items}


def _told(item: str, truth: Truth, seen: Seen, true: Worn) -> dict[str, int]:
    told = [window.told[item] for window in seen.windows if truth.of(item, window.across) is true]
    return {str(worn): told.count(worn) for worn in Worn}


def _missing(item: str, watched: Watched, low_px: float, high_px: float) -> measure.Missing:
    rows = [
        (str(window.told[item]), STATES[true])
        for truth, seen in watched.values()
        for window in seen.windows
        if (true := truth.of(item, window.across)) is not None and low_px <= window.height_px < high_px
    ]
    return measure.missing(
        np.array([told for told, _ in rows], "U8"), np.array([state for _, state in rows], np.int8)
    )


def table(got: Figures, window_s: float) -> list[str]:
    """The same as lines of text."""
    lines = [f"along the tracks of films, every {window_s:g} s of each track"]
    for name, film in got["films"].items():
        unclear = f", {film['unclear']} of them no proof" if film["unclear"] else ""
        lines.append(f"  {name}: {film['pictures']} pictures{unclear}, {film['tracks']} tracks")
        for item, by_truth in film["items"].items():
            for true, row in by_truth.items():
                told = ", ".join(f"{worn} {row[str(worn)]}" for worn in Worn)
                lines.append(f"    {item} truly {true}: told {told} of {row['windows']} windows")
    for item, sizes in got["missing"].items():
        if sizes["all"]["known"]:
            lines.append(f"  {item} missing, all films: precision, recall, unsure; missing told worn; of windows")
            lines += [missing_line(size, row) for size, row in sizes.items()]
    return lines
