"""A technician lets sirens and lamps go on for a moment: never beside people at work, never what lets tools run.

It is told ten seconds before, by voice and as a note, so that nobody takes it for an alarm; what contacts say then
is told when it is over (siren_trial.py). A siren that has to sound meanwhile says what it has to.
"""

from collections.abc import Iterator

from msgspec import to_builtins

from edge_agent.decide.asking.case import Errand, Errands, Reasons
from edge_agent.domain.outcome import Output, Priority
from edge_agent.domain.person import Role
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words
from edge_agent.fuse.sirens import ORDER_TOLD_S, TRIABLE, TrialOrder

MAY = frozenset({Role.TECHNICIAN, Role.ADMIN, Role.SAFETY_OFFICER})
MOST = 50


def _try(errand: Errand) -> Reasons:
    request, draft = errand.request, errand.draft
    person = errand.person
    if person is None or MAY.isdisjoint(person.roles) or person.areas:
        return (
            Words(
                "须由全站的仪表员、安全员或管理员办理",
                "only a technician, safety officer or administrator of the whole site may do this",
            ),
        )
    faults = tuple(_faults(errand))
    if faults:
        return faults
    outputs = tuple(dict.fromkeys(request.about))
    draft.trial = TrialOrder(
        by=request.person, reason=request.reason, at_s=draft.instant.now_s + ORDER_TOLD_S, outputs=outputs
    )
    listed = ", ".join(outputs)
    words = Words(
        f"{ORDER_TOLD_S:g} 秒后测试 {listed}，不是真实报警",
        f"{listed} will be tried in {ORDER_TOLD_S:g} s: this is no alarm",
    )
    data = {
        "by": request.person, "outputs": outputs, "in_s": ORDER_TOLD_S, "reason": request.reason,
        "words": to_builtins(words),
    }  # fmt: skip
    draft.event("unit.trial_ordered", "unit", Priority.MEDIUM, data)
    return ()


def _faults(errand: Errand) -> Iterator[Words]:
    asked, draft, world = errand.request.about, errand.draft, errand.world
    if not 0 < len(asked) <= MOST:
        yield Words("请写明要测试的输出", "say which outputs are to be tried")
    if not errand.request.reason.strip():
        yield Words("请写明原因", "say why: a reason is needed")
    for key in asked:
        yield from _output(errand, key)
    for permit in draft.permits.values():
        if permit.busy:
            id_ = permit.ticket.id
            yield Words(
                f"作业票 {id_} 正在进行：有人作业时不做测试",
                f"{id_} is under way: nothing is tried while anybody is at work",
            )
    if draft.trial is not None or world.siren_trial is not None:
        yield Words("已有测试在进行，请稍候", "a test is announced or under way already: wait for its end")


def _output(errand: Errand, key: str) -> Iterator[Words]:
    module, _, name = key.partition("/")
    table = errand.settings.site.relays.get(module)
    row = None if table is None else table.outputs.get(name)
    if row is None:
        yield Words(f"没有输出 {key}", f"there is no output {key}")
    elif Output(row.does) not in TRIABLE:
        yield Words(
            f"{key} 会接通工具或设备：不能测试，请按投运步骤检查",
            f"{key} lets tools or plant run: it is never tried from here; see to it at commissioning",
        )


HANDLERS: Errands = {Ask.TRY: _try}
