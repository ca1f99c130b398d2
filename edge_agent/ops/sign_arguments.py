"""What can be typed after `edge-agent sign`."""

import argparse
from pathlib import Path

# As tell/downlink.py reads them; not imported, because every command reads this file and most sign nothing.
TYPES = (
    "permit",
    "person",
    "device",
    "cmd",
    "ack",
    "drill",
    "contacts",
    "taxonomy",
    "guide",
    "site",
    "ticket",
    "advice",
    "rule",
    "model",
    "update",
)


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """The command `sign`."""
    signing = commands.add_parser(
        "sign",
        help="sign a permit, a record, an order or a copy for a unit, as a centre does",
        epilog="Prints the message (JWS, one line) to publish on edge/SITE/UNIT/dn/TYPE with QoS 1. "
        "Exit: 0 done, 64 used wrongly, 65 the unit would refuse it.",
    )
    signing.add_argument("body", type=Path, nargs="?", metavar="BODY.json", help="what is told; - reads it here")
    signing.add_argument("--new-key", type=Path, metavar="FILE", help="make a key instead; prints its public half")
    signing.add_argument("--key", type=Path, metavar="FILE", help="the private key, PEM")
    signing.add_argument("--kid", required=True, help="the key's name in site.toml [[downlink.keys]]")
    signing.add_argument("--type", choices=TYPES, default="permit")
    signing.add_argument("--site")
    signing.add_argument("--unit")
    signing.add_argument("--hours", type=float, default=24.0, help="for how long the unit may take it (24)")
    signing.add_argument("--version", type=int, help="rises per subject; else a permit's own, or the time in ms")
    signing.add_argument("--id", help="of the message, never used twice; else a new UUID")
    return signing
