"""Checks of addresses, keys and secrets: who listens where, whose word is obeyed, who may read what."""

import base64
import ipaddress
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from edge_agent.domain.words import Words
from edge_agent.settings.bundle import Bundle, fault
from edge_agent.settings.fault import Fault, dotted
from edge_agent.settings.hole import judged
from edge_agent.settings.secret_files import chmod, sent, usable
from edge_agent.settings.site_lines import OpcUaTable
from edge_agent.settings.site_upload import UploadTable

DEFAULT_HTTP = {"http": 80, "https": 443}
DEFAULT_RTSP = {"rtsp": 554, "rtsps": 322}  # RFC 2326, RFC 7826
WHOLE = ("RTSP", "file", "uploads")  # what speaks so stands in one key with its host and port
HERE = {"localhost", "0.0.0.0", "::", "::1"}  # noqa: S104 (names to recognise, nothing listens there)


class Endpoint(Struct, frozen=True, kw_only=True):
    """One address of site.toml. `unit_id` only where several may share a gateway."""

    key: str
    host: str
    port: int
    speaks: str
    port_key: str = "port"
    unit_ids: tuple[int, ...] = ()


def is_loopback(host: str) -> bool:
    """Whether the address can only be this machine: 127.0.0.0/8, ::1 or localhost, nothing resolved."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def endpoints(bundle: Bundle) -> Iterator[Iterator[Endpoint]]:
    """Every address of the bundle, each behind its own iterator, so that a hole hides only itself."""
    site = bundle.site
    yield _table("board", site, "HTTP")
    yield _enrolment(site)
    yield _table("uplink", site, "MQTT")
    if site.second_uplink is not None:
        yield _table("second_uplink", site, "MQTT")
    yield _table("field_broker", site, "MQTT")
    if site.sparkplug is not None:
        yield _table("sparkplug", site, "MQTT")
    if site.field_http is not None:
        yield _table("field_http", site, "positions")
    yield from _beside(site)
    for name in site.buses:
        yield _bus(bundle, name)
    for name in site.opcua:
        yield _server(bundle, name)
    for name in site.relays:
        if bundle.site.relays[name].host is not None:
            yield _relay(bundle, name)
    for name in site.cameras:
        yield _camera(bundle, name)


def _beside(site: Any) -> Iterator[Iterator[Endpoint]]:
    """What need not be there for people to be guarded."""
    if site.upload is not None:
        yield _upload(site.upload)
    if site.power.ups == "nut":
        yield _table("power", site, "NUT")


def _table(name: str, site: Any, speaks: str) -> Iterator[Endpoint]:
    table = getattr(site, name)
    yield Endpoint(key=name, host=str(table.host), port=int(table.port), speaks=speaks)


def _upload(table: UploadTable) -> Iterator[Endpoint]:
    url = urlsplit(str(table.url))
    port = url.port or DEFAULT_HTTP.get(url.scheme, 0)
    yield Endpoint(key="upload.url", host=url.hostname or "", port=port, speaks="uploads")


def _enrolment(site: Any) -> Iterator[Endpoint]:
    yield Endpoint(
        key="board",
        port_key="enrol_port",
        host=str(site.board.host),
        port=int(site.board.enrol_port),
        speaks="enrolment",
    )


def _bus(bundle: Bundle, name: str) -> Iterator[Endpoint]:
    table = bundle.site.buses[name]
    if table.kind == "modbus_rtu" or table.host is None:
        return
    polled: list[Any] = [*bundle.site.gas.values(), *bundle.site.weather.values(), *bundle.site.gauges.values()]
    units = tuple(int(one.unit_id) for one in polled if one.bus == name and one.unit_id is not None)
    yield Endpoint(
        key=dotted("buses", name), host=str(table.host), port=int(table.port), speaks="Modbus", unit_ids=units
    )


def _server(bundle: Bundle, name: str) -> Iterator[Endpoint]:
    table = bundle.site.opcua[name]
    yield Endpoint(key=dotted("opcua", name), host=str(table.host), port=int(table.port), speaks="OPC UA")


def _relay(bundle: Bundle, name: str) -> Iterator[Endpoint]:
    table = bundle.site.relays[name]
    units = (int(table.unit_id),)
    yield Endpoint(
        key=dotted("relays", name), host=str(table.host), port=int(table.port), speaks="Modbus", unit_ids=units
    )


def _camera(bundle: Bundle, name: str) -> Iterator[Endpoint]:
    url = urlsplit(str(bundle.site.cameras[name].url))
    if url.scheme in DEFAULT_RTSP:
        port = url.port or DEFAULT_RTSP[url.scheme]
        yield Endpoint(key=f"{dotted('cameras', name)}.url", host=url.hostname or "", port=port, speaks="RTSP")
    elif url.scheme == "file" and url.netloc:  # file://server/share is another machine's disk
        yield Endpoint(key=f"{dotted('cameras', name)}.url", host=url.hostname or "", port=0, speaks="file")


def _readable(bundle: Bundle) -> list[Endpoint]:
    """The endpoints that could be read and parsed."""
    found: list[Endpoint] = []
    for one in endpoints(bundle):
        try:
            found.extend(judged(one))  # type: ignore[arg-type]
        except ValueError:  # an address that `urls` faults
            continue
    return found


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
    for here in _readable(bundle):
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
    for here in _readable(bundle):
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


def certificate(bundle: Bundle) -> Iterator[Fault]:
    """The site's own certificate comes with its key, or not at all."""
    board = bundle.site.board
    if (board.cert is None) != (board.key is None):
        missing = "board.key" if board.key is None else "board.cert"
        problem = Words("证书和私钥缺一不可", "a certificate and its key come together")
        remedy = Words("请两者都填，或都不填（本机自制）", "give both, or neither: the box then makes its own")
        yield fault(bundle.names.site, missing, None, problem, remedy)


