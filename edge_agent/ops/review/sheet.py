"""A look back on paper and for a spreadsheet: Chinese first, English below it."""

import unicodedata
from collections.abc import Iterator

from edge_agent.domain.words import Words
from edge_agent.ops.export.paper import Cover, Sheet, sheets
from edge_agent.ops.export.table import spreadsheet
from edge_agent.tell.live_review import Review, ReviewPart

OF_MM = 190  # A4 without its margins


def as_csv(review: Review) -> bytes:
    """UTF-8 for any spreadsheet: one table below the other, each with its heads."""
    widest = max(len(part.heads) for part in review.parts)
    return spreadsheet(("part", *(f"column {n}" for n in range(1, widest + 1))), _lines(review))


def _lines(review: Review) -> Iterator[tuple[str, ...]]:
    for part in review.parts:
        title = _both(part.title, " / ")
        yield (title, *(_both(head, " / ") for head in part.heads))
        for row in part.rows:
            yield (title, *(_both(cell, " / ") for cell in row.cells))


def as_pdf(review: Review, times: tuple[str, str]) -> bytes:
    """A4; `times` are the ends of the time that it is about. Raises NoFont."""
    lines = (
        ("站点 site", f"{review.site.zh} / {review.site.en} ({review.unit})"),
        ("时间 time", " - ".join(times)),
        ("说明 about", _both(review.about, "\n")),
        *((("未计入 not counted", _both(review.whole, " / ")),) if review.whole else ()),
        *((("演示 DEMO", "演示限值，不提供保护 demo limits, nothing is protected"),) if review.demo else ()),
    )
    return sheets(Cover(title=review.title, lines=lines), tuple(_sheet(part) for part in review.parts))


def _sheet(part: ReviewPart) -> Sheet:
    """Columns as wide as what stands in them, within bounds: nobody measures a table by hand."""
    heads = tuple(_both(head, "\n") for head in part.heads)
    rows = tuple(tuple(_both(cell, "\n") for cell in row.cells) for row in part.rows)
    longest = [
        max(_wide(line) for cell in column for line in cell.split("\n"))
        for column in zip(heads, *rows, strict=True)
    ]
    wanted = [min(max(one, 8), 36) for one in longest]
    widths = tuple(round(OF_MM * one / sum(wanted)) for one in wanted)
    title = _both(part.title, " / ") + ("" if rows else f"：{_both(part.none, ' / ')}")
    return Sheet(title=title, heads=heads, widths=widths, rows=rows)


def _wide(line: str) -> int:
    """In halves of a Chinese sign: those are twice as wide as Latin ones."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line)


def _both(cell: Words, joint: str) -> str:
    return cell.zh if cell.zh == cell.en else f"{cell.zh}{joint}{cell.en}"
