"""Every way of asking something about a permit, the form filled in as well as it can be. Pure."""

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from edge_agent.decide import samples, shelving
from edge_agent.decide.asking import handover, ticketing, wearing
from edge_agent.decide.guarding import open_claim
from edge_agent.decide.rules.gate_ticket import ROLES
from edge_agent.decide.scene import Scene
from edge_agent.domain.drill import Drill
from edge_agent.domain.gas_limits import GasLimits
from edge_agent.domain.next_step import GasTest
from edge_agent.domain.outcome import AlarmState
from edge_agent.domain.permit import Permit, Sample
from edge_agent.domain.request import Ask
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.ticket import MeasureKind
from edge_agent.domain.words import Words

CALLING = frozenset({AlarmState.UNACK_ACTIVE, AlarmState.UNACK_RTN})

# In the order in which they are most useful when several are possible and none is asked for.
WORDS: dict[Ask, Words] = {
    Ask.ACCEPT_CHANGE: Words("确认票面变更", "Confirm what changed on the ticket"),
    Ask.CHECK_IN: Words("监护人签到", "Check in as guard"),
    Ask.APPROVE: Words("审批签字", "Sign the ticket"),
    Ask.RETEST: Words("录入气体检测", "Enter a gas test"),
    Ask.CONFIRM: Words("确认安全措施", "Confirm the measures"),
    Ask.START: Words("签字开工", "Sign to start"),
    Ask.RESUME: Words("签字恢复作业", "Sign to resume"),
    Ask.HANDOVER: Words("确认交接清单", "Go through the hand-over list"),
    Ask.HERE: Words("我在岗", "I'm here"),
    Ask.ACKNOWLEDGE: Words("确认报警", "Acknowledge the alarms"),
    Ask.LEAVE: Words("登记离开", "Count people out"),
    Ask.CONTACT: Words("里面的人已应答", "Those inside have answered"),
    Ask.ENTER: Words("登记进入", "Count people in"),
    Ask.WEAR: Words("更换手环", "Change a wearable"),
    Ask.END_WORK: Words("结束动火，开始余火监护", "End the work, begin the fire watch"),
    Ask.CLOSE: Words("签字关闭", "Sign to close"),
    Ask.CHECK_OUT: Words("监护人签退", "Check out as guard"),
    Ask.STOP: Words("停止作业", "Stop the work"),
    Ask.SHELVE: Words("搁置报警", "Silence an alarm for a while"),
    Ask.OVERRIDE: Words("旁路一条规则", "Let one rule be for a while"),
    Ask.DRILL: Words("开始演练", "Begin a drill"),
    Ask.END_DRILL: Words("结束演练", "End the drill"),
    Ask.REVOKE: Words("收回作业票", "Withdraw the permit"),
}
RELIEVE = Words("接替监护", "Relieve the guard")
TAKE_BACK = Words("取消旁路", "Take the override back")
SOUND_AGAIN = Words("取消搁置", "Let an alarm sound again")
TAKE_WATCH = Words("接手余火监护", "Take over the fire watch")
CO_SIGN = Words("确认监护人在场", "Confirm that the guard is there")
REASON = "-"  # whoever asks gives his own


class Way(Struct, frozen=True, kw_only=True):
    """One way of asking: its words for people, and the form filled in as well as it can be.

    `each`: things of which one is named at a time, in the field `names` (who goes in, an alarm, a rule), and of
    which whoever may name one may name any that can be named at all.
    """

    ask: Ask
    words: Words
    form: dict[str, Any] = {}
    names: str = ""
    each: tuple[str, ...] = ()

    @property
    def longest_s(self) -> float | None:
        """It is rehearsed for as long as it may last."""
        drill: Drill | None = self.form.get("drill")
        return self.form.get("for_s") if drill is None else drill.longest_s


def ways(scene: Scene) -> Iterator[Way]:
    """Every way of asking something that makes sense to fill in now; whether it is entertained shows."""
    permit = scene.permit
    for ask in (Ask.START, Ask.RESUME, Ask.HERE, Ask.CHECK_OUT, Ask.END_WORK, Ask.END_DRILL):
        yield _way(ask)
    yield _way(Ask.CLOSE, people_inside=0)
    yield _way(Ask.REVOKE, reason=REASON)
    yield from _check_ins(scene)
    yield from _of_the_ticket(scene)
    yield from _of_the_count(permit)
    yield from _of_the_wearables(scene)
    yield from _of_the_alarms(scene)
    yield _way(Ask.RETEST, samples=clean(samples.asked(scene.job, scene.world.rulebook), scene.world.rulebook))
    longest_s = scene.world.rulebook.drill.longest_s.value
    yield _way(Ask.DRILL, drill=Drill(name=REASON, steps=(), seed=1, longest_s=longest_s))


def _way(ask: Ask, words: Words | None = None, **form: Any) -> Way:
    return Way(ask=ask, words=words or WORDS[ask], form=form)


