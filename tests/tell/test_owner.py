"""A box without an administrator is claimed once, by the code on its console; what is tried wrongly costs time."""

import logging
import stat
import threading
from pathlib import Path
from typing import Any

import pytest

from edge_agent.domain.person import Person, Proof, Role
from edge_agent.domain.request import Ask
from edge_agent.tell.who.claim import FILE, SPELT, ClaimCode
from edge_agent.tell.who.throttle import FREE_TRIES
from tests.support.broker import WITHIN_S
from tests.support.desk_site import Site

BOSS = {"id": "boss", "name": "老板"}


def claim(site: Site, code: str, **fields: Any) -> dict[str, Any]:
    return site.say(**{"do": "claim", "code": code, "person": BOSS, "pin": "8305", "language": "en", **fields})


def words(answer: dict[str, Any]) -> str:
    assert answer["accepted"] is False
    assert answer["reasons"][0]["zh"]
    return str(answer["reasons"][0]["en"])


def code_of(folder: Path) -> str:
    return (folder / FILE).read_text("ascii").strip()


def test_the_code_is_for_the_boxs_own_user_alone_and_the_same_after_a_restart(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        ClaimCode(tmp_path).make()
    code = code_of(tmp_path)
    assert SPELT.fullmatch(code)
    assert code in caplog.text
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    again = ClaimCode(tmp_path)
    again.make()
    assert again.matches(code)
    assert again.matches(code.lower().replace("-", " "))
    assert not again.matches("")
    assert not again.matches(code[:-1])


@pytest.mark.parametrize("left", [b"", b"ABCD", b"1234-5678\n", b"\xff\xfe\n", b"ABCD-EFGH\nABCD-EFGH\n"])
def test_a_file_that_is_not_whole_makes_room_for_a_new_code(tmp_path: Path, left: bytes) -> None:
    (tmp_path / FILE).write_bytes(left)
    code = ClaimCode(tmp_path)
    code.make()
    assert SPELT.fullmatch(code_of(tmp_path))
    assert code.matches(code_of(tmp_path))


def test_nothing_claims_a_box_that_made_no_code(tmp_path: Path) -> None:
    code = ClaimCode(tmp_path)
    assert not code.matches("")
    code.make()
    text = code_of(tmp_path)
    code.forget()
    code.forget()
    assert not code.matches(text)
    assert not (tmp_path / FILE).exists()


def test_whoever_reads_the_code_administers_the_box(site: Site) -> None:
    site.claim.make()
    code = code_of(site.path.parent)
    answer = claim(site, code)
    assert answer["who"] == {"id": "boss", "name": "老板", "roles": ["admin"], "areas": [], "language": "en"}
    (request,) = site.requests
    assert (request.ask, request.proof, request.person) == (Ask.PERSON, Proof.CLAIM, "boss")
    assert request.record is not None
    assert request.record.roles == (Role.ADMIN,)
    assert "8305" not in repr(request)
    assert not (site.path.parent / FILE).exists()
    assert "not the claim code" in words(claim(site, code))  # the brain that says yes forgot him; the code is void


def test_a_claimed_box_is_not_claimed_again(site: Site) -> None:
    site.claim.make()
    site.persons["boss"] = Person(id="boss", name="b", roles=(Role.ADMIN,), pin_hash="$")
    assert "claimed only once" in words(claim(site, code_of(site.path.parent)))
    assert site.requests == []
    assert site.say(do="box")["claimed"] is True


def test_who_works_here_already_keeps_his_roles(site: Site) -> None:
    site.claim.make()
    answer = claim(site, code_of(site.path.parent), person={"id": "wang", "name": "Wang"})
    assert answer["who"]["roles"][-1] == "admin"
    assert len(answer["who"]["roles"]) == len(site.persons["wang"].roles) + 1


def test_guessing_the_code_costs_ever_more_time_also_after_a_restart(site: Site) -> None:
    site.claim.make()
    for _ in range(FREE_TRIES):
        assert "not the claim code" in words(claim(site, "ABCD-EFGH"))
    assert "wait 5 s" in words(claim(site, code_of(site.path.parent)))
    assert site.kept == [("box/claim", count + 1) for count in range(FREE_TRIES)]
    site.clock.now_s += 5.0
    assert claim(site, code_of(site.path.parent))["accepted"]


def test_a_pin_that_is_guessed_at_once_claims_nothing(site: Site) -> None:
    site.claim.make()
    assert "guessed at once" in words(claim(site, code_of(site.path.parent), pin="1111"))
    assert site.requests == []
    assert (site.path.parent / FILE).exists()


def test_many_guesses_at_once_are_no_free_tries(site: Site) -> None:
    site.claim.make()
    said: list[str] = []

    def guess() -> None:
        said.append(words(claim(site, "ABCD-EFGH")))

    guessers = [threading.Thread(target=guess) for _ in range(FREE_TRIES + 5)]
    for guesser in guessers:
        guesser.start()
    for guesser in guessers:
        guesser.join(WITHIN_S)
    assert sum("not the claim code" in one for one in said) == FREE_TRIES
    assert sum("wait" in one for one in said) == 5
