"""Checks of a [relays] table with a `bus`: contacts that are published or served, and nothing to switch."""

from collections.abc import Iterator
from typing import Any

from edge_agent.domain.words import Words
from edge_agent.settings.bundle import Bundle, fault, no_such
from edge_agent.settings.fault import Fault, dotted
from edge_agent.settings.site_lines import FIELD_BROKER
from edge_agent.settings.site_relays import RelayTable

# Three periods without news, and a contact is not read: 6 s at 2 s, below the 10 s of docs/domain.md 2.3.
SLOWEST_S = 2.0
WILDCARDS = frozenset("+#")  # of an MQTT filter
ONLY_HEARD = Words("触点由消息送来，没有此项", "contacts that are only heard have none")
REMOVE = Words("请删去此键", "remove this key")


def table(bundle: Bundle, key: str, relay: RelayTable) -> Iterator[Fault]:
    """Where it is heard, by which profile, and that each contact is one of the profile's inputs."""
    file = bundle.names.site
    for name in ("host", "chip"):
        if getattr(relay, name) is not None:
            yield fault(file, f"{key}.{name}", getattr(relay, name), ONLY_HEARD, REMOVE)
    if relay.poll_s > SLOWEST_S:
        problem = Words("太慢：停止按钮失效发现得太晚", "too slow: a dead stop button would be found too late")
        remedy = Words(f"应 <= {SLOWEST_S:g} s", f"must be <= {SLOWEST_S:g}")
        yield fault(file, f"{key}.poll_s", relay.poll_s, problem, remedy)
    if relay.outputs:
        remedy = Words("输出请接到继电器模块上", "wire outputs to a relay module with a table of its own")
        yield fault(file, f"{key}.outputs", None, ONLY_HEARD, remedy)
    if relay.node is None:
        problem = Words("缺少：它在主题或节点中的部分", "missing: its part of the topic or node")
        yield fault(file, f"{key}.node", None, problem, Words("见配置文件", "the profile says what it is"))
    elif relay.bus == FIELD_BROKER and set(relay.node) & WILDCARDS:
        problem = Words("含有通配符", "holds a wildcard")
        remedy = Words("一个设备一个主题，不用 + 和 #", "one device, one topic: no + and no #")
        yield fault(file, f"{key}.node", relay.node, problem, remedy)
    if relay.bus != FIELD_BROKER and relay.bus not in bundle.site.opcua:
        places = (FIELD_BROKER, *bundle.site.opcua)
        yield no_such(file, f"{key}.bus", str(relay.bus), Words("消息来源", "place to be heard"), places)
        return
    known = bundle.mqtt_profiles if relay.bus == FIELD_BROKER else bundle.opcua_profiles
    if relay.profile not in known:
        yield no_such(file, f"{key}.profile", relay.profile, Words("配置", "profile"), known)
        return
    yield from _inputs(bundle, key, relay, known[relay.profile] or {})


def _inputs(bundle: Bundle, key: str, relay: RelayTable, profile: dict[str, Any]) -> Iterator[Fault]:
    measures, inputs = profile.get("measures"), profile.get("inputs")
    if isinstance(measures, str) and measures != "contacts":
        problem = Words(f"配置测量的是 {measures}", f"this profile measures {measures}")
        remedy = Words('请用 measures = "contacts" 的配置', 'name a profile with measures = "contacts"')
        yield fault(bundle.names.site, f"{key}.profile", relay.profile, problem, remedy)
    at = inputs.get("at") if isinstance(inputs, dict) else None
    if not isinstance(at, list):
        return
    for name, contact in relay.contacts.items():
        if contact.input is not None and contact.input >= len(at):
            problem = Words("配置没有这个输入", "the profile has no such input")
            remedy = Words(f"应为 0 到 {len(at) - 1}", f"0 to {len(at) - 1}")
            where = f"{dotted(f'{key}.contacts', name)}.input"
            yield fault(bundle.names.site, where, contact.input, problem, remedy)
