"""The example upload to a park's platform: fed with a unit's real messages, before a real HTTP server."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.upstream.test_ledger_fields import occurring
from tests.upstream.write import DOCS

SAMPLE = DOCS / "samples" / "park_upload.py"
JOB = (DOCS / "examples" / "job.jsonl").read_text()


class Platform:
    """Takes uploads, and fails as often as it is told."""

    def __init__(self) -> None:
        platform = self
        self.taken: list[tuple[str, dict[str, Any]]] = []
        self.fails: list[int] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status = platform.fails.pop(0) if platform.fails else 200
                if status == 200:
                    platform.taken.append((self.path, body))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Nothing on the test's screen."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/api"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def end(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def platform() -> Iterator[Platform]:
    one = Platform()
    yield one
    one.end()


def upload(platform: Platform, lines: str, *more: str, worst: str = "1") -> "subprocess.CompletedProcess[str]":
    order = [sys.executable, "-I", str(SAMPLE), "--company", "91310000TEST", "--to", platform.url, *more]
    order += ["--worst", worst]
    return subprocess.run(order, input=lines, capture_output=True, text=True, check=False)


def test_a_whole_job_is_uploaded_as_tickets_and_alarms(platform: Platform, tmp_path: Path) -> None:
    people = tmp_path / "people.json"
    people.write_text(json.dumps({"wang-lei": "王磊", "li-na": "李娜", "sun-yan": "孙燕"}))
    platform.fails = [503, 429]
    done = upload(platform, JOB + JOB, "--demo", "--people", str(people))  # told twice, as a broker may
    assert done.returncode == 0, done.stderr
    tickets = [body for path, body in platform.taken if path == "/api/ticket"]
    alarms = [body for path, body in platform.taken if path == "/api/alarm"]
    last = next(one for one in reversed(tickets) if one["status"] == "收回")
    assert last["companyCode"] == "91310000TEST"
    assert (last["ticketNo"], last["ticketType"], last["director"], last["guardian"]) == (
        "P-1",
        "SX",
        "王磊",
        "李娜",
    )
    assert last["planStartTime"] < last["realStartTime"] < last["realEndTime"] < last["planEndTime"]
    assert (last["coordinateSystem"], last["latitude"]) == ("CGCS2000", 30.8142)
    gas = last["gasAnalyses"]
    assert {one["place"] for one in gas} == {"upper", "middle", "lower"}
    assert {one["analyst"] for one in gas} == {"孙燕"}
    assert [one["role"] for one in last["approvals"]] == ["area_owner", "workshop_manager"]
    assert last["measures"][0]["content"]
    danger = next(one for one in alarms if one["alarmCode"] == "01-00-1")
    assert (danger["ticketNo"], danger["entity"], danger["state"]) == ("P-1", "emergency", "raised")
    assert danger["video"] == ["34020000001320000001"]
    assert len({one["id"] for one in alarms}) == len(alarms)


def test_a_demo_is_never_uploaded_unasked_and_a_refusal_ends_it(platform: Platform) -> None:
    assert upload(platform, JOB).returncode == 0
    assert platform.taken == []
    platform.fails = [400]
    done = upload(platform, JOB, "--demo")
    assert done.returncode != 0
    assert "400" in done.stderr


def test_what_is_played_or_of_a_shadow_is_not_uploaded(platform: Platform) -> None:
    lines = []
    for line in JOB.splitlines():
        message = json.loads(line)
        if "/up/permit/" in message["topic"]:
            message["payload"]["shadow"] = True
        message["payload"].get("data", {})["drill"] = True
        lines.append(json.dumps(message))
    assert upload(platform, "\n".join(lines), "--demo").returncode == 0
    assert platform.taken == []


def test_every_field_of_the_table_occurs_in_a_message_as_it_is_sent() -> None:
    rows = [line.split("|") for line in (DOCS / "regulator.md").read_text().splitlines() if line.startswith("| ")]
    named = [field for row in rows for field in row[3].replace("`", " ").split() if ":" in field]
    assert len(named) > 30
    assert set(named) <= occurring(), set(named) - occurring()


def test_a_park_that_counts_the_other_way_round_is_told_so(platform: Platform) -> None:
    codes = {}
    for worst in ("1", "4"):
        platform.taken.clear()
        assert upload(platform, JOB, "--demo", worst=worst).returncode == 0
        codes[worst] = [body["alarmCode"] for path, body in platform.taken if path == "/api/alarm"]
    assert codes["1"]
    other = [f"{code[:-1]}{5 - int(code[-1])}" for code in codes["1"]]
    assert codes["4"] == other
    done = upload(platform, JOB, "--demo", worst="2")
    assert "--worst" in done.stderr, "nobody's guess"
