"""Settings compared, carried as one file, and made for many boxes: in words, without secrets, or not at all."""

import csv
import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from edge_agent.__main__ import main
from edge_agent.ops.backup import sealed
from edge_agent.ops.settings_kept import keep
from edge_agent.settings.load import load
from tests.support.demo_root import REPOSITORY

PLANTED = "brokerpass-0815"
UPLINK = re.compile(r"(?m)^\[uplink\].*\n")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    place = tmp_path / "site"
    shutil.copytree(
        REPOSITORY / "zones" / "demo-tank", place, ignore=shutil.ignore_patterns("state", "run", "web")
    )
    text = (place / "site.toml").read_text("utf-8")
    text = UPLINK.sub('[uplink]\nusername = "box-7"\npassword_file = "secrets/uplink.password"\n', text)
    (place / "site.toml").write_text(text, "utf-8")
    (place / "secrets").mkdir(mode=0o700)
    (place / "secrets" / "uplink.password").write_text(PLANTED, "utf-8")
    (place / "secrets" / "uplink.password").chmod(0o600)
    return place


def changed(site: Path, file: str, old: str, new: str) -> None:
    text = (site / file).read_text("utf-8")
    assert old in text
    (site / file).write_text(text.replace(old, new, 1), "utf-8")


def test_what_is_another_is_told_in_words_with_its_kind(site: Path, tmp_path: Path, capsys) -> None:
    other = tmp_path / "other"
    shutil.copytree(site, other)
    assert main(["diff", str(site), str(other)]) == 0
    assert "nothing is another" in capsys.readouterr().out
    changed(other, "site.toml", "[uplink]\n", "[uplink]\nkeepalive_s = 30\n")
    changed(other, "persons.toml", "王磊", "王大磊")
    assert main(["diff", str(site), str(other)]) == 1
    said = capsys.readouterr().out
    assert "persons.toml [人员与权限 people and their rights]" in said
    assert "王大磊" in said
    assert "site.toml [" in said


@pytest.mark.parametrize("schema", [0, 2])
def test_a_file_of_another_programs_time_is_refused_with_a_word(site: Path, capsys, schema: int) -> None:
    changed(site, "site.toml", "schema = 1", f"schema = {schema}")
    assert main(["check", str(site)]) == 78
    assert "written in another schema; this program knows 1" in capsys.readouterr().out


def test_what_runs_is_compared_with_what_the_files_say_now(site: Path, capsys) -> None:
    assert main(["diff", str(site)]) == 65
    assert "has not run here yet" in capsys.readouterr().err
    settings = load(site, REPOSITORY)
    settings.state_folder.mkdir(parents=True, exist_ok=True)
    keep(settings)
    keep(settings)
    assert main(["diff", str(site)]) == 0
    changed(site, "site.toml", "[uplink]\n", "[uplink]\nkeepalive_s = 30\n")
    capsys.readouterr()
    assert main(["diff", str(site)]) == 1
    assert "ways to others] 新增 uplink.keepalive_s" in capsys.readouterr().out
    assert PLANTED not in "".join(
        path.read_text("utf-8") for path in (settings.state_folder / "running-settings").rglob("*.toml")
    )


def test_a_site_goes_as_one_file_without_its_secrets_or_with_them_for_one_key(
    site: Path, tmp_path: Path, capsys
) -> None:
    plain, whole = tmp_path / "a.edgesite", tmp_path / "b.edgesite"
    assert main(["site", "export", str(site), "--into", str(plain)]) == 0
    assert "uplink.password" in capsys.readouterr().out
    with zipfile.ZipFile(plain) as file:
        assert PLANTED.encode() not in b"".join(file.read(name) for name in file.namelist())
    there = tmp_path / "there"
    assert main(["site", "import", str(plain), str(there)]) == 78, "its secret has to come by another way"
    assert "lacks the secret file secrets/uplink.password" in capsys.readouterr().out
    assert main(["site", "import", str(plain), str(there)]) == 64, "nothing is written over"
    private, public = sealed.new_key()
    sealed.write_private(tmp_path / "k", private)
    assert main(["site", "export", str(site), "--into", str(whole), "--secrets-for", public]) == 0
    with zipfile.ZipFile(whole) as file:
        assert PLANTED.encode() not in b"".join(file.read(name) for name in file.namelist())
    other = tmp_path / "other"
    assert main(["site", "import", str(whole), str(other), "--key", str(tmp_path / "k")]) == 0
    assert (other / "secrets" / "uplink.password").read_text("utf-8") == PLANTED
    assert (other / "secrets" / "uplink.password").stat().st_mode & 0o777 == 0o600
    assert load(other, REPOSITORY).digest == load(site, REPOSITORY).digest
    assert main(["diff", str(whole), str(site)]) == 0


