"""Bump tests under way: passed once the detector shows the bottle's gas three times running, failed by the time.

Until the bottle's gas has left the detector it is known as the bottle's, for as long again as a test may take.

There is no end but these two: a test that shows nothing good cannot be given up for one that was never begun. A
restart ends it without a word for the detector. Pure.
"""

from collections.abc import Mapping

from msgspec import to_builtins
from msgspec.structs import replace

from edge_agent.decide.state import Draft
from edge_agent.decide.vouching import covered
from edge_agent.domain.device import BOX, DeviceRecord, DeviceStatus
from edge_agent.domain.device_test import BumpTest
from edge_agent.domain.outcome import Priority
from edge_agent.domain.words import Words
from edge_agent.fuse.gas import Channel, shown
from edge_agent.fuse.gas_track import Track
from edge_agent.fuse.world import World
from edge_agent.settings.site import Settings

WORDS_MET = 3  # docs/domain.md 2.3: three polls are a statement, one may be a spike on its way


def off_pct(shown: float, level: float) -> float:
    """How far a detector is from the bottle, in percent of what the bottle says."""
    return 100 * abs(shown - level) / level


def meets(shown: float, level: float, within_pct: float) -> bool:
    """Whether a detector shows what the bottle says."""
    return off_pct(shown, level) <= within_pct


def came_to_it(track: Track, level: float, within_pct: float) -> bool:
    """Whether the detector stood elsewhere lately: a needle that is stuck at the bottle's value shows nothing.

    By samples, and the medians of what was before: as many as a statement takes, since one may be a spike.
    """
    medians = (one for _, one in (*track.long.medians, *track.short.medians))
    return sum(not meets(one, level, within_pct) for one in (*track.short.samples, *medians)) >= WORDS_MET


def follow(draft: Draft, world: World, settings: Settings) -> None:
    """Each test goes on, or is over: then the device's record says so at once."""
    for id_, test in tuple(draft.bumps.items()):
        channel = world.channels.get(id_)
        if test.over_s is not None:
            if world.now_s >= test.until_s or not gassed(channel):
                draft.bumps = {key: one for key, one in draft.bumps.items() if key != id_}
            continue
        now = _after(test, channel)
        if now.met >= WORDS_MET:
            _over(draft, settings, id_, now, passed=True)
            _clears(draft, world, id_, now)
        elif world.now_s >= test.until_s:
            _over(draft, settings, id_, now, passed=False)
            _clears(draft, world, id_, now)
        elif now is not test:
            draft.bumps = {**draft.bumps, id_: now}


def gassed(channel: Channel | None) -> bool:
    """Whether gas stands at it that stops work, or that the site responds to."""
    return channel is not None and (channel.danger or channel.track.level > 0)


def _clears(draft: Draft, world: World, id_: str, test: BumpTest) -> None:
    """Its gas may still stand at the detector: for as long again as a test may take it is the bottle's."""
    if gassed(world.channels.get(id_)):
        until_s = world.now_s + world.rulebook.device.bump_s.value
        left = replace(test, over_s=world.now_s, until_s=until_s)
        draft.bumps = {**draft.bumps, id_: left}


def _after(test: BumpTest, channel: Channel | None) -> BumpTest:
    level = shown(channel)
    if channel is None or channel.said_s is None or channel.said_s <= max(test.said_s or 0.0, test.began_s):
        return test
    if level is None:
        return replace(test, said_s=channel.said_s, met=0)
    nearer = test.nearest is None or abs(level - test.level) < abs(test.nearest - test.level)
    return replace(
        test,
        said_s=channel.said_s,
        met=test.met + 1 if meets(level, test.level, test.within_pct) else 0,
        nearest=level if nearer else test.nearest,
    )


def _over(draft: Draft, settings: Settings, id_: str, test: BumpTest, *, passed: bool) -> None:
    draft.bumps = {key: one for key, one in draft.bumps.items() if key != id_}
    # By the clock that was trusted when it began: it may have jumped meanwhile.
    utc = test.began_utc + draft.instant.now_s - test.began_s
    held = renewed(draft.records, settings, id_)
    said = {"bump_tested_utc": utc, "bump_failed_utc": None} if passed else {"bump_failed_utc": utc}
    record = replace(held, **said)
    draft.records = {**draft.records, id_: record}
    data = {
        "by": test.by, "passed": passed, "level": test.level, "unit": test.unit, "nearest": test.nearest,
        "from_level": test.from_level, "within_pct": test.within_pct,
        "took_s": round(draft.instant.now_s - test.began_s, 1), "lot": test.lot, "expires": test.expires,
        "record": to_builtins(record), "words": to_builtins(_words(id_, test, passed=passed)),
    }  # fmt: skip
    draft.event("device.bump_tested", id_, Priority.LOW if passed else Priority.HIGH, data)


def renewed(records: Mapping[str, DeviceRecord], settings: Settings, id_: str) -> DeviceRecord:
    """The record that is kept of this device, or one that begins here and says nothing yet."""
    held, covers = records.get(id_), covered(settings, id_)
    if held is not None:
        return replace(held, covers=covers)
    return DeviceRecord(id=id_, status=DeviceStatus.IN_SERVICE, covers=covers, said=BOX)


def _words(id_: str, test: BumpTest, *, passed: bool) -> Words:
    near = "-" if test.nearest is None else f"{test.nearest:g}"
    figures = f"{near} / {test.level:g} {test.unit} (±{test.within_pct:g} %)"
    if passed:
        return Words(f"{id_} 冲击测试通过：{figures}", f"{id_}: bump test passed: {figures}")
    return Words(
        f"{id_} 冲击测试未通过：{figures}；不得用于作业，请重新测试或更换",
        f"{id_}: bump test FAILED: {figures}; it is not to be relied on: test it again, or swap it",
    )
