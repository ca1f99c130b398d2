"""`python -m tests.bench [name ...]`: runs the benches named, or all; each prints its own table.

Nothing in here fails because of a time: a figure is read beside the floor of the same run and the
machine it was measured on. What fails is a bench that could not measure.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
NAMES = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))


def main(names: list[str]) -> int:
    """One process per bench, so that none is measured in another's leavings."""
    unknown = sorted(set(names) - set(NAMES))
    if unknown:
        sys.stderr.write(f"tests.bench: no bench {', '.join(unknown)}; there are {', '.join(NAMES)}\n")
        return 64
    codes = []
    for name in names or NAMES:
        run = subprocess.run([sys.executable, "-m", f"tests.bench.bench_{name}"], check=False)
        codes.append(run.returncode)
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
