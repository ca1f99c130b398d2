"""Log-ins are listed and ended; tokens read and nothing else; a phone is shown the way once and proves nobody."""

import itertools
import json
import sqlite3
import time
from pathlib import Path

import msgspec
import pytest
from flask.testing import FlaskClient

from edge_agent.domain.person import Proof
from edge_agent.domain.request import Ask
from edge_agent.domain.token import DAY_S, Reads, TokenWish
from edge_agent.domain.words import Words
from edge_agent.tell.who.papers import PEOPLE
from tests.support.board_world import Folder, live
from tests.support.desk_peer import DeskPeer, public
from tests.support.pages import Browser, Reply, Served, cookie, make_client, panel_cookie
from web_ui.access import ACCESS, OPEN_TO_TOKENS
from web_ui.device import device_of
from web_ui.enrolments import LASTS_S, Enrolments
from web_ui.records import FILE, Records
from web_ui.sessions import COOKIE, Sessions
from web_ui.tokens import MOST, Tokens

LOG_INS, TOKENS = "/api/v1/log-ins", "/api/v1/tokens"
count = itertools.count(1).__next__
PIXEL = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/132.0.0.0 Mobile Safari/537.36"


def test_everybody_sees_and_ends_his_own_and_an_administrator_everybodys(served: Served, peer: DeskPeer) -> None:
    phone, tablet, other, boss = (Browser(served) for _ in range(4))
    for browser, person in ((phone, "li-na"), (tablet, "li-na"), (other, "zhao-min"), (boss, "chen-admin")):
        assert browser.log_in(person).status == 200
    mine = phone.ask("GET", LOG_INS).json["log_ins"]
    assert [one["person"] for one in mine] == ["li-na", "li-na"]
    assert sorted(one["mine"] for one in mine) == [False, True]
    (theirs,) = other.ask("GET", LOG_INS).json["log_ins"]
    assert phone.ask("DELETE", f"{LOG_INS}/{theirs['id']}").code == "E-NO-LOG-IN"
    assert phone.ask("DELETE", f"{LOG_INS}?of=everybody").code == "E-NOT-ALLOWED"
    assert phone.ask("DELETE", LOG_INS).status == 204
    assert peer.asked[-1] == {"do": "log_out", "key": tablet.kid}, "nothing that its key signs is taken any more"
    assert (tablet.ask("GET", LOG_INS).code, phone.ask("GET", LOG_INS).status) == ("E-NO-SESSION", 200)
    everybodys = boss.ask("GET", LOG_INS).json["log_ins"]
    assert sorted(one["person"] for one in everybodys) == ["chen-admin", "li-na", "zhao-min"]
    assert boss.ask("DELETE", f"{LOG_INS}/{theirs['id']}").status == 204
    assert other.ask("GET", LOG_INS).code == "E-NO-SESSION"


def test_ending_everybodys_leaves_the_boxs_own_screen_and_who_asks(site: Path, peer: DeskPeer) -> None:
    assert peer
    screen, guard = panel_cookie(site), cookie(site, "li-na")
    records = Records(site / "web")
    secret, session = Sessions(records, time.time).begin("chen-admin", "key", time.time() + 3600)
    records.close()
    client = make_client(site, secret)
    headers = {"X-Edge": "1", "X-CSRF": session.csrf}
    assert client.delete(f"{LOG_INS}?of=everybody", headers=headers).status_code == 204
    for kept, status in ((screen, 200), (secret, 200), (guard, 401)):
        client.set_cookie(COOKIE, kept, secure=True)
        assert client.get("/api/v1/session").status_code == status


def wish(reads: Reads = Reads.READ, id_: str = "a" * 16) -> TokenWish:
    return TokenWish(id=id_, name="dashboard", reads=reads, days=2)


def reached(client: FlaskClient, secret: str, path: str, method: str = "GET") -> int:
    """The status for a program of another machine that shows this secret."""
    bearer, there = {"Authorization": f"Bearer {secret}", "X-Edge": "1"}, {"REMOTE_ADDR": "192.0.2.9"}
    return client.open(path, method=method, headers=bearer, environ_base=there).status_code


def test_a_token_reads_what_it_is_for_until_its_end_and_changes_nothing(site: Path, folder: Folder) -> None:
    folder.put(live())
    now_utc = [time.time()]
    records = Records(site / "web")
    tokens = Tokens(records, lambda: now_utc[0], lambda _: True)
    secrets = {kind: tokens.make(wish(kind, f"{kind.value:x<16}"), "chen-admin")[0] for kind in Reads}
    records.close()
    client = make_client(site, utc=lambda: now_utc[0])

    def status(kind: Reads, path: str, method: str = "GET") -> int:
        return reached(client, secrets[kind], path, method)

    assert (status(Reads.READ, "/api/v1/live"), status(Reads.FIGURES, "/api/v1/live")) == (200, 401)
    assert (status(Reads.READ, "/metrics"), status(Reads.FIGURES, "/metrics")) == (403, 200)
    for method, rule in ACCESS:
        if "/api/" in rule and (method != "GET" or rule not in OPEN_TO_TOKENS) and "<" not in rule:
            found = status(Reads.READ, rule, method)
            assert found in {401, 403} or ACCESS[method, rule].name == "ANYBODY", (method, rule, found)
    now_utc[0] += 2 * DAY_S
    assert (status(Reads.READ, "/api/v1/live"), status(Reads.FIGURES, "/metrics")) == (401, 403)


