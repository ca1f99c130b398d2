"""Logins of cameras: in a file that is closed to others; its faults are told, and nothing of what it holds."""

from pathlib import Path

import pytest

from edge_agent.settings.camera_logins import Login, LoginsError, carries_password, read, tables
from edge_agent.settings.fault import Fault
from edge_agent.settings.load import check, load

URL = "rtsp://127.0.0.1:8554/cam-1"
GOOD = '[logins.gate]\nuser = "viewer"\npassword = "hunter2"\n'


def with_login(site: Path, text: str | None, *, login: str = "gate", url: str = URL, mode: int = 0o600) -> Path:
    """The demo site, its camera with a login, and the file of them."""
    file = site / "site.toml"
    written = file.read_text("utf-8")
    assert written.count(URL) == 1
    file.write_text(written.replace(f'url = "{URL}"', f'url = "{url}"\nlogin = "{login}"'), "utf-8")
    logins = site / "camera-logins.toml"
    if text is not None:
        logins.write_text(text, "utf-8")
        logins.chmod(mode)
    return logins


def printed(faults: list[Fault]) -> str:
    return "\n".join(fault.line(language) for fault in faults for language in ("zh", "en"))


def test_a_login_in_a_closed_file_is_good_and_stands_in_no_setting(root: Path, site: Path) -> None:
    with_login(site, GOOD)
    assert check(site, root) == []
    settings = load(site, root)
    assert "hunter2" not in repr(settings)
    opened = tables(settings.folder, settings.site)
    assert opened["cam-1"].url == "rtsp://viewer:hunter2@127.0.0.1:8554/cam-1"


def test_another_password_is_no_other_setting(root: Path, site: Path) -> None:
    logins = with_login(site, GOOD)
    before = load(site, root).digest
    logins.write_text(GOOD.replace("hunter2", "another"), "utf-8")
    assert load(site, root).digest == before


@pytest.mark.parametrize(
    ("text", "mode", "says"),
    [
        (None, 0o600, "there is no camera-logins.toml"),
        (GOOD, 0o640, "open to others"),
        (GOOD, 0o604, "open to others"),
        (GOOD.replace('"hunter2"', "hunter2"), 0o600, "no TOML (line 3)"),
        (GOOD.replace('"hunter2"', "[]"), 0o600, "logins[...].password is not as it must be"),
        (GOOD.replace("password", "passwd"), 0o600, "is not as it must be"),
        (GOOD + 'port = "hunter2"\n', 0o600, "is not as it must be"),
    ],
)
def test_what_is_wrong_with_the_file_is_said_and_nothing_of_what_it_holds(
    root: Path, site: Path, text: str | None, mode: int, says: str
) -> None:
    logins = with_login(site, text, mode=mode)
    faults = check(site, root)
    assert [fault.key for fault in faults] == ["vision.logins_file"]
    told = printed(faults)
    assert says in told
    assert "chmod 600 camera-logins.toml" in told
    assert "hunter2" not in told
    with pytest.raises(LoginsError) as trouble:
        read(logins)
    assert "hunter2" not in f"{trouble.value}{trouble.value.words}"


def test_a_login_that_is_not_in_the_file_is_named_with_the_nearest(root: Path, site: Path) -> None:
    with_login(site, GOOD, login="gte")
    (fault,) = check(site, root)
    assert (fault.key, fault.remedy.en) == ("cameras.cam-1.login", 'nearest: "gate"')


@pytest.mark.parametrize(
    "url",
    [
        "rtsp://viewer:hunter2@127.0.0.1:8554/cam-1",
        "rtsp://viewer@127.0.0.1:8554/cam-1",
        "rtsp://127.0.0.1:8554/live?user=viewer&password=hunter2&channel=1",
        "rtsp://127.0.0.1:8554/live?token=hunter2",
        "rtsp://127.0.0.1:8554/user=viewer&password=hunter2&channel=1&stream=0.sdp",
        "rtsp://127.0.0.1:8554/user=viewer_password=hunter2_channel=1_stream=0.sdp?real_stream",
    ],
)
def test_an_address_that_carries_a_password_is_told_where_it_belongs(root: Path, site: Path, url: str) -> None:
    file = site / "site.toml"
    file.write_text(file.read_text("utf-8").replace(URL, url), "utf-8")
    (fault,) = check(site, root)
    assert fault.key == "cameras.cam-1.url"
    told = printed([fault])
    assert "camera-logins.toml" in told
    assert "login = " in told
    assert "hunter2" not in told


@pytest.mark.parametrize(
    "url",
    [
        URL,
        f"{URL}?channel=1&subtype=0",
        f"{URL}?user={{user}}&password={{password}}",
        "rtsp://[::1]:8554/x",
        "rtsp://127.0.0.1/user={user}_password={password}_channel=1",
        "rtsp://127.0.0.1/keys/live",
        "rtsp://127.0.0.1/a_b=1",
    ],
)
def test_an_address_without_a_password_is_none(url: str) -> None:
    assert not carries_password(url)


def test_a_film_takes_no_login(root: Path, site: Path) -> None:
    with_login(site, GOOD, url="file:///clip.mp4")
    assert [fault.key for fault in check(site, root)] == ["cameras.cam-1.login"]


def test_signs_in_a_password_do_not_change_the_address(root: Path, site: Path) -> None:
    with_login(site, GOOD.replace("hunter2", "p@ss:w/ört?"))
    settings = load(site, root)
    opened = tables(settings.folder, settings.site)["cam-1"].url
    assert opened == "rtsp://viewer:p%40ss%3Aw%2F%C3%B6rt%3F@127.0.0.1:8554/cam-1"


def test_a_camera_that_wants_its_login_behind_the_question_mark_gets_it_there(root: Path, site: Path) -> None:
    with_login(site, GOOD, url=URL + "?user={user}&password={password}")
    settings = load(site, root)
    assert tables(settings.folder, settings.site)["cam-1"].url == URL + "?user=viewer&password=hunter2"


def test_a_login_prints_nothing_of_itself() -> None:
    assert "hunter2" not in f"{Login(user='viewer', password='hunter2')!r}"  # noqa: S106 (a password to look for)
