"""Why a broker's TLS does not come to be, in words: whose certificate, what is wrong with it, who must mend it."""

import contextlib
import socket
import ssl

from edge_agent.domain.words import Words
from edge_agent.ops.doctor.finding import Finding, Layer, fault
from edge_agent.settings.site_brokers import BrokerTable

WAIT_S = 2.0

NEW_ONE = Words("请在服务器上更换证书", "have the broker's certificate renewed")
SEE_CLOCKS = Words("请核对本机和服务器的时钟", "compare this box's clock with the broker's")
RIGHT_CA = Words(
    "请把签发该证书的 CA 文件填入 ca（自建 CA 请从服务器管理员处取得）",
    "enter in ca the file of the CA that signed it (of an own CA, whoever keeps the broker has it)",
)
RIGHT_NAME = Words(
    "请把 host 改为证书中的名称，或让证书包含此名称",
    "enter as host a name that stands in the certificate, or have one made that names this host",
)
RIGHT_PORT = Words(
    "请核对 port（TLS 通常为 8883），或删去 ca 改为明文",
    "check port (TLS is mostly 8883), or leave out ca for plain MQTT",
)
ENTER_CA = Words("请填写 ca；此端口不接受明文", "enter ca: this port takes no plain text")
SHOW_ONE = Words(
    "请填写 client_cert 和 client_key，由服务器信任的 CA 签发",
    "enter client_cert and client_key, signed by a CA that the broker trusts",
)
RIGHT_ONE = Words(
    "请换用该服务器信任且未到期的 client_cert",
    "show a client_cert that the broker trusts and that has not run out",
)

# OpenSSL, X509_V_ERR_*: what does not hold of the certificate that was shown.
NOT_YET, OVER = 9, 10
OTHER_HOST, OTHER_ADDRESS = 62, 64
UNKNOWN_CA = frozenset({2, 7, 18, 19, 20, 21, 24})
WANTED = frozenset({"TLSV13_ALERT_CERTIFICATE_REQUIRED", "SSLV3_ALERT_HANDSHAKE_FAILURE"})
REFUSED = frozenset(
    {
        "TLSV1_ALERT_UNKNOWN_CA",
        "SSLV3_ALERT_BAD_CERTIFICATE",
        "SSLV3_ALERT_CERTIFICATE_EXPIRED",
        "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
        "SSLV3_ALERT_CERTIFICATE_REVOKED",
    }
)
PLAIN = frozenset({"WRONG_VERSION_NUMBER", "UNEXPECTED_EOF_WHILE_READING", "UNKNOWN_PROTOCOL"})


def why(part: str, table: BrokerTable) -> Finding | None:
    """What is wrong with this broker's TLS; None where it stands, or nothing can be said of it."""
    where = f"{table.host}:{table.port}"
    if table.ca is None:
        return _plain(part, where, table)
    context = ssl.create_default_context(cafile=table.ca)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if table.client_cert is not None:
        context.load_cert_chain(table.client_cert, table.client_key, password="")
    try:
        _shaken(context, table)
    except ssl.SSLCertVerificationError as error:
        return _certificate(part, where, error)
    except ssl.SSLError as error:
        return _alert(part, where, error.reason or "")
    except OSError:
        return _alert(part, where, "UNEXPECTED_EOF_WHILE_READING")
    return None


def _shaken(context: ssl.SSLContext, table: BrokerTable) -> None:
    """A handshake, and what the other end says of ours: with TLS 1.3 it judges our certificate afterwards."""
    with socket.create_connection((table.host, table.port), timeout=WAIT_S) as line:
        line.settimeout(WAIT_S)
        with context.wrap_socket(line, server_hostname=table.host) as door:
            door.settimeout(0.5)
            with contextlib.suppress(TimeoutError):
                door.recv(1)


def _plain(part: str, where: str, table: BrokerTable) -> Finding | None:
    """Whether a port that says nothing to plain text speaks TLS."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # nothing is believed of it: only whether
    try:
        _shaken(context, table)
    except ssl.SSLError as error:
        if (error.reason or "") not in WANTED:
            return None
    except OSError:
        return None
    says = Words(f"{where} 使用 TLS，而设置中没有 ca", f"{where} speaks TLS, and the settings have no ca")
    return fault(part, Layer.ANSWER, "tls_wanted", says, ENTER_CA)


def _certificate(part: str, where: str, error: ssl.SSLCertVerificationError) -> Finding | None:
    code = error.verify_code
    if code == OVER:
        says = Words(f"{where} 的证书已过期", f"{where}: the broker's certificate has run out")
        return fault(part, Layer.ANSWER, "broker_certificate_over", says, NEW_ONE)
    if code == NOT_YET:
        says = Words(f"{where} 的证书尚未生效", f"{where}: the broker's certificate is not valid yet")
        return fault(part, Layer.ANSWER, "broker_certificate_early", says, SEE_CLOCKS)
    if code in (OTHER_HOST, OTHER_ADDRESS):
        says = Words(
            f"{where} 的证书不是签给这个主机名的", f"{where}: the broker's certificate is made out to another host"
        )
        return fault(part, Layer.ANSWER, "broker_other_host", says, RIGHT_NAME)
    if code in UNKNOWN_CA:
        says = Words(
            f"{where} 的证书不是由 ca 文件中的机构签发",
            f"{where}: the broker's certificate is not of the CA in ca",
        )
        return fault(part, Layer.ANSWER, "broker_unknown_ca", says, RIGHT_CA)
    return None


def _alert(part: str, where: str, reason: str) -> Finding | None:
    if reason in WANTED:
        says = Words(f"{where} 要求客户端证书", f"{where} asks for a client certificate")
        return fault(part, Layer.ANSWER, "client_certificate_wanted", says, SHOW_ONE)
    if reason in REFUSED:
        says = Words(f"{where} 不接受本机的客户端证书", f"{where} does not take this box's client certificate")
        return fault(part, Layer.ANSWER, "client_certificate_refused", says, RIGHT_ONE)
    if reason in PLAIN:
        says = Words(f"{where} 不是 TLS 端口", f"{where} does not speak TLS")
        return fault(part, Layer.ANSWER, "no_tls", says, RIGHT_PORT)
    return None
