"""The package in a booted Debian: installed without a network, guarding, killed, frozen, upgraded, removed.

`make boots` builds the package and runs this (root; STEPS="follows_the_guide guards" runs these alone). Each step
says what it saw and how long it took; the first that fails ends it with 1.
"""

import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from edge_agent.ops.demo.witness import NotSeen
from edge_agent.simulate.handle import SimulatorError
from tests.boot import burdened, guarded, installed, people, service, spare, struck, updated
from tests.boot.field import ADDRESSES, Field
from tests.boot.machine import BootError, Machine, image, leave_the_network
from tests.boot.versions import bundle

Step = Callable[[Machine, Field], str]
STEPS: tuple[Step, ...] = (
    *(installed.follows_the_guide, installed.guards, service.keeps_apart, service.calculates_for_its_pages),
    *(service.is_fenced_in, service.keeps_its_journal_small, service.reaches_its_devices),
    *(service.is_started_anew, service.stays_down, service.says_wrong_settings_at_once),
    *(guarded.works_begin, burdened.stays_within_its_memory, people.shows_its_pictures, people.keeps_films),
    *(people.counts_for_prometheus, people.backs_up_each_night, updated.refuses_updates_at_work),
    *(burdened.keeps_its_time_while_vision_burns, guarded.takes_other_areas, struck.loses_its_power),
    *(struck.finds_its_records_damaged, struck.guards_on_a_disk_that_is_read_only, guarded.work_ends),
    *(updated.takes_an_update, updated.refuses_updates, updated.loses_its_judge),
    *(updated.is_updated_from_afar, updated.takes_limits_and_models),
    *(installed.is_installed_anew, installed.refuses_an_older_package, spare.takes_its_place),
    *(installed.is_removed, installed.is_purged),
)
VERSIONS = ("0.97.0", "0.98.0", "0.98.1", "0.99.0")
FAILED = (BootError, AssertionError, NotSeen, SimulatorError, OSError)


def main() -> int:
    """Run every step in one machine."""
    package, wanted = Path(sys.argv[1]).resolve(), sys.argv[2:]
    began_s = time.monotonic()
    older = spare.package_before(package)
    image()
    leave_the_network(ADDRESSES)
    with Machine() as box, Field() as field, ThreadPoolExecutor(1) as beside:
        stick = box.root / "root"
        (stick / package.name).write_bytes(package.read_bytes())
        (stick / "older").mkdir()
        (stick / "older" / older.name).write_bytes(older.read_bytes())
        made = [beside.submit(bundle, package, one, stick, stands=one == VERSIONS[-1]) for one in VERSIONS]
        for step in (one for one in STEPS if not wanted or one.__name__ in wanted):
            if step.__module__ == updated.__name__:
                for one in made:
                    one.result()
            if not _passed(step, box, field):
                return 1
    sys.stdout.write(f"boots: all passed in {time.monotonic() - began_s:.0f} s\n")
    return 0


def _passed(step: Step, box: Machine, field: Field) -> bool:
    began_s = time.monotonic()
    try:
        said = step(box, field)
    except FAILED as fault:
        log = box.does("journalctl -b -n 40 -o short-monotonic --no-hostname", check=False)
        sys.stdout.write(f"boots: {step.__name__} FAILED: {type(fault).__name__}: {fault}\n{log}\n")
        return False
    sys.stdout.write(f"boots: {step.__name__} ({time.monotonic() - began_s:.1f} s): {said}\n")
    sys.stdout.flush()
    return True


if __name__ == "__main__":
    sys.exit(main())
