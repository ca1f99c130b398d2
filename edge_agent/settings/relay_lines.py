"""Where each output and contact hangs: on a module (host, coil, input) or on a line of this board ("gpio")."""

from collections.abc import Iterator
from typing import Any

from edge_agent.domain.outcome import POWERS
from edge_agent.domain.words import Words
from edge_agent.settings import heard_contacts as heard
from edge_agent.settings.bundle import Bundle, fault
from edge_agent.settings.fault import Fault, dotted
from edge_agent.settings.hole import judged
from edge_agent.settings.site_relays import GPIO, RelayTable

NO_MODULE_KEY = Words(
    "这是控制板自己的引脚，没有此项", 'profile = "gpio" means this board\'s own lines, which have none'
)
NO_LINE_KEY = Words('只有 profile = "gpio" 才有此项', 'only profile = "gpio" has it')
REMOVE = Words("请删去此键", "remove this key")


def relays(bundle: Bundle) -> Iterator[Fault]:
    """Every relay table says where its channels hang, and nothing of the other kind."""
    for name, table in bundle.site.relays.items():
        checks = (_table, _rows, _power) if table.bus is None else (heard.table, _rows)
        for check in checks:
            yield from judged(check(bundle, dotted("relays", name), table))


def _table(bundle: Bundle, key: str, table: RelayTable) -> Iterator[Fault]:
    on_board = table.profile == GPIO
    own, other = ("chip", "host") if on_board else ("host", "chip")
    if table.node is not None:
        why = Words("没有 bus 就没有 node", "only what hangs on a bus has a node")
        yield fault(bundle.names.site, f"{key}.node", table.node, why, REMOVE)
    if getattr(table, other) is not None:
        why = NO_MODULE_KEY if on_board else NO_LINE_KEY
        yield fault(bundle.names.site, f"{key}.{other}", getattr(table, other), why, REMOVE)
    if getattr(table, own) is None and table.profile != "log_only":
        yield fault(bundle.names.site, f"{key}.{own}", None, *(LACKS_CHIP if on_board else LACKS_HOST))


LACKS_CHIP = (
    Words("缺少：引脚在哪个芯片上", "missing: which chip the lines are of"),
    Words(
        '运行 gpiodetect，填写方括号中的标签，例如 chip = "pinctrl-rp1"',
        'run gpiodetect and write the label in brackets, e.g. chip = "pinctrl-rp1"',
    ),
)
LACKS_HOST = (
    Words("缺少：模块的地址", "missing: the module's address"),
    Words("请填写模块的 IP 地址", "write the module's IP address"),
)


def _rows(bundle: Bundle, key: str, table: RelayTable) -> Iterator[Fault]:
    outputs, contacts = table.outputs.items(), table.contacts.items()
    rows: list[tuple[str, Any]] = [(dotted(f"{key}.outputs", name), one) for name, one in outputs]
    rows += [(dotted(f"{key}.contacts", name), one) for name, one in contacts]
    for where, one in rows:
        yield from judged(_row(bundle, where, one, on_board=table.profile == GPIO))


OF_MODULE = ("coil", "input")
OF_BOARD = ("line", "on_at", "closed_at", "pull")


def _row(bundle: Bundle, key: str, row: Any, *, on_board: bool) -> Iterator[Fault]:
    for other in OF_MODULE if on_board else OF_BOARD:
        if getattr(row, other, None) is not None:
            why = NO_MODULE_KEY if on_board else NO_LINE_KEY
            yield fault(bundle.names.site, f"{key}.{other}", getattr(row, other), why, REMOVE)
    own = "line" if on_board else "coil" if hasattr(row, "coil") else "input"
    if getattr(row, own) is None:
        problem = Words("缺少：接在哪里", "missing: where it is wired")
        remedy = Words(
            "填写引脚名（gpioinfo 列出）" if on_board else "填写模块上的通道号，从 0 起",
            "write the line's name, as gpioinfo lists it" if on_board else "write its channel, counted from 0",
        )
        yield fault(bundle.names.site, f"{key}.{own}", None, problem, remedy)


def _power(bundle: Bundle, key: str, table: RelayTable) -> Iterator[Fault]:
    """A board's line may hold its last level when this program dies or hangs: then a relay outside has to cut."""
    gives = [name for name, one in table.outputs.items() if one.does in POWERS]
    if table.profile != GPIO or not gives:
        return
    if not any(one.does == "heartbeat" for one in table.outputs.values()):
        problem = Words(
            "控制板的引脚在程序停住时可能保持原状，没有别的东西会断电",
            "a line of the board may hold when this program hangs or dies: nothing else would cut the power",
        )
        remedy = Words(
            '在供电回路中接入看门狗继电器，并添加一个 does = "heartbeat" 的输出',
            'put a watchdog relay into the supply and add an output with does = "heartbeat"',
        )
        yield fault(bundle.names.site, f"{key}.outputs", None, problem, remedy)
    for name in gives:
        if table.outputs[name].on_at == "low":
            problem = Words("断电的控制板会把引脚拉低", "a board without power pulls it low")
            remedy = Words("改用高电平吸合的驱动", "use a driver that closes at a high level")
            yield fault(bundle.names.site, f"{dotted(f'{key}.outputs', name)}.on_at", "low", problem, remedy)


CHECKS = (relays,)
