"""A box goes onto a spare: sealed, whole, once; the centre sees one stream of numbers, no gap and no double."""

import io
import json
import shutil
from pathlib import Path

import msgspec
import pytest

from edge_agent.__main__ import _parser, main
from edge_agent.agent.brain import Brain, Parts
from edge_agent.domain.permit import State
from edge_agent.ops.backup import contents, sealed
from edge_agent.ops.backup.command import backup, retired
from edge_agent.ops.consume.kept import Arrived, Event, Kept
from edge_agent.ops.opening import opened
from edge_agent.ops.run import EX_CONFIG, run
from edge_agent.ops.unit_key import unit_key
from edge_agent.settings.load import load
from edge_agent.settings.site import Settings
from edge_agent.store.journal import Journal
from edge_agent.store.reader import Reader
from edge_agent.tell.signing import public_text
from tests.agent.test_brain import Bench, HandClock
from tests.support.demo_root import REPOSITORY
from tests.support.mounts import beside_a_hung_share
from tests.support.story import Story

PLANTED = "hunter2-of-the-camera"


class Centre:
    """What a broker was given, kept by the reference consumer; the same number must always be the same event."""

    def __init__(self, folder: Path) -> None:
        self.kept = Kept(folder / "centre.sqlite")
        self.heads: dict[int, str] = {}
        self.newest = 0

    def take(self, settings: Settings) -> None:
        """Everything that waits in the outbox of this box, acknowledged or not."""
        with Reader.open(settings.state_folder / "agent.sqlite") as reader:
            rows = reader.outbox(100_000)
        arrived = [Arrived(row.topic, row.payload, 0.0) for row in rows]
        for one in arrived:
            if one.topic.endswith("/up/event"):
                event = json.loads(one.payload)
                assert self.heads.setdefault(event["seq"], event["prevhash"]) == event["prevhash"], (
                    "two events, one seq"
                )
                self.newest = max(self.newest, event["seq"])
        self.kept.take(arrived)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    site = tmp_path / "old" / "site"
    shutil.copytree(REPOSITORY / "zones" / "demo-tank", site, ignore=shutil.ignore_patterns("state", "run", "web"))
    (site / "camera-logins.toml").write_text(f'[logins.gate]\nuser = "u"\npassword = "{PLANTED}"\n', "utf-8")
    (site / "camera-logins.toml").chmod(0o600)
    found = load(site, REPOSITORY)
    found.state_folder.mkdir(parents=True, exist_ok=True)
    unit_key(found.state_folder)
    return found


@pytest.fixture
def key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[Path, str]:
    assert main(["backup", "--new-key", str(tmp_path / "safe.key")]) == 0
    assert (tmp_path / "safe.key").stat().st_mode & 0o777 == 0o600
    return tmp_path / "safe.key", capsys.readouterr().out.split('"')[1]


def worked(settings: Settings) -> Bench:
    bench = Bench(settings.state_folder, settings)
    story = Story(settings)
    story.begin_work()
    bench.play(story.lines[1:])
    assert bench.brain.state.permits["P-1"].state is State.ACTIVE
    return bench


def saved(settings: Settings, recipient: str, into: Path, *more: str) -> Path:
    into.mkdir(exist_ok=True)
    before = set(into.iterdir())
    code = main(["backup", str(settings.folder), "--into", str(into), "--recipient", recipient, *more])
    assert code == 0
    (made,) = set(into.iterdir()) - before
    return made


def signer(settings: Settings) -> str:
    """The unit's public key, as the centre has it from up/audit."""
    return public_text(unit_key(settings.state_folder))


def as_unit(settings: Settings) -> list[str]:
    return [f"--signed-by={signer(settings)}", "--identity", "edge/demo-tank/edge-1"]


