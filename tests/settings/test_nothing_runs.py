"""No text of the settings runs anything or leads elsewhere: what a shell would take is no value."""

from pathlib import Path

import pytest

from edge_agent.settings import load as settings

ADDRESS = 'url = "rtsp://127.0.0.1:8554/cam-1"'


@pytest.mark.parametrize(
    "url",
    [
        "/etc/passwd",
        "concat:/etc/passwd|/etc/hostname",
        "subfile,,start,0,end,99,,:/etc/passwd",
        "lavfi:movie=/etc/passwd",
        "pipe:0",
        "exec:touch RAN",
        "rtsp+exec://127.0.0.1/$(touch RAN)",
        "-i /etc/passwd",
    ],
)
def test_a_camera_is_an_address_and_nothing_that_a_decoder_would_open(root: Path, site: Path, url: str) -> None:
    file = site / "site.toml"
    text = file.read_text("utf-8")
    assert ADDRESS in text
    file.write_text(text.replace(ADDRESS, f"url = '{url}'"), "utf-8")
    assert "cameras.cam-1.url" in {one.key for one in settings.check(site, root)}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('model = "ppe-nano-third"', 'model = "../../../etc/passwd"'),
        ('rulebook = "', 'rulebook = "../../etc/'),
        ('profile = "', 'profile = "../../../etc/'),
        ("schema = 1", "schema = !!python/object/apply:os.system ['touch RAN']"),
    ],
)
def test_a_name_leads_to_no_other_folder_and_a_text_is_no_program(
    root: Path, site: Path, old: str, new: str
) -> None:
    file = site / "site.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    assert settings.check(site, root)
    assert not [*Path.cwd().glob("RAN"), *site.rglob("RAN")]


@pytest.mark.parametrize("host", ["127.0.0.1; touch RAN", "$(touch RAN)", "a b", "x\\n-H y"])
def test_the_host_of_a_ups_is_a_host(root: Path, site: Path, host: str) -> None:
    file = site / "site.toml"
    file.write_text(f'{file.read_text("utf-8")}\n[power]\nups = "nut"\nhost = "{host}"\n', "utf-8")
    assert "power.host" in {one.key for one in settings.check(site, root)}
