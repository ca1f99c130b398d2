"""Rules about what the box tells people by voice and on their wrists: that it cannot."""

from collections.abc import Iterator

from edge_agent.decide.rules.box import unwell
from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.words import Words
from edge_agent.fuse.world import World


def voice_silent(world: World) -> Iterator[Finding]:
    """The site has a loudspeaker, and nothing can be said on it."""
    return unwell(world, "voice")


def wearers_not_called(world: World) -> Iterator[Finding]:
    """A wearable that should vibrate has not said that it did, or its platform cannot be reached."""
    return unwell(world, "calls")


RULES = (
    Rule(
        name="voice_silent",
        code="SYS-14",
        find=voice_silent,
        effect=Effect.WARN,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.MEDIUM,
        blame=Blame.DEVICE,
        act_within_s=3600,
        clause="docs/requirements.md 4-27: no failure is silent; guarding and the sirens go on without it",
        ledger="0-32",
        text=Text(
            title=Words("语音播报不可用", "The box cannot speak"),
            cause=Words(
                "声卡未接、被占用，或缺少语音文件", "no sound card, one that is in use, or pieces missing"
            ),
            consequence=Words("现场听不到语音提示", "nobody on site hears what the box says"),
            action=Words(
                "检查声卡和喇叭，期间靠警报器和屏幕", "See to card and speaker; till then heed siren and screen"
            ),
        ),
    ),
    Rule(
        name="wearers_not_called",
        code="SYS-15",
        find=wearers_not_called,
        effect=Effect.WARN,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.MEDIUM,
        blame=Blame.DEVICE,
        on_delay=lambda book, _: book.device.uplink_warn_s.value,
        act_within_s=60,
        clause="docs/requirements.md 4-27: no failure is silent; the sirens go on without it",
        ledger="2-13",
        text=Text(
            title=Words("佩戴者振动提醒未送达", "Wearers were not called"),
            cause=Words(
                "定位平台不通，或设备没有回执", "the platform is not reached, or a device did not confirm"
            ),
            consequence=Words("佩戴者可能没有感觉到提醒", "a wearer may have felt nothing"),
            action=Words("用对讲机或当面通知，检查平台", "Tell them by radio or in person; see to the platform"),
        ),
    ),
)
