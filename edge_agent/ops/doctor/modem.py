"""The modem for short messages, from the plug up: there, answers AT, has a SIM, is in a network, hears it well."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from edge_agent.domain.words import Words, joined
from edge_agent.ops.doctor.finding import Finding, Layer, fault, fine
from edge_agent.ops.doctor.plug import plugged
from edge_agent.settings.site_told import ShortMessagesTable
from edge_agent.tell.live import Live
from edge_agent.tell.short.carrier import NotCarried
from edge_agent.tell.short.modem import NO_NETWORK, REGISTERED, Modem

PART = "short_messages"
SOURCE = "short-messages"  # the name under which the agent knows its health
GROUP = "dialout"
READY = "READY"
DENIED = "3"
WEAK_DBM = -103  # below it a message often needs several tries; +CSQ 5 (TS 27.007 8.5)
ANSWER_S = 3.0

NOT_AT = Words(
    "请核对 device 和 baud：多个串口中只有一个收 AT 命令；调制解调器也可能仍在启动（约一分钟）",
    "check device and baud: one of a modem's several ports takes AT commands; it may still be starting (a minute)",
)
PUT_SIM = Words(
    "断电后插入 SIM 卡，检查方向和触点", "put a SIM in with the power off; see to its side and contacts"
)
NO_PIN = Words(
    "请在手机上取消该卡的 PIN（本机不保存 PIN）；若要 PUK，请联系运营商",
    "take the PIN off this SIM in a telephone (this box keeps none); for a PUK ask the network's operator",
)
SEE_AERIAL = Words(
    "请检查天线是否接好、移到能见天空处", "check that the aerial is on, and move it to where it sees the sky"
)
ASK_OPERATOR = Words(
    "网络拒绝此卡：请向运营商确认已开通、未欠费、支持此调制解调器的制式",
    "the network refuses this SIM: ask its operator whether it is active, paid and for this kind of modem",
)


def modem_look(table: ShortMessagesTable, answer_s: float = ANSWER_S) -> Iterator[Finding]:
    """The lowest fault, or that it could send. Nothing is sent."""
    absent = plugged(PART, Path(table.device), GROUP)
    if absent is not None:
        yield absent
        return
    try:
        with closing(Modem(table.device, table.baud, mode=table.mode, answer_s=answer_s, check=False)) as modem:
            yield _of(modem)
    except NotCarried as refused:
        yield fault(PART, Layer.ANSWER, "modem", refused.words, NOT_AT)


def _of(modem: Modem) -> Finding:
    sim = modem.sim()
    if not sim:
        return fault(
            PART, Layer.UNIT, "no_sim", Words("没有可用的 SIM 卡", "there is no SIM that can be used"), PUT_SIM
        )
    if sim != READY:
        return fault(PART, Layer.UNIT, "sim_locked", Words(f"SIM 卡要求 {sim}", f"the SIM asks for {sim}"), NO_PIN)
    signal = modem.signal_dbm()
    heard = (
        Words("信号未知", "signal not known")
        if signal is None
        else Words(f"信号 {signal} dBm", f"signal {signal} dBm")
    )
    stands = modem.registration()
    if stands not in REGISTERED:
        remedy = ASK_OPERATOR if stands == DENIED else SEE_AERIAL
        return fault(PART, Layer.PROFILE, "no_network", joined((NO_NETWORK, heard)), remedy)
    if signal is not None and signal < WEAK_DBM:
        return fault(
            PART, Layer.VALUE, "weak", Words(f"信号太弱：{signal} dBm", f"weak signal: {signal} dBm"), SEE_AERIAL
        )
    return fine(PART, joined((Words("已入网，可发短信", "in a network, could send"), heard)))


def told_by_agent(live: Live) -> Finding:
    """What a running agent, which holds the modem and looks at it each minute, says of it."""
    about = [alarm for alarm in live.alarms if SOURCE in alarm.key.split("|")]
    if about:
        return fault(PART, Layer.VALUE, "alarm", about[0].detail or about[0].title, about[0].action)
    return fine(PART, Words("程序报告正常", "good, says the agent"))
