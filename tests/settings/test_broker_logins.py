"""How the box shows itself to a broker: certificate, key and CA together, and a key that nobody else reads."""

from pathlib import Path

import pytest

from edge_agent.settings import load as settings

ALL = {"ca": "ca.pem", "client_cert": "unit.crt", "client_key": "unit.key"}


def found(root: Path, site: Path, table: str, named: dict[str, str], *, mode: int = 0o600) -> list[str]:
    for name in ALL.values():
        (site / name).write_text("x", encoding="utf-8")
        (site / name).chmod(mode)
    lines = "".join(f'{key} = "{name}"\n' for key, name in named.items())
    file = site / "site.toml"
    file.write_text(file.read_text("utf-8").replace(f"[{table}]", f"[{table}]\n{lines}", 1), "utf-8")
    return [one.key for one in settings.check(site, root)]


@pytest.mark.parametrize("table", ["uplink", "field_broker"])
def test_all_three_are_taken_and_begin_at_the_sites_folder(root: Path, site: Path, table: str) -> None:
    assert found(root, site, table, ALL) == []
    assert getattr(settings.load(site, root).site, table).client_key == str((site / "unit.key").resolve())


@pytest.mark.parametrize("without", ALL)
def test_one_alone_would_be_shown_to_nobody(root: Path, site: Path, without: str) -> None:
    named = {key: name for key, name in ALL.items() if key != without}
    assert found(root, site, "uplink", named) == [f"uplink.{without}"]


def test_a_key_that_others_may_read_is_refused(root: Path, site: Path) -> None:
    assert found(root, site, "uplink", ALL, mode=0o644) == ["uplink.client_key"]


def test_a_file_that_is_not_there_is_named(root: Path, site: Path) -> None:
    assert found(root, site, "uplink", {**ALL, "client_cert": "elsewhere.crt"}) == ["uplink.client_cert"]
