"""What of each closed permit was watched, and which rules were let be: by whom, why, until when. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from edge_agent.decide.coverage import UPLINK
from edge_agent.decide.coverage_told import NAMES
from edge_agent.domain.outcome import Event
from edge_agent.domain.words import NOTHING, Words, joined, same
from edge_agent.ops.review.cells import UNKNOWN, Called, minutes, moment, person, share, text, words
from edge_agent.tell.live_review import ReviewPart, ReviewRow

ENDS = ("permit.closed", "permit.expired", "permit.revoked")
COVERAGE = Words("已结束作业的监护覆盖", "What of each finished job was watched")
COVERAGE_ABOUT = Words(
    "占作业时间的比例：全部必需的数据都新鲜才算有监护；中心连接另列，中断时本机照常监护。",
    "Shares of the time in which work was permitted. It counts as watched while all that it needs was fresh; the "
    "link to the centre stands apart: without it the box guards all the same.",
)
OVERRIDES = Words("规则旁路", "Rules that were let be")
LASTS = Words("仍在旁路", "still let be")
OVERRIDES_ABOUT = Words(
    "旁路期间该规则只报警、不停止作业；到时、作业票结束或主机重启即失效。",
    "While a rule is let be it still calls and stops nothing. It ends with its time, the permit, or a restart.",
)


def coverage(events: Iterable[Event], called: Called) -> tuple[ReviewPart, ...]:
    """Newest first; a permit under which nobody worked has nothing to be watched."""
    ended = [one for one in events if one.type in ENDS and one.data.get("coverage")]
    rows = tuple(_covered(one, called) for one in reversed(ended))
    heads = (
        Words("作业票", "permit"),
        Words("结束", "ended"),
        Words("作业时间", "under way"),
        Words("有监护", "watched"),
        Words("曾缺失的数据：有数据的时间占比", "what was missing: the share in which it was there"),
        Words("中心连接时间占比", "link to the centre"),
    )
    return (ReviewPart(title=COVERAGE, heads=heads, rows=rows),)


def _covered(event: Event, called: Called) -> ReviewRow:
    told, names = event.data["coverage"], {**NAMES, **called.devices}
    watched_s = float(told["watched_s"])
    parts = [names.get(feed, same(feed)).then(share(pct)) for feed, pct in _shares(told, watched_s, event.at_utc)]
    return ReviewRow(
        cells=(
            text(event.subject),
            moment(event.at_utc, called.local),
            minutes(watched_s),
            share(told["guarded_pct"]),
            joined(parts) if parts else Words("全程无缺失", "none was ever missing"),
            share(_pct(watched_s, float(told["uplink_blind_s"]))),
        ),
        event=event.seq,
    )


def _shares(told: Mapping[str, Any], watched_s: float, end_utc: float) -> Iterator[tuple[str, float | None]]:
    """Of each feed that was ever missing: for how much of the time it was there. Its spells never overlap.

    A spell that nobody saw the end of lasted to the end of the work.
    """
    missing: dict[str, float] = {}
    for hole in told["holes"]:
        until_utc = hole.get("until_utc") or end_utc
        if hole["feed"] != UPLINK:
            missing[hole["feed"]] = missing.get(hole["feed"], 0.0) + max(0.0, until_utc - hole["from_utc"])
    for feed, blind_s in missing.items():
        yield feed, _pct(watched_s, blind_s)


def _pct(watched_s: float, blind_s: float) -> float | None:
    """Rounded down: one blind second in a day is not 100 %."""
    return int(1000 * max(0.0, watched_s - blind_s) / watched_s) / 10 if watched_s > 0 else None


def overrides(events: Sequence[Event], called: Called, now_utc: float) -> tuple[ReviewPart, ...]:
    """Newest first, each with its end where the records have one."""
    given = [(at, one) for at, one in enumerate(events) if one.type == "permit.override_given"]
    rows = tuple(_let_be(one, events[at + 1 :], called, now_utc) for at, one in reversed(given))
    heads = (
        Words("时间", "when"),
        Words("作业票", "permit"),
        Words("规则", "rule"),
        Words("批准人", "allowed by"),
        Words("理由", "reason"),
        Words("有效至", "until"),
        Words("结束", "ended"),
    )
    return (ReviewPart(title=OVERRIDES, heads=heads, rows=rows),)


def _let_be(given: Event, later: Iterable[Event], called: Called, now_utc: float) -> ReviewRow:
    data, local = given.data, called.local
    ends = (
        one
        for one in later
        if one.type == "permit.override_ended"
        and one.subject == given.subject
        and one.data["rule"] == data["rule"]
    )
    end = next(ends, None)
    if end is not None:
        ended = moment(end.at_utc, local).then(words(end.data.get("words")))
    else:
        ended = LASTS if now_utc < data["until_utc"] else UNKNOWN
    return ReviewRow(
        cells=(
            moment(given.at_utc, local),
            text(given.subject),
            text(data["code"]).then(called.alarms.get(data["code"], NOTHING)),
            person(data["by"], called),
            text(data["reason"]),
            moment(data["until_utc"], local),
            ended,
        ),
        event=given.seq,
    )
