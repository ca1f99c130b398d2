"""The way of evidence to the centre's store: a process of its own, where the site asks for one."""

import threading

from edge_agent.agent.brain import Brain
from edge_agent.clock import Clock
from edge_agent.domain.noted import EvidenceSent
from edge_agent.domain.observation import DeviceHealth
from edge_agent.ops.folders import BACKUP_ARRIVED, BACKUP_UPLOADS, DATABASE, EVIDENCE, FILMS, UPLOADS
from edge_agent.settings.site import Settings
from edge_agent.settings.site_upload import UploadTable
from edge_agent.tell.uplink import Told, Uplink
from edge_agent.tell.upload.wire import BackupSent, UploadConfig
from edge_agent.tell.wire import Carried, Link


class Sending:
    """A worker of the supervisor: one process at a time, and what it says."""

    def __init__(self, settings: Settings, table: UploadTable, clock: Clock, brain: Brain) -> None:
        """`table` is the site's [upload]. Nothing is started until `run`."""
        self._clock, self._brain = clock, brain
        self._told_of: set[int] = set()  # in this run: the process may say it twice
        state = settings.state_folder
        config = UploadConfig(
            **{name: getattr(table, name) for name in UploadTable.__struct_fields__},
            store=str(state / DATABASE),
            stills=str(state / EVIDENCE),
            films=str(state / FILMS),
            state=str(state / UPLOADS),
            site=settings.site.site.id,
            unit=settings.site.site.unit,
            backup=_backup(settings),
        )
        self._child = Uplink(config, "edge_agent.tell.upload")

    def run(self, stop: threading.Event) -> None:
        """Send until `stop`; raises when the process dies, and is started again by the supervisor."""
        self._child.run(self._told, stop)

    def _told(self, told: Told) -> None:
        at_s = self._clock.monotonic()
        if isinstance(told, Link):
            self._brain.deliver(DeviceHealth(source="upload", at_s=at_s, ok=told.up, detail=told.detail))
        elif isinstance(told, Carried) and told.of not in self._told_of:
            self._told_of.add(told.of)
            self._brain.ask(
                EvidenceSent(id=f"sent {told.of}", at_s=at_s, of=told.of, permit=told.permit, files=told.files)
            )


def _backup(settings: Settings) -> BackupSent | None:
    table, state = settings.site.backup, settings.state_folder
    if table is None or not table.send:
        return None
    return BackupSent(folder=table.into, state=str(state / BACKUP_UPLOADS), arrived=str(state / BACKUP_ARRIVED))
