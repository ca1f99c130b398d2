"""One request with everything needed to answer it: about a permit, or about none."""

from collections.abc import Callable
from datetime import date

from msgspec import Struct

from edge_agent.decide.state import Draft
from edge_agent.domain.permit import Permit
from edge_agent.domain.person import Person
from edge_agent.domain.request import Ask, Request
from edge_agent.domain.words import Words
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.world import World
from edge_agent.settings.site import Settings

Reasons = tuple[Words, ...]


class Errand(Struct, frozen=True, kw_only=True):
    """A request that needs no open permit: about people, about something that somebody saw."""

    draft: Draft
    world: World
    settings: Settings
    request: Request
    person: Person | None

    @property
    def today(self) -> date:
        """The site's own day."""
        return self.settings.local_time.local(self.draft.instant.utc).date()


class Case(Errand, frozen=True, kw_only=True):
    """A request about an open permit."""

    job: Job

    @property
    def permit(self) -> Permit:
        """The permit as it stands in this step (an earlier request may have changed it)."""
        return self.draft.permits[self.job.permit.ticket.id]


Handlers = dict[Ask, Callable[[Case], Reasons]]
Errands = dict[Ask, Callable[[Errand], Reasons]]
