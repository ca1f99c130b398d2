"""Whether a serial line can carry its detectors: one that is asked for too much makes all of them late.

Reckoned, not measured: request and reply of every block at the line's speed, its silences, and what a device
usually takes to answer. A serial server's line is reckoned at 9600 baud, for nobody says its speed here.
"""

from collections.abc import Iterator
from typing import Any

from edge_agent.domain.words import Words
from edge_agent.settings.bundle import Bundle, fault
from edge_agent.settings.fault import Fault, dotted
from edge_agent.settings.hole import judged
from edge_agent.settings.site_lines import BusTable
from edge_agent.settings.site_sensors import SensorTable, WeatherTable

CHARACTER_BITS = 11  # MODBUS over Serial Line V1.02, 2.5.1: start, 8 data, parity, stop; or a second stop
REQUEST_BYTES, REPLY_BYTES = 8, 5  # without the registers
SILENCES_CHARACTERS = 7.0  # 3.5 before and after each frame
TURNAROUND_S = 0.01  # what a device takes to begin its answer
UNKNOWN_BAUD = 9600
MOST_SHARE = 0.7  # the rest is for time-outs and for what was not reckoned


def lines(bundle: Bundle) -> Iterator[Fault]:
    """No serial line is asked for more than it can say."""
    for name, table in bundle.site.buses.items():
        yield from judged(_line(bundle, name, table))


def _line(bundle: Bundle, name: str, table: BusTable) -> Iterator[Fault]:
    if table.kind == "modbus_tcp":
        return
    baud = table.baud if table.kind == "modbus_rtu" else UNKNOWN_BAUD
    sensors: list[SensorTable] = [*bundle.site.gas.values(), *bundle.site.gauges.values()]
    asked: list[tuple[SensorTable | WeatherTable, Any]] = [
        *((one, bundle.gas_profiles.get(one.profile)) for one in sensors if one.bus == name),
        *(
            (one, bundle.weather_profiles.get(one.profile))
            for one in bundle.site.weather.values()
            if one.bus == name
        ),
    ]
    share = sum(_seconds(profile, baud) / one.poll_s for one, profile in asked)
    if share > MOST_SHARE:
        problem = Words(
            f"总线过载：每秒需要 {share:.2f} 秒（{baud} 波特）",
            f"is asked for more than it can say: {share:.2f} s in each second, at {baud} baud",
        )
        remedy = Words(
            "提高波特率、加长 poll_s，或分到几条总线", "raise the speed, lengthen poll_s, or use more lines"
        )
        yield fault(bundle.names.site, dotted("buses", name), None, problem, remedy)


def _seconds(profile: Any, baud: int) -> float:
    """How long one poll of a device occupies the line, by the raw table of its profile."""
    blocks = (profile or {}).get("blocks")
    return sum(_block_s(block, baud) for block in blocks) if isinstance(blocks, list) else 0.0


def _block_s(block: Any, baud: int) -> float:
    count = block.get("count") if isinstance(block, dict) else None
    if not isinstance(count, int):
        return 0.0
    characters = REQUEST_BYTES + REPLY_BYTES + 2 * count + SILENCES_CHARACTERS
    return characters * CHARACTER_BITS / baud + TURNAROUND_S


CHECKS = (lines,)
