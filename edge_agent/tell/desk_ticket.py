"""What a line to the desk may say of a report and of a ticket, with the range of every field in its type."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from edge_agent.domain.report import Report
from edge_agent.domain.ticket import DraftTicket, Measure, MeasureKind, Point
from edge_agent.domain.words import Words
from edge_agent.tell.desk_types import Long, Maybe, Name, Names, Utc

Metres = Annotated[float, Meta(ge=-100_000, le=100_000)]


class ReportForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is wrong: a kind of hazards.json, where (left out: the box knows where he is), and more words."""

    kind: Name
    area: Maybe = ""
    note: Long = ""

    @property
    def report(self) -> Report:
        """The report as the brain knows it."""
        return Report(kind=self.kind, area=self.area, note=self.note)


class PointForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The work point in site metres."""

    x_m: Metres
    y_m: Metres
    z_m: Metres | None = None


class WordsForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sentence in either language, or both; one that is missing is the other one."""

    zh: Long = ""
    en: Long = ""

    @property
    def words(self) -> Words:
        """As the brain knows them."""
        return Words(self.zh or self.en, self.en or self.zh)


class MeasureForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One protective measure; one of the rulebook's needs no words."""

    id: Name
    kind: MeasureKind
    words: WordsForm = WordsForm()
    source: Maybe = ""


class TicketForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A ticket that is drawn up on the box, or more time for one (`extends`): then only what differs is given."""

    extends: Maybe = ""
    type: Name | None = None
    level: Maybe | None = None
    area: Name | None = None
    point: PointForm | None = None
    valid_from_utc: Utc | None = None
    valid_to_utc: Utc | None = None
    holder: Name | None = None
    guards: Names | None = None
    workers: Names | None = None
    devices: Names | None = None
    video_required: bool | None = None
    content: WordsForm | None = None
    linked: Names | None = None
    jsa: Maybe | None = None
    measures: Annotated[tuple[MeasureForm, ...], Meta(max_length=50)] | None = None
    scopes: Names | None = None
    uses: Names | None = None
    pipe: Maybe | None = None
    outdoor: bool | None = None
    gas_interval_s: Annotated[float, Meta(gt=0, le=86400)] | None = None
    coordinator: Maybe | None = None
    contractor: Long | None = None
    team: Long | None = None
    risk: Long | None = None

    @property
    def ticket(self) -> DraftTicket:
        """As the brain knows it."""
        plain = msgspec.structs.asdict(self)
        if self.point is not None:
            plain["point"] = Point(self.point.x_m, self.point.y_m, self.point.z_m)
        if self.content is not None:
            plain["content"] = self.content.words
        if self.measures is not None:
            plain["measures"] = tuple(
                Measure(id=one.id, kind=one.kind, words=one.words.words, source=one.source)
                for one in self.measures
            )
        return DraftTicket(**plain)
