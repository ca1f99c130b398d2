"""The coverage ledger as people are told: the share that was guarded, what was blind and for how long."""

import math
from collections.abc import Iterable, Mapping

from msgspec import to_builtins

from edge_agent.decide.coverage import UNIT, UPLINK, at
from edge_agent.domain.coverage import Coverage, Hole
from edge_agent.domain.words import Words

NAMES = {
    "guard": Words("监护人", "guard"),
    UPLINK: Words("中心连接", "link to the centre"),
    UNIT: Words("本机停机", "the box was down"),
}


def blind_s(holes: Iterable[Hole], now_utc: float) -> float:
    """Seconds in which any required feed was blind: the union, so that two holes at once count once."""
    total_s, seen_utc = 0.0, -math.inf
    for hole in sorted(holes, key=lambda one: one.from_utc):
        end_utc = now_utc if hole.until_utc is None else hole.until_utc
        total_s += max(0.0, end_utc - max(hole.from_utc, seen_utc))
        seen_utc = max(seen_utc, end_utc)
    return total_s


def told(ledger: Coverage, now_s: float) -> dict[str, object]:
    """The ledger as part of a permit's record: the share that was guarded, and every hole."""
    now_utc = at(ledger, now_s)
    return {
        "guarded_pct": guarded_pct(ledger, now_utc),
        "watched_s": round(_watched_s(ledger, now_utc), 1),
        "blind_s": round(blind_s(_required(ledger), now_utc), 1),
        "uplink_blind_s": round(blind_s((hole for hole in ledger.holes if hole.feed == UPLINK), now_utc), 1),
        "holes": [to_builtins(hole) for hole in ledger.holes],
        "words": to_builtins(words(ledger, now_s, {})),
    }


def guarded_pct(ledger: Coverage, now_utc: float) -> float | None:
    """The share with every required feed fresh, rounded down: one blind second in a day is not 100 %."""
    watched_s = _watched_s(ledger, now_utc)
    blind = min(blind_s(_required(ledger), now_utc), watched_s)
    return math.floor(1000 * (watched_s - blind) / watched_s) / 10 if watched_s else None


def _watched_s(ledger: Coverage, now_utc: float) -> float:
    return ledger.watched_s + (0.0 if ledger.open_utc is None else now_utc - ledger.open_utc)


def _required(ledger: Coverage) -> tuple[Hole, ...]:
    return tuple(hole for hole in ledger.holes if hole.feed != UPLINK)


def words(ledger: Coverage, now_s: float, names: Mapping[str, Words]) -> Words:
    """The ledger as one sentence; `names` are the devices', by id."""
    now_utc = at(ledger, now_s)
    share = guarded_pct(ledger, now_utc)
    if share is None:
        return Words("尚未开始监护", "not guarded yet")
    by_feed: dict[str, list[Hole]] = {}
    for hole in _required(ledger):
        by_feed.setdefault(hole.feed, []).append(hole)
    known = {**NAMES, **names}
    parts = [(known.get(feed, Words(feed, feed)), blind_s(holes, now_utc)) for feed, holes in by_feed.items()]
    zh = "、".join(f"{name.zh} {spell_s:.0f} 秒" for name, spell_s in parts) or "无"
    en = ", ".join(f"{name.en} {spell_s:.0f} s" for name, spell_s in parts) or "none"
    return Words(f"有效监护 {share:g} %；盲区：{zh}", f"guarded {share:g} %; blind: {en}")
