"""python -m tests.soak: ordinary permit-hours and planted dangers on every core, and a report of what ran."""

import argparse
import os
import secrets
import sys
from pathlib import Path

import msgspec

from tests.soak.report import Report, text, verdict
from tests.soak.soak import say, soak


def main() -> int:
    """0 if the budget holds and nothing was missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--hours", type=float, default=1000.0)
    parser.add_argument("--dangers", type=int, default=10_000)
    parser.add_argument("--seed", default="")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--json", type=Path, help="where the whole report goes")
    options = parser.parse_args()
    seed = options.seed or secrets.token_hex(4)
    say(f"seed {seed}")

    def keep(report: Report) -> None:
        if options.json is not None:
            options.json.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=1))

    report = soak(seed, options.hours, options.dangers, options.workers, keep)
    sys.stdout.write(text(report))
    return 0 if verdict(report) else 1


if __name__ == "__main__":
    sys.exit(main())
