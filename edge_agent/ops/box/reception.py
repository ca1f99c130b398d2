"""Where people reach a box: the desk, what stands behind it, and the papers by which pages know who is who."""

import logging
import secrets
from collections.abc import Callable, Mapping
from functools import partial

from edge_agent.ops.box.core import Core
from edge_agent.ops.bundle_change import Bundle
from edge_agent.ops.bundle_look import Looks
from edge_agent.ops.folders import EVIDENCE, REQUESTS
from edge_agent.ops.looks import DeviceLooks
from edge_agent.sense.guests import Guests
from edge_agent.tell.desk import Desk
from edge_agent.tell.desk_filing import Behind
from edge_agent.tell.photos import Photos
from edge_agent.tell.who.beside import Beside
from edge_agent.tell.who.claim import ClaimCode
from edge_agent.tell.who.papers import Papers

WRONG = "wrong_proofs/"  # meta key: how often somebody's PIN or badge was wrong in a row
KEPT_S = 2.0  # whoever was wrong is told so when it is on the disk, or by then
log = logging.getLogger(__name__)


def wrong_of(meta: Mapping[str, str]) -> dict[str, int]:
    """How often each was wrong in a row before the restart, by the records' own notes."""
    return {key.removeprefix(WRONG): int(value) for key, value in meta.items() if key.startswith(WRONG)}


class Reception:
    """The desk and the people's papers, each for a worker of its own."""

    def __init__(
        self, core: Core, wrong: Mapping[str, int], guests: Mapping[str, Guests], begin_anew: Callable[[], object]
    ) -> None:
        """`wrong`: see wrong_of; `guests` ask on a bus beside its worker; `begin_anew` takes other settings."""
        settings = core.settings
        self._core, self._guests, self._begin_anew = core, guests, begin_anew
        self.looks = DeviceLooks(settings, core.clock.monotonic)
        path = settings.runtime_folder / REQUESTS
        self.desk = Desk(path, core.clock, secrets.token_hex(8), self._behind(), wrong, Beside())
        self.papers = Papers(settings.runtime_folder, core.clock, core.persons, self.desk)

    def _behind(self) -> Behind:
        core, brain = self._core, self._core.brain
        return Behind(
            persons=core.persons,
            submit=brain.ask,
            note=brain.ask,
            claim=self._claim_code(),
            remember=lambda name, wrong: partial(brain.keeper.remember(WRONG + name, str(wrong)).wait, KEPT_S),
            relist=self._relist,
            change=self._bundle().change,
            photos=Photos(core.settings.state_folder / EVIDENCE),
            look=self.looks.take,
        )

    def _bundle(self) -> Bundle:
        core, brain = self._core, self._core.brain
        return Bundle(
            core.settings.folder,
            core.root,
            self._begin_anew,
            lambda: brain.state.permits,
            Looks(core.root, core.settings.site.buses, self._guests).look,
            lambda: brain.state.outputs,
            self.looks.took,
        )

    def _relist(self) -> None:
        try:
            self.papers.list_people()
        except OSError as fault:  # the change holds all the same; the worker that keeps the list tries again
            log.warning("the pages' list of people is not written: %s", fault)

    def _claim_code(self) -> ClaimCode:
        """Of a box that nobody administers; of another one the code of its first start is worth nothing."""
        code = ClaimCode(self._core.settings.state_folder)
        if any(person.administers for person in self._core.persons().values()):
            code.forget()
            return code
        try:
            code.make()
        except OSError as fault:  # it guards all the same
            log.critical("this box cannot be claimed, its code cannot be kept: %s", fault)
        return code
