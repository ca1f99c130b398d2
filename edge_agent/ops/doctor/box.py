"""The box's own ways: clock, brokers of the centre and of a SCADA, store for evidence. None is needed to guard."""

import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

from edge_agent.clock import Clock
from edge_agent.domain.words import Words
from edge_agent.field.mqtt_listener import End, Listener
from edge_agent.ops.doctor.broker import closed
from edge_agent.ops.doctor.finding import Finding, Layer, fault, fine
from edge_agent.ops.doctor.port import reached
from edge_agent.settings.site import BrokerTable, Settings, SparkplugTable, UplinkTable
from edge_agent.settings.site_upload import UploadTable
from edge_agent.tell.upload.door import DEFAULT_PORTS, Door, Later
from edge_agent.tell.upload.ways import way_of

NO_TIME = Words(
    "请为本机配置可达的时间服务器（chrony 或 systemd-timesyncd），并检查 UDP 123 端口是否放行",
    "give this box a time server that it can reach (chrony or systemd-timesyncd), and let UDP 123 through",
)
STORE_S = 5.0
SEE_STORE = Words(
    "请核对 [upload] 的地址、密钥和 CA，以及本机时钟",
    "see to address, keys and CA of [upload], and this box's clock",
)


def clock_look(clock: Clock) -> Iterator[Finding]:
    """Whether the date can be trusted: without one nothing starts or resumes."""
    if clock.instant().trusted:
        yield fine("clock", Words("时钟已同步", "the clock is synchronised"))
        return
    says = Words("本机时钟未同步，不能开工或复工", "the clock is not synchronised: nothing may start or resume")
    yield fault("clock", Layer.ANSWER, "clock_not_trusted", says, NO_TIME)


def scada_look(settings: Settings, table: SparkplugTable) -> Iterator[Finding]:
    """Whether the broker of a SCADA lets us in and lets us hear what its hosts ask."""
    unit = settings.site.site.unit
    asked = f"spBv1.0/{table.group}/NCMD/{table.node or unit}"
    state = (f"spBv1.0/STATE/{table.primary_host}",) if table.primary_host else ()
    words = Words("已登录 SCADA 的消息服务器", "the SCADA's broker lets us in")
    yield from _let_in("sparkplug", f"spb-{unit}", table, (asked, *state), words)


def uplink_look(settings: Settings, part: str, table: UplinkTable) -> Iterator[Finding]:
    """Whether the centre's broker lets us in and lets us hear its downlinks."""
    site = settings.site.site
    topics = (f"edge/{site.id}/{site.unit}/dn/#",)
    words = Words("已登录中心的消息服务器", "the centre's broker lets us in")
    yield from _let_in(part, f"{site.id}-{site.unit}", table, topics, words)


def upload_look(settings: Settings, table: UploadTable) -> Iterator[Finding]:
    """Whether the store for copies of evidence, or whoever signs addresses of it, lets us in."""
    url, site = urlsplit(table.url), settings.site.site
    down = reached("upload", url.hostname or "", url.port or DEFAULT_PORTS[url.scheme])
    if down is not None:
        yield down
        return
    try:
        way_of(table, Door(table, silent_s=STORE_S), site=site.id, unit=site.unit).greet()
    except Later as later:
        yield fault("upload", Layer.ANSWER, "store", later.words, SEE_STORE)
        return
    yield fine("upload", Words("证据存储服务器可用", "the store for copies of evidence lets us in"))


def _let_in(part: str, who: str, table: BrokerTable, topics: tuple[str, ...], words: Words) -> Iterator[Finding]:
    down = reached(part, table.host, table.port)
    if down is not None:
        yield down
        return
    granted = threading.Event()
    listener = Listener(table, f"{who}-doctor-up", topics, part)
    listener.listen(granted, lambda _: None, granted.set)
    yield fine(part, words) if listener.end is End.TOLD else closed(part, listener)
