"""The only door to time: monotonic for deciding; UTC, boot id and trust for telling."""

import ctypes
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from msgspec import Struct

# A UTC before this second cannot be true: the product did not exist yet (2024-01-01T00:00:00Z).
EARLIEST_UTC = 1_704_067_200.0


class Instant(Struct, frozen=True, kw_only=True):
    """One moment: `now_s` monotonic seconds, `utc` seconds since 1970, and whether utc is trusted."""

    now_s: float
    utc: float
    trusted: bool


class Clock(Protocol):
    """What parts of the agent ask for time; tests pass one that they move by hand."""

    def monotonic(self) -> float:
        """Seconds since some fixed point; never steps back."""

    def instant(self) -> Instant:
        """Monotonic second, UTC and trust, read together."""


class _Timex(ctypes.Structure):
    """struct timex of adjtimex(2) up to `status`; the rest is room for the kernel's answer."""

    _fields_ = [
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 464),
    ]


TIME_ERROR, REFUSED = 5, -1  # adjtimex(2): the clock is not synchronised; the call failed
NANO = 0x2000  # STA_NANO: the offset is in nanoseconds, else in microseconds
PPM = 65536.0  # the frequency's unit: 2^-16 parts per million


class Discipline(Struct, frozen=True, kw_only=True):
    """What the kernel says of its own clock: whether it is kept, how far off it may be, how much it is corrected.

    `error_s` grows by 0.5 ms a second from the last word of a time server on, until NTP or PTP speaks again.
    """

    synchronised: bool
    offset_s: float
    error_s: float
    drift_ppm: float


def discipline() -> Discipline | None:
    """The kernel's word (adjtimex(2), modes = 0: read only); None where it may not be asked."""
    told = _Timex()
    state = int(ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(told)))
    if state == REFUSED:
        return None
    return Discipline(
        synchronised=state != TIME_ERROR,
        offset_s=told.offset / (1e9 if told.status & NANO else 1e6),
        error_s=told.maxerror / 1e6,
        drift_ppm=told.freq / PPM,
    )


def kernel_says_synchronised() -> bool:
    """Whether the kernel's clock is disciplined by NTP or PTP.

    A kernel that may not be asked (a service fenced in too tightly) has said nothing: then it is not.
    """
    told = discipline()
    return told is not None and told.synchronised


class SystemClock:
    """The machine's own clocks. `declared` is a demo site's word that its clock may be trusted."""

    def __init__(self, *, declared: bool, utc: Callable[[], float] = time.time) -> None:
        """`declared` comes from site.toml [clock] source; `utc` is the machine's date."""
        self._declared = declared
        self._utc = utc

    def monotonic(self) -> float:
        """Seconds since boot, CLOCK_MONOTONIC."""
        return time.monotonic()

    def instant(self) -> Instant:
        """Now. Trust needs a plausible date as well as a synchronised (or declared) clock."""
        utc = self._utc()
        sound = utc >= EARLIEST_UTC and (self._declared or kernel_says_synchronised())
        return Instant(now_s=time.monotonic(), utc=utc, trusted=sound)


def boot_id() -> str:
    """This boot's identity, from the kernel; a new one after every power cycle."""
    path = Path("/proc/sys/kernel/random/boot_id")
    return path.read_text().strip() if path.exists() else f"unknown-{os.getpid()}"
