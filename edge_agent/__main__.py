"""The command line: what was typed goes to its command; what people have to read of a failure is said here."""

import argparse
import logging
import sys

from edge_agent.domain.words import WordsError
from edge_agent.ops import log_lines
from edge_agent.ops.commands import asking, field, guarding, keeping, records
from edge_agent.ops.commands.common import EX_CONFIG, EX_USAGE, keys_glued, told
from edge_agent.settings.fault import BadSettings

INTERRUPTED = 130  # what a shell says of Ctrl-C


def main(argv: list[str] | None = None) -> int:
    """Run one command; the exit code is sysexits' (0 fine, 64 asked wrongly, 78 bad settings)."""
    args = _parser().parse_args(keys_glued(sys.argv[1:] if argv is None else argv))
    log_lines.begin(logging.INFO, "%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        return int(args.command(args))
    except BadSettings as bad:
        for fault in bad.faults:
            sys.stderr.write(f"{fault}\n")
        return EX_CONFIG
    except WordsError as wrong:
        told(wrong.words)
        return EX_USAGE
    except BrokenPipeError:  # the reader of our output has gone
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="edge-agent", description="The box that stops dangerous work in time.")
    commands = parser.add_subparsers(title="commands", required=True)
    for family in (guarding, field, asking, records, keeping):
        family.add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
