"""python -m tests.mutation: changes the deciding code, one place at a time, and reports what nobody noticed."""

import argparse
import multiprocessing
import os
import secrets
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from tests.mutation import run
from tests.mutation.change import Mutant, mutants
from tests.mutation.judge import PURE
from tests.mutation.patch import ROOT
from tests.soak.draw import dice

LEAST_PCT = 90.0


def main() -> int:
    """0 if enough was noticed."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--count", type=int, default=600, help="how many changes are tried; 0: all")
    parser.add_argument("--seed", default="", help="which ones; drawn anew if not given")
    parser.add_argument("--only", default="", help="files whose path contains this")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    options = parser.parse_args()
    seed = options.seed or secrets.token_hex(4)
    every = _every(options.only)
    chosen = every if not options.count else dice(seed).sample(every, min(options.count, len(every)))
    _say(f"mutation: seed {seed}, {len(chosen)} of {len(every)} changes; watching what runs which line")
    began_s = time.perf_counter()
    run.prepare()
    judged: list[tuple[Mutant, str | None]] = []
    with ProcessPoolExecutor(options.workers, mp_context=multiprocessing.get_context("fork")) as pool:
        for mutant, by in zip(chosen, pool.map(run.noticed_by, chosen, chunksize=4), strict=True):
            judged.append((mutant, by))
            if by is None:
                _say(f"  SURVIVED {mutant.file}:{mutant.line} {mutant.function}: {mutant.what}")
    survivors = [mutant for mutant, by in judged if by is None]
    share = 100 * (1 - len(survivors) / len(chosen)) if chosen else 0.0
    _report(judged, survivors)
    _say(
        f"mutation: seed {seed}: {share:.1f} % of {len(chosen)} changes noticed (of {len(every)} possible; "
        f"at least {LEAST_PCT:g} %), {time.perf_counter() - began_s:.0f} s with {options.workers} processes"
    )
    return 0 if share >= LEAST_PCT else 1


def _every(only: str) -> list[Mutant]:
    files = sorted(path for part in PURE for path in (ROOT / part).rglob("*.py") if only in str(path))
    return [mutant for path in files for mutant in mutants(path, str(path.relative_to(ROOT)))]


def _report(judged: list[tuple[Mutant, str | None]], survivors: list[Mutant]) -> None:
    tried, left = Counter(mutant.file for mutant, _ in judged), Counter(mutant.file for mutant in survivors)
    for file in sorted(tried):
        _say(f"  {file}: {tried[file] - left[file]} of {tried[file]}")


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
