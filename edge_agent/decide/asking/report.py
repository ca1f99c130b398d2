"""Something is wrong, says somebody: recorded and told at once, with all that the box knows of it (ledger 2-47).

Whoever reports names one of the table's kinds. Place, permit, shift, devices, gas and wind the box fills in itself
(ledger 4-12): nobody types in an emergency. It is refused for what it says wrongly, never for what is not known.
"""

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct, to_builtins

from edge_agent.decide.around import around
from edge_agent.decide.asking.case import Errand, Errands, Reasons
from edge_agent.decide.consent import person_of
from edge_agent.decide.hazards import BY_KIND, PRIORITIES, Hazard
from edge_agent.decide.notify import whom
from edge_agent.domain.permit import TERMINAL
from edge_agent.domain.report import Report
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.people import Tag

KnownBy = Literal["named", "wearable", "permit", "unknown"]


class Place(Struct, frozen=True, kw_only=True):
    """Where it is, and by what: named, by the wearable of who reports, by his permit, or nobody knows."""

    area: str = ""
    by: KnownBy = "unknown"
    x_m: float | None = None
    y_m: float | None = None
    age_s: float | None = None


def _report(errand: Errand) -> Reasons:
    report = errand.request.report
    if report is None:
        return (Words("没有写明是什么隐患", "it does not say what is wrong"),)
    faults = tuple(_faults(errand, report))
    if faults:
        return faults
    hazard, place = BY_KIND[report.kind], _place(errand, report)
    job = _job(errand, place)
    permit = "" if job is None else job.permit.ticket.id
    data = (
        _told(errand, report, hazard, place)
        | {"permit": permit}
        | around(errand.world, errand.settings, place.area, job)
    )
    errand.draft.event("hazard.reported", permit or "unit", PRIORITIES[hazard.effect], data)
    return ()


def _faults(errand: Errand, report: Report) -> Iterator[Words]:
    if report.kind not in BY_KIND:
        listed = ", ".join(BY_KIND)
        yield Words(
            f"没有隐患类型 {report.kind}（有 {listed}）", f"there is no kind {report.kind} (there are {listed})"
        )
    if report.area and report.area not in {area.id for area in errand.settings.areas}:
        yield Words(f"本站没有区域 {report.area}", f"this site has no area {report.area}")
    id_ = errand.request.permit
    if id_ and id_ not in errand.draft.permits:
        yield Words(f"没有作业票 {id_}", f"there is no permit {id_}")


def _place(errand: Errand, report: Report) -> Place:
    """What he names counts before his wearable, and a wearable whose place is young before his permit."""
    tag = _tag(errand)
    spot = Place() if tag is None else _spot(tag, errand.world.now_s)
    if report.area:
        near = spot if spot.area == report.area else Place()
        return Place(area=report.area, by="named", x_m=near.x_m, y_m=near.y_m, age_s=near.age_s)
    if spot.area:
        return spot
    named = errand.draft.permits.get(errand.request.permit)
    own = named or next((job.permit for job in errand.world.jobs if _is_his(job, errand.request.person)), None)
    return Place() if own is None else Place(area=own.ticket.area, by="permit")


def _tag(errand: Errand) -> Tag | None:
    person = errand.person
    return errand.world.tags.get(person.tag) if person is not None and person.tag else None


def _spot(tag: Tag, now_s: float) -> Place:
    if not tag.fresh or tag.area is None or tag.placed_s is None:
        return Place()
    return Place(area=tag.area, by="wearable", x_m=tag.x_m, y_m=tag.y_m, age_s=now_s - tag.placed_s)


def _job(errand: Errand, place: Place) -> Job | None:
    """The permit that he names, else his own there, else the one whose work is there; none of several."""
    jobs = [job for job in errand.world.jobs if job.permit.state not in TERMINAL]
    if errand.request.permit:
        return next((job for job in errand.world.jobs if job.permit.ticket.id == errand.request.permit), None)
    here = [job for job in jobs if job.permit.ticket.area == place.area]
    own = [job for job in here or jobs if _is_his(job, errand.request.person)]
    found = own or here
    return found[0] if len(found) == 1 else None


def _is_his(job: Job, person: str) -> bool:
    return person in {id_ for id_, _ in job.people} or person == job.permit.guard


def _told(errand: Errand, report: Report, hazard: Hazard, place: Place) -> dict[str, object]:
    """What he says, and what is done about that kind of thing."""
    name, note = person_of(errand.draft.persons, errand.request.person), report.note.strip()
    area = next(
        (area.name for area in errand.settings.areas if area.id == place.area), Words("位置不明", "place unknown")
    )
    said = Words(f"{hazard.title.zh}，{area.zh}，{name} 报告", f"{hazard.title.en}, {area.en}, reported by {name}")
    return {
        "origin": "manual",
        "kind": hazard.kind,
        "code": hazard.code,
        "title": to_builtins(hazard.title),
        "action": to_builtins(hazard.first),
        "words": to_builtins(Words(f"{said.zh}：{note}", f"{said.en}: {note}") if note else said),
        "note": note,
        "by": errand.request.person,
        "proof": errand.request.proof.value,
        "place": to_builtins(place),
        "notify": list(whom(hazard.effect)),
    }


HANDLERS: Errands = {Ask.REPORT: _report}
