"""What can be typed after `edge-agent recording`."""

import argparse
from pathlib import Path

from edge_agent.ops.model.arguments import DEFAULT_MODEL


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """The command `recording` and its own commands."""
    recording = commands.add_parser(
        "recording",
        help="list, check, copy and mark the films of a box",
        epilog="Exit: 0 done, 1 a film is not what the records say, 64 used wrongly, 69 refused or no answer.",
    )
    inner = recording.add_subparsers(title="commands", required=True, dest="recording_command")
    listing = inner.add_parser("list", help="every film: name, beginning, bytes")
    verifying = inner.add_parser("verify", help="compare films with their SHA-256 in the records")
    exporting = inner.add_parser("export", help="a copy that any player shows; masked, unless --raw")
    keeping = inner.add_parser("keep", help="a film stays whatever its age")
    letting = inner.add_parser("release", help="... and may go again")
    for command in (listing, verifying, exporting, keeping, letting):
        command.add_argument("site", type=Path, metavar="SITE", help="the site's folder (site.toml and the rest)")
    listing.add_argument("--permit", default="", help="only of this permit")
    verifying.add_argument("film", nargs="?", default="", metavar="FILM", help="only this one")
    for command in (exporting, keeping, letting):
        command.add_argument(
            "film",
            metavar="FILM",
            help="its name, as list shows it; of stills the event's number, to export 412-cam-1.jpg",
        )
        command.add_argument("--by", required=True, metavar="PERSON", help="who; the PIN is asked for")
        command.add_argument("--reason", required=True)
    exporting.add_argument("out", type=Path, metavar="OUT", help="a new file, .mkv or .mp4; .jpg of a still")
    exporting.add_argument("--raw", action="store_true", help="as it is, with faces (safety officer, admin)")
    exporting.add_argument("--model", default=DEFAULT_MODEL, help="finds people, where the camera is gone")
    return recording
