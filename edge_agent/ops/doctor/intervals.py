"""How often each wearable was really heard, and its charge: the running agent's own count, of its live picture."""

from edge_agent.domain.words import Words
from edge_agent.settings.site import Settings
from edge_agent.tell.live import LIVE_S
from edge_agent.tell.live_file import read_live
from edge_agent.tell.live_people import LiveWearable


def known(settings: Settings, utc: float) -> dict[str, Words]:
    """In words, by device, of those that the agent hears now; nothing where no agent runs."""
    live = read_live(settings.runtime_folder)
    if live is None or utc - live.at_utc > LIVE_S:
        return {}
    return {one.id: _told(one) for one in live.wearables if one.heard}


def _told(one: LiveWearable) -> Words:
    zh = en = ""
    if one.p50_s is not None and one.p99_s is not None:
        zh = (
            f"实测间隔 p50 {one.p50_s:g} 秒、p99 {one.p99_s:g} 秒"
            f"（最近 {one.intervals} 次，标称 {one.promised_s:g} 秒）"
        )
        en = (
            f"measured intervals: p50 {one.p50_s:g} s, p99 {one.p99_s:g} s (the last {one.intervals}; "
            f"promised: {one.promised_s:g} s)"
        )
    if one.battery_pct is not None:
        zh = "；".join(filter(None, (zh, f"电量 {one.battery_pct:g} %")))
        en = "; ".join(filter(None, (en, f"charge {one.battery_pct:g} %")))
    return Words(zh, en) if zh else Words("程序已收到", "heard by the agent")
