"""The box's own network, from the plug up: link, address, gateway, name server, and who is heard on the wire.

What is found here explains why devices above are not reached, so it is told before them.
"""

import contextlib
import ipaddress
import socket
import threading
from collections.abc import Iterator
from ipaddress import IPv4Address

from edge_agent.domain.words import Words
from edge_agent.ops.doctor import name_server, network_facts
from edge_agent.ops.doctor.finding import Finding, Layer, fault, fine
from edge_agent.ops.doctor.network_facts import LINK_LOCAL, Card, Facts
from edge_agent.ops.doctor.network_hosts import Wanted, named
from edge_agent.settings.endpoints import is_loopback
from edge_agent.settings.site import Settings

PART = "network"
NAME_S = 2.0
SEVERAL = 2  # so many silent devices beside a gateway that answers are no coincidence

PLUG_IN = Words(
    "请检查网线两端的灯、交换机供电；Wi-Fi 请核对名称和密码",
    "look at the lamps at both ends of the cable and at the switch's supply; of a Wi-Fi check name and password",
)
GIVE_ADDRESS = Words(
    "请为该网口设置固定地址，或接入有 DHCP 的网络",
    "give this interface a fixed address, or join it to a network with a DHCP server",
)
SEE_DHCP = Words(
    "请检查 DHCP 服务器和 VLAN，或改用固定地址",
    "see to the DHCP server and the port's VLAN, or enter a fixed address",
)
SET_GATEWAY = Words(
    "请设置默认网关，或把设备改到本机网段",
    "set the default gateway, or give the device an address of this box's own network",
)
SEE_GATEWAY = Words(
    "请检查路由器供电、网线，以及网关地址是否填对", "see to the router's supply and cable, and to its address here"
)
SET_NAME_SERVER = Words(
    "请在网络设置中填写 DNS 服务器，或在 site.toml 改用 IP 地址",
    "enter a name server in the network settings, or an IP address in site.toml",
)
SEE_NAME_SERVER = Words(
    "请检查 DNS 服务器是否在线、UDP 53 是否放行，或改用 IP 地址",
    "see whether the name server is up and UDP 53 let through, or enter an IP address in site.toml",
)
OPEN_UP = Words(
    "请在 Wi-Fi 关闭客户端隔离（AP 隔离、访客网络），或在交换机取消端口隔离、并入同一 VLAN",
    "switch client isolation off at the access point (no guest network), port isolation at the switch; one VLAN",
)
SEE_DEVICE = Words(
    "请检查设备供电、网线和 IP 地址，并确认与本机在同一 VLAN",
    "check its supply, cable and IP address, and that it is in this box's VLAN",
)


def look(settings: Settings) -> Iterator[Finding]:
    """The lowest fault that keeps any host of the settings away; else that there is none."""
    hosts = tuple(one for one in named(settings) if not is_loopback(one.host))
    found = list(_judged(hosts, network_facts.facts()))
    yield from found
    if not found:
        yield fine(PART, Words("网络各层正常", "link, address and ways are as the settings need them"))


def _judged(hosts: tuple[Wanted, ...], now: Facts) -> Iterator[Finding]:
    if not hosts:
        return
    whole = _cards(now.cards)
    if whole is not None:
        yield whole
        return
    places: dict[IPv4Address, str] = {}
    nameless = []
    for one in hosts:
        try:
            places[_place(one.host)] = one.part
        except ValueError:
            nameless.append(one)
        except OSError:
            continue  # IPv6 alone, or none: whoever goes there says so
    lost = {host: part for host, part in places.items() if now.way(host) is None}
    if lost:
        yield _no_way(lost, now)
    else:
        yield from _on_the_wire(places, now)
    if nameless:
        yield from _names(nameless)


def _cards(cards: tuple[Card, ...]) -> Finding | None:
    """No interface that could carry anything: a fault of the whole box."""
    linked = [one for one in cards if one.linked]
    names = ", ".join(one.name for one in cards) or "-"
    if not linked:
        says = Words(f"没有网络连接：{names} 均未连通", f"no link: none of {names} is connected to anything")
        return fault(PART, Layer.PLUG, "no_link", says, PLUG_IN)
    if any(one.address is not None and one.address not in LINK_LOCAL for one in linked):
        return None
    got = next((one for one in linked if one.address is not None), None)
    if got is not None:
        says = Words(
            f"{got.name} 未从 DHCP 获得地址（自动地址 {got.address}）",
            f"{got.name} got no address by DHCP (it took {got.address} by itself)",
        )
        return fault(PART, Layer.ADDRESS, "no_lease", says, SEE_DHCP)
    name = linked[0].name
    says = Words(f"{name} 已连通，但没有地址", f"{name} is connected but has no address")
    return fault(PART, Layer.ADDRESS, "no_address", says, GIVE_ADDRESS)


