"""The settings for their pages: every key has words in both languages, and no secret is ever sent."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edge_agent.domain.words import Words
from edge_agent.settings.describe import SECRETS
from tests.support.desk_peer import DeskPeer
from tests.support.languages import faults
from tests.support.pages import TREE, Browser, Served
from tests.web.test_areas import Keeper
from web_ui.api.rulebook import next_name

SAID = "a-password-of-the-broker"


@pytest.fixture
def keeper(site: Path) -> Keeper:
    """On a site with a secret, whose file it names."""
    shutil.copy(TREE / "zones" / "demo-tank" / "areas.toml", site / "areas.toml")
    (site / "secrets").mkdir()
    (site / "secrets" / "broker").write_text(SAID, "utf-8")
    with (site / "site.toml").open("a", encoding="utf-8") as file:
        file.write('\n[uplink]\nhost = "broker"\nport = 8883\npassword_file = "secrets/broker"\n')
    (site / "persons.toml").write_text('schema = 1\n[[persons]]\npin_hash = "$argon2id$"\n', "utf-8")
    return Keeper(site)


def every(fields: list[Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for one in fields:
        key = f"{path}.{one['key']}".lstrip(".")
        yield key, one
        yield from every(one["fields"], key)


def test_every_key_has_a_name_and_every_remark_is_in_both_languages(keeper: Keeper) -> None:
    unnamed = []
    for key, one in every(keeper.got("settings")["fields"]):
        called = Words(**one["called"])
        if called.zh == one["key"] or list(faults(called)):
            unnamed.append(key)
        assert not list(faults(Words(**one["help"]))), key
    assert unnamed == [], "name them in web_ui/fields/settings.toml"


def test_ranges_units_and_ids_come_from_the_settings_own_types(keeper: Keeper) -> None:
    told = keeper.got("settings")
    fields = dict(every(told["fields"]))
    poll = fields["gas.poll_s"]
    assert (poll["kind"], poll["least"], poll["most"], poll["unit"], poll["default"]) == (
        "number",
        0.1,
        60,
        "s",
        1,
    )
    assert (fields["gas.bus"]["refers"], fields["gas.bus"]["required"]) == ("buses", True)
    assert "permissive" in fields["relays.outputs.does"]["choices"]
    assert "yard" in told["known"]["areas"]
    assert "cn10_single_gas" in told["known"]["profiles.gas"]


def test_a_secret_is_marked_and_what_it_says_is_never_sent(keeper: Keeper) -> None:
    told = keeper.client.get("/api/v1/settings")
    backup = keeper.client.get("/api/v1/settings/backup")
    for answer in (told, backup):
        assert SAID not in answer.text
        assert "pin_hash" not in answer.text
    marked = {key.rpartition(".")[2] for key, one in every(told.json["fields"]) if one["secret"]}
    assert marked == SECRETS
    assert [one["file"] for one in backup.json["files"]] == ["site.toml", "areas.toml"]


def test_a_change_is_answered_with_each_fault_at_its_key(served: Served, peer: DeskPeer) -> None:
    site = served.site
    for name in ("site.toml", "areas.toml", "persons.toml"):
        shutil.copy(TREE / "zones" / "demo-tank" / name, site / name)
    browser = Browser(served)
    assert browser.log_in("gu-tech").status == 200
    before = browser.ask("GET", "/api/v1/settings").json["sha256"]
    edit = {"do": "set", "at": ["gas", "gas-o2", "poll_s"], "value": 0}
    change = {"file": "site.toml", "before": before, "edits": [edit], "check_only": True}
    answer = browser.sign("/api/v1/settings/changes", ask="settings", person="gu-tech", count=1, settings=change)
    assert (answer.status, answer.json["accepted"]) == (200, False)
    assert {one["key"] for one in answer.json["faults"]} >= {"gas.gas-o2.poll_s"}
    assert not peer.requests


def test_each_limit_has_its_source_its_bound_and_who_may_sign_for_another(keeper: Keeper, site: Path) -> None:
    shutil.copy(TREE / "zones" / "demo-tank" / "site.toml", site / "site.toml")
    told = keeper.got("settings/limits")
    rows = {one["key"]: one for one in told["limits"]}
    post = rows["guard.post_warn_m"]
    assert (post["way"], post["signed_to"], post["unit"], post["at"]) == (
        "at_most",
        30,
        "m",
        ["guard", "post_warn_m"],
    )
    assert rows["gases.h2s.stop_high"]["signed_to"] is None, "gas is loosened by nobody"
    assert rows["gases.h2s.stop_high"]["about"]["en"]
    assert all(one["clause"]["zh"] and one["clause"]["en"] for one in rows.values())
    listed = [one for one in rows.values() if one["listed"]]
    assert listed
    assert all(one["way"] == "fixed" for one in listed)


def test_a_new_book_never_takes_the_name_of_one_that_is_kept() -> None:
    assert next_name("Tank 3", {"gb30871-2022"}) == ("tank-3-limits", 1)
    assert next_name("Tank 3", {"tank-3-limits-9", "tank-3-limits-10", "tank-3-limits-x"}) == ("tank-3-limits", 11)
    assert next_name("罐区", ()) == ("site-limits", 1)
