"""A newer version of a ticket under which work goes on: what changed, what is refused, what counts at once. Pure.

Content, place, scope, level or a later end are a new ticket (GB 30871-2022 4.16, 4.17). Anything else counts when
the guard has acknowledged it (ledger 2-17); a shorter end and a withdrawn person do not wait for him.
"""

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from edge_agent.domain.local_time import LocalTime
from edge_agent.domain.ticket import Approval, Measure, Point, Ticket
from edge_agent.domain.words import Words

NAMES: dict[str, Words] = {
    "type": Words("作业类型", "kind of work"),
    "level": Words("作业级别", "level"),
    "area": Words("区域", "area"),
    "point": Words("作业点", "work point"),
    "valid_from_utc": Words("开始时间", "beginning"),
    "valid_to_utc": Words("结束时间", "end"),
    "holder": Words("作业负责人", "holder"),
    "guards": Words("监护人", "guards"),
    "workers": Words("作业人员", "workers"),
    "devices": Words("绑定设备", "bound devices"),
    "approvals": Words("审批签字", "signatures"),
    "video_required": Words("视频监控要求", "video required"),
    "content": Words("作业内容", "content"),
    "linked": Words("关联作业票", "linked tickets"),
    "jsa": Words("JSA", "job safety analysis"),
    "measures": Words("安全措施", "measures"),
    "scopes": Words("作业范围（资格证）", "scope of the certificates"),
    "uses": Words("其他作业活动", "what else is done there"),
    "pipe": Words("管道", "pipe"),
    "outdoor": Words("露天作业", "outdoors"),
    "gas_interval_s": Words("气体检测间隔（秒）", "gas interval (s)"),
    "coordinator": Words("交叉作业协调人", "coordinator"),
    "contractor": Words("承包商", "contractor"),
    "team": Words("班组", "team"),
    "risk": Words("风险辨识", "risks"),
    "template_version": Words("票证模板版本", "version of the form"),
    "risk_version": Words("风险库版本", "version of the risks"),
    "made_by": Words("开票人", "who drew it up"),
    "extends": Words("所延期的作业票", "ticket that it extends"),
}
WHICH = frozenset({"id", "version"})  # which ticket it is, not what it says
# Content, place, scope, level and whoever answers for the work.
ANOTHER_WORK = ("type", "level", "area", "point", "content", "scopes", "uses", "pipe", "outdoor", "holder")
NOTHING = Words("无", "none")
COUNTS_ALREADY = Words(
    "其中没有待生效的变更：缩短有效期、撤出人员即时生效",
    "nothing in it waits to count: a shorter end and people withdrawn count at once",
)


def refused(old: Ticket, new: Ticket) -> Iterator[Words]:
    """What no newer version may change once work has begun."""
    moved = [name for name in ANOTHER_WORK if getattr(old, name) != getattr(new, name)]
    if old.valid_from_utc != new.valid_from_utc:
        moved.append("valid_from_utc")
    if new.valid_to_utc > old.valid_to_utc:
        moved.append("valid_to_utc")
    for name in moved:
        what = NAMES[name]
        yield Words(
            f"作业已开始，{what.zh}变更须办理新票（GB 30871 4.16、4.17）",
            f"the work has begun: another {what.en} needs a new ticket (GB 30871 4.16, 4.17)",
        )


def at_once(old: Ticket, new: Ticket) -> Ticket:
    """The old ticket with what does not wait: a shorter end, people who are withdrawn."""
    return replace(
        old,
        valid_to_utc=min(old.valid_to_utc, new.valid_to_utc),
        guards=tuple(id_ for id_ in old.guards if id_ in new.guards),
        workers=tuple(id_ for id_ in old.workers if id_ in new.workers),
    )


def changes(old: Ticket, new: Ticket, local_time: LocalTime) -> tuple[Words, ...]:
    """Every field that differs, with its old and its new value."""
    return tuple(
        _changed(NAMES[name], before, after, name, local_time)
        for name in old.__struct_fields__
        if name not in WHICH and (before := getattr(old, name)) != (after := getattr(new, name))
    )


def left(old: Ticket, new: Ticket, local_time: LocalTime) -> tuple[Words, ...]:
    """What the guard is shown of a version that waits for him; where all of it counts already, that."""
    return changes(old, new, local_time) or (COUNTS_ALREADY,)


def _changed(what: Words, before: Any, after: Any, name: str, local_time: LocalTime) -> Words:
    if isinstance(before, tuple):
        was, is_ = tuple(map(_one, before)), tuple(map(_one, after))
        gone, come = _listed(one for one in was if one not in is_), _listed(one for one in is_ if one not in was)
        return Words(
            f"{what.zh}：增加 {come.zh}，去掉 {gone.zh}", f"{what.en}: added {come.en}, removed {gone.en}"
        )
    old, new = _said(before, name, local_time), _said(after, name, local_time)
    return Words(f"{what.zh}：{old.zh} 改为 {new.zh}", f"{what.en}: {old.en} becomes {new.en}")


def _one(member: Any) -> Words:
    """One entry of a list."""
    if isinstance(member, Approval):
        return Words(f"{member.role} {member.person}", f"{member.role} {member.person}")
    if isinstance(member, Measure):
        by = f"({member.kind.value}{' ' + member.source if member.source else ''})"
        return Words(f"{member.words.zh}{by}", f"{member.words.en} {by}")
    return Words(str(member), str(member))


def _listed(members: Iterator[Words]) -> Words:
    said = tuple(members)
    return Words("、".join(one.zh for one in said), ", ".join(one.en for one in said)) if said else NOTHING


def _said(value: Any, name: str, local_time: LocalTime) -> Words:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, Words):
        return value
    if isinstance(value, bool):
        return Words("是", "yes") if value else Words("否", "no")
    if isinstance(value, Point):
        z = "" if value.z_m is None else f", {value.z_m:g}"
        text = f"({value.x_m:g}, {value.y_m:g}{z}) m"
    elif name.endswith("_utc"):
        text = f"{local_time.local(value):%Y-%m-%d %H:%M}"
    else:
        text = f"{value:g}" if isinstance(value, float) else str(value)
    return Words(text, text)
