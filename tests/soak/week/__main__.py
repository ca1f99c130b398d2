"""More than a week of a whole box in accelerated time: nothing grows, nothing is missed, the records hold.

`python -m tests.soak.week --hours 264` (`make week`) lets the real brain, its records, journal, outbox, curves,
evidence and patrol records (box.py) live through the days of a yard with two posts: a confined space and hot work,
with detectors, wearables, cameras and relays (../sources.py). Tickets open and close daily, everybody has the
day's class and every device its test, the power is lost twice a day, the line to the centre for thirty hours, and
dangers are planted. Every hour it notes memory, handles, threads, what lies on the disk and how long a step takes;
each must level off (growth.py) once the first week has filled what is kept for seven days. Exit 1 if something
grew, was missed, stopped for nothing, or does not hold at the end.
"""

import argparse
import secrets
import sys
import tempfile
from pathlib import Path

import msgspec

from tests.soak.week.living import Living
from tests.soak.week.report import text


def main() -> int:
    """0 if it passed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=264.0)
    parser.add_argument("--seed", default="")
    parser.add_argument("--folder", type=Path, help="where it writes: in memory no step waits for a disk")
    parser.add_argument("--json", type=Path)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="edge-week-", dir=told.folder) as name:
        week = Living(Path(name), told.seed or secrets.token_hex(4), told.hours).live()
    if told.json is not None:
        told.json.write_bytes(msgspec.json.format(msgspec.json.encode(week), indent=1))
    sys.stdout.write(text(week))
    return 0 if week.passed else 1


if __name__ == "__main__":
    sys.exit(main())