def keys(bundle: Bundle) -> Iterator[Fault]:
    """Every key is a key. With none nothing comes from a centre, and the box's people draw up the tickets."""
    seen: set[str] = set()
    for table in bundle.site.downlink.keys:
        yield from judged(_key(bundle, table, seen))


def _key(bundle: Bundle, table: Any, seen: set[str]) -> Iterator[Fault]:
    key = f"downlink.keys[{table.kid}]"
    if table.kid in seen:
        remedy = Words("请改用另一个 kid", "give each key its own kid")
        yield fault(bundle.names.site, f"{key}.kid", table.kid, Words("重复", "stands twice"), remedy)
    seen.add(table.kid)
    yield from judged(point(bundle, f"{key}.ed25519", str(table.ed25519)))


def point(bundle: Bundle, key: str, text: str) -> Iterator[Fault]:
    """Whether a public key is one."""
    remedy = Words("请重新复制 32 字节公钥的 base64url", "copy the 32 bytes of the public key again, as base64url")
    try:
        raw = base64.b64decode(text.rstrip("=") + "=", altchars=b"-_", validate=True)
    except ValueError:
        yield fault(bundle.names.site, key, text, Words("不是 base64url", "is not base64url"), remedy)
        return
    if len(raw) != 32 or len(set(raw)) == 1:  # noqa: PLR2004 (RFC 8032: a public key is 32 bytes)
        problem = Words("不是 Ed25519 公钥", "is no Ed25519 public key (32 bytes, not a placeholder)")
        yield fault(bundle.names.site, key, text, problem, remedy)


def secrets(bundle: Bundle) -> Iterator[Fault]:
    """A password is in a file of its own that only the agent can read, and travels only over TLS."""
    yield from judged(_token(bundle))
    for name, table in bundle.site.opcua.items():
        yield from judged(_server_secrets(bundle, dotted("opcua", name), table))


def _token(bundle: Bundle) -> Iterator[Fault]:
    """What senders of positions must show is in a file of its own, and cannot be guessed."""
    table, file, key = bundle.site.field_http, bundle.names.site, "field_http.token_file"
    if table is None:
        return
    path = bundle.folder / table.token_file
    if not path.is_file():
        remedy = Words(
            "请用 openssl 生成随机令牌写入此文件；路径从 site.toml 所在文件夹算起",
            f"openssl rand -hex 24 > {table.token_file}: a relative path begins at the folder of site.toml",
        )
        yield fault(file, key, table.token_file, Words("没有这个文件", "no such file"), remedy)
    elif path.stat().st_mode & 0o077:
        problem = Words("令牌文件可被他人读取", "the token file is open to others")
        yield fault(file, key, table.token_file, problem, chmod(path, "600"))
    elif not re.fullmatch(rb"[A-Za-z0-9_-]{16,200}\s*", path.read_bytes()[:300]):
        problem = Words("令牌太短或含有其他字符", "the token is too short, or not all A-Z a-z 0-9 _ -")
        remedy = Words("至少 16 个字符，请用 openssl 随机生成", "at least 16 of them: openssl rand -hex 24")
        yield fault(file, key, table.token_file, problem, remedy)


SHOWN = ("certificate", "private_key", "server_certificate")


def _server_secrets(bundle: Bundle, key: str, table: OpcUaTable) -> Iterator[Fault]:
    """What an OPC UA server is shown and believed by; a password travels only encrypted."""
    file = bundle.names.site
    for field in SHOWN:
        if table.security != "none" and getattr(table, field) is None:
            remedy = Words(
                '请填写文件；仅在试验中可用 security = "none"', 'name the file; only for a trial security = "none"'
            )
            yield fault(file, f"{key}.{field}", None, Words("缺少", "missing"), remedy)
    for field in SHOWN:
        yield from usable(bundle, f"{key}.{field}", getattr(table, field), secret=field == "private_key")
    yield from sent(bundle, f"{key}.password_file", table.password_file)
    if table.username is not None and table.security != "sign_and_encrypt" and not is_loopback(str(table.host)):
        problem = Words("密码将以明文传输", "the password would travel in the clear")
        remedy = Words('请用 security = "sign_and_encrypt"', 'use security = "sign_and_encrypt"')
        yield fault(file, f"{key}.security", table.security, problem, remedy)


def writable(bundle: Bundle) -> Iterator[Fault]:
    """Nobody but the owner writes who may resume the work, or where its limits lie."""
    names = bundle.names
    for file, name in (("site.toml", names.site), ("areas.toml", names.areas), ("persons.toml", names.persons)):
        yield from _writable(bundle.folder / file, name)


def _writable(path: Path, name: str) -> Iterator[Fault]:
    if path.is_file() and path.stat().st_mode & 0o002:
        problem = Words("任何人都可以改写此文件", "anybody on this machine may rewrite it")
        yield fault(name, "", None, problem, chmod(path, "o-w"))


def origin(bundle: Bundle) -> Iterator[Fault]:
    """The origin is a surveyed point, not the place where unset coordinates lie."""
    site = bundle.site.site
    if abs(site.origin_lat) < 0.01 and abs(site.origin_lon) < 0.01:  # noqa: PLR2004 (about 1 km around 0, 0)
        problem = Words("位于几内亚湾（0, 0）", "lies in the Gulf of Guinea (0, 0)")
        remedy = Words("请填写测定的原点经纬度", "enter the surveyed latitude and longitude of the origin")
        yield fault(bundle.names.site, "site.origin_lat", site.origin_lat, problem, remedy)


CHECKS = (urls, clashes, demo_stays_home, certificate, keys, secrets, writable, origin)
