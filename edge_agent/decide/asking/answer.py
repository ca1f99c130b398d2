"""Every request in its order of arrival: accepted, or refused with every reason in words."""

from collections.abc import Callable, Mapping

from msgspec import to_builtins

from edge_agent.decide import aiming
from edge_agent.decide.asking import (
    alarms,
    bundle,
    capture,
    changing,
    commissioning,
    device_testing,
    drill,
    film,
    gas_test,
    guard,
    handover,
    judging,
    looking,
    measures,
    override,
    people,
    rectifying,
    report,
    roster,
    seeing,
    ticketing,
    tokening,
    trying,
    walking,
    wearing,
)
from edge_agent.decide.asking import permit as permit_steps
from edge_agent.decide.asking.case import Case, Errand, Errands, Handlers, Reasons
from edge_agent.decide.asking.entitled import out_of_place, unentitled
from edge_agent.decide.state import Draft
from edge_agent.domain.asked import Asked
from edge_agent.domain.delivery import (
    OrderDelivery,
)
from edge_agent.domain.outcome import Priority
from edge_agent.domain.permit import TERMINAL, Permit
from edge_agent.domain.person import Proof
from edge_agent.domain.request import Answer, Ask, Request
from edge_agent.domain.words import Words
from edge_agent.fuse.world import World
from edge_agent.settings.site import Settings

# What can still be asked of a permit that ended while people were at work: they come out, and are counted.
AFTER_THE_END = frozenset({Ask.LEAVE, Ask.CONTACT, Ask.ACKNOWLEDGE, Ask.CLOSE})
# ... and of one whose fire watch is not over: a guard keeps it.
OF_THE_WATCH = frozenset({Ask.CHECK_IN, Ask.CHECK_OUT, Ask.HERE, Ask.WEAR, Ask.ACKNOWLEDGE, Ask.CLOSE})
# A stop wins; a detector's test gives way to work that begins, or goes on, in the same step.
LAST: Mapping[Ask, int] = {Ask.DEVICE_TEST: 1, Ask.STOP: 2}
HANDLERS: Handlers = {
    **handover.HANDLERS,
    **permit_steps.HANDLERS,
    **guard.HANDLERS,
    **changing.HANDLERS,
    **gas_test.HANDLERS,
    **measures.HANDLERS,
    **alarms.HANDLERS,
    **override.HANDLERS,
    **drill.HANDLERS,
    **people.HANDLERS,
    **wearing.HANDLERS,
    **ticketing.HANDLERS,
}

# Orders of the centre that act on a permit, as what people ask: neither starts nor resumes anything.
ORDERED: Mapping[str, Ask] = {"stop": Ask.STOP, "withdraw": Ask.REVOKE, "drill": Ask.DRILL}
NO_DRILLS = Words(
    "本站未允许中心发起演练（site.toml：[downlink] drills = true），请由现场人员发起",
    "this site lets nobody play a drill from afar (site.toml: [downlink] drills = true): people on site may",
)
# What needs no open permit.
ERRANDS: Errands = {
    **roster.HANDLERS,
    **report.HANDLERS,
    **ticketing.ERRANDS,
    **film.HANDLERS,
    **capture.HANDLERS,
    **bundle.HANDLERS,
    **rectifying.HANDLERS,
    **judging.HANDLERS,
    **trying.HANDLERS,
    **seeing.HANDLERS,
    **looking.HANDLERS,
    **tokening.HANDLERS,
    **walking.HANDLERS,
    **commissioning.HANDLERS,
    **device_testing.HANDLERS,
}


