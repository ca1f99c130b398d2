"""An updater that is killed (SIGKILL) at any instant, on a real folder with a real process.

`kills` starts it again and again, kills it, lets the box boot, and looks at what boots.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from edge_agent.ops.update.versions import version_of
from tests.ops.update.small import RULES, SmallBox, bundle, settle_as_at_boot, whole


def kills(folder: Path, times: int, seed: str) -> list[str]:
    """What was wrong after each of so many kills; how long an update takes by itself is measured first."""
    rng, found = random.Random(seed), list[str]()  # noqa: S311 (a test's dice)
    box = SmallBox(folder / "box")
    before, took_s = "0.1.0", 0.0
    for number in range(times + 1):
        version = f"0.2.{number}"
        new = bundle(folder / "bundles" / version, version)
        began_s = time.monotonic()
        command = [sys.executable, "-m", "tests.ops.update.killed", str(folder / "box"), str(new)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as updater:
            assert updater.stdout is not None
            updater.stdout.readline()  # it begins
            began_s = time.monotonic()
            if number:
                time.sleep(rng.uniform(0, took_s * 1.05))
                os.killpg(updater.pid, signal.SIGKILL)  # and what it has started: the whole box ends
            said = updater.stdout.read()
        took_s = took_s or time.monotonic() - began_s
        if not number and "passed" not in said:
            found.append(f"an update that nobody kills did not pass: {said!r}")  # else the kills prove nothing
        settle_as_at_boot(box.versions)
        boots = version_of(box.versions.chosen())
        if boots not in {before, version} or ("passed" in said and boots != version):
            found.append(f"kill {number}: {before} or {version} was due, {boots} boots; it said {said!r}")
        if not whole(box.versions.chosen()) or box.versions.on_trial():
            found.append(f"kill {number}: {boots} is not whole, or still on trial")
        before = boots
    return found


def main(folder: Path, new: Path) -> None:
    """One update, told as it goes."""
    box = SmallBox(folder)
    box.updater.said = lambda words: print(words.en, flush=True)  # noqa: T201
    with box:
        print("begins", flush=True)  # noqa: T201
        box.updater.update(new, RULES)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
