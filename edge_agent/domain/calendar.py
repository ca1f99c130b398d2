"""Nights, rest days and holidays: when the rules of the higher kind of work hold (GB 30871-2022 5.1.1)."""

from datetime import date, datetime, time, timedelta

from msgspec import Struct

from edge_agent.domain.words import Words

HOLIDAY = Words("节假日", "a holiday")
REST_DAY = Words("公休日", "a rest day")


class Calendar(Struct, frozen=True, kw_only=True):
    """The site's own. `rest_days` count from Monday (0); `working_days` are rest days worked in exchange."""

    night_begins: time = time(18)
    night_ends: time = time(6)
    rest_days: tuple[int, ...] = (5, 6)
    holidays: tuple[date, ...] = ()
    working_days: tuple[date, ...] = ()
    never: bool = False  # a DEMO site, which plays at any hour

    def why(self, local: datetime) -> Words | None:
        """Why the higher kind's rules hold at this moment of the site's wall clock; None where they do not."""
        if self.never:
            return None
        day = local.date()
        if day in self.holidays:
            return HOLIDAY
        if local.weekday() in self.rest_days and day not in self.working_days:
            return REST_DAY
        return self._night() if self._is_night(local.time()) else None

    def next_begins(self, local: datetime, within_s: float) -> tuple[datetime, Words] | None:
        """When such a time begins next, and which; None where it has begun, or does not begin so soon."""
        if self.why(local) is not None:
            return None
        for begins in self._borders(local):
            why = self.why(begins)
            if why is not None and 0 < begins.timestamp() - local.timestamp() <= within_s:
                return begins, why
        return None

    def _borders(self, local: datetime) -> tuple[datetime, ...]:
        """The moments at which it may begin next, in their order."""
        today, tomorrow = local.date(), local.date() + timedelta(days=1)
        moments = ((today, self.night_begins), (tomorrow, time(0)), (tomorrow, self.night_begins))
        return tuple(datetime.combine(day, at, local.tzinfo) for day, at in moments)

    def _is_night(self, at: time) -> bool:
        begins, ends = self.night_begins, self.night_ends
        return begins <= at < ends if begins < ends else at >= begins or at < ends

    def _night(self) -> Words:
        span = f"{self.night_begins:%H:%M}-{self.night_ends:%H:%M}"
        return Words(f"夜间（{span}）", f"the night ({span})")
