"""What can be typed after `edge-agent probe`."""

import argparse
from pathlib import Path

EXAMPLES = """\
edge-agent probe 192.168.1.20 --unit 3                       which profile fits? (learns)
edge-agent probe /dev/ttyUSB0 --unit 3 --profile cn10_single_gas --gas h2s
edge-agent probe rtu-tcp://192.168.1.21:4001 --scan          who answers on this line?
edge-agent probe zones/yard --device gas-3 --seconds 30      as the site has it, for half a minute
"""


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """The command `probe`."""
    probe = commands.add_parser(
        "probe",
        help="look at one gas detector: raw registers, value, unit and quality side by side; --scan a bus",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    probe.add_argument(
        "where",
        metavar="WHERE",
        help="HOST[:PORT] (Modbus TCP), rtu-tcp://HOST:PORT, a serial port /dev/..., or a site's folder",
    )
    probe.add_argument("--device", metavar="ID", help="the detector's id in the site: its bus, unit and profile")
    probe.add_argument("--unit", type=_unit, metavar="N", help="the detector's Modbus address")
    probe.add_argument("--profile", metavar="NAME", help="of firmware_configs/gas; without it: which one fits?")
    probe.add_argument("--gas", help="the gas that you expect there: h2s, o2, ch4 ...")
    probe.add_argument("--channel", type=int, metavar="N", help="of a device that has several")
    probe.add_argument("--range", type=float, metavar="R", help="what the nameplate says, in the detector's unit")
    probe.add_argument("--in-unit", choices=("ppm", "%LEL", "%vol", "mg/m3"), help="where the wire says no unit")
    probe.add_argument("--scan", action="store_true", help="who answers on this bus, and which profile fits")
    probe.add_argument("--units", default="1-247", metavar="A-B", help="which addresses to scan (1-247)")
    probe.add_argument("--json", action="store_true", help="one look as JSON, for the pages")
    probe.add_argument(
        "--beside", type=Path, metavar="SITE", help="leave alone what this site's running agent holds"
    )
    probe.add_argument("--seconds", type=float, default=0.0, metavar="S", help="go on looking (0: once)")
    probe.add_argument(
        "--baud", type=int, choices=(1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200), default=9600
    )
    probe.add_argument("--parity", choices=("N", "E", "O"), default="N")
    probe.add_argument("--stop-bits", type=int, choices=(1, 2), default=1)
    probe.add_argument(
        "--timeout", type=float, default=0.5, metavar="S", help="how long to wait for an answer (0.5)"
    )
    return probe


def site_folder(where: str) -> Path | None:
    """The site's folder, if that is what was named."""
    folder = Path(where)
    return folder if (folder / "site.toml").is_file() else None


def _unit(text: str) -> int:
    value = int(text)
    if not 0 <= value <= 247:  # noqa: PLR2004 (Modbus over Serial Line V1.02, 2.2)
        raise argparse.ArgumentTypeError("0 to 247")
    return value
