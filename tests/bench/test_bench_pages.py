"""The bench of what people see still measures what it says: in real browsers, so it stands with make screens."""

from pathlib import Path

import pytest

from tests.bench import bench_pages
from tests.bench.guarded import Guarded
from tests.bench.table import SPREAD
from tests.pages.phone import CHROMIUM
from tests.support.pages import Served


@pytest.mark.skipif(CHROMIUM is None, reason="chromium-headless-shell is not installed (make test installs it)")
def test_what_people_see_is_measured_in_real_browsers(job: Guarded, tmp_path: Path) -> None:
    short = bench_pages.SHORT
    with Served(job.settings.runtime_folder.parent) as served:
        seen = bench_pages.until_seen(job, served, tmp_path / "floor", short)
        steps = bench_pages.step_rows(job, served, short)
        memory = bench_pages.memory_rows(served, short.settle_s)
    assert len(seen.events) >= short.events
    assert len(seen.bare_wire) == short.events
    assert len(seen.stops) == short.stops
    assert min(*seen.events, *seen.wire, *seen.stops, *seen.paints, *seen.bare_wire, *seen.bare_paint) > 0
    assert all(len(row) == len(SPREAD) for row in [*bench_pages.seen_rows(seen), *steps])
    assert all(int(row[1]) > 0 for row in memory)
