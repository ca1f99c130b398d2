"""One permit at one moment, with everything that its next steps depend on."""

from msgspec import Struct

from edge_agent.decide.state import State
from edge_agent.domain.outcome import Alarm
from edge_agent.domain.permit import Permit
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.world import World
from edge_agent.settings.site import Settings


class Scene(Struct, frozen=True, kw_only=True):
    """One permit at one moment, with everything that its next steps depend on."""

    settings: Settings
    state: State
    world: World
    job: Job
    alarms: tuple[Alarm, ...]  # that concern it

    @property
    def permit(self) -> Permit:
        """As it stands after the last step."""
        return self.job.permit
