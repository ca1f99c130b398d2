"""A table of measured figures, with the machine they were measured on under it."""

import importlib.metadata
import os
import platform
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import apsw

GIB = 2**30


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of all values do not exceed (nearest rank, no interpolation)."""
    ranked = sorted(values)
    rank = -(-len(ranked) * round(share * 1000) // 1000)
    return ranked[max(rank, 1) - 1]


def spread(name: str, values: Sequence[float], *, scale: float = 1000.0, note: str = "") -> tuple[str, ...]:
    """One row: how many, p50, p90, p99 and the largest of `values`, each times `scale`."""
    shown = (*(quantile(values, share) for share in (0.5, 0.9, 0.99)), max(values))
    return (name, str(len(values)), *(f"{value * scale:.2f}" for value in shown), note)


SPREAD = ("", "n", "p50", "p90", "p99", "max", "")


def show(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], *packages: str) -> None:
    """Print the table, and under it the machine; `packages` are the libraries whose versions count."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = [title]
    for row in (head, *rows):
        first, *numbers, note = (cell for cell in row)
        cells = [first.ljust(widths[0]), *(n.rjust(w) for n, w in zip(numbers, widths[1:-1], strict=True)), note]
        lines.append(("  " + "  ".join(cells)).rstrip())
    sys.stdout.write("\n".join([*lines, *machine(packages), ""]) + "\n")
    sys.stdout.flush()


def _stolen() -> tuple[int, int]:
    """CPU time that the hypervisor gave to others, and all of it (proc(5), stat: ticks since boot)."""
    fields = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:9]
    return int(fields[7]), sum(int(field) for field in fields)


BEGAN = _stolen()


def machine(packages: Sequence[str]) -> list[str]:
    """Processor, memory, kernel, file system, how busy it was, what its host took, versions and date."""
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((x.split(":")[1].strip() for x in info if x.startswith("model name")), platform.machine())
    memory_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIB
    cores = len(os.sched_getaffinity(0))
    libraries = [f"{name} {importlib.metadata.version(name)}" for name in packages]
    busy = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    stolen, whole = (now - then for now, then in zip(_stolen(), BEGAN, strict=True))
    taken = f"{100 * stolen / max(whole, 1):.1f} % of its time taken by the hypervisor"
    return [
        f"  machine: {model}, {cores} cores, {memory_gib:.0f} GiB",
        f"  load average (1, 5, 15 min) {busy}; {taken} during the run",
        f"  Linux {platform.release()}, Python {platform.python_version()}, SQLite {apsw.sqlite_lib_version()}"
        + "".join(f", {library}" for library in libraries),
        f"  {datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
    ]
