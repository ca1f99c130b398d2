"""The demo site loads, says what it is, and no mistake in it goes unnamed."""

import tomllib
from pathlib import Path

import pytest

from edge_agent.domain.device import DeviceKind
from edge_agent.settings.fault import BadSettings
from edge_agent.settings.load import check, load
from edge_agent.settings.site_cameras import RUNTIMES
from tests.support.demo_root import REPOSITORY, SITE
from tests.support.languages import faults


def test_the_shipped_demo_site_has_no_fault() -> None:
    assert [str(fault) for fault in check(REPOSITORY / SITE, REPOSITORY)] == []


def test_the_rulebook_for_real_sites_has_no_fault(root: Path, site: Path) -> None:
    text = (site / "site.toml").read_text()
    (site / "site.toml").write_text(
        text.replace('"demo-confined-space"', '"gb30871-2022"').replace("never = true", "")
    )
    settings = load(site, root)
    assert not settings.demo
    assert settings.rulebook.guard.still_pause_s.value == 300


def test_the_demo_keeps_the_laws_limits_and_shortens_times_only() -> None:
    demo, real = (
        tomllib.loads((REPOSITORY / "zones" / "rulebooks" / f"{name}.toml").read_text())
        for name in ("demo-confined-space", "gb30871-2022")
    )
    for same in ("gases", "start_signers", "resume_signers", "close_signers"):
        assert demo[same] == real[same]
    assert {k: v for k, v in demo["guard"].items() if k.endswith("_m")} == {
        k: v for k, v in real["guard"].items() if k.endswith("_m")
    }


def test_devices_are_derived_with_their_patience(root: Path, site: Path) -> None:
    devices = {device.id: device for device in load(site, root).devices}
    assert {kind: sum(d.kind is kind for d in devices.values()) for kind in DeviceKind} == {
        DeviceKind.GAS: 4,
        DeviceKind.WEARABLE: 4,
        DeviceKind.CAMERA: 1,
        DeviceKind.RELAY: 1,
        DeviceKind.WEATHER: 1,
        DeviceKind.GAUGE: 0,
    }
    assert devices["gas-o2"].channels == ("o2",)
    assert devices["gas-o2"].stale_after_s == 3.0  # three polls, and the demo's stale_min_s
    assert devices["cam-1"].period_s == 0.25
    assert devices["cam-1"].stale_after_s == 3.0
    assert "permissive" in devices["relay-1"].channels


def test_load_refuses_with_every_fault(root: Path, site: Path) -> None:
    text = (site / "site.toml").read_text()
    (site / "site.toml").write_text(text.replace("port = 11883", "port = 0").replace("coil = 1", "coil = 99"))
    with pytest.raises(BadSettings) as bad:
        load(site, root)
    assert [fault.key for fault in bad.value.faults] == ["uplink.port", "relays.relay-1.outputs.siren.coil"]
    assert list(bad.value.faults) == check(site, root)
    assert str(bad.value) == "\n".join(map(str, bad.value.faults))


def test_a_folder_that_is_not_there_is_one_fault(root: Path) -> None:
    (fault,) = check(root / "zones" / "nowhere", root)
    assert fault.problem.en == "no such folder"


def test_the_sites_own_rulebook_comes_first(root: Path, site: Path) -> None:
    shared = root / "zones" / "rulebooks" / "demo-confined-space.toml"
    (site / "rulebooks").mkdir()
    (site / "rulebooks" / shared.name).write_text(shared.read_text().replace('"demo.1"', '"own.7"'))
    assert load(site, root).rulebook.version == "own.7"


@pytest.mark.parametrize("file", ["site.toml", "areas.toml", "persons.toml"])
def test_the_digest_tells_any_change_of_the_sites_files(root: Path, site: Path, file: str) -> None:
    before = load(site, root).digest
    assert load(site, root).digest == before
    with (site / file).open("a") as text:
        text.write("# one more word\n")
    assert load(site, root).digest != before