@pytest.mark.parametrize("how", ["no zip", "altered", "newer", "outside"])
def test_what_is_not_whole_or_of_a_newer_program_is_refused_with_a_word(
    site: Path, tmp_path: Path, capsys, how: str
) -> None:
    good, bad = tmp_path / "a.edgesite", tmp_path / "bad.edgesite"
    assert main(["site", "export", str(site), "--into", str(good)]) == 0
    with zipfile.ZipFile(good) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    manifest = json.loads(parts["manifest.json"])
    if how == "newer":
        manifest["schema"] = 2
    if how == "outside":
        manifest["files"]["../../evil.toml"] = manifest["files"].pop("areas.toml")
        parts["../../evil.toml"] = parts.pop("areas.toml")
    parts["manifest.json"] = json.dumps(manifest).encode()
    if how == "altered":
        parts["areas.toml"] += b"\n"
    with zipfile.ZipFile(bad, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content)
    if how == "no zip":
        bad.write_bytes(b"nothing of the kind")
    capsys.readouterr()
    assert main(["site", "import", str(bad), str(tmp_path / "in" / "there")]) == 65
    said = capsys.readouterr().err
    assert said.count("\n") >= 1
    assert not (tmp_path / "in" / "there").exists()
    assert not list(tmp_path.rglob("evil.toml"))
    if how == "newer":
        assert "bring the program up to date first" in said


@pytest.fixture
def template(tmp_path: Path) -> Path:
    place = tmp_path / "template"
    shutil.copytree(REPOSITORY / "zones" / "new-site", place)
    text = (place / "site.toml").read_text("utf-8")
    for hole, value in {
        "lat": "30.8",
        "lon": "121.3",
        "rulebook": "gb30871-2022",
        "timezone": "Asia/Shanghai",
    }.items():
        text = text.replace(f"@{hole}@", value)
    (place / "site.toml").write_text(text, "utf-8")
    return place


COLUMNS = ("site", "unit", "zh", "en", "centre")


def table(path: Path, *rows: tuple[str, ...], columns: tuple[str, ...] = COLUMNS) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows((columns, *rows))
    return path


def test_many_boxes_come_from_one_template_each_checked_with_a_label(template: Path, tmp_path: Path) -> None:
    rows = [("plant-7", f"edge-{n}", f"{n}号机", f"box {n}", "10.0.0.9") for n in range(1, 13)]
    out = tmp_path / "out"
    assert main(["provision", str(template), str(table(tmp_path / "t.csv", *rows)), str(out)]) == 0
    for _, unit, zh, *_ in rows:
        site = load(out / unit, REPOSITORY).site
        assert (site.site.unit, site.site.name.zh, site.uplink.host) == (unit, zh, "10.0.0.9")
    sheet = (out / "labels.pdf").read_bytes()
    assert sheet.startswith(b"%PDF")
    assert sheet.count(b"/Type /Page\n") == 2, "ten on a page"
    with (out / "units.csv").open(encoding="utf-8") as file:
        listed = list(csv.DictReader(file))
    assert [one["unit"] for one in listed] == [row[1] for row in rows]
    assert main(["provision", str(template), str(tmp_path / "t.csv"), str(out)]) == 73, "nothing is written over"


@pytest.mark.parametrize(("letters", "sign"), [("utf-8-sig", ";"), ("gb18030", ","), ("utf-8", "\t")])
def test_the_table_is_read_as_excel_saves_it(template: Path, tmp_path: Path, letters: str, sign: str) -> None:
    rows = (COLUMNS, ("plant-7", "edge-1", "一号机", "box 1", "10.0.0.9"))
    (tmp_path / "t.csv").write_text("\r\n".join(sign.join(row) for row in rows) + "\r\n", letters, newline="")
    assert main(["provision", str(template), str(tmp_path / "t.csv"), str(tmp_path / "out")]) == 0
    assert load(tmp_path / "out" / "edge-1", REPOSITORY).site.site.name.zh == "一号机"


@pytest.mark.parametrize(
    ("rows", "columns", "code", "word"),
    [
        ([("plant-7", "edge-1", "一", "", "h")], COLUMNS, 78, "line 2 (edge-1)"),
        (
            [("plant-7", "edge-1", "一", "one", "h"), ("plant-7", "edge-1", "二", "two", "h")],
            COLUMNS,
            65,
            "stand twice",
        ),
        ([("plant-7", "Edge 1", "一", "one", "h")], COLUMNS, 65, "small letters"),
        ([("plant-7", "edge-1", '一"\nrulebook = "x', "one", "h")], COLUMNS, 65, "quote or backslash"),
        ([("plant-7", "edge-1", "一", "one")], COLUMNS[:-1], 65, "missing: centre"),
        ([("plant-7", "edge-1", "一", "one", "h", "x")], (*COLUMNS, "colour"), 65, "not in the template: colour"),
        ([], COLUMNS, 65, "0 rows"),
    ],
)
def test_a_row_that_does_not_fit_is_named_and_nothing_is_written(  # noqa: PLR0917
    template: Path, tmp_path: Path, capsys, rows, columns, code: int, word: str
) -> None:
    out = tmp_path / "out"
    assert (
        main(["provision", str(template), str(table(tmp_path / "t.csv", *rows, columns=columns)), str(out)])
        == code
    )
    said = capsys.readouterr()
    assert word in said.out + said.err
    assert not out.exists()
