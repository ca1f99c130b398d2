"""Commissioning, step by step: who may, what the box measures at once, and when a certificate is given."""

import math
from collections.abc import Callable, Iterator
from typing import Any

from msgspec import to_builtins
from msgspec.structs import replace

from edge_agent.decide import bumping, commissioning, sights
from edge_agent.decide import commissioning_gate as gate
from edge_agent.decide.asking import commissioning_exceptions as exceptions
from edge_agent.decide.asking.case import Errand, Errands, Reasons
from edge_agent.decide.commissioning_items import items
from edge_agent.domain.commissioning import (
    Act,
    Certificate,
    Commissioning,
    Grace,
    Item,
    Outcome,
    Session,
    TrialKind,
)
from edge_agent.domain.outcome import Priority
from edge_agent.domain.person import Person, Role
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words
from edge_agent.fuse.gas import shown

MAY = frozenset({Role.TECHNICIAN, Role.ADMIN, Role.SAFETY_OFFICER})
# What a person may enter: the box cannot see it, or not everywhere.
ENTERED = frozenset({TrialKind.UPS, TrialKind.RELAY, TrialKind.POWER, TrialKind.UPLINK})

NOT_ONE_OF_THEM = Words(
    "须由全站的仪表员、安全员或管理员办理",
    "only a technician, a safety officer or an administrator of the whole site may do this",
)
NOT_BEGUN = Words("没有进行中的投运", "no commissioning is under way: begin one first")
BEGUN = Words("投运已在进行", "a commissioning is under way already")
NO_DATE = Words("时钟不可信，不能出证", "the clock is not trusted: a certificate needs a date")
NO_REASON = Words("请写明原因", "say why")
WALK_IT = Words(
    "走测由本机测量：请在该摄像机的页面开始走测",
    "the box measures a walk test by itself: begin it on the camera's page",
)
STUCK = Words(
    "检测仪通气前已显示标气浓度：先放在清洁空气中，示值离开标气浓度后再通气",
    "it showed the bottle's value all the time: let it stand in clean air until it shows that, then give the gas",
)
NO_FIGURE = Words("请填写数值", "enter the figure")
NOTHING_PASSED = Words("没有任何一项测试通过", "nothing at all has passed")

# Beside a siren in the certificate, which people read in either language.
READ_BACK = {True: "回读：响 read-back: on", False: "回读：未响 read-back: silent", None: "无回读 no read-back"}


def _commission(errand: Errand) -> Reasons:
    act, now = errand.request.commission, errand.draft.commissioning
    if act is None:
        return (Words("没有写明做什么", "it does not say what is done"),)
    if act.do != "heard" and not may(errand.person):
        return (NOT_ONE_OF_THEM,)
    if act.do == "begin":
        return _begin(errand, now)
    return (NOT_BEGUN,) if now.session is None else _under_way(errand, now, now.session, act)


def _under_way(errand: Errand, now: Commissioning, session: Session, act: Act) -> Reasons:
    if act.do in _WHOLE:
        return _WHOLE[act.do](errand, now, session, act)
    item = items(errand.settings).get(act.of)
    if item is None:
        return (Words(f"没有项目 {act.of}", f"there is nothing of the name {act.of} to try"),)
    return _ITEMS[act.do](errand, now, item, act)


def may(person: Person | None) -> bool:
    """Whether somebody may try what the certificate is about."""
    return person is not None and not MAY.isdisjoint(person.roles) and not person.areas


def _begin(errand: Errand, now: Commissioning) -> Reasons:
    if now.session is not None:
        return (BEGUN,)
    draft, by = errand.draft, errand.request.person
    begun = replace(now, session=Session(by=by, begun_utc=draft.instant.utc))
    opens = _opens(errand, now)
    draft.commissioning = gate.with_grace(begun, Grace(at_utc=draft.instant.utc, by=by)) if opens else begun
    draft.event("commissioning.begun", "unit", Priority.MEDIUM, {"by": by, "opens": opens})
    return ()


def _opens(errand: Errand, now: Commissioning) -> bool:
    """Whether it lets work start by itself: there is no certificate that would, and it was not so too often."""
    settings, instant = errand.settings, errand.draft.instant
    if not settings.site.start.commissioned or not instant.trusted or not gate.certified(settings, now, instant):
        return False
    return gate.graces_left(errand.world.rulebook, now, instant.utc) > 0


