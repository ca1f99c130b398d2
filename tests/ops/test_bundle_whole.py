"""A whole site's file is taken from the page: bounded, checked as any change is, people and secrets left alone."""

import hashlib
import json
import shutil
import stat
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from edge_agent.__main__ import main
from edge_agent.ops import bundle_whole
from edge_agent.ops.bundle_change import Checked
from edge_agent.ops.site_members import LARGEST, MOST_MEMBERS, NotOneError, members
from edge_agent.tell.desk_parts import LARGEST as LARGEST_FILE
from edge_agent.tell.desk_settings import FileForm, SettingsForm
from tests.ops.test_bundle_change import NO, Asked
from tests.support.pages import TREE

BOOK = "rulebooks/our-book.toml"
NAMED = 'rulebook = "demo-confined-space"'


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """With a rulebook of its own, larger than one form may be."""
    ignore = shutil.ignore_patterns("state", "runtime", "web")
    place = shutil.copytree(TREE / "zones" / "demo-tank", tmp_path / "site", ignore=ignore)
    (place / "rulebooks").mkdir()
    shutil.copy(TREE / "zones" / "rulebooks" / "demo-confined-space.toml", place / BOOK)
    return place


@pytest.fixture
def whole(site: Path, tmp_path: Path) -> bytes:
    """What `site export` makes of it."""
    into = tmp_path / "a.edgesite"
    assert main(["site", "export", str(site), "--into", str(into)]) == 0
    return into.read_bytes()


def form(site: Path, raw: bytes, *, check_only: bool = False) -> SettingsForm:
    here = [name for name in ("site.toml", "areas.toml", BOOK) if (site / name).exists()]
    rows = [FileForm(file=name, before=hashlib.sha256((site / name).read_bytes()).hexdigest()) for name in here]
    return SettingsForm(
        file=rows[0].file,
        before=rows[0].before,
        also=tuple(rows[1:]),
        upload=hashlib.sha256(raw).hexdigest(),
        check_only=check_only,
    )


def changed(site: Path) -> dict[str, bytes]:
    """The site after others have worked on it: one file is another, the large one is gone; and somebody is new."""
    text = (site / "areas.toml").read_text("utf-8")
    (site / "areas.toml").write_text(text.replace("[90.0, 30.0]", "[95.0, 30.0]"), "utf-8")
    (site / BOOK).unlink()
    with (site / "persons.toml").open("a", encoding="utf-8") as file:
        file.write("# somebody is new\n")
    return {str(one.relative_to(site)): one.read_bytes() for one in site.rglob("*.toml")}


def test_a_whole_site_comes_back_and_people_stay(site: Path, whole: bytes) -> None:
    old = {name: (site / name).read_bytes() for name in ("areas.toml", BOOK)}
    assert len(old[BOOK]) > 48 * 1024
    now, asked = changed(site), Asked(site)
    seen = asked.bundle.change(form(site, whole, check_only=True), asked.brain, whole)
    assert isinstance(seen, Checked)
    assert seen.accepted, seen.reasons
    assert bundle_whole.PEOPLE_STAY in seen.reasons
    assert any(line.startswith("-") and "95.0" in line for line in seen.diff)
    assert {str(one.relative_to(site)): one.read_bytes() for one in site.rglob("*.toml")} == now
    assert asked.changes == []
    assert asked.bundle.change(form(site, whole), asked.brain, whole).accepted
    assert {name: (site / name).read_bytes() for name in old} == old
    assert (site / "areas.toml.last-good").read_bytes() == now["areas.toml"]
    assert (site / "persons.toml").read_bytes() == now["persons.toml"]
    (change,) = asked.changes
    assert {change.file, *(one.file for one in change.also)} == {"areas.toml", BOOK}
    assert asked.begun == 1


def test_what_was_refused_or_is_another_meanwhile_changes_nothing(site: Path, whole: bytes) -> None:
    now = changed(site)
    refusing = Asked(site, NO)
    assert refusing.bundle.change(form(site, whole), refusing.brain, whole).reasons == (NO,)
    drawn_up = form(site, whole)
    (site / "areas.toml").write_bytes(now["areas.toml"] + b"# by somebody else\n")
    asked = Asked(site)
    told = asked.bundle.change(drawn_up, asked.brain, whole)
    assert "somebody else has changed" in told.reasons[0].en
    assert not (site / BOOK).exists()
    assert asked.changes == []
    assert not list(site.rglob("*.new"))


def test_faults_of_the_whole_are_told_as_the_check_tells_them(site: Path) -> None:
    text = (site / "site.toml").read_text("utf-8").replace("poll_s", "pol_s").replace("schema = 1", "schema = 9")
    raw = json.dumps({"files": [{"file": "site.toml", "text": text}]}).encode()
    asked = Asked(site)
    told = asked.bundle.change(form(site, raw), asked.brain, raw)
    assert isinstance(told, Checked)
    assert not told.accepted
    assert told.faults
    assert asked.changes == []