def woken(settings: Settings) -> Brain:
    """What `run` does with the records at a start, without the field."""
    store, lost = opened(settings)
    journal = Journal(settings.state_folder / "journal", "boot-spare")
    with store:
        brain = Brain(
            settings,
            Parts(clock=HandClock(), store=store, journal=journal, actuators=[], boot="boot-spare", lost=lost),
        )
        brain.keeper.remember("restored", "")
        for _ in range(3):
            brain.step(())
        journal.close()
    return brain


def test_a_retired_box_goes_on_as_its_spare_without_gap_or_double(
    tmp_path: Path, settings: Settings, key: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    safe, recipient = key
    centre = Centre(tmp_path)
    bench = worked(settings)
    into = ["--into", str(tmp_path), "--recipient", recipient]
    assert main(["backup", str(settings.folder), *into, "--retire"]) == 69, "it still runs"
    assert retired(settings) is None
    bench.close()
    centre.take(settings)
    made = saved(settings, recipient, tmp_path / "share", "--retire")
    assert PLANTED.encode() not in made.read_bytes()
    assert run(settings, REPOSITORY) == EX_CONFIG, "the old one never guards again"

    spare = tmp_path / "new" / "site"
    capsys.readouterr()
    assert main(["restore", str(made), str(spare), "--key", str(safe), *as_unit(settings)]) == 0
    assert f"its next event is number {centre.newest + 1}" in capsys.readouterr().out
    assert PLANTED in (spare / "camera-logins.toml").read_text("utf-8")
    assert (spare / "camera-logins.toml").stat().st_mode & 0o777 == 0o600
    again = load(spare, REPOSITORY)
    assert again.digest == settings.digest
    brain = woken(again)
    centre.take(again)
    first, second, *_ = (event for event in reversed(brain.newest) if event.seq > bench.brain.state.seq)
    assert (first.type, second.type) == ("records.restored", "unit.started")
    assert first.data["head"] == bench.brain.keeper._head
    permit = brain.state.permits["P-1"]
    assert permit.state is State.PAUSED
    assert centre.kept.gaps() == []
    assert Event.select().count() == centre.newest == brain.state.seq
    calm = woken(again)
    assert "records.restored" not in {event.type for event in calm.newest if event.seq > brain.state.seq}, (
        "said once"
    )
    with Reader.open(again.state_folder / "agent.sqlite") as reader:
        assert reader.end()[0] == calm.state.seq


def test_a_box_that_died_after_its_nightly_backup_goes_on_behind_what_the_centre_has(
    tmp_path: Path, settings: Settings, key: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    safe, recipient = key
    centre = Centre(tmp_path)
    bench = worked(settings)
    made = saved(settings, recipient, tmp_path / "share")  # beside the running box
    for _ in range(3):
        bench.close()
        bench = Bench(settings.state_folder, settings)  # a few more events, told and acknowledged
    bench.close()
    centre.take(settings)
    spare = tmp_path / "new" / "site"
    wish = ["restore", str(made), str(spare), "--key", str(safe), *as_unit(settings)]
    assert main(wish) == 64
    assert "--last-seq N --old-unit-is-off" in capsys.readouterr().err
    assert main([*wish, "--last-seq", str(centre.newest)]) == 64, "nobody has said that the old one is off"
    assert not spare.exists()
    assert main([*wish, "--last-seq", str(centre.newest), "--old-unit-is-off"]) == 0
    again = load(spare, REPOSITORY)
    brain = woken(again)
    centre.take(again)
    assert centre.kept.gaps() == []
    assert Event.select().count() == centre.newest == brain.state.seq
    assert main([*wish, "--last-seq", "9", "--old-unit-is-off"]) == 64, "nothing is ever overwritten"


def test_a_backup_opens_for_its_key_alone_and_only_whole(
    tmp_path: Path, settings: Settings, key: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    safe, recipient = key
    worked(settings).close()
    made = saved(settings, recipient, tmp_path / "share")
    assert main(["restore", str(made), str(tmp_path / "x"), "--look"]) == 0
    assert "edge/demo-tank/edge-1" in capsys.readouterr().out
    whole = made.read_bytes()
    other = tmp_path / "other.key"
    sealed.write_private(other, sealed.new_key()[0])
    forged = whole.replace(b'"final":false', b'"final":true ', 1)  # nobody turns it into a box's last word
    spoilt = {
        "cut": whole[:-100],
        "torn": whole[: len(whole) // 2],
        "bit": whole[:-500] + bytes([whole[-500] ^ 1]) + whole[-499:],
        "forged": forged,
        "other": b"PK" + whole,
        "odd": whole.replace(b'"made_utc":', b'"made_utc"!', 1),
    }
    assert forged != whole
    more = ["--last-seq", "99", "--old-unit-is-off", *as_unit(settings)]
    assert main(["restore", str(made), str(tmp_path / "x"), "--key", str(other), *more]) == 65
    for name, content in spoilt.items():
        (tmp_path / name).write_bytes(content)
        assert main(["restore", str(tmp_path / name), str(tmp_path / "x"), "--key", str(safe), *more]) == 65, name
    assert not (tmp_path / "x").exists()
    assert not list(tmp_path.glob(".restore-*")), "no secret is left lying about"


def test_the_newest_stay_and_an_unmounted_disk_is_no_folder_to_fill(
    tmp_path: Path, settings: Settings, key: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    worked(settings).close()
    share = tmp_path / "share"
    share.mkdir()
    (share / ".demo-tank-edge-1-20261101T000000Z.edgebackup.part").touch()  # of one that hung
    for day in range(1, 17):
        (share / f"demo-tank-edge-1-202611{day:02}T000000Z.edgebackup").touch()
    foreign = share / "demo-tank-edge-2-20200101T000000Z.edgebackup"
    foreign.touch()
    saved_to = ["backup", str(settings.folder), "--recipient", key[1], "--into"]
    assert main([*saved_to, str(share)]) == 0
    assert len(list(share.glob("demo-tank-edge-1-*"))) == 14
    assert foreign.exists()
    assert not list(share.glob(".*"))
    assert "disk of the records themselves" in capsys.readouterr().out
    assert main([*saved_to, str(tmp_path / "not-mounted")]) == 73
    assert "mounted?" in capsys.readouterr().err
    assert main(["backup", str(settings.folder)]) == 64
    (settings.state_folder / "agent.sqlite").unlink()
    assert main([*saved_to, str(share)]) == 69
    assert "has not run on this site yet" in capsys.readouterr().err


@pytest.mark.parametrize("more", [[], ["--retire"]])
def test_a_share_whose_server_is_gone_is_told_and_neither_waited_for_nor_does_it_retire_a_box(
    settings: Settings,
    tmp_path: Path,
    key: tuple[Path, str],
    capsys: pytest.CaptureFixture[str],
    more: list[str],
) -> None:
    Bench(settings.state_folder, settings).close()
    share = tmp_path / "share"
    share.mkdir()
    wish = ["backup", str(settings.folder), "--into", str(share), "--recipient", key[1], *more]
    args = _parser().parse_args(wish)
    assert beside_a_hung_share(share, lambda: backup(settings, args, patience_s=0.5)) == 73
    assert f"{share} does not answer" in capsys.readouterr().err
    assert retired(settings) is None
    assert list(settings.state_folder.glob(".backup-*")) == [], "its copy of the records is not left lying"


def test_a_box_that_could_not_be_retired_leaves_no_backup_that_says_so(
    settings: Settings, tmp_path: Path, key: tuple[Path, str]
) -> None:
    """Else the spare and the box would both go on, and give one number to two events."""
    Bench(settings.state_folder, settings).close()
    share = tmp_path / "share"
    share.mkdir()
    in_the_way = settings.state_folder / "retired.json"
    in_the_way.mkdir()
    assert main(["backup", str(settings.folder), "--into", str(share), "--recipient", key[1], "--retire"]) == 73
    assert list(share.iterdir()) == []


def test_a_backup_is_whose_it_says_and_moves_no_identity_in_passing(
    tmp_path: Path, settings: Settings, key: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    safe, recipient = key
    worked(settings).close()
    made = saved(settings, recipient, tmp_path / "share", "--retire")
    spare = tmp_path / "new" / "site"
    wish = ["restore", str(made), str(spare), "--key", str(safe)]
    assert main([*wish, "--look"]) == 0
    assert f"signed by {signer(settings)}" in capsys.readouterr().out
    assert main(wish) == 64
    assert f"signed by {signer(settings)}. Compare that" in capsys.readouterr().err
    assert main([*wish, f"--signed-by={signer(settings)}"]) == 64
    assert "would become edge/demo-tank/edge-1" in capsys.readouterr().err
    stranger = public_text(unit_key(tmp_path))
    assert main([*wish, f"--signed-by={stranger}", "--identity", "edge/demo-tank/edge-1"]) == 65
    assert "not what --signed-by says" in capsys.readouterr().err
    assert main([*wish, "--signed-by", f"-{stranger[1:]}"]) == 65, "one key in 64 begins like an option"
    assert not (spare / "site.toml").exists()
    again = spare / settings.site.folders.state
    again.mkdir(parents=True)
    shutil.copy(settings.state_folder / "unit-key.pem", again / "unit-key.pem")
    assert main(wish) == 0, "a box that has the unit's key is that unit"


def test_a_backup_forged_with_the_public_key_is_refused(
    tmp_path: Path, settings: Settings, key: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever knows the site's recipient can seal whatever he likes for it: only the unit can sign."""
    safe, recipient = key
    worked(settings).close()
    theirs = signer(settings)
    ours = (settings.state_folder / "unit-key.pem").read_bytes()
    (settings.state_folder / "unit-key.pem").unlink()
    unit_key(settings.state_folder)
    forged = saved(settings, recipient, tmp_path / "forger", "--retire").read_bytes()
    (settings.state_folder / "retired.json").unlink()
    (settings.state_folder / "unit-key.pem").write_bytes(ours)
    unsigned = unsigned_of(settings, recipient)
    tries = {"own key": forged, "claims": forged.replace(signer_in(forged), theirs.encode()), "unsigned": unsigned}
    spare = tmp_path / "new" / "site"
    for name, content in tries.items():
        (tmp_path / name).write_bytes(content)
        wish = ["restore", str(tmp_path / name), str(spare), "--key", str(safe)]
        assert main([*wish, f"--signed-by={theirs}", "--identity", "edge/demo-tank/edge-1"]) in {64, 65}, name
        assert not spare.exists(), name
    capsys.readouterr()
    wish = ["restore", str(tmp_path / "unsigned"), str(spare), "--key", str(safe), "--last-seq", "99"]
    wish += ["--old-unit-is-off", "--identity", "edge/demo-tank/edge-1"]
    assert main(wish) == 64
    assert "--unsigned" in capsys.readouterr().err
    assert main([*wish, "--unsigned"]) == 0, "one of an older version, on somebody's word"


def signer_in(backup: bytes) -> bytes:
    return backup.split(b'"signed_by":"', 1)[1].split(b'"', 1)[0]


def unsigned_of(settings: Settings, recipient: str) -> bytes:
    """As a version before signatures made it."""
    made, scratch = io.BytesIO(), settings.state_folder / "scratch"
    scratch.mkdir()
    contents.copied(settings.state_folder / "agent.sqlite", scratch / "agent.sqlite")
    head = contents.head_of(settings, scratch / "agent.sqlite", 1.0, "", final=False)
    sealer = sealed.Sealer(made, msgspec.json.encode(head), recipient)
    contents.pack(sealer, list(contents.files(settings, scratch)), head)
    sealer.end()
    shutil.rmtree(scratch)
    return made.getvalue()
