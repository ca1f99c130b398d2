"""Tickets of one job that name each other (GB 30871-2022 4.6): a ticket of the box that is linked is signed anew.

Works that go together only as one job (hot work inside a confined space) need two tickets that name each other.
The second one is drawn up with the first one's name on it; the box then writes its name on the first, whose
signatures end with that: nobody has signed for a job of two tickets.
"""

from collections.abc import Iterator, Mapping

from msgspec import to_builtins
from msgspec.structs import replace

from edge_agent.decide import ticket as tickets
from edge_agent.decide.asking.case import Errand
from edge_agent.decide.permit_machine import Trigger
from edge_agent.decide.permit_moves import facts, move
from edge_agent.domain.outcome import Priority
from edge_agent.domain.permit import TERMINAL, Permit, State
from edge_agent.domain.person import Person, Role
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.ticket import Ticket
from edge_agent.domain.words import Words
from edge_agent.fuse.linked import only_linked

NOT_BEGUN = frozenset({State.RECEIVED, State.READY})


def carried(linked: tuple[str, ...], permits: Mapping[str, Permit]) -> tuple[str, ...]:
    """The links of a ticket that is extended; of another that has been given more time too, the newer ticket."""
    return tuple(dict.fromkeys(_newest(id_, permits) for id_ in linked))


def _newest(id_: str, permits: Mapping[str, Permit]) -> str:
    later = [
        one for one, permit in permits.items() if permit.ticket.extends == id_ and permit.state not in TERMINAL
    ]
    return later[-1] if later else id_


def faults(errand: Errand, made: Ticket, person: Person) -> Iterator[Words]:
    """Each link that is given names open work; where both must name each other, the other's ticket can."""
    given = () if errand.request.ticket is None else errand.request.ticket.linked or ()
    for id_ in given:
        other = errand.draft.permits.get(id_)
        if other is None or other.state in TERMINAL:
            yield Words(f"没有可关联的作业票 {id_}", f"there is no open permit {id_} to link")
        elif _both_must(made, other.ticket, errand.settings.rulebook):
            yield from _unchangeable(errand, made, other, person)


def _both_must(made: Ticket, other: Ticket, book: Rulebook) -> bool:
    return made.id not in other.linked and only_linked(made, other, book)


def _unchangeable(errand: Errand, made: Ticket, other: Permit, person: Person) -> Iterator[Words]:
    """Why the other ticket cannot name this one: whose it is, what is done under it, who asks."""
    id_ = other.ticket.id
    if not other.ticket.made_by:
        yield Words(
            f"{id_} 由中心下发且未关联本票，不能在本机关联：两张票须都在本机开具，或都由中心下发",
            f"{id_} is the centre's and does not name this ticket: draw up both here, or have both sent",
        )
    elif other.state not in NOT_BEGUN:
        yield Words(
            f"{id_} 的作业已开始，票面不能再关联：须在开工前开具两张票",
            f"the work of {id_} has begun, its ticket can name no other: draw up both before either begins",
        )
    elif not _his(other.ticket, person):
        yield Words(
            f"只有 {id_} 的开票人、作业负责人或当班班长可以关联它",
            f"only who drew up {id_}, its holder or the shift lead links it",
        )
    else:
        newer = _naming(other.ticket, made)
        yield from tickets.faults(newer, other, errand.settings, errand.draft.persons, errand.draft.instant)


def _his(other: Ticket, person: Person) -> bool:
    """He answers for it, and holds his role where it is."""
    answers = person.id in {other.made_by, other.holder} or Role.SHIFT_LEAD in person.roles
    return answers and person.holds_in(other.area)


def name_in_turn(errand: Errand, made: Ticket) -> None:
    """Write this ticket's name on those that must name it: their next version, which nobody has signed."""
    draft = errand.draft
    for id_ in made.linked:
        other = draft.permits.get(id_)
        if other is None or not other.ticket.made_by or other.state not in NOT_BEGUN:
            continue
        if _both_must(made, other.ticket, errand.settings.rulebook):
            linked = replace(other, ticket=_naming(other.ticket, made), signatures=())
            words = Words(
                f"{id_} 与 {made.id} 关联为同一作业，须重新审批",
                f"{id_} is linked with {made.id} as one job: it must be approved anew",
            )
            told = facts(linked) | {"by": errand.request.person, "ticket": to_builtins(linked.ticket)}
            draft.permits[id_] = linked
            draft.event("permit.linked", id_, Priority.MEDIUM, told | {"words": to_builtins(words)})
            move(draft, linked, Trigger.GATE_SHUTS, words)


def _naming(other: Ticket, made: Ticket) -> Ticket:
    """The other's next version; a ticket that this one extends is named no more."""
    kept = tuple(id_ for id_ in other.linked if id_ != made.extends)
    return replace(other, version=other.version + 1, linked=(*kept, made.id), approvals=())
