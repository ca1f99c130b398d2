"""Time: trusted only if somebody vouches for it and the date is possible."""

import time

import pytest

from edge_agent.clock import EARLIEST_UTC, SystemClock, boot_id, kernel_says_synchronised


@pytest.mark.parametrize(("utc", "trusted"), [(0.0, False), (EARLIEST_UTC - 1, False), (EARLIEST_UTC, True)])
def test_a_date_before_the_product_existed_is_never_trusted(*, utc: float, trusted: bool) -> None:
    instant = SystemClock(declared=True, utc=lambda: utc).instant()
    assert (instant.utc, instant.trusted) == (utc, trusted)


def test_without_a_declaration_the_kernel_decides() -> None:
    assert SystemClock(declared=False).instant().trusted is kernel_says_synchronised()


def test_the_monotonic_clock_is_the_machines() -> None:
    before_s = time.monotonic()
    instant = SystemClock(declared=True).instant()
    assert before_s <= instant.now_s <= SystemClock(declared=True).monotonic()


def test_the_boot_has_an_id_that_stays() -> None:
    assert boot_id() == boot_id()
    assert len(boot_id()) > 10
