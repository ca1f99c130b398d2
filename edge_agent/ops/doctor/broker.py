"""How a broker's door stays shut: not MQTT, not trusted, not let in, not allowed to hear."""

import threading
from collections.abc import Callable

import paho.mqtt.client as mqtt

from edge_agent.domain.words import Words
from edge_agent.field.mqtt_listener import End, Listener
from edge_agent.ops.doctor import tls
from edge_agent.ops.doctor.finding import Finding, Layer, fault

NOT_MQTT = Words(
    "请核对端口；此端口可能只接受 TLS（请填写 ca）或不是 MQTT",
    "check port; it may speak TLS only (then enter ca), or no MQTT at all",
)
TRUST = Words(
    "请核对 ca 文件、证书有效期、host 是否与证书一致，以及此端口是否为 TLS",
    "check the ca file, the certificate's dates, that host is a name in it, and that this port speaks TLS",
)
MEND_FILE = Words("请恢复此文件并限制为仅本程序可读", "restore the file, readable by the agent alone")
SEE_BROKER = Words("请查看消息服务器的日志", "see the broker's own log")


def closed(part: str, listener: Listener) -> Finding:
    """The finding of a connection that did not come to be heard."""
    says = Words(f"{listener.where}：{listener.why.zh}", f"{listener.where}: {listener.why.en}")
    match listener.end:
        case End.REFUSED:
            return fault(part, Layer.ANSWER, "login_refused", says, SEE_BROKER)
        case End.NO_GRANT:
            return fault(part, Layer.ANSWER, "may_not_hear", says, SEE_BROKER)
        case End.UNUSABLE:
            return fault(part, Layer.PLUG, "file_unusable", says, MEND_FILE)
        case End.UNREACHABLE:
            return tls.why(part, listener.table) or fault(part, Layer.ANSWER, "not_trusted", says, TRUST)
        case _:
            return tls.why(part, listener.table) or fault(part, Layer.ANSWER, "not_mqtt", says, NOT_MQTT)


def listened(
    listener: Listener, hear: Callable[[mqtt.MQTTMessage], None], enough: threading.Event, listen_s: float
) -> None:
    """Until enough was heard, the time is over, or the broker ends it."""
    stop, ended = threading.Event(), threading.Event()

    def work() -> None:
        try:
            listener.listen(stop, hear)
        finally:
            ended.set()
            enough.set()

    threading.Thread(target=work, name="doctor-ears", daemon=True).start()
    enough.wait(listen_s)
    stop.set()
    ended.wait(listen_s)
