"""Old files of cameras' log-ins go; none that any settings still name, nor what somebody else has put there."""

import os
import time
from pathlib import Path

import pytest

from edge_agent.ops.bundle_pruned import KEPT_S, prune
from tests.ops.test_bundle_logins import OTHER, SECRET, Site, holding, site

assert site, "one with a camera"


def made(folder: Path) -> list[str]:
    return sorted(one.name for one in (folder / "secrets").iterdir())


def named(folder: Path, name: str) -> str:
    text = (folder / name).read_text("utf-8")
    return next(one for one in made(folder) if one in text)


def give(site: Site, *passwords: str) -> None:
    for password in passwords:
        assert site.give({"user": "u", "password": password}).accepted


def test_what_neither_the_settings_nor_the_last_good_ones_name_goes_after_a_week(
    site: Site, tmp_path: Path
) -> None:
    site.took.add("third")
    give(site, SECRET, OTHER, "third")
    first, *_ = set(made(site.folder)) - {
        named(site.folder, "site.toml"),
        named(site.folder, "site.toml.last-good"),
    }
    assert prune(site.folder, tmp_path, time.time()) == (), "yesterday's settings can be restored"
    assert prune(site.folder, tmp_path, time.time() + KEPT_S + 60) == (first,)
    assert (holding(site, SECRET), len(made(site.folder))) == ([], 2)
    assert prune(site.folder, tmp_path, time.time() + KEPT_S + 60) == ()


@pytest.mark.parametrize("where", ["running-settings/site.toml", ".site.toml.new", "site.toml.of-friday"])
def test_what_the_box_runs_with_takes_or_goes_back_to_is_kept(site: Site, tmp_path: Path, where: str) -> None:
    site.took.add("third")
    give(site, SECRET, OTHER)
    first = named(site.folder, "site.toml.last-good")
    give(site, "third")
    text = tmp_path / "state" / where if "/" in where else site.folder / where
    text.parent.mkdir(parents=True, exist_ok=True)
    text.write_text(f'[vision]\nlogins_file = "secrets/{first}"\n', "utf-8")
    assert prune(site.folder, tmp_path / "state", time.time() + KEPT_S + 60) == ()
    assert first in made(site.folder)


def test_what_somebody_else_has_put_there_stays(site: Site, tmp_path: Path) -> None:
    give(site, SECRET)
    secrets, long_ago = site.folder / "secrets", time.time() - 10 * KEPT_S
    for name, mode in (
        ("camera-logins-gate.toml", 0o600),
        ("camera-logins-0a1b2c3d.toml", 0o640),
        ("word", 0o600),
    ):
        (secrets / name).write_text("x", "utf-8")
        (secrets / name).chmod(mode)
        os.utime(secrets / name, (long_ago, long_ago))
    (secrets / "camera-logins-0a1b2c3e.toml").symlink_to(tmp_path / "elsewhere.toml")
    before = made(site.folder)
    assert prune(site.folder, tmp_path, time.time()) == ()
    assert made(site.folder) == before


def test_settings_that_cannot_be_read_let_nothing_go(
    site: Site, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    site.took.add("third")
    give(site, SECRET, OTHER, "third")
    (site.folder / "site.toml").unlink()
    assert prune(site.folder, tmp_path, time.time() + KEPT_S + 60) == ()
    assert len(made(site.folder)) == 3
    assert "stay" in caplog.text
