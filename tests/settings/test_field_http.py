"""[field_http]: wearables that come by HTTP need somebody who listens, with a token that nobody guesses."""

from pathlib import Path

import pytest

from edge_agent.settings import load as settings
from tests.support.languages import faults as language_faults

TABLE = '[field_http]\nhost = "127.0.0.1"\nport = 15055\ntoken_file = "token"\n'


def found(
    root: Path, site: Path, added: str, *, by_http: bool = True, token: str | None = "x" * 24
) -> dict[str, str]:
    file = site / "site.toml"
    text = file.read_text(encoding="utf-8")
    if by_http:
        text = text.replace('profile = "omlox_wristband"', 'profile = "osmand"', 1)
    file.write_text(f"{text}\n{added}\n", encoding="utf-8")
    if token is not None:
        (site / "token").write_text(token, encoding="utf-8")
        (site / "token").chmod(0o600)
    faults = settings.check(site, root)
    assert [wrong for one in faults for wrong in language_faults(one.problem)] == []
    return {one.key: one.problem.en for one in faults}


def test_a_site_with_a_receiver_has_no_fault(root: Path, site: Path) -> None:
    assert found(root, site, TABLE) == {}
    table = settings.load(site, root).site.field_http
    assert table is not None
    assert table.port == 15055


def test_without_a_receiver_its_wearables_would_never_be_heard(root: Path, site: Path) -> None:
    assert list(found(root, site, "")) == ["field_http"]


def test_a_receiver_for_nobody_is_an_open_door(root: Path, site: Path) -> None:
    assert list(found(root, site, TABLE, by_http=False)) == ["field_http"]


@pytest.mark.parametrize("token", [None, "", "short", "with a space in the midst", "x" * 300])
def test_a_token_that_is_missing_or_can_be_guessed_is_refused(root: Path, site: Path, token: str | None) -> None:
    wrong = found(root, site, TABLE, token=token)
    assert list(wrong) == ["field_http.token_file"]


def test_a_token_that_others_may_read_is_refused(root: Path, site: Path) -> None:
    found(root, site, TABLE)
    (site / "token").chmod(0o644)
    assert [one.key for one in settings.check(site, root)] == ["field_http.token_file"]


def test_a_port_that_is_taken_is_named(root: Path, site: Path) -> None:
    assert list(found(root, site, TABLE.replace("15055", "15020"))) == ["buses.gateway-1.port"]


def test_a_demo_listens_to_nobody_but_this_machine(root: Path, site: Path) -> None:
    assert list(found(root, site, TABLE.replace("127.0.0.1", "0.0.0.0"))) == ["field_http.host"]  # noqa: S104
