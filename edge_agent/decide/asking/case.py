"""One request with everything needed to answer it."""

from collections.abc import Callable

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


class Case(Struct, frozen=True, kw_only=True):
    """One request with everything needed to answer it."""

    draft: Draft
    world: World
    settings: Settings
    request: Request
    job: Job
    person: Person | None

    @property
    def permit(self) -> Permit:
        """The permit as it stands in this step (an earlier request may have changed it)."""
        return self.draft.permits[self.job.permit.ticket.id]


Handlers = dict[Ask, Callable[[Case], Reasons]]
