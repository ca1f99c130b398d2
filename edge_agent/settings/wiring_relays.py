"""Checks of site.toml: relays are wired so that the box can stop the work, and see that it did."""

from collections.abc import Iterator
from typing import Any

from edge_agent.domain.outcome import POWERS
from edge_agent.domain.words import Words
from edge_agent.settings.bundle import Bundle, fault, no_such
from edge_agent.settings.fault import Fault, dotted
from edge_agent.settings.hole import judged
from edge_agent.settings.site_relays import RelayTable
from edge_agent.settings.wired import refers, stands_in


def relays(bundle: Bundle) -> Iterator[Fault]:
    """Every relay is wired so that the box can stop the work and see that it did."""
    for name, table in bundle.site.relays.items():
        key = dotted("relays", name)
        if table.bus is None:
            known = bundle.relay_profiles
            yield from judged(refers(bundle, f"{key}.profile", table.profile, Words("配置", "profile"), known))
        for number, area in enumerate(table.areas):
            yield from judged(stands_in(bundle, f"{key}.areas[#{number + 1}]", area))
        for check in (_channels, _periods, _contacts, _breaks, _proof_of_stop, _watchdog):
            yield from judged(check(bundle, key, table))


def _channels(bundle: Bundle, key: str, table: RelayTable) -> Iterator[Fault]:
    if not table.outputs and not table.contacts:
        problem = Words("没有输出也没有触点", "has no outputs and no contacts")
        yield fault(bundle.names.site, f"{key}.outputs", None, problem, Words("请添加", "add what it switches"))
    used: dict[tuple[str, object], str] = {}
    wires: list[tuple[str, Any]] = [(dotted(f"{key}.outputs", n), one) for n, one in table.outputs.items()]
    wires += [(dotted(f"{key}.contacts", n), one) for n, one in table.contacts.items()]
    for where, one in wires:
        for field in ("coil", "input", "line"):
            yield from judged(_channel(bundle, f"{where}.{field}", (field, getattr(one, field, None)), used))


def _channel(
    bundle: Bundle, key: str, wire: tuple[str, object], used: dict[tuple[str, object], str]
) -> Iterator[Fault]:
    if wire[1] is None:
        return
    if wire in used:
        problem = Words(f"已被 {used[wire]} 使用", f"is already used by {used[wire]}")
        remedy = Words("每个通道只接一件东西", "wire and name each channel once")
        yield fault(bundle.names.site, key, wire[1], problem, remedy)
    used.setdefault(wire, key)


def _periods(bundle: Bundle, key: str, table: RelayTable) -> Iterator[Fault]:
    """A heartbeat has a period, slow enough for the brain's steps; no other output has one."""
    for name, output in table.outputs.items():
        where = f"{dotted(f'{key}.outputs', name)}.period_s"
        if output.does == "heartbeat" and output.period_s is None:
            problem = Words("缺少：心跳多久一次", "missing: how often the heartbeat goes on and off")
            remedy = Words(
                "按看门狗继电器的监视时间填写，例如 1.0",
                "write 1.0, or what the watchdog relay's monitoring time asks for",
            )
            yield fault(bundle.names.site, where, None, problem, remedy)
        elif output.does != "heartbeat" and output.period_s is not None:
            problem = Words("只有心跳输出才有周期", "only a heartbeat has a period")
            yield fault(bundle.names.site, where, output.period_s, problem, Words("请删去此键", "remove this key"))


def _contacts(bundle: Bundle, key: str, table: RelayTable) -> Iterator[Fault]:
    for name, contact in table.contacts.items():
        yield from judged(_contact(bundle, f"{dotted(f'{key}.contacts', name)}.of", contact, table))
        yield from judged(_hook(bundle, f"{dotted(f'{key}.contacts', name)}.tag", contact))
        yield from judged(_cabinet(bundle, f"{dotted(f'{key}.contacts', name)}.area", contact))


def _contact(bundle: Bundle, key: str, contact: Any, table: RelayTable) -> Iterator[Fault]:
    if contact.kind != "feedback":
        if contact.of is not None:
            problem = Words("此触点不属于任何输出", "such a contact belongs to no output")
            yield fault(bundle.names.site, key, contact.of, problem, Words("请删去此键", "remove this key"))
    elif contact.of is None:
        problem = Words("缺少：这是哪个输出的反馈", "missing: whose feedback is it")
        listed = ", ".join(table.outputs)
        yield fault(bundle.names.site, key, None, problem, Words(f"可选：{listed}", f"name one of: {listed}"))
    elif contact.of not in table.outputs:
        yield no_such(bundle.names.site, key, contact.of, Words("输出", "output"), table.outputs)


