"""A bundle for an auditor: what was asked for and nobody else's business, checked on another machine."""

import csv
import json
import random
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from msgspec.structs import replace

from edge_agent.agent.records import Identity, record
from edge_agent.clock import Instant
from edge_agent.ops.export import check_bundle
from edge_agent.ops.export.command import export
from edge_agent.ops.export.scope import Scope
from edge_agent.ops.folders import DATABASE, EVIDENCE
from edge_agent.ops.unit_key import unit_key
from edge_agent.settings.site import Settings
from edge_agent.settings.site_itself import FoldersTable
from edge_agent.store.chain import GENESIS
from edge_agent.store.store import Store
from edge_agent.tell.evidence import MASKED
from edge_agent.tell.signing import public_text
from tests.support.languages import HAN
from tests.support.story import ROOT, T0_UTC, Story, scenario_site, ticket

NOW = Instant(now_s=1.0, utc=T0_UTC + 3600, trusted=True)


@pytest.fixture(scope="module")
def unit(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A box that guarded one job with gas, and knows of another ticket; with its records and its evidence."""
    told = Story(scenario_site())
    told.begin_work()
    told.bring(ticket(id="P-2"))
    told.run(2)
    told.field.gas["gas-h2s"] = {"level": 15.0}
    told.run(3)
    folder = tmp_path_factory.mktemp("unit")
    site = replace(told.settings.site, folders=FoldersTable(state="state", runtime="run"))
    settings = replace(told.settings, folder=folder, site=site)
    settings.state_folder.mkdir()
    head, before = GENESIS, told.decisions[0].state
    who = Identity(site=site.site.id, unit=site.site.unit, boot="b", demo=False)
    with Store.open(settings.state_folder / DATABASE) as store:
        for decision in told.decisions:
            kept = record(settings, before, decision, head, who, instant=told.instant)
            store.commit(kept.batch)
            head, before = kept.head, decision.state
    _evidence(settings, [event.seq for one in told.decisions for event in one.events])
    unit_key(settings.state_folder)
    return settings


def _evidence(settings: Settings, seqs: list[int]) -> None:
    folder = settings.state_folder / EVIDENCE
    folder.mkdir()
    picture = cv2.imencode(".jpg", np.full((90, 160, 3), 128, np.uint8))[1].tobytes()
    for seq in seqs:
        (folder / f"{seq}.json").write_text("{}")
        (folder / f"{seq}-cam-1.jpg").write_bytes(picture)
        (folder / f"{seq}-cam-1{MASKED}").write_bytes(picture)


@pytest.fixture(scope="module")
def made(unit: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    into = tmp_path_factory.mktemp("out") / "p1.zip"
    assert export(unit, Scope(permit="P-1"), into, NOW, raw=False, root=ROOT) == 0
    return into


def checked(path: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    """As an auditor runs it: the file alone, in a folder without edge_agent."""
    alone = path.parent / "auditor"
    alone.mkdir(exist_ok=True)
    shutil.copy(check_bundle.__file__, alone / "check_bundle.py")
    command = [sys.executable, "-I", "check_bundle.py", str(path), *more]
    return subprocess.run(command, cwd=alone, capture_output=True, text=True, check=False)


def rows(path: Path) -> list[dict[str, object]]:
    with zipfile.ZipFile(path) as file:
        return [json.loads(line) for line in file.read("records.jsonl").splitlines()]


def test_it_is_checked_with_the_key_that_was_noted(unit: Settings, made: Path) -> None:
    done = checked(made, "--key", public_text(unit_key(unit.state_folder)))
    assert done.returncode == 0, done.stdout + done.stderr
    assert HAN.search(done.stdout)
    assert "are as the unit signed them" in done.stdout


def test_without_a_key_it_says_that_anybody_may_have_made_it(made: Path) -> None:
    done = checked(made)
    assert done.returncode == 0
    assert "anybody may have made it" in done.stdout


def test_another_units_key_does_not_fit(made: Path, tmp_path: Path) -> None:
    done = checked(made, "--key", public_text(unit_key(tmp_path)))
    assert (done.returncode, "signature" in done.stdout) == (1, True)


def test_a_key_may_begin_with_what_looks_like_an_option(made: Path) -> None:
    """One key in 64 does."""
    done = checked(made, "--key", "-kcQMkD8yv8DD1IHG9pqYt5cMHBRXBQc4rIou6PYFtI")
    assert (done.returncode, "signature" in done.stdout) == (1, True), done.stderr


def test_what_is_of_others_stands_with_its_hash_alone(made: Path) -> None:
    found = rows(made)
    asked = [row for row in found if "body" in row]
    assert all("P-1" in str(row["body"]) for row in asked)
    withheld = [row for row in found if "body" not in row]
    assert withheld
    with zipfile.ZipFile(made) as file:
        table = list(csv.DictReader(file.read("events.csv").decode("utf-8-sig").splitlines()))
    assert [row["seq"] for row in table] == [str(json.loads(str(row["body"]))["event"]["seq"]) for row in asked]


def test_who_signed_and_who_tested_stand_in_the_table(made: Path) -> None:
    with zipfile.ZipFile(made) as file:
        rows = list(csv.DictReader(file.read("events.csv").decode("utf-8-sig").splitlines()))
    assert {row["who"] for row in rows if row["type"] == "permit.signed"} >= {"wang-lei", "li-na"}
    assert {row["who"] for row in rows if row["type"] == "permit.retested"} <= {"sun-yan"}


def test_faces_stay_on_the_box_unless_they_are_asked_for(unit: Settings, made: Path, tmp_path: Path) -> None:
    def pictures(path: Path) -> list[str]:
        with zipfile.ZipFile(path) as file:
            return [name for name in file.namelist() if name.endswith(".jpg")]

    assert pictures(made)
    assert all(name.endswith(MASKED) for name in pictures(made))
    assert export(unit, Scope(permit="P-1"), tmp_path / "raw.zip", NOW, raw=True, root=ROOT) == 0
    assert len(pictures(tmp_path / "raw.zip")) == 2 * len(pictures(made))


def test_the_report_is_a_pdf_with_the_chinese_characters_in_it(made: Path) -> None:
    with zipfile.ZipFile(made) as file:
        pdf = file.read("report.pdf")
    assert pdf.startswith(b"%PDF")
    assert b"WenQuanYi" in pdf


def test_a_person_and_a_time_can_be_asked_for(unit: Settings, tmp_path: Path) -> None:
    into = tmp_path / "li-na.zip"
    assert export(unit, Scope(person="li-na"), into, NOW, raw=False, root=ROOT) == 0
    assert all('"li-na"' in str(row["body"]) for row in rows(into) if "body" in row)
    assert (
        export(unit, Scope(from_utc=T0_UTC, to_utc=T0_UTC + 1e6), tmp_path / "all.zip", NOW, raw=False, root=ROOT)
        == 0
    )
    assert all("body" in row for row in rows(tmp_path / "all.zip"))


def test_what_nothing_is_of_makes_no_file(
    unit: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    into = tmp_path / "none.zip"
    assert export(unit, Scope(permit="P-99"), into, NOW, raw=False, root=ROOT) == 65
    assert HAN.search(capsys.readouterr().err)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_named_and_nothing_half_is_left(
    unit: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export(unit, Scope(permit="P-1"), tmp_path / "no" / "where.zip", NOW, raw=False, root=ROOT) == 73
    assert "where.zip" in capsys.readouterr().err


def changed(path: Path, into: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    with zipfile.ZipFile(path) as file:
        content = {name: file.read(name) for name in file.namelist()}
    change(content)
    with zipfile.ZipFile(into, "w") as file:
        for name, body in content.items():
            file.writestr(name, body)
    return into


def test_every_change_to_any_file_is_found(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dice = random.Random(5)  # noqa: S311 (no secret)
    with zipfile.ZipFile(made) as file:
        names = file.namelist()
    for number in range(300):
        name = dice.choice(names)

        def flip(content: dict[str, bytes], name: str = name) -> None:
            body = bytearray(content[name])
            body[dice.randrange(len(body))] ^= 1 << dice.randrange(8)
            content[name] = bytes(body)

        wrong = changed(made, tmp_path / f"{number}.zip", flip)
        assert check_bundle.main([str(wrong)]) in {1, 65}, name
    capsys.readouterr()


@pytest.mark.parametrize("what", ["gone", "more", "no seal", "no zip"])
def test_a_file_that_is_missing_or_added_is_named(made: Path, tmp_path: Path, what: str) -> None:
    def change(content: dict[str, bytes]) -> None:
        match what:
            case "gone":
                del content["events.csv"]
            case "more":
                content["pictures/other.jpg"] = b"x"
            case "no seal":
                del content["manifest.jws"]

    wrong = changed(made, tmp_path / "wrong.zip", change)
    if what == "no zip":
        wrong.write_bytes(b"no zip")
    done = checked(wrong)
    named = {"gone": "events.csv", "more": "pictures/other.jpg"}.get(what, "wrong.zip")
    assert named in done.stdout + done.stderr
    assert done.returncode == (1 if what in {"gone", "more"} else 65)


def test_a_cell_that_a_spreadsheet_would_compute_is_text() -> None:
    from edge_agent.domain.outcome import Event, Priority  # noqa: PLC0415
    from edge_agent.ops.export.table import Telling, spreadsheet, table  # noqa: PLC0415

    event = Event(
        seq=1, type="x", subject="=HYPERLINK(1)", at_s=0.0, at_utc=T0_UTC, priority=Priority.LOW, data={}
    )
    telling = Telling(local=scenario_site().local_time, names={})
    written = table([event], telling).decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in written
    assert "'＝1+1" in spreadsheet(("a",), [("＝1+1",)]).decode()  # noqa: RUF001 (an East Asian Excel computes it)


def test_it_stands_alone_and_is_short_enough_to_be_read() -> None:
    source = Path(check_bundle.__file__).read_text("utf-8")
    assert len(source.splitlines()) <= 150
    assert "edge_agent." not in source.split('"""', 2)[2]
