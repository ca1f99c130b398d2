"""Areas are given another outline: checked with the whole bundle, taken by one rename, finished after a crash."""

import contextlib
import hashlib
import os
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from edge_agent.domain.permit import State
from edge_agent.domain.request import Answer
from edge_agent.domain.settings_change import SettingsChange
from edge_agent.domain.words import Words
from edge_agent.ops import bundle_files
from edge_agent.ops.bundle_change import Bundle, Checked
from edge_agent.ops.bundle_files import finish
from edge_agent.settings.edits import Edit
from edge_agent.store.batch import Batch
from edge_agent.store.chain import GENESIS
from edge_agent.store.store import Store
from edge_agent.tell.desk_settings import FileForm, SettingsForm
from tests.support.languages import faults
from tests.support.mounts import on_a_small_disk
from tests.support.pages import TREE
from tests.support.store_values import entries, event
from tests.support.story import Story, scenario_site

NO = Words("作业中", "work is under way")
NEVER = Answer(request="", accepted=False)
NONE = hashlib.sha256(b"").hexdigest()


class Asked:
    """A brain that says this, and a box that begins anew."""

    def __init__(self, site: Path, *reasons: Words) -> None:
        self.changes: list[SettingsChange] = []
        self.begun = 0
        self.reasons = reasons
        self.meanwhile: Callable[[], object] = lambda: None
        self.bundle = Bundle(site, TREE, self.begin)

    def begin(self) -> None:
        self.begun += 1

    def brain(self, change: SettingsChange) -> Answer:
        self.changes.append(change)
        self.meanwhile()
        return Answer(request="r1", accepted=not self.reasons, reasons=self.reasons)

    def change(self, form: SettingsForm) -> Answer:
        return self.bundle.change(form, self.brain)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    ignore = shutil.ignore_patterns("state", "runtime", "web")
    return shutil.copytree(TREE / "zones" / "demo-tank", tmp_path / "site", ignore=ignore)


def form(site: Path, old: str, new: str, *, check_only: bool = False) -> SettingsForm:
    text = (site / "areas.toml").read_text("utf-8")
    assert old in text
    before = hashlib.sha256(text.encode()).hexdigest()
    return SettingsForm(file="areas.toml", text=text.replace(old, new), before=before, check_only=check_only)


def left(site: Path) -> set[str]:
    return {one.name for one in site.iterdir() if "areas" in one.name}


def test_what_is_accepted_is_taken_and_the_old_text_stays_beside_it(site: Path) -> None:
    asked, old = Asked(site), (site / "areas.toml").read_bytes()
    moved = form(site, "[90.0, 30.0]", "[95.0, 30.0]")
    assert asked.change(moved).accepted
    assert (site / "areas.toml").read_text("utf-8") == moved.text
    assert (site / "areas.toml.last-good").read_bytes() == old
    assert left(site) == {"areas.toml", "areas.toml.last-good"}
    assert asked.begun == 1
    (change,) = asked.changes
    assert (change.areas, change.removed) == (("yard",), ())
    assert [one.en for one in change.changes] == ["area yard: its outline"]
    assert change.before == hashlib.sha256(old).hexdigest()


def test_what_the_brain_refuses_leaves_everything_as_it_was(site: Path) -> None:
    asked, old = Asked(site, NO), (site / "areas.toml").read_bytes()
    answer = asked.change(form(site, "[90.0, 30.0]", "[95.0, 30.0]"))
    assert (answer.accepted, answer.reasons) == (False, (NO,))
    assert ((site / "areas.toml").read_bytes(), left(site), asked.begun) == (old, {"areas.toml"}, 0)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('id = "tank-inside"', 'id = "tank-within"', "tank-inside"),  # a detector still stands in it
        ("ceiling_m = 6.0", "ceiling_m = -6.0", "is not below the ceiling"),
        ("[4.5, -2.0], [8.5, -2.0]", "[8.5, -2.0], [4.5, -2.0]", "crosses itself"),
        ("schema = 1", "schema = ", "areas.toml"),
    ],
)
def test_the_same_faults_as_the_check_finds_and_nobody_is_asked(site: Path, old: str, new: str, says: str) -> None:
    asked = Asked(site)
    answer = asked.change(form(site, old, new))
    assert not answer.accepted
    assert any(says in one.en for one in answer.reasons), answer.reasons
    assert all(one.zh and str(site) not in one.en for one in answer.reasons)
    assert (asked.changes, left(site)) == ([], {"areas.toml"})


def test_a_check_says_what_would_be_another_and_changes_nothing(site: Path) -> None:
    asked = Asked(site)
    answer = asked.change(form(site, 'en = "Yard"', 'en = "Tank yard"', check_only=True))
    assert (answer.accepted, [one.en for one in answer.reasons]) == (True, ["area yard: its name"])
    assert (asked.changes, left(site), asked.begun) == ([], {"areas.toml"}, 0)


