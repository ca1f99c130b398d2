"""The box's own authority and certificate: names, dates, whose eyes; and the page that leads to it."""

import http.client
import ipaddress
import shutil
import ssl
import subprocess
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import Error, sync_playwright

from edge_agent.clock import EARLIEST_UTC
from tests.support.board_world import Folder, live
from tests.support.pages import Browser, Served, cookie, make_client, make_site
from web_ui import site as sites
from web_ui.tls.authority import CA_CERT, CERT, DAY_S, KEY, RENEW_DAYS, SERVER_DAYS, authority, fingerprint, issue
from web_ui.tls.keeper import Keeper
from web_ui.tls.names import Names, own

NOW = 1_795_000_000.0
NAMES = Names(("box.local", "localhost"), ("127.0.0.1", "192.168.1.9"))
MORE = Names((*NAMES.hosts, "gate.lan"), NAMES.addresses)


def made(folder: Path, names: Names = NAMES, now_utc: float = NOW) -> bytes:
    mine = authority(folder, "box-1", names, now_utc)
    return issue(folder, mine, mine.vouches(names)[0], now_utc).cert.read_bytes()


def clear(url: str) -> bytes:
    """What is said in the clear."""
    with urlopen(url, timeout=30) as answer:  # noqa: S310 - loopback
        return bytes(answer.read())


def verified(folder: Path, name: str) -> bool:
    """OpenSSL's own judgement, name constraints included."""
    kind = "-verify_ip" if name.replace(".", "").isdecimal() else "-verify_hostname"
    command = ["openssl", "verify", "-x509_strict", "-attime", str(int(NOW)), "-CAfile", str(folder / CA_CERT)]
    done = subprocess.run([*command, kind, name, str(folder / CERT)], capture_output=True, check=False)
    return done.returncode == 0


def test_the_certificate_is_good_for_the_boxs_names_and_no_other(tmp_path: Path) -> None:
    made(tmp_path)
    for name in (*NAMES.hosts, *NAMES.addresses):
        assert verified(tmp_path, name), name
    assert not verified(tmp_path, "other.local")
    assert not verified(tmp_path, "192.168.1.10")


def test_a_stolen_authority_cannot_vouch_for_the_internet(tmp_path: Path) -> None:
    mine = authority(tmp_path, "box-1", NAMES, NOW)
    bank = Names(("www.bank.example", "localhost"), ("203.0.113.5",))
    assert mine.vouches(bank) == (Names(("localhost",), ()), ("203.0.113.5", "www.bank.example"))
    issue(tmp_path, mine, bank, NOW)
    assert not verified(tmp_path, "www.bank.example")
    assert not verified(tmp_path, "localhost"), "OpenSSL refuses the certificate as a whole"


def test_an_address_that_the_box_has_at_first_may_be_any(tmp_path: Path) -> None:
    made(tmp_path, Names(("localhost", "plant.example"), ("203.0.113.5",)))
    assert verified(tmp_path, "203.0.113.5")
    assert verified(tmp_path, "plant.example")


def test_it_is_kept_while_it_fits_and_made_anew_when_names_or_dates_change(tmp_path: Path) -> None:
    first = made(tmp_path)
    assert made(tmp_path, now_utc=NOW + 60) == first
    assert made(tmp_path, now_utc=NOW + (SERVER_DAYS - RENEW_DAYS - 2) * DAY_S) == first
    renewed = made(tmp_path, now_utc=NOW + (SERVER_DAYS - RENEW_DAYS) * DAY_S)
    assert renewed != first
    with_more = made(tmp_path, MORE, NOW + 400 * DAY_S)
    assert with_more != renewed
    assert made(tmp_path, NAMES, NOW - 400 * DAY_S) != with_more, "one that is not yet good is none"


def test_the_authority_lasts_ten_years_and_outlives_its_certificates(tmp_path: Path) -> None:
    first = authority(tmp_path, "box-1", NAMES, NOW)
    assert authority(tmp_path, "box-1", NAMES, NOW + 3640 * DAY_S).pem == first.pem
    last = x509.load_pem_x509_certificate(made(tmp_path, now_utc=NOW + 3640 * DAY_S))
    assert last.not_valid_after_utc <= first.cert.not_valid_after_utc
    assert authority(tmp_path, "box-1", NAMES, NOW + 3654 * DAY_S).pem != first.pem


def test_a_box_without_a_date_makes_one_that_is_good_when_the_date_comes(tmp_path: Path) -> None:
    mine = authority(tmp_path, "box-1", NAMES, 0.0)
    assert mine.cert.not_valid_before_utc.timestamp() == EARLIEST_UTC - DAY_S
    assert mine.cert.not_valid_after_utc.timestamp() > NOW


