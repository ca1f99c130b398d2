"""Which words of another box count: forged, replayed, re-ordered and old ones never do."""

import msgspec
import pytest
from msgspec.structs import replace

from edge_agent.domain.claim import Standing
from edge_agent.domain.words import Words
from edge_agent.settings.site_itself import PeerTable
from edge_agent.tell import signing
from edge_agent.tell.contract.peer import PeerWord
from edge_agent.tell.peer_proof import LARGEST, Proof, Proven

KEY, OTHER = signing.new_key(), signing.new_key()
PEER = PeerTable(unit="edge-2", name=Words("二号主机", "box 2"), ed25519=signing.public_text(KEY))
FRESH_S = 30.0


@pytest.fixture
def proof() -> Proof:
    return Proof("site", "edge-1", (PEER,), FRESH_S)


def word(challenge: str, n: int = 1, **more: object) -> PeerWord:
    """A word of edge-2 that says `challenge` back."""
    said = PeerWord(
        site="site",
        unit="edge-2",
        session="session-a",
        n=n,
        challenge="theirs-1",
        heard={"edge-1": challenge},
        claims=(),
        alarms=(),
    )
    return replace(said, **more)  # type: ignore[arg-type]


def signed(said: PeerWord, key: object = KEY, kid: str = "edge-2") -> bytes:
    return signing.sign(msgspec.json.encode(said), key, kid)  # type: ignore[arg-type]


OURS = "0123456789abcdef"
LONG = Standing(code="GAS-01", area="yard", leave=True, title=Words("长" * 200, "x" * 200), detail=Words("", ""))


def counts(found: Proven | str) -> bool:
    return isinstance(found, Proven)


def test_a_word_that_says_back_what_we_said_counts_and_its_age_is_that_of_our_challenge(proof: Proof) -> None:
    ours = proof.challenge(100.0)
    found = proof.taken("edge-2", signed(word(ours)), 107.0)
    assert isinstance(found, Proven)
    assert found.age_s == 7.0
    assert proof.heard == {"edge-2": "theirs-1"}


def test_each_word_counts_once_and_never_after_a_newer_one(proof: Proof) -> None:
    ours = proof.challenge(100.0)
    first, second = signed(word(ours, 1)), signed(word(ours, 2))
    assert counts(proof.taken("edge-2", second, 101.0))
    for old in (second, first):
        assert not counts(proof.taken("edge-2", old, 102.0))


def test_a_word_of_yesterday_does_not_count_today(proof: Proof) -> None:
    ours = proof.challenge(100.0)
    held_back = signed(word(ours, 7))
    for now_s in (110.0, 120.0, 130.5):
        proof.challenge(now_s)
    assert not counts(proof.taken("edge-2", held_back, 131.0))
    assert not counts(proof.taken("edge-2", signed(word("never said", 8)), 131.0))


def test_a_box_that_comes_up_again_counts_and_what_it_said_before_no_longer_does(proof: Proof) -> None:
    ours = proof.challenge(100.0)
    assert counts(proof.taken("edge-2", signed(word(ours, 50)), 101.0))
    assert counts(proof.taken("edge-2", signed(word(ours, 1, session="session-b")), 102.0))
    assert not counts(proof.taken("edge-2", signed(word(ours, 51)), 103.0))
    assert counts(proof.taken("edge-2", signed(word(ours, 2, session="session-b")), 104.0))


def test_a_box_that_has_not_heard_us_yet_does_not_count_but_is_answered(proof: Proof) -> None:
    proof.challenge(100.0)
    assert not counts(proof.taken("edge-2", signed(word("", heard={})), 101.0))
    assert proof.heard == {"edge-2": "theirs-1"}
    assert proof.sessions == {"edge-2": "session-a"}


@pytest.mark.parametrize(
    "message",
    [
        signed(word(OURS), OTHER),
        signed(word(OURS, unit="edge-3")),
        signed(word(OURS, site="elsewhere")),
        signed(word(OURS))[:-1],
        msgspec.json.encode(word(OURS)),
        signing.sign(b'{"unit":"edge-2"}', KEY, "edge-2"),
        signing.sign(b"[" * 5000, KEY, "edge-2"),
        b"",
        b"\xff" * (2**20),
        signed(word(OURS, alarms=(LONG,) * 600)),
    ],
    ids=[
        "other_key",
        "for_another",
        "other_site",
        "cut",
        "unsigned",
        "incomplete",
        "deep",
        "empty",
        "garbage",
        "large",
    ],
)
def test_what_its_key_did_not_sign_changes_nothing(
    proof: Proof, message: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secrets.token_hex", lambda _: OURS)
    ours = proof.challenge(100.0)
    assert not counts(proof.taken("edge-2", message[: LARGEST + 1], 101.0))
    assert proof.heard == {}
    assert counts(proof.taken("edge-2", signed(word(ours)), 102.0))


def _long() -> Standing:
    return Standing(
        code="GAS-01", area="yard", leave=True, title=Words("长" * 200, "x" * 200), detail=Words("", "")
    )


def test_nobody_else_is_known(proof: Proof) -> None:
    assert not counts(proof.taken("edge-9", signed(word(proof.challenge(0.0), unit="edge-9")), 1.0))
