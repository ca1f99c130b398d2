"""What a new version must show once it runs: nothing may be worse than it was under the one before. Pure."""

from collections.abc import Iterator

from msgspec import Struct

from edge_agent.domain.words import Words
from edge_agent.tell.live import Live
from edge_agent.tell.live_measured import LiveGas, LiveGauge, LiveWind

PAGES = Words("页面服务没有运行", "the pages' service does not run")
UPLINK = Words("与中心消息服务器的往返不通", "no round trip to the centre's broker")
EACH_START = frozenset({"ENV-18"})  # what any start raises: interlock outputs wait for people
CLOCK = Words("时钟不可信", "the clock is not trusted")


class Seen(Struct, frozen=True, kw_only=True):
    """One look at a box. `lib`: the folder that the agent's process runs from; empty: it does not run."""

    lib: str
    starts: int  # how often the service manager has had to start it again
    pages: bool
    live: Live | None  # None: none, or too old to be live
    events: int  # in the records; -1: they cannot be opened


def wrong(seen: Seen) -> dict[str, Words]:
    """Everything that is not as it should be, by a key that does not change with its figures."""
    found = dict[str, Words]() if seen.pages else {"pages": PAGES}
    if seen.live is None:
        return found
    if seen.live.centre and not seen.live.uplink_ok:
        found["uplink"] = UPLINK
    if not seen.live.clock_trusted:
        found["clock"] = CLOCK
    alarms = {f"alarm|{one.key}": one.title for one in seen.live.alarms if one.code not in EACH_START}
    return found | dict(_devices(seen.live)) | alarms


def _devices(live: Live) -> Iterator[tuple[str, Words]]:
    for camera in live.cameras:
        if camera.view != "clear":
            yield f"camera|{camera.id}", Words(f"{camera.name.zh} 未被监看", f"{camera.name.en}: not monitored")
    values: tuple[LiveGas | LiveWind | LiveGauge, ...] = (*live.gas, *live.wind, *live.gauges)
    for one in values:
        if one.quality != "good":
            yield (
                f"value|{one.id}",
                Words(f"{one.name.zh} 的读数不可用", f"{one.name.en}: its reading is not good"),
            )
    for output in live.outputs:
        if output.feedback_closed is not output.wanted_on:
            key, name = f"output|{output.device}/{output.channel}", output.name
            yield key, Words(f"{name.zh} {output.channel} 回读不符", f"{name.en} {output.channel}: its read-back")


def against(before: Seen, now: Seen, lib: str) -> list[Words]:
    """What speaks against the version in `lib`, beside what was wrong before."""
    if not now.lib:
        return [Words("程序没有运行", "the agent does not run")]
    if now.lib != lib:
        return [Words("运行的不是新版本", f"what runs is another version: {now.lib}")]
    if now.live is None:
        return [Words("程序没有写出实时状态", "the agent writes no live picture")]
    if now.events < 0 or now.events < before.events:
        zh = f"记录打不开或缺少事件（原有 {before.events}）"
        return [Words(zh, f"the records do not open, or lack events: {now.events} of {before.events}")]
    if before.live is None:
        return []  # nobody guarded: nothing is known to have been good
    known = wrong(before)
    return [words for key, words in wrong(now).items() if key not in known]