@pytest.mark.parametrize("file", [CERT, KEY, "server.crt.part"])
@pytest.mark.parametrize("content", [b"", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_a_damaged_file_is_made_anew(tmp_path: Path, file: str, content: bytes) -> None:
    made(tmp_path)
    (tmp_path / file).write_bytes(content)
    made(tmp_path)
    assert verified(tmp_path, "localhost")
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(tmp_path / CERT, tmp_path / KEY)


def test_every_file_is_for_this_user_alone(tmp_path: Path) -> None:
    made(tmp_path)
    assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}


def test_the_machines_own_names_are_found() -> None:
    names = own(("Gate.Example.", "10.9.8.7", "[::7]"))
    assert {"localhost", "gate.example"} <= set(names.hosts)
    assert {"127.0.0.1", "::1", "10.9.8.7", "::7"} <= set(names.addresses)
    for text in names.addresses:
        ipaddress.ip_address(text)


def test_phones_are_led_to_an_address_that_is_not_the_boxs_own_loopback(tmp_path: Path) -> None:
    site = sites.read(make_site(tmp_path / "site"))
    assert Keeper(tmp_path, site, tmp_path, lambda: NOW).reachable() == "127.0.0.1"
    text = (tmp_path / "site" / "site.toml").read_text(encoding="utf-8")
    everywhere = text.replace('host = "127.0.0.1"', 'host = "0.0.0.0"\nnames = ["gate.example"]')
    (tmp_path / "site" / "site.toml").write_text(everywhere, encoding="utf-8")
    site = sites.read(tmp_path / "site")
    assert Keeper(tmp_path, site, tmp_path, lambda: NOW).reachable() == "gate.example"


def test_the_sites_own_certificate_is_used_and_then_browsers_are_told_to_insist(tmp_path: Path) -> None:
    site = make_site(tmp_path / "site", 'cert = "mine/server.crt"\nkey = "mine/server.key"')
    (site / "mine").mkdir()
    made(site / "mine", own(()), time.time())
    with Served(site) as served:
        served_ca = site / "web" / CA_CERT
        assert not served_ca.exists()
        shutil.copy(site / "mine" / CA_CERT, served_ca)
        reply = Browser(served).ask("GET", "/api/v1/box")
        assert reply.headers["Strict-Transport-Security"].startswith("max-age=")
        assert reply.json["ca_fingerprint"] is None
        assert b"nothing to install" in clear(served.enrol_url)
        with pytest.raises(HTTPError, match="404"):
            clear(f"{served.enrol_url}ca.crt")


def test_with_the_boxs_own_certificate_no_browser_is_told_to_insist(served: Served) -> None:
    """Or a phone that does not know the authority could not pass the warning to reach STOP."""
    assert Browser(served).ask("GET", "/").headers["Strict-Transport-Security"] is None


def test_enrolment_leads_from_the_qr_to_a_page_that_works(served: Served) -> None:
    """The certificate that the page gives out is the one that the pages are trusted by."""
    page = clear(served.enrol_url).decode()
    pem = clear(f"{served.enrol_url}ca.crt")
    for group in fingerprint(pem).replace(":", " ").split():
        assert group in page
    assert "<script" not in page
    assert f"https://127.0.0.1:{served.port}/" in page
    box = Browser(served).ask("GET", "/api/v1/box").json
    assert box["ca_fingerprint"] == fingerprint(pem)
    assert box["enrol_url"] == served.enrol_url
    assert served.process.stdout is not None
    told = served.process.stdout.readline().split()  # the journal, where a box has no screen to be compared with
    assert told == ["certificate:", *fingerprint(pem).split(":")]


def test_no_name_that_is_not_the_boxs_own_comes_back_from_the_page_in_the_clear(served: Served) -> None:
    line = http.client.HTTPConnection("127.0.0.1", int(served.enrol_url.rstrip("/").rsplit(":", 1)[1]), timeout=30)
    line.request("GET", "/", headers={"Host": "evil.example"})
    with line.getresponse() as answer:
        assert answer.status == 421
        assert b"evil" not in answer.read()
    line.close()


CHROMIUM = shutil.which("chromium-headless-shell")
SWITCHES = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]


@pytest.mark.skipif(CHROMIUM is None, reason="chromium-headless-shell is not installed (make test installs it)")
def test_a_real_browser_that_does_not_know_the_box_warns_and_can_go_on(served: Served, folder: Folder) -> None:
    folder.put(live())
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        stranger = chromium.new_page()
        with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
            stranger.goto(served.url)
        stranger = chromium.new_page()
        stranger.goto(served.enrol_url)
        assert stranger.locator("a[href='/ca.crt']").count() == 2
        assert stranger.locator(".fingerprint").first.inner_text().strip()
        passing = chromium.new_context(ignore_https_errors=True).new_page()  # "Advanced", "Proceed"
        answer = passing.goto(served.url)
        assert answer is not None
        assert answer.ok
        chromium.close()


def test_a_key_that_belongs_to_another_certificate_is_made_anew(tmp_path: Path) -> None:
    made(tmp_path)
    key = ec.generate_private_key(ec.SECP384R1())
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / KEY).write_bytes(pem)
    made(tmp_path)
    assert verified(tmp_path, "localhost")


def test_qr_codes_are_drawn_for_what_exists(site: Path, folder: Folder) -> None:
    folder.put(live())
    client = make_client(site, cookie(site, "li-na"))
    for path in ("permit/T-2042", "point/T-2042", "event/12", "box/box", "box/report"):
        answer = client.get(f"/api/v1/qr/{path}.svg")
        assert answer.status_code == 200, path
        assert answer.mimetype == "image/svg+xml"
        assert answer.data.startswith(b"<svg")
    for path in ("permit/none", "event/x", "event/99999999999999999", "other/T-2042"):
        assert client.get(f"/api/v1/qr/{path}.svg").status_code == 404, path
