"""Guide cards: for every code of an alarm or a report what it is, what to do, and who does what.

They hold offline and without a meeting (ledger 0-25, 4-13): the pages show them from a file that the box writes.
"""

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from edge_agent.decide.cards import card
from edge_agent.decide.hazards import HAZARDS
from edge_agent.decide.rules.table import RULES
from edge_agent.domain.centre_record import GuideCard
from edge_agent.domain.guide import Guide, HazardKind, OfferedMeasure, OfferedPoint, Offers, WorkKind
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.scopes import SCOPES, scope_words
from edge_agent.domain.ticket import WorkType
from edge_agent.domain.words import NOTHING, Words
from edge_agent.domain.work_limits import WorkLimits
from edge_agent.domain.zone import Area
from edge_agent.fuse.people import nearest_m
from edge_agent.settings.site import Settings, Site

MOST_POSTS = 4  # places near an area that are offered as the work point


def with_the_centres(cards: Mapping[str, Guide], theirs: Iterable[GuideCard]) -> dict[str, Guide]:
    """The cards with the centre's words where it has sent some; a code that nobody here has gets none."""
    after = dict(cards)
    for one in theirs:
        own = after.get(one.id)
        if own is not None:
            after[one.id] = replace(own, action=one.action, card={**own.card, **one.card}, edition=one.name)
    return after


def guides() -> dict[str, Guide]:
    """Every card by its code."""
    of_rules = {
        rule.code: Guide(
            code=rule.code,
            title=rule.text.title,
            cause=rule.text.cause,
            consequence=rule.text.consequence,
            action=rule.text.action,
            card=card(rule.effect),
        )
        for rule in RULES
    }
    of_reports = {
        one.code: Guide(
            code=one.code,
            title=one.title,
            cause=NOTHING,
            consequence=NOTHING,
            action=one.first,
            card=card(one.effect),
        )
        for one in HAZARDS
    }
    return of_rules | of_reports


def kinds() -> tuple[HazardKind, ...]:
    """What anybody can pick to report, in the order of the table."""
    return tuple(
        HazardKind(
            kind=one.kind,
            code=one.code,
            icon=one.icon,
            words=one.title,
            first=one.first,
            urgent=one.effect.name.lower(),
            works=tuple(work.value for work in one.works),
        )
        for one in HAZARDS
    )


def offers(settings: Settings) -> Offers:
    """What a ticket or a person's record can be drawn up from here."""
    return Offers(
        works=tuple(_work(kind, work, settings.rulebook) for kind, work in settings.rulebook.works.items()),
        devices={area.id: tuple(_devices(settings.site, area.id)) for area in settings.areas},
        points={area.id: tuple(_points(area, settings)) for area in settings.areas},
        scopes={scope: scope_words(scope) for scope in _scopes(settings.rulebook)},
        wearables=tuple(settings.site.wearables),
    )


def _scopes(rulebook: Rulebook) -> Iterator[str]:
    """What the works of this rulebook ask for first, then what else is known."""
    asked = (scope for work in rulebook.works.values() for scope in (*work.certificates, *work.guard_certificates))
    yield from dict.fromkeys((*asked, *rulebook.people.tester_certificates, *SCOPES))


def _work(kind: str, work: WorkLimits, rulebook: Rulebook) -> WorkKind:
    type_, _, level = kind.partition(".")
    return WorkKind(
        type=type_,
        level=level,
        words=work.name,
        longest_s=None if work.longest_s is None else work.longest_s.value,
        approvals=work.approvals,
        guards=work.guards,
        jsa=work.jsa,
        video=work.video,
        pipe=type_ == WorkType.BLIND_PLATE,
        wind=work.wind_stop_mps is not None,
        certificates=work.certificates,
        measures=tuple(_measure(id_, rulebook) for id_ in work.measures),
    )


def _measure(id_: str, rulebook: Rulebook) -> OfferedMeasure:
    found = rulebook.measures[id_]
    return OfferedMeasure(id=id_, words=found.words, shown_by=found.shown_by)


def _points(area: Area, settings: Settings) -> Iterator[OfferedPoint]:
    """The middle, then the middle of whatever lies so near that a guard's post may be there, nearest first."""
    yield _middle(area, NOTHING)
    reach_m = settings.rulebook.guard.post_warn_m.value
    near = (
        (nearest_m(point.x_m, point.y_m, area.corners), point)
        for other in settings.areas
        if other.id != area.id
        for point in (_middle(other, other.name),)
    )
    found = sorted(((far_m, point) for far_m, point in near if far_m <= reach_m), key=lambda one: one[0])
    yield from (point for _, point in found[:MOST_POSTS])


def _middle(area: Area, words: Words) -> OfferedPoint:
    """The mean of its corners, to the decimetre."""
    x_m, y_m = (round(sum(values) / len(area.corners), 1) for values in zip(*area.corners, strict=True))
    return OfferedPoint(words=words, x_m=x_m, y_m=y_m)


def _devices(site: Site, area: str) -> Iterator[str]:
    """What measures, sees and switches in this area."""
    yield from (id_ for id_, one in site.gas.items() if one.area == area)
    yield from (id_ for id_, one in site.cameras.items() if any(part.area == area for part in one.areas))
    yield from (id_ for id_, one in site.relays.items() if area in one.areas)
