"""A relative path of site.toml begins at the site's folder, from wherever the agent was started."""

import shutil
from pathlib import Path

import pytest

from edge_agent.settings.load import load
from tests.support.demo_root import REPOSITORY


def test_the_password_that_was_checked_is_the_one_that_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(REPOSITORY / "zones" / "demo-tank", tmp_path / "site")
    site = tmp_path / "site" / "site.toml"
    text = site.read_text("utf-8")
    table = "[field_broker] # the broker on the box: wearables speak here\n"
    assert table in text
    site.write_text(
        text.replace(table, f'{table}username = "box"\npassword_file = "secrets/field.secret"\n'), "utf-8"
    )
    secret = tmp_path / "site" / "secrets" / "field.secret"
    secret.parent.mkdir()
    secret.write_text("right\n")
    secret.chmod(0o600)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "field.secret").write_text("another\n")
    monkeypatch.chdir(elsewhere)
    found = load(tmp_path / "site", REPOSITORY).site.field_broker.password_file
    assert found is not None
    assert Path(found).read_text("utf-8") == "right\n"
