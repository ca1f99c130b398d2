"""What can be typed after `edge-agent consume`."""

import argparse
from pathlib import Path


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """The command `consume`."""
    consuming = commands.add_parser(
        "consume",
        help="take what units send to a broker, each event once, into SQLite or PostgreSQL",
        epilog="Exit: 0 nothing is missing, 1 numbers are missing, 69 broker, file or database cannot be used.",
    )
    consuming.add_argument(
        "--into",
        required=True,
        metavar="FILE",
        help="made if it is not there; or postgresql://USER@HOST/DATABASE (extra [postgresql])",
    )
    consuming.add_argument("--host", default="127.0.0.1")
    consuming.add_argument("--port", type=int, default=1883)
    consuming.add_argument("--username")
    consuming.add_argument("--password-file", type=Path, metavar="FILE")
    consuming.add_argument("--ca", type=Path, metavar="PEM", help="TLS, with this CA")
    consuming.add_argument(
        "--client-id", default="edge-agent-consume", help="one per consumer: the broker keeps by it"
    )
    consuming.add_argument("--topic", default="edge/+/+/up/#", help="another filter: one site, one unit")
    consuming.add_argument(
        "--ack-key", type=Path, metavar="PEM", help="also tell units (dn/ack) what is kept here, signed with this"
    )
    consuming.add_argument("--kid", default="centre-1", help="that key's name in site.toml (centre-1)")
    consuming.add_argument(
        "--until-quiet", type=float, metavar="S", help="end when nothing came for S seconds (else Ctrl-C)"
    )
    consuming.add_argument("--quiet", action="store_true", help="only the report at the end")
    return consuming