def _check_ins(scene: Scene) -> Iterator[Way]:
    claim = open_claim(scene.permit, scene.world)
    if claim is not None:
        yield _way(Ask.CHECK_IN, CO_SIGN, about=(claim.person,))
    if scene.permit.embers is not None:
        yield _way(Ask.CHECK_IN, TAKE_WATCH)
        return
    yield _way(Ask.CHECK_IN)
    if scene.permit.guard is not None:
        yield _way(Ask.CHECK_IN, RELIEVE)


def _of_the_ticket(scene: Scene) -> Iterator[Way]:
    """What is read or looked at: a change, the measures, the checklist."""
    permit = scene.permit
    if permit.pending is not None:
        yield _way(Ask.ACCEPT_CHANGE, about=(str(permit.pending.version),))
    manual = tuple(one.id for one in permit.ticket.measures if one.kind is MeasureKind.MANUAL)
    if manual:
        yield _way(Ask.CONFIRM, about=manual)
    for role in ticketing.to_approve(scene.job, permit.ticket, scene.world):
        name, sign = ROLES.get(role, Words(role, role)), WORDS[Ask.APPROVE]
        yield _way(Ask.APPROVE, Words(f"{sign.zh}：{name.zh}", f"{sign.en}: {name.en}"), about=(role,))
    if handover.due(permit, scene.world.shift):
        yield _way(Ask.HANDOVER, about=tuple(scene.world.rulebook.handover))


def _of_the_count(permit: Permit) -> Iterator[Way]:
    """People and tools in and out."""
    inside = tuple(one.person for one in permit.inside)
    outside = (one for one in (*permit.ticket.workers, permit.ticket.holder) if one not in inside)
    yield Way(ask=Ask.ENTER, words=WORDS[Ask.ENTER], names="about", each=tuple(outside))
    if inside or permit.tools_inside:
        yield _way(Ask.LEAVE, about=inside, tools=permit.tools_inside)
    if inside:
        yield _way(Ask.CONTACT, about=inside)


def _of_the_wearables(scene: Scene) -> Iterator[Way]:
    """Those that nobody wears, for the first who does not call for help; whoever asks picks another."""
    persons, tags = scene.world.persons, scene.world.tags
    named = [persons[id_] for id_ in wearing.people(scene.permit.ticket) if id_ in persons]
    whose = [one.id for one in named if not wearing.calls(tags.get(one.tag or ""))]
    worn = {one.tag for one in persons.values()}
    spare = tuple(id_ for id_ in tags if id_ not in worn)
    if whose and spare:
        form = {"about": whose[:1]}
        yield Way(ask=Ask.WEAR, words=WORDS[Ask.WEAR], form=form, names="wearable", each=spare)


def _of_the_alarms(scene: Scene) -> Iterator[Way]:
    book, own = scene.world.rulebook, scene.permit.ticket.id
    if any(one.state in CALLING and one.verdict.finding.permit == own for one in scene.alarms):
        yield _way(Ask.ACKNOWLEDGE)
    sounding = (one for one in scene.alarms if shelving.may_be_shelved(one) and one.shelf is None)
    silent = (one for one in scene.alarms if one.shelf is not None)
    let_be = (one.verdict.rule for one in scene.alarms if one.verdict.overridable)
    running = (one.rule for one in scene.permit.overrides)
    shelf_s, override_s = book.alarm.shelf_s.value, book.override.longest_s.value
    yield from _lasting(Ask.SHELVE, WORDS[Ask.SHELVE], shelf_s, (one.verdict.key for one in sounding))
    yield from _lasting(Ask.SHELVE, SOUND_AGAIN, 0.0, (one.verdict.key for one in silent))
    yield from _lasting(Ask.OVERRIDE, WORDS[Ask.OVERRIDE], override_s, let_be)
    yield from _lasting(Ask.OVERRIDE, TAKE_BACK, 0.0, running)


def _lasting(ask: Ask, words: Words, longest_s: float, each: Iterable[str]) -> Iterator[Way]:
    """What holds for a while and for a reason; for no time at all: what takes it back."""
    if named := tuple(dict.fromkeys(each)):
        form = {"for_s": longest_s, "reason": REASON}
        yield Way(ask=ask, words=words, form=form, names="alarm" if ask is Ask.SHELVE else "rule", each=named)


def clean(test: GasTest, book: Rulebook) -> tuple[Sample, ...]:
    """A test that holds everything that is asked for, and passes."""
    return tuple(
        Sample(gas=one.gas, level=_good(book.gases.get(one.gas)), unit=one.unit, place=place)
        for one in test.gases
        for place in one.places or ("middle",)
    )


def _good(limits: GasLimits | None) -> float:
    """A level that is permitted air."""
    low = None if limits is None else limits.stop_low
    high = None if limits is None else limits.entry_high or limits.stop_high
    return 0.0 if low is None else low.value if high is None else (low.value + high.value) / 2
