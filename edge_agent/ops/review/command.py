"""`edge-agent review`: some days of the records looked at anew, beside the running agent."""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import msgspec
from msgspec import Struct

from edge_agent.domain.outcome import Event
from edge_agent.domain.words import NOTHING, Words, same
from edge_agent.ops.folders import DATABASE
from edge_agent.ops.review import drills, pauses, permits, shadow
from edge_agent.settings.site import Settings
from edge_agent.store.errors import StoreError
from edge_agent.store.load import Wanted
from edge_agent.store.reader import Reader
from edge_agent.tell.live_review import Review, ReviewPart

EX_UNAVAILABLE, EX_CANTCREAT = 69, 73  # sysexits.h
MOST_EVENTS = 20_000  # looked through, the newest: some seconds of a small board
DAY_S = 86400.0

Kind = Literal["pauses", "shadow", "coverage", "overrides", "drills"]
Parts = Callable[[Sequence[Event], Settings], tuple[ReviewPart, ...]]


class Look(Struct, frozen=True):
    """One kind: its title, what its figures mean, which events it reads, what it makes of them."""

    title: Words
    about: Words
    types: tuple[str, ...]
    parts: Parts


def _names(settings: Settings) -> dict[str, Words]:
    return {device.id: device.name for device in settings.devices}


LOOKS: Mapping[Kind, Look] = {
    "pauses": Look(pauses.TITLE, pauses.ABOUT, pauses.TYPES, lambda e, s: pauses.parts(e, s.local_time)),
    "shadow": Look(shadow.TITLE, shadow.ABOUT, shadow.TYPES, lambda e, s: shadow.parts(e, s.local_time)),
    "coverage": Look(
        permits.COVERAGE,
        permits.COVERAGE_ABOUT,
        permits.ENDS,
        lambda e, s: permits.coverage(e, s.local_time, _names(s)),
    ),
    "overrides": Look(
        permits.OVERRIDES,
        permits.OVERRIDES_ABOUT,
        ("permit.override_given", "permit.override_ended"),
        lambda e, s: permits.overrides(e, s.local_time),
    ),
    "drills": Look(drills.TITLE, drills.ABOUT, ("drill.report",), lambda e, s: drills.parts(e, s.local_time)),
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
        parts=look.parts(tuple(reversed(found)), settings),
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