def test_the_digest_tells_a_change_of_the_rulebook_and_no_other(root: Path, site: Path) -> None:
    before = load(site, root).digest
    profile = root / "firmware_configs" / "gas" / "pemtech_pt495.toml"
    profile.write_text(profile.read_text() + "# one more word\n")
    assert load(site, root).digest == before
    book = root / "zones" / "rulebooks" / "demo-confined-space.toml"
    book.write_text(book.read_text() + "# one more word\n")
    assert load(site, root).digest != before


def test_relative_folders_begin_at_the_site(root: Path, site: Path) -> None:
    settings = load(site, root)
    assert settings.state_folder == site / "state"
    text = (site / "site.toml").read_text()
    (site / "site.toml").write_text(text.replace('state = "state"', 'state = "/var/lib/box"'))
    assert load(site, root).state_folder == Path("/var/lib/box")


def test_a_secret_open_to_others_is_named(root: Path, site: Path) -> None:
    text = (site / "site.toml").read_text()
    more = 'port = 11883\nusername = "box"\npassword_file = "secrets/uplink.password"'
    (site / "site.toml").write_text(text.replace("port = 11883", more))
    secret = site / "secrets" / "uplink.password"
    secret.parent.mkdir()
    secret.write_text("x")
    secret.chmod(0o644)
    (fault,) = check(site, root)
    assert (fault.key, fault.remedy.en) == ("uplink.password_file", "chmod 600 uplink.password")
    secret.chmod(0o600)
    assert check(site, root) == []


@pytest.mark.parametrize("name", ["persons.toml", "secrets/../persons.toml", "/etc/shadow", "secrets", "/nowhere"])
def test_no_file_but_one_put_apart_is_sent_to_a_broker(root: Path, site: Path, name: str) -> None:
    """Nor does the answer say whether such a file is there: all are refused alike."""
    (site / "persons.toml").chmod(0o600)
    text = (site / "site.toml").read_text()
    more = f'port = 11883\nusername = "box"\npassword_file = "{name}"'
    (site / "site.toml").write_text(text.replace("port = 11883", more))
    (fault,) = check(site, root)
    assert (fault.key, fault.problem.en) == ("uplink.password_file", "does not lie in the folder secrets/")
    assert f"write secrets/{Path(name).name}" in fault.remedy.en


def test_what_systemd_hands_over_is_apart_as_well(root: Path, site: Path) -> None:
    text = (site / "site.toml").read_text()
    more = 'port = 11883\nusername = "box"\npassword_file = "/run/credentials/edge-agent.service/uplink"'
    (site / "site.toml").write_text(text.replace("port = 11883", more))
    (fault,) = check(site, root)
    assert fault.problem.en == "no such file"


def test_a_list_of_people_that_anybody_may_rewrite_is_named(root: Path, site: Path) -> None:
    (site / "persons.toml").chmod(0o666)
    (fault,) = check(site, root)
    assert fault.file == "zones/demo-tank/persons.toml"
    assert "rewrite" in fault.problem.en


def test_a_file_that_is_no_text_is_named_with_its_line(root: Path, site: Path) -> None:
    (site / "areas.toml").write_bytes(b'schema = 1\nname = "\xff"\n')
    (fault,) = check(site, root)
    assert (fault.key, fault.remedy.en) == ("line 2", "save the file as UTF-8 in the editor")


def test_a_folder_in_place_of_a_file_is_named(root: Path, site: Path) -> None:
    (site / "areas.toml").unlink()
    (site / "areas.toml").mkdir()
    (fault,) = check(site, root)
    assert "cannot be read" in fault.problem.en


def test_no_secret_is_printed(root: Path, site: Path) -> None:
    people, wiring = (site / "persons.toml"), (site / "site.toml")
    people.write_text(people.read_text().replace('pin_hash = "$argon2id', 'pin_hash = "hunter2', 1))
    wiring.write_text(wiring.read_text().replace("rtsp://127.0.0.1:8554/", "rtsp://admin:hunter2@127.0.0.1:0/"))
    printed = "\n".join(fault.line(language) for fault in check(site, root) for language in ("zh", "en"))
    assert "persons[zhao-min].pin_hash" in printed
    assert "cameras.cam-1.url" in printed
    assert "hunter2" not in printed


