"""`edge-agent down`: the agent has given up, and the box says so until somebody ends it. Nothing is switched here.

The service manager starts it once the agent has died too often or its settings are refused. The outputs are off by
then (their leases lapsed); what is missing is that people hear of it. It needs no setting: with a site that cannot
be read the usual sound device is taken and both languages are spoken.
"""

import logging
import threading
from pathlib import Path

from edge_agent.act.voice.aplay import Aplay, SpeakerError
from edge_agent.act.voice.recorded import VOICES, Recorded
from edge_agent.decide.speech import Saying, Urgency
from edge_agent.domain.words import Words
from edge_agent.settings.fault import BadSettings
from edge_agent.settings.load import load
from edge_agent.settings.site_told import VoiceTable

AGAIN_S = 20.0  # between two sayings: heard by whoever comes near, and bearable for who is mending it
DOWN = Words(
    "本机已停止监护，输出已断开。请停止作业并撤离，再由仪表员查明原因、排除后重新启动",
    "this box does not guard any more, its outputs are off. Stop work and leave; a technician looks why, mends it "
    "and starts it again",
)
BY = "journalctl -u edge-agent; edge-agent check; systemctl reset-failed edge-agent && systemctl start edge-agent"
log = logging.getLogger(__name__)


def say_it(folder: Path, root: Path, ended: threading.Event, again_s: float = AGAIN_S) -> int:
    """Say "stop work" on the sound device of the site in `folder`, and why in the log, until `ended`; returns 0.

    `root` holds firmware_configs/.
    """
    table = _table(folder, root)
    samples = Recorded(root / VOICES, table.languages).samples(
        Saying(key="down", urgency=Urgency.STOP, pieces=("head.stop",))
    )
    sounds = Aplay(table.device)
    while not ended.is_set():
        log.critical("%s / %s (%s)", DOWN.zh, DOWN.en, BY)
        try:
            sounds.play(samples, ended.is_set)
        except SpeakerError as silent:
            log.warning("%s", silent)
        ended.wait(again_s)
    return 0


def _table(folder: Path, root: Path) -> VoiceTable:
    """The site's sound device; the usual one where its settings are what is wrong, or name none."""
    try:
        return load(folder, root).site.voice or VoiceTable()
    except (BadSettings, OSError):
        return VoiceTable()