def _place(host: str) -> IPv4Address:
    """Raises ValueError for a name that nobody can resolve, OSError where it has no IPv4 address."""
    try:
        return IPv4Address(host)
    except ipaddress.AddressValueError:
        pass
    if ":" in host:
        raise OSError(host)
    found = _resolved(host)
    if found is None:
        raise ValueError(host)
    return found


def _resolved(host: str) -> IPv4Address | None:
    """As every part of the box resolves it, but without its long wait for a name server that is silent."""
    found: list[IPv4Address] = []

    def ask() -> None:
        with contextlib.suppress(OSError):
            told = socket.getaddrinfo(host, None, family=socket.AF_INET, type=socket.SOCK_STREAM)
            found.append(IPv4Address(str(told[0][4][0])))

    worker = threading.Thread(target=ask, name="doctor-name", daemon=True)
    worker.start()
    worker.join(NAME_S)
    return found[0] if found else None


def _no_way(lost: dict[IPv4Address, str], now: Facts) -> Finding:
    """Hosts outside every network of this box, and no gateway: whose cable is out, if one is, is said."""
    host, part = next(iter(lost.items()))
    own = ", ".join(f"{one.name} {one.address}" for one in now.cards if one.address) or "-"
    loose = ", ".join(one.name for one in now.cards if one.up and not one.linked)
    if loose:
        says = Words(
            f"无法到达 {part}（{host}）：{loose} 未连通", f"no way to {part} ({host}): {loose} is not connected"
        )
        return fault(PART, Layer.PLUG, "no_link", says, PLUG_IN)
    says = Words(
        f"{part}（{host}）不在本机网段（{own}），且没有网关",
        f"{part} ({host}) is in no network of this box ({own}), and there is no gateway",
    )
    return fault(PART, Layer.ADDRESS, "no_gateway", says, SET_GATEWAY)


def _on_the_wire(places: dict[IPv4Address, str], now: Facts) -> Iterator[Finding]:
    """Who answers below TCP: gateways that are needed, and devices of this box's own networks."""
    near, gates = {}, set[IPv4Address]()
    own = {one.address for one in now.cards}
    for host, part in places.items():
        way = now.way(host)
        if way is not None and way.gateway is not None:
            gates.add(way.gateway)
        elif way is not None and host not in own:
            near[host] = part
    watched = gates | {one.gateway for one in now.ways if one.gateway is not None}
    heard = network_facts.answering({*near, *watched})
    for gate in sorted(gates - heard):
        says = Words(f"网关 {gate} 无应答", f"the gateway {gate} does not answer on the wire")
        yield fault(PART, Layer.ADDRESS, "gateway_silent", says, SEE_GATEWAY)
    silent = {host: part for host, part in near.items() if host not in heard}
    wireless = {one.name for one in now.cards if one.wireless}
    by_air = [host for host in silent if (way := now.way(host)) and way.card in wireless]
    # A gateway that answers while every device of the same network is silent: they are kept apart.
    if watched & heard and not near.keys() & heard and (by_air or len(silent) >= SEVERAL):
        named_ = ", ".join(f"{part} ({host})" for host, part in silent.items())
        says = Words(
            f"网关有应答，但同网段的 {named_} 均无应答：客户端被隔离",
            f"the gateway answers, but nothing else of its network does ({named_}): clients are isolated",
        )
        yield fault(PART, Layer.ADDRESS, "isolated", says, OPEN_UP)
        return
    for host, part in silent.items():
        says = Words(f"{host} 在本网段无应答（ARP）", f"{host} does not answer on this network (ARP)")
        yield fault(part, Layer.ADDRESS, "no_neighbour", says, SEE_DEVICE)


def _names(nameless: list[Wanted]) -> Iterator[Finding]:
    """Names that nobody resolves, as nobody is asked or answers; whoever goes to an unknown name says so."""
    servers = network_facts.name_servers(network_facts.RESOLV)
    names = ", ".join(dict.fromkeys(one.host for one in nameless))
    if not servers:
        says = Words(f"没有 DNS 服务器，无法解析 {names}", f"no name server is set: {names} cannot be found")
        yield fault(PART, Layer.ADDRESS, "no_name_server", says, SET_NAME_SERVER)
        return
    told = {name_server.ask(server, nameless[0].host) for server in servers}
    if told <= {name_server.Told.SILENT, name_server.Told.FAILED}:
        listed = ", ".join(servers)
        says = Words(
            f"DNS 服务器 {listed} 没有给出结果，无法解析 {names}",
            f"the name server {listed} gives no answer: {names} cannot be found",
        )
        yield fault(PART, Layer.ADDRESS, "name_server_silent", says, SEE_NAME_SERVER)