def test_what_somebody_else_has_changed_is_not_overwritten(site: Path) -> None:
    asked, late = Asked(site), form(site, "[90.0, 30.0]", "[95.0, 30.0]")
    assert asked.change(form(site, 'en = "Yard"', 'en = "Tank yard"')).accepted
    (why,) = asked.change(late).reasons
    assert "somebody else" in why.en
    assert "Tank yard" in (site / "areas.toml").read_text("utf-8")


def test_areas_come_and_go_and_their_order_counts(site: Path) -> None:
    text = (site / "areas.toml").read_text("utf-8")
    head, mouth, inside, yard = text.split("[[areas]]")
    shed = mouth.replace("tank-mouth", "shed").replace("4.5, -2.0], [8.5", "44.5, -2.0], [48.5")
    asked = Asked(site)
    new = "[[areas]]".join([head, inside, mouth, shed.replace("8.5, 2.0], [4.5", "48.5, 2.0], [44.5"), yard])
    before = hashlib.sha256(text.encode()).hexdigest()
    told = asked.change(SettingsForm(file="areas.toml", text=new, before=before, check_only=True))
    assert told.accepted, told.reasons
    assert [one.en for one in told.reasons] == [
        "new area shed (Manhole, guard's post)",
        "which area counts first where they overlap",
    ]


def test_a_box_that_ended_in_between_finishes_what_was_accepted(site: Path, tmp_path: Path) -> None:
    def cut() -> None:
        raise KeyboardInterrupt

    asked, moved = Asked(site), form(site, "[90.0, 30.0]", "[95.0, 30.0]")
    asked.meanwhile = cut
    with pytest.raises(KeyboardInterrupt):
        asked.change(moved)
    records = tmp_path / "agent.sqlite"
    sha256 = asked.changes[0].sha256
    told = replace(event(1, file="areas.toml", sha256=sha256), type="settings.changed", subject="unit")
    with Store.open(records) as store:
        store.commit(Batch(audit=entries([told], GENESIS)))
        assert finish(site, records)
    assert (site / "areas.toml").read_text("utf-8") == moved.text
    assert not finish(site, records)


def test_a_text_that_nobody_accepted_is_dropped(site: Path, tmp_path: Path) -> None:
    old = (site / "areas.toml").read_bytes()
    (site / ".areas.toml.new").write_text("schema = 1", "utf-8")
    assert not finish(site, tmp_path / "none.sqlite")
    assert ((site / "areas.toml").read_bytes(), left(site)) == (old, {"areas.toml"})


def edits(site: Path, *changes: Edit, file: str = "site.toml", **more: Any) -> SettingsForm:
    text = (site / file).read_bytes() if (site / file).exists() else b""
    return SettingsForm(file=file, edits=changes, before=hashlib.sha256(text).hexdigest(), **more)


def edit(do: Any, *at: str | int, value: Any = None) -> Edit:
    return Edit(do=do, at=at, value=value)


def checked(answer: Answer) -> Checked:
    assert isinstance(answer, Checked)
    return answer


def test_a_detector_is_added_by_its_table_and_all_remarks_stay(site: Path) -> None:
    old = (site / "site.toml").read_text("utf-8")
    row = {
        "name": {"zh": "新", "en": "New"}, "bus": "gateway-1", "unit_id": 42, "profile": "cn10_single_gas",
        "gas": "h2s", "area": "yard",
    }  # fmt: skip
    seen = checked(Asked(site).change(edits(site, edit("set", "gas", "gas-new", value=row), check_only=True)))
    assert (seen.accepted, [one.en for one in seen.reasons]) == (True, ["new: gas.gas-new"])
    assert "+[gas.gas-new]" in seen.diff
    assert (site / "site.toml").read_text("utf-8") == old
    asked = Asked(site)
    assert asked.change(edits(site, edit("set", "gas", "gas-new", value=row))).accepted
    new = (site / "site.toml").read_text("utf-8")
    assert tomllib.loads(new)["gas"]["gas-new"] == row
    assert [line for line in old.splitlines() if line not in new] == []
    assert asked.changes[0].losses == ()


def test_faults_come_with_the_key_at_which_they_belong(site: Path) -> None:
    wrong = edit("set", "gas", "gas-o2", "profile", value="x-4O"), edit("set", "gas", "gas-o2", "poll_s", value=0)
    seen = checked(Asked(site).change(edits(site, *wrong)))
    assert {(one.file, one.key) for one in seen.faults} >= {
        ("site.toml", "gas.gas-o2.profile"), ("site.toml", "gas.gas-o2.poll_s"),
    }  # fmt: skip
    assert not seen.accepted


def test_what_would_be_lost_is_told_of_each_permit_before_anybody_signs(site: Path) -> None:
    story = Story(scenario_site())
    story.begin_work()
    permits = story.decisions[-1].state.permits
    bundle = Bundle(site, TREE, lambda: None, lambda: permits)
    form = edits(site, edit("remove", "gas", "gas-h2s"), check_only=True)
    (active,) = checked(bundle.change(form, lambda _: NEVER)).effects
    assert (active.permit, active.state, active.refused) == ("P-1", State.ACTIVE, True)
    permits = {"P-1": replace(permits["P-1"], state=State.PAUSED)}
    (lost,) = checked(bundle.change(form, lambda _: NEVER)).effects
    assert (lost.refused, lost.words.en) == (True, "P-1 would lose: gas.gas-h2s would be no more; end it first")