def answer_all(draft: Draft, world: World, asked: tuple[Asked, ...], settings: Settings) -> None:
    """Every request in its order of arrival, but for what comes LAST within one step."""
    requests = [item for item in asked if isinstance(item, Request)]
    for request in sorted(requests, key=lambda item: LAST.get(item.ask, 0)):
        reasons = _answer(draft, world, request, settings)
        draft.answers.append(Answer(request=request.id, accepted=not reasons, reasons=reasons))
        if reasons and not _is_noise(request):
            data = {"person": request.person, "proof": request.proof.value, "reasons": to_builtins(reasons)}
            if _errand(request) is not None:
                told = data | {"ask": request.ask.value}
                draft.event("request.refused", request.person, Priority.MEDIUM, told)
            else:
                draft.event(f"permit.{request.ask.value}_refused", request.permit, Priority.HIGH, data)

    orders = [item for item in asked if isinstance(item, OrderDelivery)]
    for delivery in sorted(orders, key=lambda item: item.order.do == "stop"):
        _obey(draft, world, delivery, settings)


def _obey(draft: Draft, world: World, delivery: OrderDelivery, settings: Settings) -> None:
    """An order of the centre: carried out or not, it is answered with its reasons, and both are on record."""
    order = delivery.order
    ask = ORDERED.get(order.do)
    if ask is Ask.DRILL and not settings.site.downlink.drills:
        reasons: Reasons = (NO_DRILLS,)
    elif ask is None:
        turns = order.do == "look"
        reasons = aiming.ordered(draft, settings, order) if turns else capture.ordered(draft, world, order)
    else:
        request = Request(
            id=delivery.id,
            at_s=delivery.at_s,
            ask=ask,
            person=order.by,
            proof=Proof.SIGNED,
            permit=order.permit,
            reason=order.reason,
            drill=order.drill,
        )
        reasons = _answer(draft, world, request, settings)
    draft.answers.append(Answer(request=delivery.id, accepted=not reasons, reasons=reasons))
    told = {"order": order.id, "do": order.do, "accepted": not reasons, "reasons": to_builtins(reasons)}
    priority = Priority.HIGH if reasons and ask is not None else Priority.LOW
    draft.event(
        "order.answered", order.permit or "unit", priority, told | {"by": order.by, "role": order.role.value}
    )


def refusal(draft: Draft, world: World, request: Request, settings: Settings) -> Reasons:
    """What this request would be refused for at this moment (none: it is entertained); `draft` takes the rest."""
    return _answer(draft, world, request, settings)


def _is_noise(request: Request) -> bool:
    """A nameless stop of what cannot be stopped: anybody could fill the records, and nobody can be asked."""
    return request.ask is Ask.STOP and not request.person


def _errand(request: Request) -> Callable[[Errand], Reasons] | None:
    """What answers it where no open permit is needed; None where one is."""
    if request.ask is Ask.ACKNOWLEDGE and not request.permit:
        return alarms.of_the_unit
    return ERRANDS.get(request.ask)


def _answer(draft: Draft, world: World, request: Request, settings: Settings) -> Reasons:
    person = world.persons.get(request.person)
    errand = _errand(request)
    if errand is not None:
        asked = Errand(draft=draft, world=world, settings=settings, request=request, person=person)
        return unentitled(request, person, world.instant.utc) or errand(asked)
    job = world.job_of.get(request.permit)
    if job is None:
        return (Words(f"没有进行中的作业票 {request.permit}", f"there is no open permit {request.permit}"),)
    reasons = (
        *unentitled(request, person, world.instant.utc),
        *out_of_place(request, person, job.permit.ticket.area),
    )
    if reasons:
        return reasons
    case = Case(draft=draft, world=world, settings=settings, request=request, job=job, person=person)
    if case.permit.state in TERMINAL and request.ask not in _after_the_end(case.permit):
        return (Words("作业票已结束", "this permit has ended"),)
    return HANDLERS[request.ask](case)


def _after_the_end(permit: Permit) -> frozenset[Ask]:
    """What can still be asked of a permit that has ended."""
    people = AFTER_THE_END if permit.leaving else frozenset()
    return people if permit.embers is None else people | OF_THE_WATCH
