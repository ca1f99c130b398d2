"""Short messages as units: against examples that others have published, and read back by the simulated modem."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.simulate.modem import _read
from edge_agent.tell.short import pdu

# SMS-STATUS-REPORT of reference 2 to +8613800138000, without its times and its status.
HEAD = "0006020D91683108108300F0"
TIMES = "62118141000023" * 2


def test_a_plain_text_is_packed_seven_bits_a_character() -> None:
    """ "hellohello" is E8329BFD4697D9EC37 in every description of the 7-bit alphabet."""
    unit, length = pdu.submit("+46708251358", "hellohello")
    assert unit == "0031000B916407281553F800000B0AE8329BFD4697D9EC37"
    assert length == len(unit) // 2 - 1


def test_chinese_goes_as_ucs2() -> None:
    unit, _ = pdu.submit("13800138000", "撤离")
    assert unit == "0031000B813108108300F000080B0464A479BB"


@given(st.text(max_size=200), st.from_regex(r"\A\+?[0-9]{3,20}\Z"))
def test_what_fits_arrives_letter_by_letter(text: str, number: str) -> None:
    if any(0xD800 <= ord(one) < 0xE000 for one in text):
        return
    said = pdu.fitted(text)
    assert text.startswith(said)
    unit, length = pdu.submit(number, said)
    assert _read(bytes.fromhex(unit)) == (number, said)
    assert length <= 164, "a SUBMIT is no longer"
    assert said == text or len(said) >= 69, "cut only where there is no more room"


@pytest.mark.parametrize(
    ("status", "arrived", "trying"),
    [("00", True, False), ("02", True, False), ("30", False, True), ("46", False, False)],
)
def test_a_status_report_is_read(status: str, *, arrived: bool, trying: bool) -> None:
    assert pdu.report(HEAD + TIMES + status) == pdu.Report(2, "+8613800138000", arrived, trying)


@pytest.mark.parametrize("text", ["", "0", "xx", "00", "0001", HEAD, "0011000B"])
def test_anything_else_is_no_report(text: str) -> None:
    assert pdu.report(text) is None
