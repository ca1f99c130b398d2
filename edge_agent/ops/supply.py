"""What feeds the box: mains or battery, how full, for how many minutes. As the kernel tells it (a UPS: nut.py).

sysfs, power_supply. Kernel: Documentation/ABI/testing/sysfs-class-power. Batteries of mice and phones
(scope "Device") are not the box's.
"""

from pathlib import Path

from msgspec import Struct

from edge_agent.domain.words import NOTHING, Words

POWER = Path("/sys/class/power_supply")
FEEDS = frozenset({"Mains", "USB", "Wireless"})
STORES = frozenset({"Battery", "UPS"})
FULL_ENOUGH = frozenset({"Charging", "Full", "Not charging"})


class Supply(Struct, frozen=True, kw_only=True):
    """None: nobody says, and `why`. `wrong`: what stands behind the mains is not to be counted on."""

    on_mains: bool | None
    minutes: float | None = None  # until it is empty
    charge_pct: float | None = None
    why: Words = NOTHING
    wrong: Words = NOTHING


def supply(power: Path = POWER) -> Supply:
    """As it is now; of several batteries the one that lasts longest counts."""
    feeds: list[bool] = []
    found: list[Supply] = []
    for part in sorted(power.glob("*")):
        kind = _text(part / "type")
        if kind in FEEDS and _text(part / "online") in {"0", "1"}:
            feeds.append(_text(part / "online") == "1")
        elif kind in STORES and _text(part / "scope") != "Device" and _text(part / "present") != "0":
            found.append(_store(part))
    if not found:
        return Supply(on_mains=any(feeds) if feeds else None)
    best = max(found, key=lambda one: (one.minutes or 0.0, one.charge_pct or 0.0))
    on_mains = any(feeds) if feeds else next((one.on_mains for one in found if one.on_mains is not None), None)
    return Supply(on_mains=on_mains, minutes=best.minutes, charge_pct=best.charge_pct)


def _store(part: Path) -> Supply:
    status = _text(part / "status")
    on_mains = status in FULL_ENOUGH if status in {*FULL_ENOUGH, "Discharging"} else None
    # What flows in while it charges says nothing of how long it lasts.
    minutes = None if status in FULL_ENOUGH else _minutes(part)
    return Supply(on_mains=on_mains, minutes=minutes, charge_pct=_number(part / "capacity"))


def _minutes(part: Path) -> float | None:
    """Its own word, else what is in it by what is taken from it (both in micro-units)."""
    for name in ("time_to_empty_now", "time_to_empty_avg"):
        seconds = _number(part / name)
        if seconds is not None and seconds > 0:
            return seconds / 60
    for within, taken in (("energy_now", "power_now"), ("charge_now", "current_now")):
        has, takes = _number(part / within), _number(part / taken)
        if has is not None and takes:
            return has / abs(takes) * 60
    return None


def _number(path: Path) -> float | None:
    try:
        return float(_text(path))
    except ValueError:
        return None


def _text(path: Path) -> str:
    try:
        return path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