def test_a_password_lies_in_a_file_of_its_own_that_nobody_else_reads(site: Path) -> None:
    asked = Asked(site)
    login = (
        edit("set", "uplink", "username", value="box"),
        edit("secret", "uplink", "password_file", value="S3cret!"),
    )
    seen = checked(asked.change(edits(site, *login)))
    assert seen.accepted, seen.reasons
    name = tomllib.loads((site / "site.toml").read_text("utf-8"))["uplink"]["password_file"]
    assert (site / name).read_text("utf-8") == "S3cret!"
    assert ((site / name).stat().st_mode & 0o777, (site / "secrets").stat().st_mode & 0o077) == (0o600, 0)
    assert "S3cret!" not in str(asked.changes) + str(seen)
    refused = Asked(site, NO).change(edits(site, edit("secret", "uplink", "password_file", value="other")))
    assert not refused.accepted
    assert [one.name for one in (site / "secrets").iterdir()] == [Path(name).name]


@pytest.mark.parametrize("pages_left", [0, 1, 2])
def test_on_a_full_disk_no_password_lies_about_that_no_text_names(
    site: Path, tmp_path: Path, pages_left: int
) -> None:
    """No room for the secret; for it alone; for it and half of the text."""
    small = tmp_path / "small"
    small.mkdir()

    def body() -> None:
        there = shutil.copytree(site, small / "site")
        filler = small / "filler"
        with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(bytes(4096)):
                pass
        os.truncate(filler, filler.stat().st_size - 4096 * pages_left)
        before = (there / "site.toml").read_bytes()
        assert len(before) > 4096
        named = edit("set", "uplink", "username", value="box")
        form = edits(there, named, edit("secret", "uplink", "password_file", value="S3cret!"))
        asked = Asked(there)
        answer = asked.change(form)
        assert (answer.accepted, asked.changes) == (False, [])
        assert "No space left" in answer.reasons[0].en
        assert not faults(answer.reasons[0])
        assert not list((there / "secrets").glob("*"))
        assert not list(there.glob(".*.new"))
        assert (there / "site.toml").read_bytes() == before
        filler.unlink()
        assert asked.change(form).accepted
        assert len(list((there / "secrets").glob("*"))) == 1

    on_a_small_disk(small, "1m", body)


def test_a_book_of_the_sites_own_comes_with_the_line_that_chooses_it_or_not_at_all(site: Path) -> None:
    book = (TREE / "zones" / "rulebooks" / "demo-confined-space.toml").read_text("utf-8")
    own = FileForm(file="rulebooks/ours.toml", text=book.replace('"demo-confined-space"', '"ours"'), before=NONE)
    form = edits(site, edit("set", "site", "rulebook", value="ours"), also=(own,))
    assert not Asked(site, NO).change(form).accepted
    assert not list((site / "rulebooks").iterdir())
    asked = Asked(site)
    answer = asked.change(form)
    assert answer.accepted, answer.reasons
    assert [one.file for one in asked.changes[0].also] == ["rulebooks/ours.toml"]
    assert (site / "rulebooks" / "ours.toml").exists()
    assert not (site / bundle_files.TAKING).exists()


def test_several_files_are_finished_by_their_list_wherever_the_box_ended(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {name: (site / name).read_bytes() + b"# new\n" for name in ("site.toml", "areas.toml")}

    def cut(_: Path) -> None:
        raise KeyboardInterrupt

    bundle_files.lay(site, texts)
    with monkeypatch.context() as one:
        one.setattr(bundle_files, "_take", cut)
        with pytest.raises(KeyboardInterrupt):
            bundle_files.take(site, tuple(texts))
    assert bundle_files.go_on(site)
    assert {name: (site / name).read_bytes() for name in texts} == texts
    assert not bundle_files.go_on(site)


def test_a_password_of_before_beside_another_address_is_named_and_one_that_is_entered_is_not(site: Path) -> None:
    """Or a technician could have it sent to a device of his own."""
    file, secret = site / "site.toml", site / "secrets" / "field"
    secret.parent.mkdir(mode=0o700)
    secret.write_text("the plant's own")
    secret.chmod(0o600)
    table = '[field_broker]\nusername = "box"\npassword_file = "secrets/field"'
    file.write_text(file.read_text("utf-8").replace("[field_broker]", table), "utf-8")
    moved = Edit(do="set", at=("field_broker", "port"), value=12345)
    typed = Edit(do="secret", at=("field_broker", "password_file"), value="his own")
    asked = Asked(site, NO)
    for edits in ((moved,), (moved, typed)):
        before = hashlib.sha256(file.read_bytes()).hexdigest()
        answer = asked.change(SettingsForm(file="site.toml", before=before, edits=edits))
        assert answer.reasons == (NO,)
    assert [one.shown_to_others for one in asked.changes] == [("field_broker.password_file",), ()]