def made(boss: Browser, **changes: object) -> Reply:
    """What an administrator gets for his signed wish."""
    token = {**msgspec.to_builtins(wish()), **changes}
    return boss.sign(TOKENS, ask="let_read", person="chen-admin", pin="nimda-nehc", count=count(), token=token)


def test_a_token_is_made_with_a_pin_on_record_shown_once_kept_as_a_hash_and_revoked(
    served: Served, peer: DeskPeer
) -> None:
    boss = Browser(served)
    boss.log_in("chen-admin")
    told = made(boss).json
    (asked,) = peer.requests
    assert (asked.ask, asked.person, asked.proof, asked.token) == (
        Ask.LET_READ, "chen-admin", Proof.PIN, wish()
    )  # fmt: skip
    (listed,) = boss.ask("GET", TOKENS).json["tokens"]
    assert listed == told["token"]
    assert told["secret"] not in str(listed)
    files = b"".join(file.read_bytes() for file in (served.site / "web").glob(f"{FILE}*"))
    assert told["secret"].encode() not in files
    for wrong in ({"days": 0}, {"days": 367}, {"name": ""}, {"reads": "write"}, {}):  # {}: the id is taken
        assert made(boss, **({"id": "b" * 16} | wrong if wrong else {})).code == "E-FORM"
    end = f"{TOKENS}/{listed['id']}/end"
    form = {"ask": "end_reading", "person": "chen-admin", "about": [listed["id"], listed["name"]]}
    assert boss.sign(end, **{**form, "about": [listed["id"], "another"]}, count=count()).code == "E-FORM"
    assert boss.sign(end, **form, count=count()).json["accepted"]
    assert (peer.requests[-1].ask, peer.requests[-1].proof) == (Ask.END_READING, Proof.KEY)
    assert boss.sign(end, **form, count=count()).code == "E-NO-LOG-IN"
    assert boss.ask("GET", TOKENS).json["tokens"] == []


def test_what_the_agent_does_not_put_on_record_is_no_token_and_an_end_is_one_all_the_same(
    served: Served, peer: DeskPeer, folder: Folder
) -> None:
    folder.put(live())
    boss = Browser(served)
    boss.log_in("chen-admin")
    token = msgspec.to_builtins(wish())
    form = {"ask": "let_read", "person": "chen-admin", "token": token}
    wrong_pin = boss.sign(TOKENS, **form, pin="wrong", count=count()).json
    assert (wrong_pin["accepted"], wrong_pin.get("secret", "")) == (False, "")
    peer.refuses = (Words("不可", "no"),)
    assert not made(boss).json["accepted"]
    assert boss.ask("GET", TOKENS).json["tokens"] == []
    peer.refuses = ()
    secret = made(boss).json["secret"]
    program = Browser(served)
    assert program.ask("GET", "/api/v1/live", Authorization=f"Bearer {secret}").status == 200
    peer.refuses = (Words("不可", "no"),)
    ends = {"ask": "end_reading", "person": "chen-admin", "about": [token["id"], token["name"]]}
    assert not boss.sign(f"{TOKENS}/{token['id']}/end", **ends, count=count()).json["accepted"]
    assert program.ask("GET", "/api/v1/live", Authorization=f"Bearer {secret}").status == 401
    (listed,) = boss.ask("GET", TOKENS).json["tokens"]
    assert listed["ended_by"] == "chen-admin", "shown until that is on record"


@pytest.mark.parametrize("gone", [{"denied": True}, {"roles": ["technician"]}, {"areas": ["yard"]}, None])
def test_a_token_goes_for_good_with_the_right_of_whoever_made_it(
    site: Path, folder: Folder, gone: dict[str, object] | None
) -> None:
    folder.put(live())
    client, people = make_client(site), site / "run" / PEOPLE
    records = Records(site / "web")
    secret, _ = Tokens(records, time.time, lambda _: True).make(wish(), "chen-admin")
    records.close()
    rows = json.loads(people.read_bytes())
    assert reached(client, secret, "/api/v1/live") == 200
    changed = [{**one, **(gone or {})} if one["id"] == "chen-admin" else one for one in rows]
    people.write_text(json.dumps([one for one in changed if gone or one["id"] != "chen-admin"]), "utf-8")
    assert reached(client, secret, "/api/v1/live") == 401
    people.write_text(json.dumps(rows), "utf-8")
    assert reached(client, secret, "/api/v1/live") == 401, "and does not come back with it"


