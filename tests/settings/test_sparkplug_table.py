"""[sparkplug]: a broker like the others, and names that are levels of a topic."""

from pathlib import Path

import pytest

from edge_agent.settings import load as settings

TABLE = '[sparkplug]\ngroup = "plant-3"\nhost = "127.0.0.1"\nport = 11883\n'


def found(root: Path, site: Path, added: str) -> list[str]:
    file = site / "site.toml"
    file.write_text(f"{file.read_text(encoding='utf-8')}\n{added}\n", encoding="utf-8")
    return [one.key for one in settings.check(site, root)]


def test_it_may_be_the_broker_of_the_centre(root: Path, site: Path) -> None:
    assert found(root, site, TABLE) == []
    table = settings.load(site, root).site.sparkplug
    assert table is not None
    assert (table.group, table.node, table.primary_host) == ("plant-3", None, None)


@pytest.mark.parametrize("name", ["", "a/b", "+", "a#", "x" * 65])
@pytest.mark.parametrize("key", ["group", "node", "primary_host"])
def test_a_name_that_is_no_level_of_a_topic_is_refused(root: Path, site: Path, key: str, name: str) -> None:
    table = TABLE.replace('group = "plant-3"\n', "") if key == "group" else TABLE
    assert found(root, site, f'{table}{key} = "{name}"\n') == [f"sparkplug.{key}"]


def test_a_password_stands_in_a_file_beside_the_site(root: Path, site: Path) -> None:
    away = TABLE.replace("127.0.0.1", "broker.example")
    wrong = found(root, site, f'{away}username = "box"\npassword_file = "secret"\n')
    assert "sparkplug.password_file" in wrong


def test_a_relative_path_begins_at_the_sites_folder(root: Path, site: Path) -> None:
    (site / "ca.pem").write_text("", encoding="utf-8")
    assert found(root, site, f'{TABLE}ca = "ca.pem"\n') == []
    table = settings.load(site, root).site.sparkplug
    assert table is not None
    assert table.ca == str((site / "ca.pem").resolve())
