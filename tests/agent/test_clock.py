"""Time: trusted only if somebody vouches for it and the date is possible."""

import subprocess
import sys
import time

import pytest

from edge_agent.clock import EARLIEST_UTC, SystemClock, boot_id, kernel_says_synchronised


@pytest.mark.parametrize(("utc", "trusted"), [(0.0, False), (EARLIEST_UTC - 1, False), (EARLIEST_UTC, True)])
def test_a_date_before_the_product_existed_is_never_trusted(*, utc: float, trusted: bool) -> None:
    instant = SystemClock(declared=True, utc=lambda: utc).instant()
    assert (instant.utc, instant.trusted) == (utc, trusted)


def test_without_a_declaration_the_kernel_decides() -> None:
    assert SystemClock(declared=False).instant().trusted is kernel_says_synchronised()


FENCED_IN = """
import ctypes
from edge_agent import clock

class Refuses:
    def adjtimex(self, _):
        return -1  # EPERM of a seccomp filter

clock.ctypes.CDLL = lambda *_, **__: Refuses()
print(clock.SystemClock(declared=False).instant().trusted)
"""


def test_a_kernel_that_may_not_be_asked_vouches_for_nothing() -> None:
    """systemd's ProtectClock= takes the question too: the box came up and ended again, five times."""
    said = subprocess.run([sys.executable, "-c", FENCED_IN], capture_output=True, text=True, check=True)
    assert said.stdout == "False\n"


def test_the_monotonic_clock_is_the_machines() -> None:
    before_s = time.monotonic()
    instant = SystemClock(declared=True).instant()
    assert before_s <= instant.now_s <= SystemClock(declared=True).monotonic()


def test_the_boot_has_an_id_that_stays() -> None:
    assert boot_id() == boot_id()
    assert len(boot_id()) > 10