def test_while_nobody_is_known_a_token_opens_nothing_and_is_kept(site: Path, folder: Folder) -> None:
    """The agent is on its way up: its list is not there yet."""
    folder.put(live())
    client, people = make_client(site), site / "run" / PEOPLE
    records = Records(site / "web")
    secret, _ = Tokens(records, time.time, lambda _: True).make(wish(), "chen-admin")
    records.close()
    known = people.read_bytes()
    people.unlink()
    assert reached(client, secret, "/api/v1/live") == 401
    people.write_bytes(known)
    assert reached(client, secret, "/api/v1/live") == 200


def test_tokens_are_bounded(served: Served, peer: DeskPeer) -> None:
    boss = Browser(served)
    boss.log_in("chen-admin")
    records = Records(served.site / "web")
    tokens = Tokens(records, time.time, lambda _: True)
    for number in range(MOST):
        tokens.make(wish(id_=f"{number:016d}"), "chen-admin")
    records.close()
    assert made(boss).code == "E-TOKENS"
    assert peer.requests == [], "nothing is put on record of what is not made"


def test_a_phone_is_shown_the_way_once_and_still_shows_its_pin(served: Served) -> None:
    guard, phone = Browser(served), Browser(served)
    guard.log_in("li-na")
    assert guard.ask("POST", "/api/v1/enrolments", {"person": "zhao-min"}).code == "E-NOT-ALLOWED"
    told = guard.ask("POST", "/api/v1/enrolments", {"person": "li-na"}).json
    assert told["svg"].startswith("<svg")
    code = told["address"].partition("?for=")[2]
    assert phone.ask("GET", f"/api/v1/enrolments/{code}").json["person"] == "li-na"
    form = {"person": "li-na", "key": public(phone.key), "enrolment": code}
    assert phone.ask("POST", "/api/v1/session", {**form, "pin": "wrong"}).code == "E-PROOF"
    assert phone.ask("GET", "/api/v1/live").code == "E-NO-SESSION"
    assert phone.ask("POST", "/api/v1/session", {**form, "pin": "an-il"}, User_Agent=PIXEL).status == 200
    new = next(one for one in phone.ask("GET", LOG_INS).json["log_ins"] if one["mine"])
    assert (new["device"], new["enrolled_by"]) == ("Android · Chrome", "li-na")
    assert phone.ask("GET", f"/api/v1/enrolments/{code}").code == "E-NO-ENROLMENT", "it works once"


def test_the_way_is_over_after_a_while_and_is_one_persons() -> None:
    now_utc = [1000.0]
    open_ = Enrolments(lambda: now_utc[0])
    first, _ = open_.begin("li-na", "chen-admin")
    second, made = open_.begin("li-na", "chen-admin")
    assert open_.find(first) is None, "the newer one alone"
    assert open_.use(second, "zhao-min") == ""
    now_utc[0] += LASTS_S
    assert (open_.find(second), open_.use(second, "li-na")) == (None, "")
    assert made.until_utc == now_utc[0]


def test_the_page_in_the_clear_leads_on_to_the_log_in_and_nowhere_else(served: Served) -> None:
    for code, leads in (("A" * 22, f"login?phone={'A' * 22}"), ("a/../b" * 5, ""), ("x", ""), ("<b>" * 8, "")):
        with_code = Browser(served)
        with_code._url = served.enrol_url.rstrip("/")  # in the clear, at another port
        page = with_code.ask("GET", f"/?for={code}").body.decode()
        assert f'{served.port}/{leads}"' in page.replace("&amp;", "&")


def test_a_file_of_before_keeps_its_log_ins(tmp_path: Path) -> None:
    Records(tmp_path).close()
    old = sqlite3.connect(tmp_path / FILE)
    for column in ("device", "enrolled_by"):
        old.execute(f"ALTER TABLE sessionrow DROP COLUMN {column}")
    old.execute("INSERT INTO sessionrow VALUES ('h', 'li-na', 'k', 'c', 1.0, 1.0, 9e9, 0)")
    for column in ("id", "ended_by"):
        old.execute(f"ALTER TABLE tokenrow DROP COLUMN {column}")
    old.execute("INSERT INTO tokenrow VALUES (?, 'n', 'read', 'boss', 1.0, 0.0, 9e9)", ("0" * 64,))
    old.commit()
    old.close()
    records = Records(tmp_path)
    (kept,) = Sessions(records, lambda: 2.0).listed("li-na")
    assert (kept.person, kept.device, kept.until_utc) == ("li-na", "", 9e9)
    (token,) = Tokens(records, lambda: 2.0, lambda _: True).all()
    assert (token.id, token.ended_by) == ("0" * 16, "")
    records.close()


@pytest.mark.parametrize(
    ("said", "device"),
    [
        (PIXEL, "Android · Chrome"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Safari/604.1", "iPhone · Safari"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/132.0 Safari/537.36 Edg/132.0", "Windows · Edge"),
        ("Mozilla/5.0 (Phone; OpenHarmony 5.0) ArkWeb/4.1 HuaweiBrowser/5.0", "HarmonyOS · Huawei Browser"),
        ("curl/8.5", ""),
        ("", ""),
    ],
)
def test_a_device_is_called_as_people_know_it(said: str, device: str) -> None:
    assert device_of(said) == device
