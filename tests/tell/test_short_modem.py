"""The modem's driver against the simulated modem on a pseudo-terminal, and what it says of each fault."""

import re
from collections.abc import Iterator
from contextlib import closing

import pytest

from edge_agent.simulate.modem import SimulatedModem
from edge_agent.tell.short.carrier import NotCarried, Receipt
from edge_agent.tell.short.modem import Mode, Modem

ZHAO = "+8613800000001"


@pytest.fixture
def played() -> Iterator[SimulatedModem]:
    with SimulatedModem() as modem:
        yield modem


def dialled(played: SimulatedModem, mode: Mode = "pdu") -> Modem:
    return Modem(played.device, mode=mode, answer_s=0.3)


def receipts(modem: Modem) -> list[Receipt]:
    found: list[Receipt] = []
    while not found:
        found = modem.receipts()
    return found


@pytest.mark.parametrize("mode", ["pdu", "text"])
@pytest.mark.parametrize("text", ["19:07 tank: evacuate (H2S 12 ppm)", "19:07 储罐：气体危险，撤离"])
def test_a_message_goes_out_and_its_receipt_comes_back(played: SimulatedModem, mode: Mode, text: str) -> None:
    with closing(dialled(played, mode)) as modem:
        handle = modem.put(ZHAO, text)
        assert not played.sent, "kept, and not sent yet"
        assert modem.was_sent(handle) is False
        reference = modem.send(handle)
        assert played.sent == [(ZHAO, text)]
        assert modem.was_sent(handle) is True
        assert receipts(modem) == [Receipt(number=ZHAO, reference=reference, arrived=True)]
        modem.forget(handle)
        assert modem.was_sent(handle) is None


@pytest.mark.parametrize("mode", ["pdu", "text"])
def test_a_number_that_is_dead_is_told_and_one_that_is_still_tried_is_not(
    played: SimulatedModem, mode: Mode
) -> None:
    with closing(dialled(played, mode)) as modem:
        for status in (0x30, 0x46):  # still trying: no final word; validity expired
            played.reports = status
            reference = modem.send(modem.put(ZHAO, "a"))
        assert receipts(modem) == [Receipt(number=ZHAO, reference=reference, arrived=False)]


@pytest.mark.parametrize(
    ("code", "why"),
    [(322, "memory is full"), (331, "no network"), (38, "out of order"), (500, r"refuses AT\+CMSS \(500\)")],
)
def test_what_the_network_refuses_is_said_in_words(played: SimulatedModem, code: int, why: str) -> None:
    with closing(dialled(played)) as modem:
        handle = modem.put(ZHAO, "a")
        played.cms_error = code
        with pytest.raises(NotCarried, match=why):
            modem.send(handle)
        assert modem.was_sent(handle) is False
        played.cms_error = None
        modem.send(handle)
        assert len(played.sent) == 1


def test_without_a_network_the_line_is_not_even_opened(played: SimulatedModem) -> None:
    played.registered = False
    with pytest.raises(NotCarried, match="in no network"):
        dialled(played)
    played.registered = True
    with closing(dialled(played)) as modem:
        modem.check()
        played.registered = False
        with pytest.raises(NotCarried, match="in no network"):
            modem.check()


def test_silence_is_told_and_the_line_can_be_opened_anew(played: SimulatedModem) -> None:
    with closing(dialled(played)) as modem:
        handle = modem.put(ZHAO, "a")
        played.silent = True
        for act in (modem.check, lambda: modem.was_sent(handle), lambda: modem.put(ZHAO, "b")):
            with pytest.raises(NotCarried, match="does not answer"):
                act()
    with pytest.raises(NotCarried, match="does not answer"):
        dialled(played)
    played.silent = False
    with closing(dialled(played)) as modem:
        assert modem.was_sent(handle) is False, "it is where it was"


def test_a_device_that_is_not_there_is_named() -> None:
    with pytest.raises(NotCarried, match=re.escape("/dev/no-such-modem")):
        Modem("/dev/no-such-modem")
