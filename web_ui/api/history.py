"""Gas channels over hours to a month, from the agent's minutes, with what was decided meanwhile."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from msgspec import Struct

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
from web_ui.shapes_records import Histories, History, Mark

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
MOST_CHANNELS = 64  # in one question
LONGEST = 64  # of a channel's id
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


class _While(Struct, frozen=True, kw_only=True):
    """What is asked for: minutes since 1970, `each` of them together as one part of the chart."""

    first: int
    until: int
    each: int
    until_utc: float


def install(app: Flask, parts: Parts, picture: Picture) -> None:
    """GET /history and /history/{channel}."""
    state = parts.folders.state

    @app.get("/api/v1/history")
    def histories() -> Response:
        """Several channels at once: all charts that somebody has before him are one question."""
        channels = tuple(dict.fromkeys(request.args.getlist("channel")))
        if not 0 < len(channels) <= MOST_CHANNELS or any(len(one) > LONGEST for one in channels):
            fail("E-FORM", detail=f"channel: 1 … {MOST_CHANNELS}")
        return said(Histories(channels=_histories(channels)))

    @app.get("/api/v1/history/<channel>")
    def history(channel: str) -> Response:
        """The last `hours` before `until` (UTC seconds; now, where nobody asks for another time)."""
        (found,) = _histories((channel,))
        return said(found)

    def _histories(channels: tuple[str, ...]) -> tuple[History, ...]:
        wanted = _asked(parts.utc())
        events = _decided(state, wanted)
        live = picture.look().live
        permits = live.permits if live else ()
        with _minutes(state) as minutes:
            return tuple(
                History(
                    channel=channel,
                    from_utc=float(wanted.first * MINUTE_S),
                    step_s=float(wanted.each * MINUTE_S),
                    **_columns(minutes.parts(channel, wanted.first, wanted.until, wanted.each), wanted),
                    marks=_marks(events, channel, {one.id for one in permits if channel in one.gas}),
                    more=len(events) == MOST_MARKS,
                )
                for channel in channels
            )


def _asked(now_utc: float) -> _While:
    hours = number("hours", 1, MOST_H, DAY_H)
    until_utc = min(number("until", 1, LAST_SEQ, int(now_utc)), now_utc)
    each = next(each for most_h, each in EACH_MIN if hours <= most_h)
    until = int(until_utc - WRITTEN_S) // MINUTE_S
    return _While(first=(until - hours * HOUR_MIN) // each * each, until=until, each=each, until_utc=until_utc)


def _decided(state: Path, wanted: _While) -> tuple[Event, ...]:
    window = Wanted(types=DECIDED, since_utc=float(wanted.first * MINUTE_S), until_utc=wanted.until_utc)
    with opened(state) as store:
        return store.recent(MOST_MARKS, window)


@contextmanager
def _minutes(state: Path) -> Iterator[Reader]:
    try:
        with Reader(state / HISTORY) as minutes:
            yield minutes
    except StoreError as fault:
        fail("E-NO-HISTORY", detail=fault.words)


def _columns(known: Iterable[Part], wanted: _While) -> dict[str, Any]:
    """Every part of the while, also those of which nothing is known."""
    each, by_part = wanted.each, {one.part: one for one in known}
    numbers = range(wanted.first // each, -(-wanted.until // each))
    found = [by_part.get(one) for one in numbers]
    lasting_s = [(min((one + 1) * each, wanted.until) - one * each) * MINUTE_S for one in numbers]
    return {
        **{name: tuple(one and getattr(one, name) for one in found) for name in ("low", "mean", "high")},
        "quality": tuple(_letter(one, lasts_s) for one, lasts_s in zip(found, lasting_s, strict=True)),
    }


def _letter(part: Part | None, lasts_s: int) -> str:
    if part is None:
        return NOT_RECORDED
    return NOT_RECORDED if part.worst == GOOD and part.seconds < WHOLE * lasts_s else part.worst


def _marks(events: tuple[Event, ...], channel: str, bound: set[str]) -> tuple[Mark, ...]:
    return tuple(_mark(one) for one in reversed(events) if _concerns(one, channel, bound))


def _concerns(event: Event, channel: str, bound: set[str]) -> bool:
    """Whether it was about this channel, or about work that is bound to it now."""
    data = event.data
    about = {data.get("source"), *(one.get("subject") for one in data.get("causes", ()))}
    return channel in about or event.subject in bound


def _mark(event: Event) -> Mark:
    words = words_of(event)
    return Mark(seq=event.seq, type=event.type, subject=event.subject, at_utc=event.at_utc, words=words)