@pytest.mark.parametrize(
    ("host", "accepted"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("LOCALHOST", True),
        ("127.0.0.1.example.com", False),
        ("localhost.example.com", False),
        ("2130706433", False),
        ("0.0.0.0", False),  # noqa: S104 (nothing listens there)
        ("::", False),
        ("192.168.1.1", False),
        ("127.1", False),
    ],
)
def test_a_demo_rulebook_knows_this_machine_from_any_other(
    root: Path, site: Path, host: str, *, accepted: bool
) -> None:
    text = (site / "site.toml").read_text()
    old = '[field_broker] # the broker on the box: wearables speak here\nhost = "127.0.0.1"'
    assert old in text
    (site / "site.toml").write_text(text.replace(old, f'[field_broker]\nhost = "{host}"'))
    assert [fault.key for fault in check(site, root)] == ([] if accepted else ["field_broker.host"])


@pytest.mark.parametrize(("url", "accepted"), [("file:///clip.mp4", True), ("file://server/clip.mp4", False)])
def test_a_file_of_another_machine_is_not_this_machine(
    root: Path, site: Path, url: str, *, accepted: bool
) -> None:
    text = (site / "site.toml").read_text()
    (site / "site.toml").write_text(text.replace("rtsp://127.0.0.1:8554/cam-1", url))
    assert [fault.key for fault in check(site, root)] == ([] if accepted else ["cameras.cam-1.url"])


def with_runtime(site: Path, runtime: str) -> None:
    with (site / "site.toml").open("a", encoding="utf-8") as text:
        text.write(f'\n[vision]\nruntime = "{runtime}"\nthreads = 2\n')


def test_models_run_on_the_runtime_that_the_site_names(root: Path, site: Path) -> None:
    assert load(site, root).site.vision.runtime == "onnx-cpu"
    with_runtime(site, "openvino-cpu")
    assert load(site, root).site.vision.threads == 2


LINE = "line = [[0.5, 0.1], [0.5, 0.9]]"
MOUTH = "mouth = [[0.4, 0.4], [0.6, 0.4], [0.6, 0.6]]"


@pytest.mark.parametrize(
    ("drawn", "key", "said"),
    [
        (f"{LINE}\ninward = [0.9, 0.5]", None, ""),
        (MOUTH, None, ""),
        (f"{LINE}\n{MOUTH}", "", "not either a line or a mouth"),
        ("", "", "not either a line or a mouth"),
        (f"{LINE}\ninward = [0.5, 0.3]", ".line", "no line with an inner side"),
        ("line = [[0.5, 0.1], [0.5, 0.1]]\ninward = [0.9, 0.5]", ".line", "no line with an inner side"),
        ("line = [[0.5, 0.1]]\ninward = [0.9, 0.5]", ".line", "no line with an inner side"),
        ("mouth = [[0.4, 0.4], [0.6, 0.4]]", ".mouth", "2 different corners"),
        (f"{LINE}\ninward = [1.2, 0.5]", "", "outside the picture"),
    ],
)
def test_an_opening_is_a_line_with_an_inner_side_or_a_mouth(
    root: Path, site: Path, drawn: str, key: str | None, said: str
) -> None:
    with (site / "site.toml").open("a", encoding="utf-8") as text:
        text.write(f'\n[[cameras.cam-1.openings]]\nid = "door"\narea = "tank-inside"\n{drawn}\n')
    faults_ = list(check(site, root))
    wanted = [] if key is None else [f"cameras.cam-1.openings[door]{key}"]
    assert [fault.key for fault in faults_] == wanted
    assert all(said in fault.problem.en for fault in faults_)


