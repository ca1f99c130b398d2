"""The site's own time of day: its time zone, and which shift a moment belongs to.

Deadlines are measured by the monotonic clock, never by this; only what people live by (shifts, nights,
weekends) is local time.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from msgspec import Struct

from edge_agent.domain.calendar import Calendar
from edge_agent.domain.words import Words


class Shift(Struct, frozen=True, kw_only=True):
    """One shift of the day, from its beginning until the next one's."""

    id: str
    name: Words
    begins: time


class ShiftNow(Struct, frozen=True, kw_only=True):
    """The shift under way: `id` names it once and for all ("2026-11-18/day")."""

    id: str
    name: Words
    began_utc: float


class LocalTime(Struct, frozen=True, kw_only=True):
    """The site's time zone and shifts. Pure: the moment is passed in, the zone was read with the settings."""

    zone: tzinfo = UTC
    shifts: tuple[Shift, ...] = ()
    calendar: Calendar = Calendar()

    def local(self, utc: float) -> datetime:
        """The site's wall clock at this moment."""
        return datetime.fromtimestamp(utc, self.zone)

    def offset_s(self, utc: float) -> float:
        """How far the site's wall clock is ahead of UTC at this moment."""
        offset = self.local(utc).utcoffset()
        return 0.0 if offset is None else offset.total_seconds()

    def upgrade_at(self, utc: float) -> Words | None:
        """Why the higher kind's rules hold at this moment; None where they do not."""
        return self.calendar.why(self.local(utc))

    def upgrade_within(self, utc: float, within_s: float) -> tuple[float, Words] | None:
        """In how many seconds such a time begins, and which; None where none begins so soon."""
        found = self.calendar.next_begins(self.local(utc), within_s)
        return None if found is None else (found[0].timestamp() - utc, found[1])

    def shift_at(self, utc: float) -> ShiftNow | None:
        """The shift that this moment belongs to, None where the site has no shifts."""
        today = self.local(utc).date()
        begun = [
            (began_utc, f"{day.isoformat()}/{shift.id}", shift.name)
            for day in (today - timedelta(days=1), today)
            for shift in self.shifts
            # On the day that skips or repeats an hour, `timestamp` takes the offset before the change.
            if (began_utc := datetime.combine(day, shift.begins, self.zone).timestamp()) <= utc
        ]
        if not begun:
            return None
        began_utc, id_, name = max(begun, key=lambda one: one[0])
        return ShiftNow(id=id_, name=name, began_utc=began_utc)


def as_day(text: str) -> date | None:
    """The day that is written like "2027-05-31"; None where it is written otherwise."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
