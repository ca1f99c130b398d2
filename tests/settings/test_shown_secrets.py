"""A password of before goes to whom it was entered for: every other way is named, what is entered anew is not."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from edge_agent.settings.load import load
from edge_agent.settings.shown_secrets import elsewhere
from edge_agent.settings.site import Settings
from edge_agent.settings.site_cameras import PtzTable
from edge_agent.settings.site_lines import OpcUaTable
from tests.support.pages import TREE

LOGINS = """[logins.gate]
user = "viewer"
password = "hunter2"
[logins.yard]
user = "viewer"
password = "another"
"""
BROKER, PLC, TYPED, LINK = (f"secrets/{name}" for name in ("broker", "plc", "typed", "link"))
URL = "rtsp://10.0.0.7/main"


@pytest.fixture
def old(tmp_path: Path) -> Settings:
    """A broker, an OPC UA server and a camera, each with a secret of its own."""
    settings = replace(load(TREE / "zones" / "demo-plant", TREE), folder=tmp_path)
    (tmp_path / "secrets").mkdir()
    for name, text in {"broker": "a", "plc": "b", "logins.toml": LOGINS}.items():
        (tmp_path / "secrets" / name).write_text(text)
        (tmp_path / "secrets" / name).chmod(0o600)
    site = settings.site
    return replace(
        settings,
        site=replace(
            site,
            uplink=replace(site.uplink, host="centre", password_file=BROKER),
            opcua={"plc": OpcUaTable(host="10.0.0.5", username="box", password_file=PLC)},
            cameras={"cam-1": replace(site.cameras["cam-1"], url=URL, login="gate")},
            vision=replace(site.vision, logins_file="secrets/logins.toml"),
        ),
    )


def changed(settings: Settings, **tables: Any) -> Settings:
    return replace(settings, site=replace(settings.site, **tables))


def test_the_same_ways_show_nothing_to_anybody_else(old: Settings) -> None:
    assert elsewhere(old, old) == ()
    harmless = changed(old, uplink=replace(old.site.uplink, keepalive_s=30, username="other"))
    assert elsewhere(old, harmless) == ()


@pytest.mark.parametrize("other", [{"host": "evil"}, {"port": 1}, {"ca": "secrets/mine"}])
def test_another_end_beside_the_same_file_is_named(old: Settings, other: dict[str, Any]) -> None:
    new = changed(old, uplink=replace(old.site.uplink, **other))
    assert elsewhere(old, new) == ("uplink.password_file",)


def test_a_file_of_another_table_is_named_in_whatever_way_it_is_written(old: Settings, tmp_path: Path) -> None:
    plc = old.site.opcua["plc"]
    for name in ("secrets/broker", "secrets/../secrets/broker", str(tmp_path / "secrets" / "broker")):
        assert elsewhere(old, changed(old, opcua={"plc": replace(plc, password_file=name)})) == (
            "opcua.plc.password_file",
        )
    (tmp_path / "secrets" / "link").symlink_to("broker")
    linked = changed(old, opcua={"plc": replace(plc, password_file=LINK)})
    assert elsewhere(old, linked) == ("opcua.plc.password_file",)


def test_the_same_file_under_another_table_of_the_same_end_is_named(old: Settings) -> None:
    new = changed(old, opcua={**old.site.opcua, "mine": old.site.opcua["plc"]})
    assert elsewhere(old, new) == ("opcua.mine.password_file",)


@pytest.mark.parametrize("other", [{"security": "none"}, {"server_certificate": "mine.pem"}])
def test_a_server_that_is_known_otherwise_is_another(old: Settings, other: dict[str, Any]) -> None:
    new = changed(old, opcua={"plc": replace(old.site.opcua["plc"], **other)})
    assert elsewhere(old, new) == ("opcua.plc.password_file",)


def test_what_is_entered_with_the_change_is_his_own_to_give(old: Settings, tmp_path: Path) -> None:
    new = changed(old, uplink=replace(old.site.uplink, host="evil", password_file=TYPED))
    assert elsewhere(old, new) == ("uplink.password_file",)
    assert elsewhere(old, new, [tmp_path / "secrets" / "typed"]) == ()
    assert elsewhere(old, new, [tmp_path / "secrets" / "other"]) == ("uplink.password_file",)


def camera(settings: Settings, **other: Any) -> Settings:
    return changed(settings, cameras={"cam-1": replace(settings.site.cameras["cam-1"], **other)})


@pytest.mark.parametrize(
    "other",
    [
        {"url": "rtsp://10.0.0.66/main"},
        {"url": "rtsp://10.0.0.7:8554/main"},
        {"login": "yard"},
        {"ptz": PtzTable(service="http://10.0.0.66/onvif", home="1", presets={})},
    ],
)
def test_a_camera_elsewhere_or_with_anothers_login_is_named(old: Settings, other: dict[str, Any]) -> None:
    new = camera(old, **other)
    assert elsewhere(old, new) == ("cameras.cam-1.login",)
    assert elsewhere(old, new, cameras=["cam-1"]) == ()
    assert elsewhere(old, new, cameras=["cam-2"]) == ("cameras.cam-1.login",)


def test_another_stream_or_name_of_the_same_camera_is_harmless(old: Settings) -> None:
    assert elsewhere(old, camera(old, url="rtsp://10.0.0.7/second")) == ()
    assert elsewhere(old, changed(old, cameras={"new-name": old.site.cameras["cam-1"]})) == ()


def test_logins_of_another_file_are_known_by_what_they_hold(old: Settings, tmp_path: Path) -> None:
    """A login typed for one camera is a new file with all of them in it; another password is another secret."""
    file = tmp_path / "secrets" / "new.toml"
    new = changed(old, vision=replace(old.site.vision, logins_file="secrets/new.toml"))
    assert elsewhere(old, new) == ("cameras.cam-1.login",), "a file that cannot be read"
    file.write_text(LOGINS)
    file.chmod(0o600)
    assert elsewhere(old, new) == ()
    file.write_text(LOGINS.replace("hunter2", "older"))
    assert elsewhere(old, new) == ("cameras.cam-1.login",)


def test_where_nobody_knows_the_settings_of_before_every_secret_is_named(old: Settings) -> None:
    assert elsewhere(None, old) == (
        "uplink.password_file", "opcua.plc.password_file", "cameras.cam-1.login",
    )  # fmt: skip
