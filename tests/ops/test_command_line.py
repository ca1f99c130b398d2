"""Every command as it is typed, right and wrong: what it prints and how it ends."""

import shutil
import subprocess
from pathlib import Path

import pytest

from edge_agent.__main__ import main
from edge_agent.decide.rules.table import RULES
from tests.support.command_line import ROOT, typed

DEMO = Path("zones") / "demo-tank"
SCENARIO = ROOT / "tests" / "scenarios" / "gas_over_its_limit"
GOOD, FAULTS, USAGE, UNAVAILABLE = 0, 78, 64, 69  # sysexits.h
NOT_A_COMMAND = 2  # argparse's own


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with three mistakes in two files."""
    site = tmp_path_factory.mktemp("sites") / "broken"
    shutil.copytree(ROOT / DEMO, site, ignore=shutil.ignore_patterns("state", "runtime"))
    settings = site / "site.toml"
    text = settings.read_text(encoding="utf-8")
    text = text.replace('profile = "cn10_single_gas"', 'profile = "cn1O_single_gas"', 1)
    settings.write_text(text.replace("watchdog_s = 2.0", "watchdog = 2.0"), encoding="utf-8")
    persons = site / "persons.toml"
    persons.write_text(persons.read_text(encoding="utf-8").replace('"tester"', '"testr"'), encoding="utf-8")
    return site


@pytest.fixture(scope="module")
def told(broken: Path) -> "subprocess.CompletedProcess[str]":
    """What `check` says of it."""
    return typed("check", broken)


def no_traceback(said: str) -> bool:
    return "Traceback" not in said and "Warning" not in said


def test_check_of_a_good_site() -> None:
    done = typed("check", DEMO)
    assert (done.returncode, done.stderr) == (GOOD, "")
    assert done.stdout.splitlines()[-1] == "设置无误 the settings are good"
    assert "连续鸣响为撤离" in done.stdout, "what the sirens say"


def test_check_of_a_broken_site_names_every_fault(told: "subprocess.CompletedProcess[str]") -> None:
    assert told.returncode == FAULTS
    for named in ("gas.gas-ch4.profile", "cn10_single_gas", "watchdog_s", "persons[sun-yan].roles"):
        assert named in told.stdout
    assert told.stdout.endswith("fault(s)\n")
    assert told.stderr == ""


@pytest.mark.parametrize("command", ["run", "rules", "demo"])
def test_a_broken_site_is_refused_with_every_fault(
    broken: Path, told: "subprocess.CompletedProcess[str]", command: str
) -> None:
    done = typed(command, broken)
    assert done.returncode == FAULTS
    assert sorted(done.stderr.splitlines()) == sorted(told.stdout.splitlines()[:-1])
    assert not (broken / "state").exists(), "nothing was begun"


@pytest.mark.parametrize("command", ["run", "check", "demo"])
def test_a_folder_that_is_not_there(command: str, tmp_path: Path) -> None:
    done = typed(command, tmp_path / "nowhere")
    assert done.returncode == FAULTS
    assert "no such folder" in done.stdout + done.stderr
    assert no_traceback(done.stderr)


def test_rules_lists_every_rule_with_this_sites_limits() -> None:
    done = typed("rules", DEMO)
    assert done.returncode == GOOD
    assert all(f"`{rule.name}`" in done.stdout for rule in RULES)
    assert "DEMO: times are shortened" in done.stdout
    assert done.stderr == ""


def test_replay_of_a_scenario_gives_its_events() -> None:
    done = typed("replay", DEMO, SCENARIO / "inputs.jsonl")
    assert done.returncode == GOOD
    said, expected = done.stdout, (SCENARIO / "expected.jsonl").read_text(encoding="utf-8")
    # The scenario was told without a digest of settings, so that a comment in them changes no scenario.
    assert said.splitlines()[1:] == expected.splitlines()[1:]
    assert len(said.splitlines()) == len(expected.splitlines())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1: the file is empty; it must begin with a start line"),
        ("# A heading\n", "line 1: the file is empty"),
        ("# A heading\nmore\n", "line 1 is not JSON"),
        ("{}\n", "line 1: not a start line"),
        ("[1, 2]\n[3]\n", "line 1: not a start line"),
    ],
)
def test_replay_of_something_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    inputs = tmp_path / "inputs.jsonl"
    inputs.write_text(text, encoding="utf-8")
    assert main(["replay", str(ROOT / DEMO), str(inputs)]) == USAGE
    said = capsys.readouterr()
    assert f"{inputs}: {words}" in said.err
    assert said.out == ""
    assert "database" not in said.err


def test_replay_of_a_step_that_cannot_be_read(tmp_path: Path) -> None:
    lines = (SCENARIO / "inputs.jsonl").read_text(encoding="utf-8").splitlines()[:3]
    inputs = tmp_path / "inputs.jsonl"
    inputs.write_text("\n".join([*lines, '{"instant": 7}', ""]), encoding="utf-8")
    done = typed("replay", DEMO, inputs)
    assert done.returncode == USAGE
    assert f"{inputs}: line 4: not a inputs line" in done.stderr
    assert '"unit.started"' in done.stdout, "what could be decided before it"


def test_replay_of_a_file_that_is_not_there(tmp_path: Path) -> None:
    done = typed("replay", DEMO, tmp_path / "none.jsonl")
    assert done.returncode == USAGE
    assert "No such file" in done.stderr
    assert no_traceback(done.stderr)


def test_a_request_when_no_agent_runs(tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(ROOT / DEMO, site, ignore=shutil.ignore_patterns("state", "runtime"))
    done = typed("request", site, "start", "--permit", "T", "--by", "wang-lei", pin="2202")
    assert done.returncode == UNAVAILABLE
    assert '"accepted": false' in done.stdout
    assert "nobody answers; is the agent running?" in done.stdout


def test_a_request_without_pin_or_terminal() -> None:
    done = typed("request", DEMO, "start", "--permit", "T", "--by", "wang-lei")
    assert done.returncode == USAGE
    assert "no terminal to type the PIN at: set EDGE_AGENT_PIN" in done.stderr
    assert no_traceback(done.stderr)


@pytest.mark.parametrize("sample", ["ch4", "ch4=1.2.3 %LEL@top", "ch4=nan %LEL@top", "ch4=1 %LEL"])
def test_a_sample_in_another_form(sample: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["request", str(DEMO), "retest", "--permit", "T", "--by", "sun-yan", "--sample", sample])
    assert ended.value.code == NOT_A_COMMAND
    assert "write it as GAS=LEVEL UNIT@PLACE" in capsys.readouterr().err


def test_an_unknown_command() -> None:
    done = typed("guard", DEMO)
    assert done.returncode == NOT_A_COMMAND
    assert "invalid choice: 'guard'" in done.stderr
    assert "usage: edge-agent" in done.stderr


def test_no_command_at_all() -> None:
    done = typed()
    assert done.returncode == NOT_A_COMMAND
    assert "usage: edge-agent" in done.stderr


def test_a_scenario_that_nobody_wrote_is_named_with_those_there_are() -> None:
    said = typed("demo", Path("zones") / "demo-plant", "--scenario", "moon_landing")
    assert said.returncode == USAGE
    assert "moon_landing" in said.stderr
    assert "tank_cleaning" in said.stderr


def test_a_public_key_may_begin_with_what_looks_like_an_option(tmp_path: Path) -> None:
    """One key in 64 does; this one is a point of X25519, so only the folder is at fault."""
    key = "-" + "A" * 42
    done = typed("backup", DEMO, "--into", tmp_path / "none", "--recipient", key)
    assert done.returncode != NOT_A_COMMAND, done.stderr
    assert "expected one argument" not in done.stderr
