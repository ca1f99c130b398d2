"""The day's figures as they are told: counts, protective equipment, and a sentence."""

from msgspec import to_builtins

from edge_agent.domain.figures import Day, Ppe
from edge_agent.domain.words import NOTHING, Words


def told(day: Day) -> dict[str, object]:
    """A day's figures as an event or a picture carries them."""
    ppe = [_ppe(one) for one in day.ppe.values()]
    return {
        "date": day.date,
        "since": day.since,
        "since_utc": day.since_utc,
        "restarts": day.restarts,
        "down_s": day.down_s,
        "ppe": ppe,
        "starts": day.starts,
        "starts_on_time": day.starts_on_time,
        "near_miss_candidates": dict(day.near_misses),
        "stops_by_blame": dict(day.stops_by_blame),
        "stops_by_rule": dict(day.stops_by_rule),
        "acknowledged": to_builtins(day.acknowledged),
        "first_sample_to_decision": to_builtins(day.decided),
        "drills": day.drills,
        "ways": [
            {"way": way, "tried": one.tried, "held": one.held, "pct": round(100 * one.held / one.tried, 1)}
            for way, one in day.ways.items()
        ],
        "words": to_builtins(_words(day)),
    }


def _ppe(one: Ppe) -> dict[str, object]:
    checked = one.compliant + one.missing
    return {
        "camera": one.camera,
        "shift": one.shift,
        "compliant": one.compliant,
        "should_check": checked,
        "not_assessable": one.not_assessable,
        "compliant_pct": round(100 * one.compliant / checked, 1) if checked else None,
    }


def _words(day: Day) -> Words:
    stops, near = sum(day.stops_by_rule.values()), sum(day.near_misses.values())
    good, all_ = day.starts_on_time, day.starts
    return Words(
        f"{day.date}：开工 {all_} 次（准时 {good}），停止 {stops} 次，未遂候选 {near} 项",
        f"{day.date}: {all_} starts ({good} on time), {stops} stops, {near} near-miss candidates",
    ).then(_whole(day))


def _whole(day: Day) -> Words:
    """What of the day was not counted; nothing of a whole one."""
    said = NOTHING
    if day.since not in {"", "00:00"}:
        said = Words(f"自 {day.since} 起统计", f"counted since {day.since}")
    if day.restarts:
        said = said.then(
            Words(
                f"期间主机重启 {day.restarts} 次，至少 {day.down_s / 60:.0f} 分钟未统计",
                f"{day.restarts} restarts since, at least {day.down_s / 60:.0f} min not counted",
            )
        )
    return said