def _drop(errand: Errand, now: Commissioning, _session: Session, _act: Act) -> Reasons:
    errand.draft.commissioning = replace(now, session=None)
    errand.draft.event("commissioning.dropped", "unit", Priority.MEDIUM, {"by": errand.request.person})
    return ()


def _finish(errand: Errand, now: Commissioning, session: Session, _act: Act) -> Reasons:
    """A certificate once everything was tried and nothing failed, or it is said why it is let be."""
    draft, settings = errand.draft, errand.settings
    reasons = tuple(_open(errand, now))
    if reasons:
        return reasons
    site = settings.site.site
    trials = tuple(now.trials[key] for key in items(settings))
    done = [one.at_utc for one in trials if one.outcome == "passed"]
    if not done:
        return (NOTHING_PASSED,)
    lasts_s = settings.site.commissioning.valid_days * gate.DAY_S
    certificate = Certificate(
        number=f"{site.unit}-{draft.seq + 1}",
        site=site.id,
        unit=site.unit,
        by=errand.request.person,
        issued_utc=draft.instant.utc,
        valid_until_utc=min(done) + lasts_s,
        settings=settings.digest,
        trials=trials,
    )
    draft.commissioning = replace(now, session=None, certificate=certificate)
    data = {"certificate": to_builtins(certificate), "begun_utc": session.begun_utc, "by": certificate.by}
    draft.event("commissioning.certified", "unit", Priority.MEDIUM, data)
    return ()


def _open(errand: Errand, now: Commissioning) -> Iterator[Words]:
    """What stands between this commissioning and its certificate."""
    if not errand.draft.instant.trusted:
        yield NO_DATE
    old_utc = errand.draft.instant.utc - errand.settings.site.commissioning.valid_days * gate.DAY_S
    known = items(errand.settings)
    for key, item in known.items():
        made = now.trials.get(key)
        if made is None:
            why = Words("未做，请测试或写明原因", "was not tried: try it, or say why not")
        elif not item.covered_by(made):
            why = Words("设置已更改，须重新测试", "its settings were changed: try it again")
        elif made.outcome == "failed" and made.excepted is None:
            why = Words("未通过", "has failed")
        elif gate.has_run_out(made, errand.draft.instant.utc):
            why = gate.RUN_OUT
        elif made.at_utc < old_utc:
            why = gate.TOO_OLD
        else:
            continue
        yield Words(f"{item.name.zh}：{why.zh}", f"{item.name.en}: {why.en}")
    if all(now.trials[key].outcome == "not_done" for key in known if key in now.trials):
        yield Words("没有做过任何测试", "nothing at all was tried")


def _take(errand: Errand, now: Commissioning, item: Item, act: Act) -> Reasons:
    """The box measures now."""
    if item.kind is TrialKind.BUMP:
        return _bump(errand, now, item, act)
    if item.kind is TrialKind.SURVEY:
        return _survey(errand, now, item, act)
    if item.kind is TrialKind.WALK:
        return (WALK_IT,)
    return (Words("此项由本机自行测量，或由人员填写", "the box measures this by itself, or a person enters it"),)


def _bump(errand: Errand, now: Commissioning, item: Item, act: Act) -> Reasons:
    """The bottle's gas is at the detector: what it reads beside what the bottle says, and that it came to it."""
    channel = errand.world.channels.get(item.of)
    if act.value is None or not math.isfinite(act.value) or act.value <= 0:
        return (Words("请填写标气浓度", "enter the concentration on the bottle"),)
    level = shown(channel)
    if channel is None or level is None:
        said = "-" if channel is None else channel.quality.value
        return (Words(f"检测仪现在没有可用数值（{said}）", f"the detector gives no value now ({said})"),)
    within_pct = errand.settings.site.commissioning.bump_pct
    if bumping.meets(level, act.value, within_pct) and not bumping.came_to_it(
        channel.track, act.value, within_pct
    ):
        return (STUCK,)
    off_pct = bumping.off_pct(level, act.value)
    outcome: Outcome = "passed" if item.limit is None or off_pct <= item.limit else "failed"
    note = f"{level:g} / {act.value:g} {channel.unit}"
    _keep(errand, now, item, outcome, measured=True, value=round(off_pct, 1), note=_noted(note, act))
    return ()


