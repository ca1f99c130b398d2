"""Checks of [buses]: each kind of bus has the address that it needs and no other; a serial port has one owner."""

from collections.abc import Iterator

from edge_agent.domain.words import Words
from edge_agent.settings.bundle import Bundle, fault
from edge_agent.settings.fault import Fault, dotted
from edge_agent.settings.hole import judged
from edge_agent.settings.site_lines import BusTable

SERIAL = "modbus_rtu"
ADD = {
    "host": Words('请填写 host = "网关地址"', 'add it, like host = "192.168.1.20"'),
    "device": Words('请填写 device = "/dev/ttyUSB0"', 'add it, like device = "/dev/ttyUSB0"'),
}
REMOVE = Words("请删去此键，或改正 kind", "remove this key, or mend kind")


def buses(bundle: Bundle) -> Iterator[Fault]:
    """Where each bus is to be found."""
    owners: dict[str, str] = {}
    for name, table in bundle.site.buses.items():
        key = dotted("buses", name)
        yield from judged(_address(bundle, key, table))
        yield from judged(_one_owner(bundle, key, table, owners))
        yield from judged(_no_demo(bundle, key, table))


def _address(bundle: Bundle, key: str, table: BusTable) -> Iterator[Fault]:
    needs, other = ("device", "host") if table.kind == SERIAL else ("host", "device")
    if getattr(table, needs) is None:
        yield fault(bundle.names.site, f"{key}.{needs}", None, Words("缺少", "missing"), ADD[needs])
    value = getattr(table, other)
    if value is not None:
        problem = Words(f"对 {table.kind} 没有意义", f"means nothing for {table.kind}")
        yield fault(bundle.names.site, f"{key}.{other}", value, problem, REMOVE)


def _one_owner(bundle: Bundle, key: str, table: BusTable, owners: dict[str, str]) -> Iterator[Fault]:
    if table.kind != SERIAL or table.device is None:
        return
    if table.device in owners:
        problem = Words(f"已是 {owners[table.device]} 的串口", f"is already the port of {owners[table.device]}")
        remedy = Words("每个串口只写一条总线", "one bus for each port: put its devices together")
        yield fault(bundle.names.site, f"{key}.device", table.device, problem, remedy)
    owners.setdefault(table.device, key)


def _no_demo(bundle: Bundle, key: str, table: BusTable) -> Iterator[Fault]:
    """What hangs on a serial port is real: shortened times are not for it."""
    if bundle.rulebook.demo and table.kind == SERIAL:
        problem = Words(
            "演示规则手册不许用于真实串口",
            "the DEMO rulebook is refused on a serial port: what hangs there is real",
        )
        remedy = Words('真实现场请用 rulebook = "gb30871-2022"', 'a real site takes rulebook = "gb30871-2022"')
        yield fault(bundle.names.site, f"{key}.kind", table.kind, problem, remedy)


CHECKS = (buses,)
