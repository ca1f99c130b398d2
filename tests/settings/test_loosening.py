"""A limit moves the unsafe way only by a safety officer's signature: for a time, so far, and never for some."""

import base64
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from edge_agent.clock import Instant
from edge_agent.domain.book_keys import every_limit
from edge_agent.domain.rulebook import Loosened
from edge_agent.fuse.book import effective, in_force
from edge_agent.settings.load import check, load
from edge_agent.settings.loosening import expired, furthest, signed_bytes
from tests.support.command_line import typed
from tests.support.demo_root import SITE, copy_root, write_toml

KEY = Ed25519PrivateKey.generate()
BEGINS, UNTIL = 1_796_083_200.0, 1_796_688_000.0  # 2026-12-01, 2026-12-08
ROW = {
    "key": "guard.lost_pause_s",
    "value": 90.0,
    "reason": "the gateway is being replaced",
    "by": "zhao-min",
    "begins": "2026-12-01T00:00Z",
    "until": "2026-12-08T00:00Z",
    "kid": "zhao-1",
}


def signed(site: str = "demo-tank", book: str = "own", **changes: Any) -> dict[str, Any]:
    row = Loosened(**{**ROW, **changes, "signature": ""})  # type: ignore[arg-type]
    signature = base64.urlsafe_b64encode(KEY.sign(signed_bytes(row, site, book))).decode().rstrip("=")
    return {**ROW, **changes, "signature": signature}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo site with a book of its own and the key of its safety officer."""
    to = copy_root(tmp_path_factory.mktemp("root"))
    site = to / SITE / "site.toml"
    public = base64.urlsafe_b64encode(KEY.public_key().public_bytes_raw()).decode().rstrip("=")
    keys = f'[[rulebook_keys]]\nkid = "zhao-1"\ned25519 = "{public}"\nperson = "zhao-min"\n\n[uplink]'
    text = site.read_text().replace('"demo-confined-space"', '"own"').replace("[uplink]", keys)
    text = text.replace("never = true", "")  # a DEMO site's alone
    site.write_text(text)
    (to / SITE / "rulebooks").mkdir()
    return to


def faults(root: Path, *rows: dict[str, Any], **tables: Any) -> list[str]:
    table = {
        "name": "own",
        "version": "1",
        "title": {"zh": "本站", "en": "our own"},
        "extends": "gb30871-2022",
        "loosened": list(rows),
        **tables,
    }
    write_toml(root / SITE / "rulebooks" / "own.toml", table)
    return [fault.key for fault in check(root / SITE, root)]


def at(utc: float, *, trusted: bool = True) -> Instant:
    return Instant(now_s=0.0, utc=utc, trusted=trusted)


def test_a_signed_row_counts_while_its_time_lasts_and_ends_by_itself(root: Path) -> None:
    assert faults(root, signed()) == []
    book = load(root / SITE, root).rulebook
    assert book.guard.lost_pause_s.value == 60
    for utc, value in ((BEGINS - 1, 60), (BEGINS, 90), (UNTIL - 1, 90), (UNTIL, 60)):
        assert effective(book, at(utc), {}).guard.lost_pause_s.value == value
    assert effective(book, at(BEGINS, trusted=False), {}).guard.lost_pause_s.value == 60
    assert effective(book, at(UNTIL), {}) is book, "nothing is built anew where nothing is loosened"
    assert in_force(book, at(BEGINS)) == book.loosened
    words = effective(book, at(BEGINS), {}).guard.lost_pause_s.clause
    assert "zhao-min" in words
    assert ROW["reason"] in words


def test_all_else_stays_as_it_is(root: Path) -> None:
    assert faults(root, signed(), signed(key="works.confined_space.contact_s", value=1200.0)) == []
    book = load(root / SITE, root).rulebook
    moved = dict(every_limit(effective(book, at(BEGINS), {})))
    changed = [key for key, one in every_limit(book) if moved[key].value != one.value]
    assert changed == ["guard.lost_pause_s", "works.confined_space.contact_s"]


@pytest.mark.parametrize(
    ("row", "named"),
    [
        (signed() | {"value": 100.0}, "signature"),
        (signed() | {"reason": "another"}, "signature"),
        (signed() | {"until": "2026-12-09T00:00Z"}, "signature"),
        (signed() | {"signature": "AAAA"}, "signature"),
        (signed() | {"signature": "not base64: §"}, "signature"),
        (signed(site="another-site"), "signature"),
        (signed(book="another-book"), "signature"),
        (signed(kid="nobody"), "kid"),
        (signed(by="wang-lei"), "by"),
        (signed(reason=" "), "reason"),
        (signed(until="2027-01-01T00:00Z"), "until"),
        (signed(until="2026-12-01T00:00Z"), "until"),
        (signed(until="2026-13-01T00:00Z"), "until"),
        (signed(until="soon"), "until"),
        (signed(value=121.0), "value"),
        (signed(value=60.0), "value"),
        (signed(value=59.0), "value"),
        (signed(key="guard.lost_paus_s"), "key"),
        (signed(key=""), "key"),
        (signed(key="guard"), "key"),
        (signed(key="works.confined_space.gas_grace_s", value=60.0), "key"),
    ],
)
def test_a_row_without_the_right_to_it_is_refused(root: Path, row: dict[str, Any], named: str) -> None:
    assert f"loosened[#1].{named}" in faults(root, row)


@pytest.mark.parametrize("missing", sorted(signed()))
def test_a_row_that_lacks_something_is_a_fault_and_no_crash(root: Path, missing: str) -> None:
    row = {name: value for name, value in signed().items() if name != missing}
    wrong = row | {missing: "much" if missing == "value" else 7}
    for rows in ((row,), (wrong,), (row, wrong)):
        assert any(key.endswith(f"].{missing}") for key in faults(root, *rows))


def test_another_officers_key_does_not_sign_for_this_one(root: Path) -> None:
    stranger = signed()
    row = Loosened(**{**ROW, "signature": ""})  # type: ignore[arg-type]
    forged = Ed25519PrivateKey.generate().sign(signed_bytes(row, "demo-tank", "own"))
    stranger["signature"] = base64.urlsafe_b64encode(forged).decode()
    assert faults(root, stranger) == ["loosened[#1].signature"]


@pytest.mark.parametrize(
    "key",
    [
        "gases.o2.stop_low",
        "gases.ch4.stop_high",
        "gases.h2s.warn_high",
        "gas.not_good_pause_s",
        "guard.post_pause_m",
        "guard.still_pause_s",
        "device.isolation_s",
        "works.confined_space.longest_s",
        "works.confined_space.sample_age_s",
        "works.confined_space.retest_after_s",
        'works."hot.1".fire_watch_s',
        'works."height.1".wind_stop_mps',
    ],
)
@pytest.mark.parametrize("times", [0.5, 1.1, 2.0])
def test_nobody_can_sign_for_what_the_law_and_the_ledger_fix(root: Path, key: str, times: float) -> None:
    faults(root)
    value = dict(every_limit(load(root / SITE, root).rulebook))[key].value * times
    assert faults(root, signed(key=key, value=value)) == ["loosened[#1].key"]


def test_no_limit_that_decides_about_gas_can_be_signed_for(root: Path) -> None:
    faults(root)
    for key, _ in every_limit(load(root / SITE, root).rulebook):
        if "gas" in key or "sample" in key or "retest" in key or "wind_stop" in key or "isolation" in key:
            assert furthest(key) is None, key


def test_a_warning_may_not_be_moved_behind_its_pause(root: Path) -> None:
    stricter = {"guard": {"still_pause_s": {"value": 200, "clause": "site"}}}
    assert faults(root, signed(key="guard.still_warn_s", value=250.0), **stricter) == ["loosened[#1].value"]
    assert faults(root, signed(key="guard.still_warn_s", value=190.0), **stricter) == []


def test_one_limit_is_loosened_once(root: Path) -> None:
    assert faults(root, signed(), signed(value=100.0)) == ["loosened[#2].key"]


def test_a_loosening_is_not_handed_down(root: Path) -> None:
    faults(root, signed())
    child = {"name": "child", "version": "1", "title": {"zh": "x", "en": "x"}, "extends": "own"}
    write_toml(root / SITE / "rulebooks" / "child.toml", child)
    site = root / SITE / "site.toml"
    text = site.read_text()
    try:
        site.write_text(text.replace('rulebook = "own"', 'rulebook = "child"'))
        assert load(root / SITE, root).rulebook.loosened == ()
    finally:
        site.write_text(text)


def test_the_key_of_somebody_who_is_no_safety_officer_signs_nothing(root: Path) -> None:
    site = root / SITE / "site.toml"
    text = site.read_text()
    try:
        site.write_text(text.replace('person = "zhao-min"', 'person = "wang-lei"'))
        assert "rulebook_keys[zhao-1].person" in faults(root)
    finally:
        site.write_text(text)


def test_what_is_over_is_named_when_a_book_is_checked(root: Path) -> None:
    faults(root, signed())
    book = load(root / SITE, root).rulebook
    assert [fault.key for fault in expired(book, UNTIL, "own.toml")] == ["loosened[#1].until"]
    assert list(expired(book, UNTIL - 1, "own.toml")) == []


def test_the_row_that_the_command_prints_is_accepted(root: Path, tmp_path: Path) -> None:
    faults(root)
    pem = tmp_path / "officer.pem"
    pem.write_bytes(KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    said = [part for name in ROW for part in (f"--{name}", str(ROW[name]))]
    done = typed("loosen", root / SITE, *said, "--private-key", pem)
    assert done.returncode == 0, done.stderr
    book = root / SITE / "rulebooks" / "own.toml"
    book.write_text(book.read_text().replace('"loosened" = []', "") + "\n" + done.stdout)
    assert check(root / SITE, root) == []
    assert load(root / SITE, root).rulebook.loosened[0].value == 90


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"key": "gases.h2s.stop_high"}, "loosened[#1].key"),
        ({"value": 500.0}, "must lie between 60 and 120 s"),
        ({"reason": " "}, "gives no reason"),
        ({"until": "2027-06-01T00:00Z"}, "30 days at most"),
        ({"by": "wang-lei"}, "the key is zhao-min's"),
    ],
)
def test_what_the_check_would_refuse_is_not_signed(
    root: Path, tmp_path: Path, changed: dict[str, Any], says: str
) -> None:
    faults(root)
    done = loosen(root, tmp_path, KEY, changed)
    assert (done.returncode, done.stdout) == (64, "")
    assert says in done.stderr


def test_a_key_that_the_site_does_not_know_is_told_with_the_row_to_paste(root: Path, tmp_path: Path) -> None:
    faults(root)
    stranger = Ed25519PrivateKey.generate()
    done = loosen(root, tmp_path, stranger, {"kid": "zhao-2"})
    public = stranger.public_key().public_bytes_raw()
    assert (done.returncode, done.stdout) == (64, "")
    assert "has no key zhao-2" in done.stderr
    assert base64.urlsafe_b64encode(public).decode().rstrip("=") in done.stderr


def loosen(
    root: Path, tmp_path: Path, key: Ed25519PrivateKey, changed: dict[str, Any]
) -> "subprocess.CompletedProcess[str]":
    """The command with this key, for the row of the tests with `changed`."""
    pem = tmp_path / "officer.pem"
    pem.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    said = [part for name, value in (ROW | changed).items() for part in (f"--{name}", str(value))]
    return typed("loosen", root / SITE, *said, "--private-key", pem)


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_key_file_that_is_none(root: Path, tmp_path: Path, content: bytes) -> None:
    faults(root)
    pem = tmp_path / "officer.pem"
    pem.write_bytes(content)
    said = [part for name in ROW for part in (f"--{name}", str(ROW[name]))]
    done = typed("loosen", root / SITE, *said, "--private-key", pem)
    assert (done.returncode, done.stdout) == (64, "")
    assert "Traceback" not in done.stderr
