"""`edge-agent run`: opens the records and guards with one box after the other, until it is told to end."""

import logging
import signal
import sys
import threading
from pathlib import Path

from edge_agent.field.film import key
from edge_agent.ops import settings_kept
from edge_agent.ops.backup.command import retired
from edge_agent.ops.box.box import AGAIN, Box
from edge_agent.ops.bundle_files import finish
from edge_agent.ops.bundle_pruned import prune
from edge_agent.ops.commands.common import clock_of
from edge_agent.ops.folders import DATABASE
from edge_agent.ops.opening import opened
from edge_agent.sense.camera.manifest import ModelError
from edge_agent.settings.site import Settings
from edge_agent.store.errors import StoreError

EX_IOERR, EX_CONFIG = 74, 78
# A thread that wants the interpreter back waits this long beside busy ones (measured: p99 63 ms -> 16 ms).
SWITCH_S = 0.0005
log = logging.getLogger(__name__)


def run(settings: Settings, root: Path) -> int:
    """Guard until SIGTERM or SIGINT. Outputs come up safe and end safe, whatever happens between.

    AGAIN: the settings are others now, and the caller begins anew.
    """
    sys.setswitchinterval(SWITCH_S)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    state, runtime = settings.state_folder, settings.runtime_folder
    for folder in (state, runtime):
        folder.mkdir(parents=True, exist_ok=True)
    gone = retired(settings)
    if gone is not None:
        log.critical("this box is retired: %s", gone.en)
        return EX_CONFIG
    try:
        store, lost = opened(settings)
    except StoreError as fault:
        log.critical("the records cannot be opened: %s", fault)
        return EX_IOERR
    _remember(settings)
    with store:
        if finish(settings.folder, state / DATABASE):
            return AGAIN
        try:
            box = Box(settings, root, store, lost, ended)
            prune(settings.folder, state, clock_of(settings).instant().utc)
            return box.guard()
        except (ModelError, key.FilmKeyError) as fault:
            log.critical("it cannot guard so: %s", fault)
            return EX_CONFIG


def _remember(settings: Settings) -> None:
    """Which texts run: for people who compare. It guards all the same."""
    try:
        settings_kept.keep(settings)
    except OSError as fault:
        log.warning("which settings run is not written down: %s", fault)
