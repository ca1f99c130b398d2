"""The box's own ways: brokers of the centre and of a SCADA, store for evidence. None is needed to guard."""

import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

from edge_agent.domain.words import Words
from edge_agent.field.mqtt_listener import End, Listener
from edge_agent.ops.doctor import round_trip
from edge_agent.ops.doctor.broker import closed
from edge_agent.ops.doctor.finding import Finding, Layer, Standing, fault, fine
from edge_agent.ops.doctor.port import reached
from edge_agent.settings.site import Settings
from edge_agent.settings.site_brokers import BrokerTable, SparkplugTable, UplinkTable
from edge_agent.settings.site_upload import UploadTable
from edge_agent.tell.upload.door import DEFAULT_PORTS, Door, Later
from edge_agent.tell.upload.ways import way_of

STORE_S = 5.0
NO_CENTRE = Words(
    "本站声明没有中心（[uplink] centre = false），不作检查",
    "the site declares that it has no centre ([uplink] centre = false): nothing to look at",
)
SEE_STORE = Words(
    "请核对 [upload] 的地址、密钥和 CA，以及本机时钟",
    "see to address, keys and CA of [upload], and this box's clock",
)


def scada_look(settings: Settings, table: SparkplugTable) -> Iterator[Finding]:
    """Whether the broker of a SCADA lets us in and lets us hear what its hosts ask."""
    unit = settings.site.site.unit
    asked = f"spBv1.0/{table.group}/NCMD/{table.node or unit}"
    state = (f"spBv1.0/STATE/{table.primary_host}",) if table.primary_host else ()
    words = Words("已登录 SCADA 的消息服务器", "the SCADA's broker lets us in")
    yield from _let_in("sparkplug", f"spb-{unit}", table, (asked, *state), words)


def uplink_look(settings: Settings, part: str, table: UplinkTable) -> Iterator[Finding]:
    """Whether the centre's broker lets us in and lets us hear its downlinks."""
    if not settings.site.uplink.centre:
        yield fine(part, NO_CENTRE)
        return
    site = settings.site.site
    own, who = f"edge/{site.id}/{site.unit}", f"{site.id}-{site.unit}"
    words = Words("已登录中心的消息服务器", "the centre's broker lets us in")
    found = list(_let_in(part, who, table, (f"{own}/dn/#",), words))
    if all(one.standing is Standing.FINE for one in found):
        found = [round_trip.tried(part, table, f"{own}/up/doctor", f"{who}-doctor-trip")]
    yield from found


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
