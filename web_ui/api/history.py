"""One gas channel over hours to a month, from the agent's minutes, with what was decided meanwhile."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flask import Flask, Response

from edge_agent.domain.outcome import Event
from edge_agent.ops.folders import HISTORY
from edge_agent.store.errors import StoreError
from edge_agent.store.history import MINUTE_S, Part, Reader
from edge_agent.store.load import Wanted
from web_ui.api.events import LAST_SEQ, opened, words_of
from web_ui.api.speak import number, said
from web_ui.errors import fail
from web_ui.parts import Parts
from web_ui.picture import Reader as Picture
from web_ui.shapes import History, Mark

HOUR_MIN = 60
DAY_H = 24
MOST_H = 30 * DAY_H
# So many minutes are one part of the chart: 288 to 360 parts, as many as a screen can show.
EACH_MIN = ((2, 1), (8, 2), (DAY_H, 5), (7 * DAY_H, 30), (MOST_H, 120))
WRITTEN_S = 5.0  # a minute is on the disk so long after it is over
WHOLE = 0.9  # of a part must be known, or it is shown as not recorded
NOT_RECORDED = "-"
GOOD = "g"
MOST_MARKS = 500
DECIDED = (
    "alarm.raised",
    "permit.started",
    "permit.paused",
    "permit.stopped",
    "permit.resumed",
    "permit.retested",
    "permit.closed",
    "permit.expired",
    "permit.revoked",
)


def install(app: Flask, parts: Parts, picture: Picture) -> None:
    """GET /history/{channel}."""
    state = parts.folders.state

    @app.get("/api/v1/history/<channel>")
    def history(channel: str) -> Response:
        """The last `hours` before `until` (UTC seconds; now, where nobody asks for another time)."""
        hours = number("hours", 1, MOST_H, DAY_H)
        now_utc = parts.utc()
        until_utc = min(number("until", 1, LAST_SEQ, int(now_utc)), now_utc)
        each = next(each for most_h, each in EACH_MIN if hours <= most_h)
        until = int(until_utc - WRITTEN_S) // MINUTE_S
        first = (until - hours * HOUR_MIN) // each * each
        live = picture.look().live
        bound = {one.id for one in (live.permits if live else ()) if channel in one.gas}
        window = Wanted(types=DECIDED, since_utc=float(first * MINUTE_S), until_utc=until_utc)
        with opened(state) as store:
            events = store.recent(MOST_MARKS, window)
        return said(
            History(
                channel=channel,
                from_utc=float(first * MINUTE_S),
                step_s=float(each * MINUTE_S),
                **_columns(_parts(state, channel, first, until, each), first, until, each),
                marks=tuple(_mark(one) for one in reversed(events) if _concerns(one, channel, bound)),
                more=len(events) == MOST_MARKS,
            )
        )


def _parts(state: Path, channel: str, first: int, until: int, each: int) -> tuple[Part, ...]:
    try:
        with Reader(state / HISTORY) as minutes:
            return minutes.parts(channel, first, until, each)
    except StoreError as fault:
        fail("E-NO-HISTORY", detail=fault.words)


def _columns(known: Iterable[Part], first: int, until: int, each: int) -> dict[str, Any]:
    """Every part of the while, also those of which nothing is known."""
    by_part = {one.part: one for one in known}
    numbers = range(first // each, -(-until // each))
    found = [by_part.get(one) for one in numbers]
    lasting_s = [(min((one + 1) * each, until) - one * each) * MINUTE_S for one in numbers]
    return {
        **{name: tuple(one and getattr(one, name) for one in found) for name in ("low", "mean", "high")},
        "quality": tuple(_letter(one, lasts_s) for one, lasts_s in zip(found, lasting_s, strict=True)),
    }


def _letter(part: Part | None, lasts_s: int) -> str:
    if part is None:
        return NOT_RECORDED
    return NOT_RECORDED if part.worst == GOOD and part.seconds < WHOLE * lasts_s else part.worst


def _concerns(event: Event, channel: str, bound: set[str]) -> bool:
    """Whether it was about this channel, or about work that is bound to it now."""
    data = event.data
    about = {data.get("source"), *(one.get("subject") for one in data.get("causes", ()))}
    return channel in about or event.subject in bound


def _mark(event: Event) -> Mark:
    words = words_of(event)
    return Mark(seq=event.seq, type=event.type, subject=event.subject, at_utc=event.at_utc, words=words)
