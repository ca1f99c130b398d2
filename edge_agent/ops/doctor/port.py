"""The lowest layers of anything on a network: its name, the way to it, and whether its port takes a connection."""

import errno
import socket

from edge_agent.domain.words import Words
from edge_agent.field import system_words
from edge_agent.ops.doctor.finding import Finding, Layer, fault

CONNECT_S = 2.0

NO_NAME = Words(
    "请在 site.toml 中改正 host，或检查本机的 DNS 设置", "mend host in site.toml, or see to this box's name server"
)
NO_WAY = Words(
    "请检查本机网线、地址和网关设置，两端应在同一网段",
    "check this box's cable, address and gateway: both ends belong to one network",
)
NOBODY = Words(
    "请检查设备电源、网线和地址；若经 Wi-Fi，请关闭访客隔离；若有防火墙，请放行此端口",
    "check its power, cable and address; guest Wi-Fi isolates its clients, a firewall must let the port through",
)
CLOSED = Words(
    "设备在线但端口没有打开，请核对 port，并在设备上启用此服务",
    "the host is there but the port is shut: check port, and switch the service on at the device",
)


def reached(part: str, host: str, port: int) -> Finding | None:
    """None if `host:port` takes a connection, else what stands in the way."""
    where = f"{host}:{port}"
    try:
        socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        says = Words(f"找不到主机 {host}", f"no host of the name {host} can be found")
        return fault(part, Layer.ADDRESS, "no_host", says, NO_NAME)
    try:
        socket.create_connection((host, port), timeout=CONNECT_S).close()
    except OSError as error:
        why = system_words.of(error)
        says = Words(f"{where}：{why.zh}", f"{where}: {why.en}")
        layer, code, remedy = _kind(error)
        return fault(part, layer, code, says, remedy)
    return None


def _kind(error: OSError) -> tuple[Layer, str, Words]:
    if isinstance(error, ConnectionRefusedError):
        return Layer.PORT, "port_shut", CLOSED
    if error.errno in (errno.ENETUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL):
        return Layer.ADDRESS, "no_way", NO_WAY
    return Layer.PORT, "no_answer", NOBODY