def test_the_answer_to_a_large_difference_fits_into_what_the_pages_hear(site: Path) -> None:
    """Every line of three large files is another, in Chinese."""
    asked = Asked(site)
    book = (site / BOOK).read_text("utf-8")
    for name in ("a", "b", "c"):
        (site / f"rulebooks/{name}.toml").write_text("\n".join("# " + "旧" * 200 for _ in range(2000)), "utf-8")
    rows = [
        {"file": f"rulebooks/{name}.toml", "text": "# " + "新" * 200 + "\n" + book} for name in ("a", "b", "c")
    ]
    site_text = (site / "site.toml").read_text("utf-8")
    raw = json.dumps({"files": [{"file": "site.toml", "text": site_text}, *rows]}).encode()
    named = form(site, raw, check_only=True)
    also = tuple(
        FileForm(file=row["file"], before=hashlib.sha256((site / row["file"]).read_bytes()).hexdigest())
        for row in rows
    )
    named = SettingsForm(
        file=named.file, before=named.before, also=(*named.also, *also), upload=named.upload, check_only=True
    )
    seen = asked.bundle.change(named, asked.brain, raw)
    assert isinstance(seen, Checked)
    assert seen.accepted, seen.reasons
    assert seen.diff[-1] == "..."
    assert sum(len(line.encode()) for line in seen.diff) <= 24 * 1024


def packed(texts: dict[str, bytes], *more: tuple[zipfile.ZipInfo, bytes], suffered: bytes = b"") -> bytes:
    into = BytesIO()
    hashes = {name: hashlib.sha256(text + suffered).hexdigest() for name, text in texts.items()}
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("manifest.json", json.dumps({"schema": 1, "files": hashes, "secret_files": []}))
        for name, text in texts.items():
            file.writestr(name, text)
        for one, text in more:
            file.writestr(one, text)
    return into.getvalue()


def member(name: str, kind: int) -> zipfile.ZipInfo:
    one = zipfile.ZipInfo(name)
    one.external_attr = (kind | 0o777) << 16
    return one


def lying(raw: bytes) -> bytes:
    """The directory says that the largest member is small."""
    size = (LARGEST * 50).to_bytes(4, "little")
    assert size in raw
    return raw.replace(size, (10).to_bytes(4, "little"))


BOMB = packed({"site.toml": b"\0" * (LARGEST * 50)})
GOOD = {"site.toml": b"schema = 1\n"}


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(BOMB, id="bomb"),
        pytest.param(lying(BOMB), id="bomb-that-lies"),
        pytest.param(packed({f"rulebooks/b{n}.toml": b"\0" * LARGEST for n in range(9)}), id="many-large"),
        pytest.param(packed({f"b{n}": b"" for n in range(MOST_MEMBERS)}), id="too-many"),
        pytest.param(packed(GOOD | {"../site.toml": b""}), id="above"),
        pytest.param(packed(GOOD | {"rulebooks/../../site.toml": b""}), id="above-further-in"),
        pytest.param(packed(GOOD | {"/etc/passwd": b""}), id="absolute"),
        pytest.param(packed(GOOD | {"rulebooks\\..\\x.toml": b""}), id="backslash"),
        pytest.param(packed(GOOD, (member("areas.toml", stat.S_IFLNK), b"/etc/shadow")), id="link"),
        pytest.param(packed(GOOD, (member("areas.toml", stat.S_IFBLK), b"")), id="device"),
        pytest.param(packed(GOOD, (member("areas.toml", stat.S_IFIFO), b"")), id="pipe"),
        pytest.param(packed(GOOD, suffered=b"#"), id="suffered"),
        pytest.param(packed(GOOD)[:-30], id="cut"),
        pytest.param(b"PK", id="nothing"),
        pytest.param(b"PK\x05\x06" + bytes(18), id="empty"),
    ],
)
def test_a_hostile_file_is_refused_in_words(site: Path, raw: bytes) -> None:
    assert len(raw) < LARGEST_FILE
    before = {one: one.read_bytes() for one in site.rglob("*") if one.is_file()}
    with pytest.raises(NotOneError):
        members(raw)
    asked = Asked(site)
    told = asked.bundle.change(form(site, raw), asked.brain, raw)
    assert not told.accepted
    assert told.reasons[0].zh
    assert told.reasons[0].en
    assert asked.changes == []
    assert {one: one.read_bytes() for one in site.rglob("*") if one.is_file()} == before


def test_a_name_that_is_no_settings_file_is_never_written(site: Path, whole: bytes) -> None:
    """Also with a right hash in the manifest: only what a form could name is taken."""
    with zipfile.ZipFile(BytesIO(whole)) as file:
        texts = {one: file.read(one) for one in file.namelist() if one.endswith(".toml")}
    raw = packed(texts | {"secrets/key.toml": b"x", "rulebooks/.hidden.toml": b"x", "run.sh": b"x"})
    changed(site)
    asked = Asked(site)
    assert asked.bundle.change(form(site, raw), asked.brain, raw).accepted
    assert not (site / "secrets").exists()
    assert not (site / "run.sh").exists()
    assert not (site / "rulebooks" / ".hidden.toml").exists()


def test_nothing_that_is_another_is_said_so(site: Path, whole: bytes) -> None:
    asked = Asked(site)
    assert asked.bundle.change(form(site, whole), asked.brain, whole).reasons == (bundle_whole.SAME,)
    assert (asked.changes, asked.begun) == ([], 0)
