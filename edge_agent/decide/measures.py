"""The measures of a ticket that is drawn up on the box: first those that its kind of work asks for, then its own.

What a person looked at is not recorded as watched by a device (ledger 2-44): the book says what can prove one.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.ticket import Measure, MeasureKind, Ticket
from edge_agent.domain.words import Words
from edge_agent.domain.work_limits import UNKNOWN_WORK, BookMeasure
from edge_agent.settings.site import Settings, Site

PROVED = {"gas": MeasureKind.IOT, "camera": MeasureKind.AI}  # by what; by people: MANUAL


def asked_for(kind: str, book: Rulebook) -> tuple[str, ...]:
    """The measures of the book that this kind of work asks for."""
    return book.works.get(kind, UNKNOWN_WORK).measures


def usual(kind: str, devices: tuple[str, ...], settings: Settings) -> tuple[Measure, ...]:
    """All that its kind of work asks for; shown by a device that is bound where the book lets one show it."""
    found = ((id_, settings.rulebook.measures[id_]) for id_ in asked_for(kind, settings.rulebook))
    return tuple(_usual(id_, one, devices, settings.site) for id_, one in found)


def _usual(id_: str, one: BookMeasure, devices: tuple[str, ...], site: Site) -> Measure:
    source = next(_provers(one, devices, site), "")
    kind = PROVED[one.shown_by] if source else MeasureKind.MANUAL
    return Measure(id=id_, kind=kind, words=one.words, source=source)


def _provers(one: BookMeasure, devices: tuple[str, ...], site: Site) -> Iterator[str]:
    """Devices of the ticket that can show this measure."""
    able = {"gas": tuple(site.gas), "camera": tuple(site.cameras)}.get(one.shown_by, ())
    yield from (id_ for id_ in devices if id_ in able)


def in_the_books_words(written: tuple[Measure, ...], book: Rulebook) -> tuple[Measure, ...]:
    """What has a name of the book's says what the book says."""
    return tuple(
        replace(one, words=book.measures[one.id].words) if one.id in book.measures else one for one in written
    )


def faults(ticket: Ticket, settings: Settings) -> Iterator[Words]:
    """Each says what it is, and claims only what can show it."""
    for one in ticket.measures:
        known = settings.rulebook.measures.get(one.id)
        if not one.words:
            yield Words(f"措施 {one.id} 没有写明内容", f"the measure {one.id} does not say what it is")
        elif one.kind is MeasureKind.MANUAL:
            continue
        elif known is not None and (
            one.kind is not PROVED.get(known.shown_by)
            or one.source not in _provers(known, ticket.devices, settings.site)
        ):
            yield Words(
                f"措施“{one.words.zh}”不能由 {one.source} 核实，须由人员确认",
                f'the measure "{one.words.en}" cannot be shown by {one.source}: people confirm it',
            )
        elif known is None and one.source and one.source not in ticket.devices:
            yield Words(
                f"措施“{one.words.zh}”的来源设备 {one.source} 没有绑定到本票",
                f'the measure "{one.words.en}" names {one.source}, which the ticket does not bind',
            )


def left_out(ticket: Ticket, book: Rulebook) -> tuple[str, ...]:
    """What its kind of work asks for and a ticket of the box does not hold; the centre has lists of its own."""
    held = {one.id for one in ticket.measures}
    return tuple(id_ for id_ in asked_for(ticket.kind, book) if id_ not in held) if ticket.made_by else ()
