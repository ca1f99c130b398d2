"""What Prometheus reads, and that the dashboard and the alert rules ask for nothing that is not there."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import msgspec
import pytest

from edge_agent.ops import disk_kept, integrity
from edge_agent.ops.disk_kept import Disk, Kept, Use
from edge_agent.ops.disk_use import CLASSES
from tests.support.board_world import Folder, live
from tests.support.pages import make_client

SHELF = Path(__file__).parents[2] / "docs" / "observability"
LINE = re.compile(r'^(edge_[a-z_]+)(\{([a-z]+="(?:[^"\\\n]|\\.)*",?)+\})? -?[0-9.e+]+$')


def figures(site: Path) -> str:
    answer = make_client(site).get("/metrics")
    assert answer.status_code == 200
    return answer.text


def names(text: str) -> set[str]:
    return set(re.findall(r"\bedge_[a-z_]+\b", text))


@pytest.fixture
def looked(site: Path, folder: Folder) -> Path:
    """A box whose agent has looked at its disk and its records."""
    folder.put(live())
    place = site / "state"
    use = {name: Use(bytes=7_000_000, most=None, per_day=1.0) for name in CLASSES}
    disk = Disk(utc=1.0, free=5, size=10, classes=use, written_per_day=3.0, days_left=40.0)
    (place / disk_kept.NAME).write_bytes(msgspec.json.encode(Kept(now=disk)))
    (place / integrity.NAME).write_bytes(b'{"utc": 1.0, "rows": 9}')
    return site


def test_every_line_is_of_the_format_and_says_what_it_means(looked: Path) -> None:
    text = figures(looked)
    for line in text.splitlines():
        assert line.startswith(("# HELP edge_", "# TYPE edge_")) or LINE.match(line), line
    assert {line.split()[2] for line in text.splitlines() if line.startswith("# HELP")} == names(text)
    assert 'edge_disk_bytes{class="films"} 7000000' in text
    assert 'edge_permits_in_state{state="active"} 1' in text
    assert "edge_records_checked_age_seconds" in text


def test_without_a_picture_nothing_is_claimed(site: Path) -> None:
    text = figures(site)
    assert "edge_picture_up 0" in text
    assert names(text) == {"edge_picture_up", "edge_viewers", "edge_web_resident_bytes"}


def test_a_value_that_may_not_be_used_is_not_told(looked: Path) -> None:
    text = figures(looked)
    good = re.findall(r'edge_gas_good\{channel="([^"]+)".*\} 1', text)
    assert set(re.findall(r'edge_gas_level\{channel="([^"]+)"', text)) <= set(good)


@pytest.mark.parametrize("file", ["alerts.yml", "dashboard.json"])
def test_what_is_asked_for_is_there(looked: Path, file: str) -> None:
    asked = names((SHELF / file).read_text("utf-8"))
    assert len(asked) > 8
    assert asked - names(figures(looked)) == set()


def test_the_dashboard_is_json_whose_panels_do_not_lie_on_each_other() -> None:
    panels = json.loads((SHELF / "dashboard.json").read_text("utf-8"))["panels"]
    taken = [
        (x, y)
        for one in panels
        for x in range(one["gridPos"]["x"], one["gridPos"]["x"] + one["gridPos"]["w"])
        for y in range(one["gridPos"]["y"], one["gridPos"]["y"] + one["gridPos"]["h"])
    ]
    assert len(taken) == len(set(taken))
    assert max(x for x, _ in taken) < 24


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not here (Debian: prometheus)")
def test_prometheus_itself_takes_the_alert_rules_and_the_figures(looked: Path) -> None:
    done = subprocess.run(
        ["promtool", "check", "rules", SHELF / "alerts.yml"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    done = subprocess.run(
        ["promtool", "check", "metrics"], input=figures(looked), capture_output=True, text=True, check=False
    )
    assert "error" not in done.stderr.lower(), done.stderr