def test_an_opening_has_its_own_id_and_leads_into_an_area_of_the_plan(root: Path, site: Path) -> None:
    with (site / "site.toml").open("a", encoding="utf-8") as text:
        for _ in range(2):
            text.write(f'\n[[cameras.cam-1.openings]]\nid = "door"\narea = "tank-insid"\n{MOUTH}\n')
    said = {fault.key: fault for fault in check(site, root)}
    assert set(said) == {"cameras.cam-1.openings[door].id", "cameras.cam-1.openings[door].area"}


SQUARE = ((0.2, 0.9, -2, 4), (0.8, 0.9, 2, 4), (0.6, 0.5, 2, 9), (0.4, 0.5, -2, 9))
MORE = ((0.5, 0.9, 0, 4), (0.5, 0.5, 0, 9))


@pytest.mark.parametrize(
    ("points", "key", "said"),
    [
        (SQUARE, None, ""),
        ((*SQUARE, *MORE), None, ""),
        (SQUARE[:3], "", "do not fix"),
        ((*SQUARE[:2], MORE[0], SQUARE[2]), "", "do not fix"),
        (((0.2, 1.2, 0, 0), *SQUARE[1:]), "[#1].picture", "outside the picture"),
        ((SQUARE[1][:2] + SQUARE[0][2:], SQUARE[0][:2] + SQUARE[1][2:], *SQUARE[2:]), "", "above the horizon"),
        ((*SQUARE, (0.5, 0.9, 0, 7)), "", "miss the plan by"),
        ((*SQUARE, *MORE, (0.5, 0.7, 3, 6)), "", "miss the plan by"),
    ],
)
def test_points_on_the_plan_fix_where_a_camera_looks(
    root: Path, site: Path, points: tuple[tuple[float, ...], ...], key: str | None, said: str
) -> None:
    with (site / "site.toml").open("a", encoding="utf-8") as text:
        for x, y, east, north in points:
            text.write(f"\n[[cameras.cam-1.on_plan]]\npicture = [{x}, {y}]\nplan_m = [{east}, {north}]\n")
    found = list(check(site, root))
    assert [fault.key for fault in found] == ([] if key is None else [f"cameras.cam-1.on_plan{key}"])
    assert all(said in fault.problem.en for fault in found)
    assert [wrong for fault in found for words in (fault.problem, fault.remedy) for wrong in faults(words)] == []


def test_a_colour_cannot_be_worn_and_missing_at_once(root: Path, site: Path) -> None:
    with (site / "site.toml").open("a", encoding="utf-8") as text:
        text.write(
            "\n[vision.guard_colour]\nhue_deg = [45.0, 70.0]\nworn_from_pct = 10.0\nmissing_below_pct = 10.0\n"
        )
    (fault,) = check(site, root)
    assert (fault.file.rsplit("/", 1)[-1], fault.key) == ("site.toml", "vision.guard_colour.missing_below_pct")
    assert "band" in fault.remedy.en


@pytest.mark.parametrize(("named", "remedy"), [("opnvino-cpu", 'nearest: "openvino-cpu"'), ("x", "onnx-tensorrt")])
def test_an_unknown_runtime_is_named_with_those_there_are(root: Path, site: Path, named: str, remedy: str) -> None:
    with_runtime(site, named)
    (fault,) = check(site, root)
    assert fault.key == "vision.runtime"
    assert remedy in fault.remedy.en


def test_a_runtime_that_is_not_installed_is_named_with_its_extra(
    root: Path, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RUNTIMES, "openvino-cpu", "no_such_package")
    with_runtime(site, "openvino-cpu")
    (fault,) = check(site, root)
    assert fault.key == "vision.runtime"
    assert 'pip install "edge-agent[no_such_package]"' in fault.remedy.en
    assert [wrong for words in (fault.problem, fault.remedy) for wrong in faults(words)] == []


def test_a_service_that_stands_at_the_top_names_whole_paths(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    with pytest.raises(BadSettings) as refused:
        load(tmp_path / "nowhere", root)
    assert refused.value.faults[0].file == str(tmp_path / "nowhere")
