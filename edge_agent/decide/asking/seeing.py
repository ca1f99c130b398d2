"""Somebody saw a lamp or heard a siren go on that no contact reads back: by name, for as long as any trial counts.

What gives power is never believed on sight: only a mirror contact shows that it fell. What has a contact is
measured by the box. And it must have gone on just before, in a test that the box has told.
"""

from collections.abc import Iterator

from msgspec import to_builtins
from msgspec.structs import replace

from edge_agent.decide import sights
from edge_agent.decide.asking.case import Errand, Errands, Reasons
from edge_agent.decide.asking.commissioning import NOT_ONE_OF_THEM, may
from edge_agent.decide.commissioning_items import covers_output
from edge_agent.domain.commissioning import Sight
from edge_agent.domain.outcome import Output, Priority
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words
from edge_agent.fuse.sirens import TRIABLE

MOST = 50


def _seen(errand: Errand) -> Reasons:
    person = errand.person
    if person is None or not may(person):
        return (NOT_ONE_OF_THEM,)
    faults = tuple(_faults(errand))
    if faults:
        return faults
    draft, settings, outputs = errand.draft, errand.settings, tuple(dict.fromkeys(errand.request.about))
    made = {key: _sight(errand, key) for key in outputs}
    draft.commissioning = replace(draft.commissioning, seen={**draft.commissioning.seen, **made})
    listed = ", ".join(outputs)
    words = Words(f"{listed}：{person.name} 看到或听到动作", f"{listed}: {person.name} saw or heard it go on")
    data = {
        "by": person.id,
        "outputs": outputs,
        "reason": errand.request.reason,
        "until_utc": sights.until_utc(settings, made[outputs[0]]),
        "words": to_builtins(words),
    }
    draft.event("unit.output_seen", "unit", Priority.LOW, data)
    return ()


def _sight(errand: Errand, key: str) -> Sight:
    module, _, channel = key.partition("/")
    covers = covers_output(errand.settings.site.relays[module], channel)
    return Sight(by=errand.request.person, at_utc=errand.draft.instant.utc, covers=covers)


def _faults(errand: Errand) -> Iterator[Words]:
    if not errand.draft.instant.trusted:
        yield Words("时钟不可信，不能登记", "the clock is not trusted: what was seen needs a date")
    if not 0 < len(errand.request.about) <= MOST:
        yield Words("请写明看到或听到哪些输出", "say which outputs were seen or heard")
    if not errand.request.reason.strip():
        yield Words("请写明当时所在位置", "say where you were")
    for key in errand.request.about:
        yield from _output(errand, key)


def _output(errand: Errand, key: str) -> Iterator[Words]:
    module, _, channel = key.partition("/")
    relay = errand.settings.site.relays.get(module)
    if relay is None or channel not in relay.outputs:
        yield Words(f"没有输出 {key}", f"there is no output {key}")
    elif Output(relay.outputs[channel].does) not in TRIABLE:
        yield Words(
            f"{key} 接通或切断能量：只认反馈触点的测量",
            f"{key} gives or cuts power: only its feedback contact shows that, not somebody's eyes",
        )
    elif sights.read_back(relay, channel):
        yield Words(f"{key} 有反馈触点：由本机测量", f"{key} has a feedback contact: the box measures it")
    elif not _went_on(errand, key):
        yield Words(f"{key} 十分钟内没有测试过：请先测试", f"{key} was not tried within ten minutes: try it first")


def _went_on(errand: Errand, key: str) -> bool:
    """Whether it was on in the last test, just now."""
    last = errand.draft.last_trial
    if last is None or not sights.just_now(last["ended_utc"], errand.draft.instant.utc):
        return False
    return any(one["siren"] == key for one in last["sirens"])


HANDLERS: Errands = {Ask.SEEN: _seen}
