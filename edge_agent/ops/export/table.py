"""The events as a table for a spreadsheet, and what one line of it says."""

import csv
import io
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from edge_agent.domain.local_time import LocalTime
from edge_agent.domain.outcome import Event
from edge_agent.domain.words import Words

COLUMNS = ("seq", "time", "type", "subject", "who", "priority", "words_zh", "words_en")
WHO = ("person", "by")  # members of an event that say who did it
BOM = "\ufeff"  # without it Excel reads the Chinese as something else
FORMULA = (*"=+-@＝＋－＠", "\t", "\r", "\n")  # noqa: RUF001 (OWASP, CSV injection; the wide ones in an East Asian Excel)
UNNAMED = Words("", "")


class Telling(Struct, frozen=True, kw_only=True):
    """How events are put in words: the site's clock, and what the pages call each type."""

    local: LocalTime
    names: Mapping[str, Words]


def names(root: Path) -> dict[str, Words]:
    """What people call each type of event, from the words of the pages. Raises OSError."""
    zh, en = (
        tomllib.loads((root / "web_ui" / "words" / lang / "board.toml").read_text("utf-8"))["event_type"]
        for lang in ("zh", "en")
    )
    return {type_: Words(zh[type_], en.get(type_, "")) for type_ in zh}


def row(event: Event, telling: Telling) -> tuple[str, ...]:
    """One event: its number, the site's time, what it is, of whom, by whom, how urgent, in words."""
    words = event.data.get("words") or event.data.get("detail") or {}
    said = words if isinstance(words, dict) else {}
    name = telling.names.get(event.type, UNNAMED)
    when = telling.local.local(event.at_utc).strftime("%Y-%m-%d %H:%M:%S")
    members = (*WHO, "guard") if event.type.startswith("guard.") else WHO
    who = next((str(event.data[key]) for key in members if isinstance(event.data.get(key), str)), "") or _deep(
        event
    )
    zh = "：".join(filter(None, (name.zh, str(said.get("zh", "")))))
    en = ": ".join(filter(None, (name.en, str(said.get("en", "")))))
    return (str(event.seq), when, event.type, event.subject, who, str(int(event.priority)), zh, en)


def _deep(event: Event) -> str:
    """Who signed or tested, which stands deeper in these events; "" where an older record has it not."""
    data = event.data
    try:
        if event.type == "permit.signed":
            return str(data["signatures"][-1]["person"])
        return str(data["retest"]["tester"]) if event.type == "permit.retested" else ""
    except (KeyError, IndexError, TypeError):
        return ""


def table(events: Iterable[Event], telling: Telling) -> bytes:
    """`events.csv`."""
    return spreadsheet(COLUMNS, (row(event, telling) for event in events))


def spreadsheet(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> bytes:
    """CSV in UTF-8, for any spreadsheet; what would be taken for a formula is not."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for cells in rows:
        writer.writerow(f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells)
    return (BOM + out.getvalue()).encode()
