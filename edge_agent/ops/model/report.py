"""The figures of an evaluation, as a table to read and as values to keep."""

from typing import Any

import numpy as np

from edge_agent.domain.observation import Worn
from edge_agent.ops.model import measure, tune
from edge_agent.ops.model.evaluate import KINDS, Result, Told
from edge_agent.ops.model.eyes import Eyes
from edge_agent.ops.model.people import MISSING, NOBODY, WORN
from edge_agent.ops.model.shelf import Floats
from edge_agent.sense.camera.persons.told import Shares

SIZES = {"all": (0.0, np.inf), "<64 px": (0.0, 64.0), "64-160 px": (64.0, 160.0), ">160 px": (160.0, np.inf)}
BOXES = ("ap50", "precision", "recall")
Figures = dict[str, Any]


def figures(eyes: Eyes, result: Result) -> Figures:
    """Everything that was measured on one set; None where nothing could be."""
    boxes = {
        label: {
            "boxes": hits.wanted,
            "ap50": _round(hits.average_precision),
            "precision": _round(hits.at(eyes.entry.score_threshold)[0]),
            "recall": _round(hits.at(eyes.entry.score_threshold)[1]),
        }
        for label, hits in result.hits.items()
    }
    people = {"given": _people(result.given), "found": _people(result.found)}
    return {
        "pictures": result.pictures,
        "boxes": boxes,
        "missing": people,
        "witnesses": witnesses(result.given, result.found),
    }


def witnesses(given: Told, found: Told) -> Figures:
    """Each witness, and both: how well it ranks who lacks something, and the lines that these people suggest.

    With those lines drawn, the figures of the same people flatter: judge others by them.
    """
    people = given if len(given.heights) else found
    shares: dict[str, Floats] = {"boxes": people.boxes, "judge": people.judge}
    shares["both"] = Shares(people.boxes, people.judge).all
    return {
        name: {kind: _witness(share[:, n], people, n) for n, kind in enumerate(KINDS)}
        for name, share in shares.items()
        if not np.isnan(share).all()
    }


def _witness(shares: Floats, people: Told, kind: int) -> Figures:
    band = tune.band(shares, people.states[:, kind])
    told = np.full(len(shares), str(Worn.UNSURE), "U8")
    told[shares >= band.worn_from], told[shares < band.missing_below] = Worn.WORN, Worn.MISSING
    got = measure.missing(told, people.states[:, kind])
    known = np.isin(people.states[:, kind], (MISSING, WORN, NOBODY)) & ~np.isnan(shares)
    lacking = people.states[known, kind] == MISSING
    ranked = measure.Hits(1 - shares[known], lacking, int(lacking.sum()))
    lines = {"missing_below": band.missing_below, "worn_from": band.worn_from}
    return {"average_precision": _round(ranked.average_precision)} | lines | counts(got)


def _people(told: Told) -> Figures:
    return {
        kind: {
            size: counts(measure.missing(told.told[rows, n], told.states[rows, n]))
            for size, (low, high) in SIZES.items()
            for rows in [(told.heights >= low) & (told.heights < high)]
        }
        for n, kind in enumerate(KINDS)
    }


def counts(got: measure.Missing) -> Figures:
    """How "missing" was told, as figures to keep."""
    return {
        "precision": _round(got.precision),
        "recall": _round(got.recall),
        "unsure": _round(measure.ratio(got.unsure, got.known)),
        "missing": got.missing,
        "known": got.known,
        "told_worn": got.passed,
        "false": got.false,
    }


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def table(name: str, got: Figures) -> list[str]:
    """The same as lines of text."""
    lines = [f"{name}: {got['pictures']} pictures", "  label        boxes   AP50   prec. recall"]
    for label, row in got["boxes"].items():
        lines.append(f"  {label:<11}{row['boxes']:7}" + "".join(_text(row, key) for key in BOXES))
    for whose, title in (("given", "on given persons"), ("found", "on the model's own persons")):
        for kind, sizes in got["missing"][whose].items():
            if sizes["all"]["known"]:
                lines.append(f"  {kind} missing, {title}: precision, recall, unsure; missing told worn; of known")
                lines += [missing_line(size, row) for size, row in sizes.items()]
    for witness, kinds in got["witnesses"].items():
        for kind, row in kinds.items():
            if row["average_precision"] is not None:
                lines.append(
                    f"  {kind} by {witness}: AP of missing{_text(row, 'average_precision')}; {_lines(row)}"
                )
    return lines


def _lines(row: Figures) -> str:
    figures_ = f"precision{_text(row, 'precision')}, recall{_text(row, 'recall')}, unsure{_text(row, 'unsure')}"
    return f"lines {row['missing_below']:.2f} {row['worn_from']:.2f} would give {figures_}"


def missing_line(size: str, row: Figures) -> str:
    """The same as a line of the table."""
    figures_ = "".join(_text(row, key) for key in ("precision", "recall", "unsure"))
    return f"    {size:<10}{figures_}{row['told_worn']:5}/{row['missing']:<5}{row['known']:6}"


def _text(row: Figures, key: str) -> str:
    return f"{'-':>7}" if row[key] is None else f"{row[key]:7.2f}"
