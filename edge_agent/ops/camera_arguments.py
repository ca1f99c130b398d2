"""What can be typed after `edge-agent camera`."""

import argparse
from pathlib import Path


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """The command `camera` and its own commands."""
    camera = commands.add_parser("camera", help="look at a camera's stream before it is entered into a site")
    inner = camera.add_subparsers(title="commands", required=True, dest="camera_command")
    probing = inner.add_parser("probe", help="open a stream and say what it is, or what is wrong with it")
    probing.add_argument("url", metavar="URL", help="rtsp://, rtsps:// or file://; - reads it from standard input")
    probing.add_argument("--seconds", type=_seconds, default=6.0, help="how long to look (6)")
    probing.add_argument("--json", action="store_true", help="the same as JSON, for the pages")
    finding = inner.add_parser(
        "find", help="ask the local network which cameras are there (ONVIF), and for their streams"
    )
    finding.add_argument("--user", default="", help="also ask each for its streams, as this user of the cameras")
    finding.add_argument("--seconds", type=_seconds, default=4.0, help="how long to listen (4)")
    finding.add_argument("--json", action="store_true", help="the same as JSON, for the pages")
    trying = inner.add_parser(
        "login", help="try a log-in, for the pages: JSON with url, user and password on standard input"
    )
    trying.add_argument("--seconds", type=_seconds, default=3.0, help="how long to look at the stream (3)")
    accepting = inner.add_parser("accept", help="what a camera shows now is its scene from here on")
    accepting.add_argument("site", type=Path, metavar="SITE")
    accepting.add_argument("camera", metavar="CAMERA", help="its id in site.toml")
    walking = inner.add_parser("walk", help="walk before a camera: where it sees somebody, how often, how soon")
    walking.add_argument("site", type=Path, metavar="SITE")
    walking.add_argument("camera", metavar="CAMERA", help="its id in site.toml")
    walking.add_argument("--by", required=True, help="who walks; stands in the certificate")
    walking.add_argument("--seconds", type=_walk_seconds, default=90.0, help="how long (90)")
    return camera


def _walk_seconds(text: str) -> float:
    value = float(text)
    if not 5 <= value <= 1800:  # noqa: PLR2004 - a few steps, and a large hall
        raise argparse.ArgumentTypeError("5 to 1800 s")
    return value


def _seconds(text: str) -> float:
    value = float(text)
    if not 1 <= value <= 60:  # noqa: PLR2004 - a technician waits on a ladder
        raise argparse.ArgumentTypeError("1 to 60 s")
    return value
