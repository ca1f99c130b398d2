"""`edge-agent camera`: what a stream is or what is wrong with it, in words; and a new view accepted."""

import re
import sys

import msgspec

from edge_agent.domain.words import Words
from edge_agent.ops.camera_walk import void
from edge_agent.ops.camera_words import no_such, say
from edge_agent.sense.camera import scene_file
from edge_agent.sense.camera.probe import described, probe
from edge_agent.sense.camera.stream_faults import StreamError
from edge_agent.settings.site import Settings
from edge_agent.tell.live_setup import StreamSeen

EX_USAGE = 64  # sysexits.h
EX_UNAVAILABLE = 69
KNOWN = re.compile(r"^(rtsp|rtsps|file)://.")
NO_ADDRESS = Words(
    "地址应以 rtsp://、rtsps:// 或 file:// 开头", "an address begins with rtsp://, rtsps:// or file://"
)


def probed(url: str, look_s: float) -> int:
    """Look at `url` ("-": the first line of standard input, so that no password stands in the process list)."""
    address = _address(url)
    if not KNOWN.match(address):
        say(NO_ADDRESS)
        return EX_USAGE
    try:
        seen = probe(address, look_s)
    except StreamError as fault:
        say(fault.words)
        return EX_UNAVAILABLE
    for words in described(seen):
        say(words)
    return 0


def probed_as_json(url: str, look_s: float) -> int:
    """The same look for the pages; whatever becomes of it is told in words."""
    address = _address(url)
    told = _seen(address, look_s) if KNOWN.match(address) else StreamSeen(failed=NO_ADDRESS)
    sys.stdout.write(msgspec.json.encode(told).decode() + "\n")
    return EX_UNAVAILABLE if told.failed else 0


def _seen(address: str, look_s: float) -> StreamSeen:
    try:
        return StreamSeen(says=tuple(described(probe(address, look_s))))
    except StreamError as fault:
        return StreamSeen(failed=fault.words)


def _address(url: str) -> str:
    return sys.stdin.readline().strip() if url == "-" else url


def accepted(settings: Settings, camera: str) -> int:
    """Ask the running box to take what `camera` shows now for its scene: it was turned on purpose."""
    if camera not in settings.site.cameras:
        say(no_such(settings, camera))
        return EX_USAGE
    void(settings.state_folder, camera)
    scene_file.accept(settings.runtime_folder, camera)
    say(Words(f"{camera}：几秒后以当前画面为准", f"{camera}: what it shows now is its scene in a few seconds"))
    say(Words("走测已失效，请重做", "its walk test is void: walk it again (edge-agent camera walk)"))
    return 0
