"""Who keeps this box's clock: the programs of NTP and PTP that run here, by their names in the process table."""

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
