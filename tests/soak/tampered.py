"""`python -m tests.soak.tampered`: a unit's records are tampered with on the disk COUNT times; each must be named.

Ends with 1 at the first that was not, and says how to repeat it. Part of `make soak`.
"""

import argparse
import random
import sys
import tempfile
from pathlib import Path

from edge_agent.ops.audit.verify import Checkpoint, check, rows_of
from tests.support.tampering import WAYS, filled, names_it, tampered, written

ROWS = 200


def main() -> int:
    """Tamper, look, and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    options = parser.parse_args()
    draw = random.Random(options.seed)  # noqa: S311 (which tampering, no secret)
    with tempfile.TemporaryDirectory() as folder:
        path = filled(Path(folder), ROWS)
        rows = list(rows_of(path))
        kept = [Checkpoint("edge/s/u", ROWS, rows[-1].hash, "t")]
        for number in range(options.count):
            spoilt = tampered(draw, rows, number)
            written(path, spoilt)
            faults, _ = check(rows_of(path), kept)
            if not names_it(rows, spoilt, faults):
                way = WAYS[number % len(WAYS)].__name__
                sys.stdout.write(
                    f"tampered: not named: number {number} ({way}), --seed {options.seed}: {faults}\n"
                )
                return 1
        written(path, rows)
        if check(rows_of(path), kept) != ([], ROWS):
            sys.stdout.write("tampered: untouched records are faulted\n")
            return 1
    sys.stdout.write(
        f"tampered: {options.count} of {options.count} named, each at its row (seed {options.seed})\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
