"""Who keeps this box's clock: programs of NTP and PTP by their names in the process table, and the clock chip."""

from pathlib import Path

from msgspec import Struct

PROCESSES = Path("/proc")
# Names as the kernel keeps them (15 letters); phc2sys carries a PTP clock into the system's.
KINDS = {
    "chronyd": "NTP",
    "systemd-timesyn": "NTP",
    "ntpd": "NTP",
    "ntpsec": "NTP",
    "openntpd": "NTP",
    "phc2sys": "PTP",
    "timemaster": "PTP",
}
FULL = {"systemd-timesyn": "systemd-timesyncd"}


class Timekeeper(Struct, frozen=True):
    """One program that sets the clock, and by what."""

    program: str
    kind: str


def keepers(processes: Path = PROCESSES) -> tuple[Timekeeper, ...]:
    """Those that run; none also where the service manager hides other users' programs from us."""
    found = set()
    for comm in processes.glob("[0-9]*/comm"):
        try:
            name = comm.read_text("utf-8", "replace").strip()
        except OSError:  # it has ended meanwhile
            continue
        if name in KINDS:
            found.add(name)
    return tuple(Timekeeper(FULL.get(name, name), KINDS[name]) for name in sorted(found))


def hidden(processes: Path = PROCESSES) -> bool:
    """Whether other users' programs are hidden from us (ProtectProc=invisible): then none seen proves nothing."""
    return not (processes / "1").exists()


def chip_utc(sys: Path) -> int | None:
    """What the clock on a battery says, in seconds since 1970; None where there is none that answers."""
    try:
        return int((sys / "class/rtc/rtc0/since_epoch").read_text("ascii"))
    except (OSError, ValueError):
        return None
