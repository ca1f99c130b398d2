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
    finding = inner.add_parser(
        "find", help="ask the local network which cameras are there (ONVIF), and for their streams"
    )
    finding.add_argument("--user", default="", help="also ask each for its streams, as this user of the cameras")
    finding.add_argument("--seconds", type=_seconds, default=4.0, help="how long to listen (4)")
    accepting = inner.add_parser("accept", help="what a camera shows now is its scene from here on")
    accepting.add_argument("site", type=Path, metavar="SITE")
    accepting.add_argument("camera", metavar="CAMERA", help="its id in site.toml")
    return camera


def _seconds(text: str) -> float:
    value = float(text)
    if not 1 <= value <= 60:  # noqa: PLR2004 - a technician waits on a ladder
        raise argparse.ArgumentTypeError("1 to 60 s")
    return value
