"""Start gate, the ticket's own papers: signatures of the right people, job safety analysis."""

from collections.abc import Iterable, Iterator

from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.person import Role
from edge_agent.domain.ticket import Approval
from edge_agent.domain.words import Words
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.world import World

ROLES = {
    "manager": Words("主管领导", "the manager in charge"),
    "workshop_manager": Words("车间主任", "the workshop manager"),
    "safety_director": Words("安全总监", "the safety director"),
    "specialist_department": Words("专业部门", "the specialist department"),
    "power_supplier": Words("配送电单位", "the power supplier"),
    "entry_supervisor": Words("进入作业主管", "the entry supervisor"),
    Role.AREA_OWNER.value: Words("属地负责人", "the area owner"),
    Role.SAFETY_OFFICER.value: Words("安全员", "a safety officer"),
    Role.SHIFT_LEAD.value: Words("当班班长", "the shift lead"),
}
SITE_ROLES = frozenset(role.value for role in Role)


def not_approved(world: World) -> Iterator[Finding]:
    """A role that must have signed has not, or its signature does not count (ledger 1-06)."""
    for job in world.waiting:
        for role, words in unsigned(job, job.work.approvals, world):
            yield Finding(job.permit.ticket.id, role, words)


def unsigned(job: Job, roles: Iterable[str], world: World) -> Iterator[tuple[str, Words]]:
    """Roles whose signature is missing, each with why. Each by somebody else: one person's two are one."""
    for role, why in _against(job, roles, world):
        name = ROLES.get(role, Words(role, role))
        yield role, Words(f"{name.zh}：{why.zh}", f"{name.en}: {why.en}")


def _against(job: Job, roles: Iterable[str], world: World) -> Iterator[tuple[str, Words]]:
    signed: set[str] = set()
    for role in roles:
        given = [one for one in job.permit.ticket.approvals if one.role == role]
        faults = [(one, _fault(one, world, signed)) for one in given]
        good = next((one for one, fault in faults if fault is None), None)
        if good is not None:
            signed.add(good.person)
        else:
            yield role, next((why for _, why in faults if why is not None), Words("未签字", "has not signed"))


def _fault(one: Approval, world: World, signed: set[str]) -> Words | None:
    """Why a signature does not count; that workers and guards approve nothing was checked when it arrived."""
    person = world.persons.get(one.person)
    name = one.person if person is None else person.name
    if one.person in signed:
        return Words(f"{name} 已代另一角色签字", f"{name} signed for another role already: two people are needed")
    # Who holds a role of this site stands in its list; for the others (a manager) the centre's signature vouches.
    if one.role in SITE_ROLES and person is None:
        return Words(f"{name} 不在本站名册中", f"{name} is not on this site's list of people")
    if person is not None and one.role in SITE_ROLES and one.role not in person.roles:
        return Words(f"{name} 没有这个角色", f"{name} does not hold this role")
    if not one.on_site:
        return Words(f"{name} 未在现场签字", f"{name} did not sign on site")
    if one.at_utc > world.instant.utc:
        return Words(f"{name} 的签字时间在将来", f"{name}'s signature lies in the future")
    return None


def no_jsa(world: World) -> Iterator[Finding]:
    """Work that demands a job safety analysis, and the ticket names none (ledger 2-28)."""
    for job in world.waiting:
        if job.work.jsa and not job.permit.ticket.jsa.strip():
            words = Words("作业票没有附 JSA 分析表", "the ticket names no job safety analysis")
            yield Finding(job.permit.ticket.id, "jsa", words)


RULES = (
    Rule(
        name="not_approved",
        code="PTW-30",
        find=not_approved,
        effect=Effect.BLOCK_START,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.PERSON,
        before_start=True,
        act_within_s=1800,
        clause="GB 30871-2022 4.11 a, Annex B",
        ledger="1-06",
        text=Text(
            title=Words("审批签字不全", "Not approved"),
            cause=Words(
                "应签字的人没有签，或签字无效", "somebody has not signed, or his signature does not count"
            ),
            consequence=Words("属于无票作业", "that would be work without a permit"),
            action=Words("补齐现场审批后重新下发", "Have it signed on site and sent again"),
        ),
    ),
    Rule(
        name="no_jsa",
        code="PTW-31",
        find=no_jsa,
        effect=Effect.BLOCK_START,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.RULE,
        before_start=True,
        act_within_s=1800,
        clause="ledger: mandatory for level-1 hot work and special work at height",
        ledger="2-28",
        text=Text(
            title=Words("缺少 JSA 分析", "No job safety analysis"),
            cause=Words("作业票未附分析表", "the ticket carries no reference to one"),
            consequence=Words("风险没有被识别", "the risks have not been looked for"),
            action=Words("完成 JSA 后重新下发作业票", "Do the analysis and send the ticket again"),
        ),
    ),
)
