"""Checks of addresses: each can be one, no two things answer at one, and a demo reaches nothing but itself."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from edge_agent.domain.words import Words
from edge_agent.settings.bundle import Bundle, fault
from edge_agent.settings.endpoints import DEFAULT_RTSP, Endpoint, is_loopback, readable
from edge_agent.settings.fault import Fault, dotted
from edge_agent.settings.hole import judged

WHOLE = ("RTSP", "file", "uploads")  # what speaks so stands in one key with its host and port
HERE = {"localhost", "0.0.0.0", "::", "::1"}  # noqa: S104 (names to recognise, nothing listens there)


def urls(bundle: Bundle) -> Iterator[Fault]:
    """Camera addresses name a host and a possible port."""
    for name, table in bundle.site.cameras.items():
        yield from judged(_url(bundle, f"{dotted('cameras', name)}.url", table))


def _url(bundle: Bundle, key: str, table: Any) -> Iterator[Fault]:
    url = str(table.url)
    remedy = Words("应如 rtsp://主机:554/路径", "write it like rtsp://host:554/path")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        yield fault(bundle.names.site, key, url, Words("端口或主机写错", "bad host or port (1..65535)"), remedy)
        return
    if parts.scheme in DEFAULT_RTSP and (not parts.hostname or port == 0):
        yield fault(bundle.names.site, key, url, Words("没有主机或端口", "names no host, or port 0"), remedy)


def clashes(bundle: Bundle) -> Iterator[Fault]:
    """Two things cannot answer at one address."""
    first: dict[tuple[str, int], list[Endpoint]] = {}
    for here in readable(bundle):
        host = "127.0.0.1" if here.host.lower() in HERE else here.host.lower()
        others = first.setdefault((host, here.port), [])
        other = next((one for one in others if here.port and _clash(one, here)), None)
        if other is not None:
            problem = Words(f"端口已用于 {other.key}", f"is already the port of {other.key}")
            remedy = Words("请改用空闲端口", "give one of them a free port")
            key, value = (here.key, None) if here.speaks in WHOLE else (f"{here.key}.{here.port_key}", here.port)
            yield fault(bundle.names.site, key, value, problem, remedy)
        others.append(here)


def _clash(one: Endpoint, two: Endpoint) -> bool:
    if one.speaks != two.speaks:
        return True
    if one.speaks != "Modbus":
        return False  # one broker may play both parts, one video server has many streams
    both_buses = one.key.startswith("buses.") and two.key.startswith("buses.")
    return both_buses or bool(set(one.unit_ids) & set(two.unit_ids))


def demo_stays_home(bundle: Bundle) -> Iterator[Fault]:
    """Shortened times are a loosening: a DEMO rulebook is for a site that reaches nothing but itself."""
    if not bundle.rulebook.demo:
        return
    for here in readable(bundle):
        if not is_loopback(here.host) and here.port_key == "port":  # a host with two ports is told once
            key = here.key if here.speaks in WHOLE else f"{here.key}.host"
            book = bundle.site.site.rulebook
            problem = Words(
                f"演示规则手册 {book} 只许用于本机地址", f'the DEMO rulebook "{book}" is refused off this machine'
            )
            remedy = Words(
                "真实现场请用 gb30871-2022；演示请用 127.0.0.1",
                'a real site takes rulebook = "gb30871-2022"; a demo takes 127.0.0.1',
            )
            yield fault(bundle.names.site, key, here.host, problem, remedy)


CHECKS = (urls, clashes, demo_stays_home)