def _survey(errand: Errand, now: Commissioning, item: Item, act: Act) -> Reasons:
    """Somebody stands at a point whose place is known: how far away the box shows him."""
    tag = errand.world.tags.get(act.wearable)
    if act.x_m is None or act.y_m is None:
        return (Words("请填写测量点的坐标", "enter the surveyed point"),)
    if tag is None or not tag.fresh or tag.x_m is None or tag.y_m is None:
        return (Words("该手环现在没有位置", "this wearable has no place now"),)
    off_m = math.hypot(tag.x_m - act.x_m, tag.y_m - act.y_m)
    near = item.limit is None or off_m <= item.limit
    outcome: Outcome = "passed" if near and tag.area == item.of else "failed"
    note = f"{act.wearable} ({act.x_m:g}, {act.y_m:g}) -> ({tag.x_m:.1f}, {tag.y_m:.1f}) {tag.area or '-'}"
    _keep(errand, now, item, outcome, measured=True, value=round(off_m, 2), note=_noted(note, act))
    return ()


def _heard(errand: Errand, now: Commissioning, item: Item, act: Act) -> Reasons:
    """A second person stood where work is done, and says whether the siren was heard there."""
    session, second = now.session, errand.request.person
    if item.kind is not TrialKind.SIREN or session is None:
        return (Words("只有警报器须由第二人确认", "only a siren is confirmed by a second person"),)
    if second == session.by:
        return (Words("须由第二人确认", "a second person must confirm it, not whoever commissions"),)
    sounded_utc = session.sounded.get(item.of)
    if sounded_utc is None or not sights.just_now(sounded_utc, errand.draft.instant.utc):
        return (
            Words("警报器十分钟内没有响过", "this siren has not sounded within ten minutes: let it sound first"),
        )
    if act.passed is None:
        return (Words("请说明是否听到", "say whether it was heard"),)
    seen = errand.world.sirens.get(item.of)
    if seen is None and exceptions.failed_by_measure(item, now.trials.get(item.key)):
        return (exceptions.MEASURED_FAILURE,)
    outcome: Outcome = "passed" if act.passed and seen is not False else "failed"
    read = READ_BACK[seen]
    made = commissioning.trial(
        item, session.by, errand.draft.instant, outcome, second=second, measured=seen is not None,
        note=_noted(read, act),
    )  # fmt: skip
    errand.draft.commissioning = commissioning.record(errand.draft, now, made)
    return ()


def _enter(errand: Errand, now: Commissioning, item: Item, act: Act) -> Reasons:
    """A person's own figure, which the certificate names as that."""
    if item.kind is TrialKind.WALK:
        return (WALK_IT,)
    if item.kind not in ENTERED:
        return (Words("此项由本机测量", "the box measures this"),)
    if exceptions.failed_by_measure(item, now.trials.get(item.key)):
        return (exceptions.MEASURED_FAILURE,)
    if act.passed is None or not act.note.strip():
        return (NO_REASON,)
    if item.limit is not None and (act.value is None or not math.isfinite(act.value)):
        return (NO_FIGURE,)
    outcome: Outcome = "passed" if act.passed and _holds(item, act.value) else "failed"
    _keep(errand, now, item, outcome, value=act.value, note=act.note)
    return ()


def _holds(item: Item, value: float | None) -> bool:
    if item.limit is None or value is None:
        return True
    return value >= item.limit if item.kind is TrialKind.UPS else value <= item.limit


def _skip(errand: Errand, now: Commissioning, item: Item, act: Act) -> Reasons:
    if exceptions.failed_by_measure(item, now.trials.get(item.key)):
        return (exceptions.MEASURED_FAILURE,)
    if not act.note.strip():
        return (NO_REASON,)
    _keep(errand, now, item, "not_done", note=act.note)
    return ()


def _keep(errand: Errand, now: Commissioning, item: Item, outcome: Outcome, **more: Any) -> None:
    made = commissioning.trial(item, errand.request.person, errand.draft.instant, outcome, **more)
    errand.draft.commissioning = commissioning.record(errand.draft, now, made)


def _noted(said: str, act: Act) -> str:
    return f"{said}; {act.note.strip()}" if act.note.strip() else said


_WHOLE: dict[str, Callable[[Errand, Commissioning, Session, Act], Reasons]] = {
    "finish": _finish,
    "drop": _drop,
    "agree": exceptions.agree,
}
_ITEMS: dict[str, Callable[[Errand, Commissioning, Item, Act], Reasons]] = {
    "take": _take,
    "enter": _enter,
    "heard": _heard,
    "skip": _skip,
    "except": exceptions.let_be,
}
HANDLERS: Errands = {Ask.COMMISSION: _commission}
