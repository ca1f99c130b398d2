"""A relay module: reached, read (never written), and its contacts as they should be while nothing is permitted.

Only while no agent runs: the module's watchdog is then asleep or has expired, and its outputs are off.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Event as StopFlag

from edge_agent.act import relay_profile
from edge_agent.act.build import LOG_ONLY
from edge_agent.act.gpio_errors import GpioError
from edge_agent.act.gpio_lines import GpioLines
from edge_agent.act.relay_module import Expired, RelayModule
from edge_agent.domain.words import Words
from edge_agent.field.modbus import Link, ModbusError, Trouble
from edge_agent.field.modbus_wires import TcpWire
from edge_agent.ops.doctor.buses import ASK_S, HUNG_UP, NOT_MODBUS
from edge_agent.ops.doctor.finding import Finding, Layer, fault, fine, unseen
from edge_agent.ops.doctor.port import reached
from edge_agent.settings.site import Settings
from edge_agent.settings.site_relays import GPIO, ContactTable, RelayTable

NOT_WIRED = Words("只记录，不接任何模块", "only written down: no module is wired")
WIRE_IT = Words("装上模块后填写其 profile", "enter the module's profile once there is one")
LIST_LINES = Words(
    "用 gpiodetect 和 gpioinfo 对照 chip 和 line；程序运行时引脚由它占用，请先停止程序",
    "compare chip and line with gpiodetect and gpioinfo; an agent that runs holds its lines: stop it first",
)
WRONG_MODULE = Words(
    "请核对 profile、通道数和 unit_id 是否与模块一致",
    "check that profile, number of channels and unit_id are the module's",
)
HUNG = Words("请检查模块电源，并重新上电", "see to the module's supply, and switch it off and on")
WHO_WRITES = Words(
    "请找出还有谁在写此模块（上位机、DCS），允许作业的输出只能由本机控制",
    "find out who else writes to this module (a DCS, a laptop): a permissive belongs to this box alone",
)
WELDED = Words(
    "触点可能熔焊或被短接：断开上级电源并更换接触器",
    "its contacts may be welded or bridged: open the supply above it and change the contactor",
)
OPEN = {
    "stop_button": Words(
        "请旋出停止按钮；若未按下，则检查其回路是否断线",
        "release the button; if nobody pressed it, its wire is cut",
    ),
    "interlock": Words("请检查联锁部件及接线", "see to the interlock and its wire"),
    "earth_clamp": Words("请夹好接地夹并测量", "put the clamp back and measure"),
    "light_curtain": Words("请清空光栅并检查接线", "clear the light curtain, and see to its wire"),
    "flood": Words("请查看是否有水，并检查开关接线", "look for water, and see to the switch and its wire"),
    "siren_line": Words("请检查警报器、线路和监测继电器", "see to the siren, its line and the monitoring relay"),
    "mains": Words("请恢复市电，或检查电源监测触点", "restore the mains, or see to the contact that watches them"),
}


def heard(settings: Settings, device: str, _root: Path) -> Iterator[Finding]:
    """Contacts that are published or served: only the agent hears them for long enough to tell."""
    bus = settings.site.relays[device].bus
    says = Words(f"触点经 {bus} 送来，只有主程序在听", f"its contacts come by {bus}: the agent alone hears them")
    remedy = Words("请启动主程序后再检查", "start the agent, and look again")
    yield unseen(f"relays.{device}", "heard_by_agent", says, remedy)


def look(settings: Settings, device: str, root: Path) -> Iterator[Finding]:
    """Everything about one relay module."""
    table, part = settings.site.relays[device], f"relays.{device}"
    if table.profile == LOG_ONLY:
        yield unseen(part, "log_only", NOT_WIRED, WIRE_IT)
        return
    if table.profile == GPIO:
        yield from on_board(part, table, GpioLines(table))
        return
    down = reached(part, table.at, table.port)
    if down is not None:
        yield down
        return
    link = Link(TcpWire(table.at, table.port, max(table.timeout_s, ASK_S), None))
    try:
        module = RelayModule(link, table, relay_profile.load(root, table.profile), StopFlag())
        on, closed = module.read_back(), module.contacts()
    except Expired as asleep:
        yield unseen(
            part, "watchdog_expired", asleep.words, Words("启动程序后再查", "ask again once the agent runs")
        )
    except ModbusError as error:
        yield _unread(part, link, error)
    else:
        yield from _judged(part, table, on, closed)
    finally:
        link.close()


def on_board(part: str, table: RelayTable, lines: GpioLines) -> Iterator[Finding]:
    """The lines of this board: taken for a moment, every output off, and given back."""
    try:
        lines.open()
        seen = lines.read()
    except GpioError as error:
        yield fault(part, Layer.PLUG, "no_lines", error.words, LIST_LINES)
    else:
        yield from _judged(part, table, seen.on, seen.closed)
    finally:
        lines.close()


def _judged(part: str, table: RelayTable, on: Mapping[str, bool], closed: Mapping[str, bool]) -> Iterator[Finding]:
    wrong = list(_wrong(part, table, on, closed))
    yield from wrong
    if not wrong:
        yield fine(part, Words("输出全部断开，触点正常", "every output is off, every contact as it should be"))


def _unread(part: str, link: Link, error: ModbusError) -> Finding:
    match error.trouble:
        case Trouble.REFUSED:
            says = Words(f"模块拒绝读取：{error.words.zh}", f"the module refuses to be read: {error.words.en}")
            return fault(part, Layer.PROFILE, "other_registers", says, WRONG_MODULE)
        case Trouble.GARBAGE:
            says = Words(f"{link.where}：应答不是 Modbus", f"{link.where}: what answers does not speak Modbus")
            return fault(part, Layer.ANSWER, "not_modbus", says, NOT_MODBUS)
        case Trouble.UNREACHABLE:
            says = Words(f"{link.where}：接受连接后随即断开", f"{link.where}: takes the connection and hangs up")
            return fault(part, Layer.ANSWER, "hangs_up", says, HUNG_UP)
        case _:
            says = Words(
                f"可连接，但模块无应答（{error.words.zh}）",
                f"takes the connection, but the module does not answer ({error.words.en})",
            )
            return fault(part, Layer.ANSWER, "module_silent", says, HUNG)


def _wrong(part: str, table: RelayTable, on: Mapping[str, bool], closed: Mapping[str, bool]) -> Iterator[Finding]:
    for name, is_on in on.items():
        if is_on:
            says = Words(
                f"输出 {name} 接通，而本机没有运行", f"output {name} is on, though the agent does not run"
            )
            yield fault(f"{part}.outputs.{name}", Layer.VALUE, "output_on", says, WHO_WRITES)
    for name, contact in table.contacts.items():
        found = _contact(f"{part}.contacts.{name}", contact, on, is_closed=closed[name])
        if found is not None:
            yield found


def _contact(part: str, contact: ContactTable, on: Mapping[str, bool], *, is_closed: bool) -> Finding | None:
    if contact.kind == "feedback":
        if not is_closed or contact.of is None or on.get(contact.of, False):
            return None
        says = Words(
            f"输出 {contact.of} 已断开，反馈触点仍闭合", f"output {contact.of} is off, yet its feedback is closed"
        )
        return fault(part, Layer.VALUE, "welded", says, WELDED)
    if contact.well(is_closed) or contact.kind in {"hook", "breathing"}:  # nobody need wear it just now
        return None
    what = Words("断开", "is open") if contact.normal == "closed" else Words("闭合", "is closed")
    if contact.kind == "stop_button":
        what = Words("停止按钮已按下或断线", "the stop button is pressed, or its wire is cut")
    said = "open" if contact.normal == "closed" else "closed"
    return fault(part, Layer.VALUE, f"{contact.kind}_{said}", what, OPEN[contact.kind])
