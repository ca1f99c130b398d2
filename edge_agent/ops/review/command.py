"""`edge-agent review`: some days of the records looked at anew, beside the running agent."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from edge_agent.decide.guides import guides
from edge_agent.domain.outcome import Event
from edge_agent.domain.person import Person
from edge_agent.domain.words import NOTHING, Words, same
from edge_agent.ops.export.table import names
from edge_agent.ops.folders import DATABASE
from edge_agent.ops.review import drills, pauses, permits, shadow
from edge_agent.ops.review.cells import Called
from edge_agent.settings.site import Settings
from edge_agent.store.errors import StoreError
from edge_agent.store.load import Wanted
from edge_agent.store.reader import Reader
from edge_agent.tell.live_review import Review, ReviewPart

EX_UNAVAILABLE, EX_CANTCREAT = 69, 73  # sysexits.h
MOST_EVENTS = 20_000  # looked through, the newest: some seconds of a small board
DAY_S = 86400.0
ROOT = Path(__file__).resolve().parents[3]  # holds web_ui/words: what people call each type of event

Kind = Literal["pauses", "shadow", "coverage", "overrides", "drills"]
Parts = Callable[[Sequence[Event], Called, float], tuple[ReviewPart, ...]]  # at what time (UTC) somebody looks


class Look(Struct, frozen=True):
    """One kind: its title, what its figures mean, which events it reads, what it makes of them."""

    title: Words
    about: Words
    types: tuple[str, ...]
    parts: Parts


LOOKS: Mapping[Kind, Look] = {
    "pauses": Look(pauses.TITLE, pauses.ABOUT, pauses.TYPES, lambda e, c, _: pauses.parts(e, c.local)),
    "shadow": Look(shadow.TITLE, shadow.ABOUT, shadow.TYPES, lambda e, c, _: shadow.parts(e, c.local)),
    "coverage": Look(
        permits.COVERAGE, permits.COVERAGE_ABOUT, permits.ENDS, lambda e, c, _: permits.coverage(e, c)
    ),
    "overrides": Look(
        permits.OVERRIDES,
        permits.OVERRIDES_ABOUT,
        ("permit.override_given", "permit.override_ended"),
        permits.overrides,
    ),
    "drills": Look(drills.TITLE, drills.ABOUT, ("drill.report",), lambda e, c, _: drills.parts(e, c)),
}


def run(settings: Settings, kind: Kind, days: int, form: str, now_utc: float) -> int:
    """Write it to standard output: json, csv or pdf."""
    try:
        made = review(settings, kind, days, now_utc)
    except StoreError as fault:
        return _said(EX_UNAVAILABLE, fault.words)
    if form == "json":
        sys.stdout.buffer.write(msgspec.json.encode(made))
        return 0
    return _on_paper(settings, made, form)


def review(settings: Settings, kind: Kind, days: int, now_utc: float) -> Review:
    """The tables of the last days. Raises StoreError."""
    look, since_utc = LOOKS[kind], now_utc - days * DAY_S
    with Reader.open(settings.state_folder / DATABASE) as records:
        found = records.recent(MOST_EVENTS, Wanted(types=look.types, since_utc=since_utc))
        known = (*settings.persons, *records.persons())  # the newer word counts
    site = settings.site.site
    return Review(
        kind=kind,
        title=look.title,
        site=site.name,
        unit=site.unit,
        demo=settings.demo,
        from_utc=since_utc,
        until_utc=now_utc,
        about=look.about,
        whole=_cut(settings, found),
        parts=look.parts(tuple(reversed(found)), _called(settings, known), now_utc),
    )


def _called(settings: Settings, known: Iterable[Person]) -> Called:
    return Called(
        local=settings.local_time,
        people={one.id: one.name for one in known},
        devices={device.id: device.name for device in settings.devices},
        events=names(ROOT),
        alarms={code: guide.title for code, guide in guides().items()},
    )


def _cut(settings: Settings, found: Sequence[Event]) -> Words:
    """What of the time is not in it, because there was too much."""
    if len(found) < MOST_EVENTS:
        return NOTHING
    first = f"{settings.local_time.local(found[-1].at_utc):%Y-%m-%d %H:%M}"
    return Words(f"{first} 之前的记录未计入", f"records before {first} are not counted")


def _on_paper(settings: Settings, made: Review, form: str) -> int:
    from edge_agent.ops.export.paper import NoFont  # noqa: PLC0415 (what sets paper takes its time to come)
    from edge_agent.ops.review.sheet import as_csv, as_pdf  # noqa: PLC0415

    local = settings.local_time.local
    begins, ends = (f"{local(utc):%Y-%m-%d %H:%M}" for utc in (made.from_utc, made.until_utc))
    try:
        sys.stdout.buffer.write(as_csv(made) if form == "csv" else as_pdf(made, (begins, ends)))
    except NoFont as fault:
        return _said(EX_CANTCREAT, same(f"{fault}"))
    return 0


def _said(code: int, words: Words) -> int:
    sys.stderr.write(f"{words.zh}\n{words.en}\n")
    return code
