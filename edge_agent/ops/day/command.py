"""`edge-agent day`: read from the records beside the running agent; today so far from its live picture."""

import sys
import time
from collections.abc import Iterable
from datetime import date, datetime, timedelta

import msgspec
from msgspec.structs import replace

from edge_agent.domain.outcome import Event
from edge_agent.domain.rectification import Rectification
from edge_agent.domain.words import NOTHING, Words, joined, same
from edge_agent.ops.day.indicators import NO_DAY, Closed, Figures, closed_in_time, indicators
from edge_agent.ops.folders import DATABASE
from edge_agent.settings.site import Settings
from edge_agent.store.errors import StoreError
from edge_agent.store.load import Wanted
from edge_agent.store.reader import Reader
from edge_agent.tell.live import Live
from edge_agent.tell.live_file import read_live
from edge_agent.tell.live_office import DayTable

EX_DATAERR, EX_UNAVAILABLE, EX_CANTCREAT = 65, 69, 73  # sysexits.h
NEWEST = 1000  # events of a kind that are looked through
LIVE_S = 60.0  # a picture older than this is of an agent that counts no more


def run(settings: Settings, day: date, form: str) -> int:
    """Write the table to standard output: json, csv or pdf."""
    try:
        made = table(settings, day, time.time())
    except StoreError as fault:
        return _said(EX_UNAVAILABLE, fault.words)
    if made is None:
        return _said(
            EX_DATAERR,
            Words(
                f"{day} 没有统计：本机当天未运行或时钟不可信",
                f"nothing was counted on {day}: the agent did not run, or its clock was not trusted",
            ),
        )
    if made.begins_utc is not None and form != "json":
        begins = f"{settings.local_time.local(made.begins_utc):%Y-%m-%d %H:%M}"
        return _said(
            EX_DATAERR,
            Words(
                f"{day} 没有统计：本机自 {begins} 起统计",
                f"nothing was counted on {day}: this box counts since {begins}",
            ),
        )
    if form == "json":
        sys.stdout.buffer.write(msgspec.json.encode(made))
        return 0
    return _on_paper(made, form)


def _on_paper(made: DayTable, form: str) -> int:
    from edge_agent.ops.day.sheet import as_csv, as_pdf  # noqa: PLC0415 (what sets paper takes its time to come)
    from edge_agent.ops.export.paper import NoFont  # noqa: PLC0415

    try:
        sys.stdout.buffer.write(as_csv(made) if form == "csv" else as_pdf(made))
    except NoFont as fault:
        return _said(EX_CANTCREAT, same(f"{fault}"))
    return 0


def table(settings: Settings, day: date, now_utc: float) -> DayTable | None:
    """The table of this local day; None where it ought to have been counted and was not. Raises StoreError."""
    with Reader.open(settings.state_folder / DATABASE) as records:
        days = {one.data["date"]: one.data for one in records.recent(NEWEST, Wanted(type="figures.day"))}
        hazards = records.recent(NEWEST, Wanted(type="hazard.reported"))
        reports = records.recent(NEWEST, Wanted(type="drill.report"))
        to_right = records.rectifications()
    live = read_live(settings.runtime_folder)
    running = live is not None and live.today.get("date") == str(day)
    figures: Figures | None = live.today if live is not None and running else days.get(str(day))
    site = settings.site.site
    empty = DayTable(
        date=str(day),
        site=site.name,
        unit=site.unit,
        demo=settings.demo,
        running=running,
        whole=NOTHING,
        indicators=(),
    )
    if figures is None:
        begins_utc = _begins(days.values(), live)
        was_before = begins_utc is not None and day < today(settings, begins_utc)
        return replace(empty, begins_utc=begins_utc) if was_before else None
    before = day - timedelta(days=1)
    return replace(
        empty,
        whole=_whole(figures, _until(settings, live, now_utc) if running else ""),
        indicators=indicators(
            figures,
            days.get(str(before), NO_DAY),
            len(_on(settings, hazards, day)),
            [one.data.get("score") for one in _on(settings, reports, day)],
            [one.data.get("score") for one in _on(settings, reports, before)],
            (_closed(settings, to_right, day, now_utc), _closed(settings, to_right, before, now_utc)),
        ),
    )


def _begins(days: Iterable[Figures], live: Live | None) -> float | None:
    """Since when anything is counted here; None where nothing is."""
    counted = [*days, *((live.today,) if live is not None else ())]
    return min((since for one in counted if (since := one.get("since_utc"))), default=None)


def today(settings: Settings, utc: float) -> date:
    """The local day at this moment."""
    local: datetime = settings.local_time.local(utc)
    return local.date()


def _on(settings: Settings, events: tuple[Event, ...], day: date) -> list[Event]:
    """Those of this local day, oldest first."""
    return [one for one in reversed(events) if settings.local_time.local(one.at_utc).date() == day]


def _closed(settings: Settings, known: tuple[Rectification, ...], day: date, now_utc: float) -> Closed:
    born = (one for one in known if settings.local_time.local(one.born_utc).date() == day)
    return closed_in_time(born, now_utc)


def _until(settings: Settings, live: Live | None, now_utc: float) -> str:
    """Since when nobody counts, by the site's clock; "" while the agent does."""
    if live is None or now_utc - live.at_utc <= LIVE_S:
        return ""
    return f"{settings.local_time.local(live.at_utc):%m-%d %H:%M}"


def _whole(figures: Figures, until: str) -> Words:
    """What of the day was not counted; `until`: when its agent was last heard of."""
    said: list[Words] = []
    if until:
        said.append(
            Words(
                f"只统计到 {until}：此后主程序没有运行",
                f"counted until {until} only: the agent has not run since",
            )
        )
    if figures.get("since") not in {"", "00:00", None}:
        said.append(Words(f"自 {figures['since']} 起统计", f"counted since {figures['since']}"))
    if figures.get("restarts"):
        lost_min = figures.get("down_s", 0) / 60
        said.append(
            Words(
                f"重启 {figures['restarts']} 次，至少 {lost_min:.0f} 分钟未统计",
                f"{figures['restarts']} restarts, at least {lost_min:.0f} min not counted",
            )
        )
    return joined(said)


def _said(code: int, words: Words) -> int:
    sys.stderr.write(f"{words.zh}\n{words.en}\n")
    return code
