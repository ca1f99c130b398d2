"""Rules about the ways by which the box reaches people elsewhere: the second line, short messages, contacts."""

from collections.abc import Iterator

from edge_agent.decide.rules.box import unwell
from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.words import Words
from edge_agent.fuse.world import World


def second_way(world: World) -> Iterator[Finding]:
    """The first line to the centre is lost, and the second carries: nothing stands behind it."""
    return unwell(world, "uplink-way")


def short_messages_fail(world: World) -> Iterator[Finding]:
    """The modem could not send anything now."""
    return unwell(world, "short-messages")


def contact_unreached(world: World) -> Iterator[Finding]:
    """Somebody who is to be called in an emergency did not get what was sent to him."""
    return unwell(world, "contacts")


RULES = (
    Rule(
        name="second_way",
        code="SYS-22",
        find=second_way,
        effect=Effect.NOTE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.LOW,
        blame=Blame.NETWORK,
        act_within_s=3600,
        clause="docs/requirements.md 4-31: dual uplink; no failure is silent",
        ledger="4-31",
        text=Text(
            title=Words("改用备用线路", "The second line is in use"),
            cause=Words("首选线路中断", "the first line to the centre is lost"),
            consequence=Words(
                "备用线路再断，中心将收不到消息", "if this one fails as well the centre hears nothing"
            ),
            action=Words("检查首选线路的网线、路由和服务器", "See to the first line: cable, router, broker"),
        ),
    ),
    Rule(
        name="short_messages_fail",
        code="SYS-23",
        find=short_messages_fail,
        effect=Effect.WARN,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.LOW,
        blame=Blame.DEVICE,
        on_delay=lambda book, _: book.device.uplink_warn_s.value,
        act_within_s=3600,
        clause="docs/requirements.md 3-23: cellular fallback for critical events; no failure is silent",
        ledger="3-23",
        text=Text(
            title=Words("短信发不出去", "Short messages cannot be sent"),
            cause=Words("调制解调器、SIM 卡或移动网络故障", "the modem, its SIM or the network"),
            consequence=Words("中心断线时无人收到短信", "nobody is told by telephone while the centre is cut off"),
            action=Words("检查天线、SIM 卡余额和调制解调器", "See to antenna, SIM and modem"),
        ),
    ),
    Rule(
        name="contact_unreached",
        code="SYS-24",
        find=contact_unreached,
        effect=Effect.WARN,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.MEDIUM,
        blame=Blame.PERSON,
        act_within_s=600,
        clause="docs/requirements.md 3-19: three telephone numbers were dead when they were needed",
        ledger="3-19",
        text=Text(
            title=Words("联系人未收到短信", "A contact was not reached"),
            cause=Words("号码失效、关机或没有信号", "a dead number, a telephone that is off, or no signal"),
            consequence=Words("该负责人不知道发生了什么", "whoever answers for it does not know what happened"),
            action=Words("用其他方式通知，并更新联系人", "Call him another way, and renew the list of contacts"),
        ),
    ),
)
