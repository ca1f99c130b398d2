"""What stands between the box and its broker, in plain words: one sentence per kind of trouble."""

import errno
import socket
import ssl
from typing import Any

from edge_agent.domain.words import Words

UP = Words("已连接", "connected")
UP_SECOND = Words("已连接（备用线路）", "connected by the second way")
NO_DOWNLINK = Words(
    "消息服务器不允许本机订阅下行主题，请检查其权限（ACL）",
    "the broker does not let this unit subscribe to its dn/ topics: check the broker's access list",
)
CLOSED = Words("连接被对方关闭", "the broker closed the connection")
# OpenSSL under TLS 1.3 learns of a refused certificate only after its own handshake, and paho tells nobody.
CLOSED_EARLY = Words(
    "登录之前连接即被对方关闭：消息服务器可能要求客户端证书，或不接受本机的证书（client_cert、client_key）",
    "the broker closed the connection before it let us in: it may ask for a client certificate, or refuse ours "
    "(client_cert, client_key)",
)
SILENT = Words("连接无响应（可能线路中断）", "the connection is silent (half-open: cable, router or broker hangs)")
NO_CONNACK = Words("服务器未应答 MQTT 连接请求", "something listens there but does not answer as an MQTT broker")


def trouble_connecting(fault: OSError | ValueError, host: str, port: int, interface: str | None = None) -> Words:
    """Why no connection came about. The order matters: TLS and DNS faults are OSErrors too."""
    where: dict[str, Any] = {"where": f"{host}:{port}", "fault": fault}
    if interface is not None:
        where["where"] += f" ({interface})"
        if isinstance(fault, OSError) and fault.errno == errno.ENODEV:
            return Words(f"没有网络接口 {interface}", f"there is no network interface {interface}")
    for kind, words in _KINDS:
        if isinstance(fault, kind):
            return words.filled(**where)
    return Words("无法连接 {where}：{fault}", "cannot reach {where}: {fault}").filled(**where)


_KINDS: tuple[tuple[type[Exception], Words], ...] = (
    (
        ssl.SSLCertVerificationError,
        Words(
            "TLS：{where} 的证书不可信（{fault}）。请检查 CA 文件和时钟",
            "TLS: the certificate of {where} is not trusted ({fault}): check the CA file and the clock",
        ),
    ),
    (ssl.SSLError, Words("TLS 握手失败 {where}：{fault}", "TLS: no secure connection to {where} ({fault})")),
    (
        socket.gaierror,
        Words(
            "DNS：找不到主机 {where}。请检查名称和 DNS",
            "DNS: host of {where} not found: check the name and the DNS server",
        ),
    ),
    (
        ConnectionRefusedError,
        Words(
            "{where} 拒绝连接。请检查消息服务器是否运行、端口是否正确",
            "refused: nothing listens on {where}: is the broker running, is the port right?",
        ),
    ),
    (
        TimeoutError,
        Words(
            "连接 {where} 超时。请检查网线、路由和防火墙",
            "timeout: no answer from {where}: check cable, route and firewall",
        ),
    ),
)


# CONNACK return codes of MQTT 3.1.1 (table 3.1), as paho gives them: MQTT 5 reason codes.
_REFUSALS: dict[int, Words] = {
    132: Words("消息服务器不支持 MQTT 3.1.1", "the broker does not speak MQTT 3.1.1"),
    133: Words("消息服务器拒绝本机标识", "the broker refuses this unit's client id"),
    134: Words("认证失败：用户名或密码错误", "auth: wrong user name or password"),
    135: Words(
        "认证失败：本机未获授权", "auth: the broker does not allow this unit; check user, password and its rules"
    ),
    136: Words("消息服务器暂不可用", "the broker says that it is not available now"),
}


def refused_by_broker(reason: int) -> Words:
    """Why the broker did not let us in: its CONNACK reason in words."""
    unknown = Words(f"消息服务器拒绝连接（代码 {reason}）", f"the broker refused the connection (code {reason})")
    return _REFUSALS.get(reason, unknown)