def _hook(bundle: Bundle, key: str, contact: Any) -> Iterator[Fault]:
    """What is worn is somebody's: of whom nobody knows, nobody can say whether he wears it."""
    if contact.kind not in WORN:
        if contact.tag is not None:
            problem = Words("只有挂钩和呼吸器才属于佩戴者", "only a hook or a breathing apparatus is somebody's")
            yield fault(bundle.names.site, key, contact.tag, problem, Words("请删去此键", "remove this key"))
    elif contact.tag is None:
        problem = Words("缺少：这是谁佩戴的", "missing: who wears it")
        listed = ", ".join(bundle.site.wearables)
        yield fault(bundle.names.site, key, None, problem, Words(f"可选：{listed}", f"name one of: {listed}"))
    elif contact.tag not in bundle.site.wearables:
        yield no_such(bundle.names.site, key, contact.tag, Words("手环", "wearable"), bundle.site.wearables)


def _cabinet(bundle: Bundle, key: str, contact: Any) -> Iterator[Fault]:
    """Of what is opened people have to know where it stands."""
    if contact.kind != "cabinet":
        if contact.area is not None:
            problem = Words("只有柜子才写所在区域", "only a cabinet stands in an area")
            yield fault(bundle.names.site, key, contact.area, problem, Words("请删去此键", "remove this key"))
    elif contact.area is None:
        listed = ", ".join(area.id for area in bundle.areas)
        problem = Words("缺少：柜子在哪个区域", "missing: where does it stand")
        yield fault(bundle.names.site, key, None, problem, Words(f"可选：{listed}", f"name one of: {listed}"))
    else:
        yield from stands_in(bundle, key, contact.area)


WORN = ("hook", "breathing")
MUST_BREAK = ("feedback", "stop_button", "mains", *WORN)  # EN ISO 13850: a stop acts by opening


def _breaks(bundle: Bundle, key: str, table: RelayTable) -> Iterator[Fault]:
    """Whether a cut wire shows: where it does not, the site says that it knows."""
    for name, contact in table.contacts.items():
        yield from judged(_break(bundle, dotted(f"{key}.contacts", name), contact))


def _break(bundle: Bundle, key: str, contact: Any) -> Iterator[Fault]:
    if contact.kind == "feedback" and contact.settle_s > 0:
        problem = Words("反馈必须立即生效", "what an output does is told at once")
        yield fault(
            bundle.names.site, f"{key}.settle_s", contact.settle_s, problem, Words("请删去此键", "remove it")
        )
    if contact.normal == "closed":
        return
    if contact.kind in MUST_BREAK:
        problem = Words("此类触点必须为常闭", "such a contact is closed while all is well")
        remedy = Words("改接常闭触点并删去此键", "wire the normally closed contact, and remove this key")
        yield fault(bundle.names.site, f"{key}.normal", contact.normal, problem, remedy)
    elif not contact.break_unseen:
        problem = Words("常开触点断线时看不出来", "a cut wire of it looks like all being well")
        remedy = Words(
            "改接常闭触点；确实没有时写 break_unseen = true",
            "wire the normally closed contact; where there is none, write break_unseen = true",
        )
        yield fault(bundle.names.site, f"{key}.normal", contact.normal, problem, remedy)


def _proof_of_stop(bundle: Bundle, key: str, table: RelayTable) -> Iterator[Fault]:
    """Without a mirror contact nobody would learn that the contactor is welded (docs/domain.md 3)."""
    proven = {one.of for one in table.contacts.values() if one.kind == "feedback"}
    if proven - table.outputs.keys():  # a feedback of nothing is faulted by `_contact`; it may be this one's
        return
    for name, output in table.outputs.items():
        if output.does in POWERS and name not in proven:
            problem = Words(
                "没有反馈触点，无法证明已停", "has no feedback contact: the box could not prove the stop"
            )
            wire = f'[{key}.contacts.{name}-feedback] kind = "feedback", of = "{name}"'
            remedy = Words(
                f"接上接触器的镜像触点并添加 {wire}", f"wire the contactor's mirror contact and add {wire}"
            )
            yield fault(bundle.names.site, dotted(f"{key}.outputs", name), None, problem, remedy)


def _watchdog(bundle: Bundle, key: str, table: RelayTable) -> Iterator[Fault]:
    if 2 * table.timeout_s > table.watchdog_s:
        problem = Words("大于模块看门狗时间的一半", "is more than half of the module's watchdog")
        most = table.watchdog_s / 2
        remedy = Words(
            f"应 <= {most:g}，使一次丢包不致停工", f"must be <= {most:g}, so that one lost packet stops nobody"
        )
        yield fault(bundle.names.site, f"{key}.timeout_s", table.timeout_s, problem, remedy)
