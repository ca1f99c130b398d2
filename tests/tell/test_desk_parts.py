"""A file in parts: in whatever order, again, or cut, only the whole with the named hash is ever handed on."""

import base64
import hashlib
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.domain.words import WordsError
from edge_agent.tell import desk_parts
from edge_agent.tell.desk_parts import LARGEST, LASTS_S, PART, Had, Parts
from tests.support.desk_site import Browser, HandClock, Site

TEXT = b"".join(number.to_bytes(2, "big") for number in range(500))
HASH = hashlib.sha256(TEXT).hexdigest()
OTHER = hashlib.sha256(b"other").hexdigest()


def sent(parts: Parts, at: int, piece: bytes, *, sha256: str = HASH, who: str = "gu", size: int = 1000) -> Had:
    return parts.take(who, sha256, size, at, base64.b64encode(piece).decode())


# A part: where it begins and how long it is; a wrong byte now and then; time passes; somebody else tries.
Step = tuple[int, int, str]
STEPS = st.lists(
    st.tuples(
        st.integers(0, 999),
        st.integers(1, 600),
        st.sampled_from(["", "", "", "", "wrong", "late", "else", "next"]),
    ),
    max_size=40,
)


@given(STEPS)
def test_only_the_whole_with_its_hash_is_ever_handed_on(steps: list[Step]) -> None:
    clock, parts, have = HandClock(), Parts(lambda: clock.now_s), 0
    for at, length, how in steps:
        begins = have if how == "next" else at
        piece = bytearray(TEXT[begins : begins + length])
        if not piece:
            continue
        if how == "wrong":
            piece[-1] ^= 1
        if how == "late":
            clock.now_s += LASTS_S
        try:
            have = sent(parts, begins, bytes(piece), who="else" if how == "else" else "gu").have
        except WordsError:
            have = have if how == "else" else 0
        for who in ("gu", "else"):
            try:
                assert parts.whole(who, HASH) == TEXT
            except WordsError:
                continue
            assert have == len(TEXT)
            with pytest.raises(WordsError):
                parts.whole("else" if who == "gu" else "gu", HASH)


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=8), st.randoms())
def test_repeats_and_gaps_lose_nothing(lengths: list[int], drawn: random.Random) -> None:
    parts, have, turn = Parts(lambda: 0.0), 0, 0
    while have < len(TEXT):
        at = drawn.randint(0, min(len(TEXT) - 1, have + 50))  # before, at, or beyond what is there
        found = sent(parts, at, TEXT[at : at + lengths[turn % len(lengths)]])
        assert found.have >= have
        have, turn = found.have, turn + 1
        if turn > len(TEXT):
            have = sent(parts, have, TEXT[have:]).have if have < len(TEXT) else have
    assert parts.whole("gu", HASH) == TEXT


def test_a_whole_with_another_hash_is_thrown_away() -> None:
    parts = Parts(lambda: 0.0)
    with pytest.raises(WordsError, match="does not fit its SHA-256"):
        sent(parts, 0, TEXT, sha256=OTHER)
    with pytest.raises(WordsError, match="not on the box"):
        parts.whole("gu", OTHER)


def test_one_at_a_time_and_for_a_quarter_of_an_hour() -> None:
    clock = HandClock()
    parts = Parts(lambda: clock.now_s)
    sent(parts, 0, TEXT[:500])
    with pytest.raises(WordsError, match="somebody else"):
        sent(parts, 0, b"other", sha256=OTHER, who="chen", size=5)
    with pytest.raises(WordsError, match="another than before"):
        sent(parts, 500, TEXT[500:], size=1001)
    with pytest.raises(WordsError, match="beyond"):
        sent(parts, 500, TEXT[500:] + b"x")
    assert sent(parts, 500, TEXT[500:]).whole
    clock.now_s += LASTS_S
    with pytest.raises(WordsError, match="not on the box"):
        parts.whole("gu", HASH)
    assert sent(parts, 0, b"other", sha256=OTHER, who="chen", size=5).whole
    parts.drop(OTHER)
    assert sent(parts, 0, TEXT).whole


def line(browser: Browser, **more: Any) -> dict[str, Any]:
    data = base64.b64encode(TEXT).decode()
    return {"do": "part", "key": browser.key, "sha256": HASH, "size": 1000, "at": 0, "data": data, **more}


def test_the_desk_takes_parts_from_who_may_see_settings_and_nobody_else(site: Site) -> None:
    browser = Browser()
    browser.log_in(site, person="li", pin="2468")
    assert "settings are for" in site.say(**line(browser))["reasons"][0]["en"]
    assert site.say(**line(browser, key="nobody"))["log_in"] is True
    for field, value in (("size", LARGEST + 1), ("at", -1), ("sha256", "x"), ("data", "A" * (PART // 3 * 4 + 4))):
        assert "malformed" in site.say(**line(browser, **{field: value}))["reasons"][0]["en"], field
    assert desk_parts.PART % 3 == 0


def test_a_part_of_the_largest_size_fits_into_a_line(site: Site) -> None:
    browser = Browser()
    browser.log_in(site, person="li", pin="2468")
    told = site.say(**line(browser, data="A" * (PART // 3 * 4), size=LARGEST))
    assert "settings are for" in told["reasons"][0]["en"]
