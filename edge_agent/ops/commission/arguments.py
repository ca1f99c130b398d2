"""What can be typed after `edge-agent commission`."""

import argparse
from pathlib import Path

STEPS = ("begin", "agree", "take", "enter", "heard", "skip", "except", "finish", "drop")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """The command `commission`."""
    parser = commands.add_parser(
        "commission",
        help="try everything once, step by step, and get a signed certificate",
        description="Without a step: what there is to try, and how it stands. The box itself measures outputs "
        "that fall, the way to the centre, a power cut and the back-up supply while a commissioning is under way.",
        epilog="Exit: 0 done, 64 used wrongly, 65 no certificate, 69 refused or nobody answers, 73 no font.",
    )
    parser.add_argument("site", type=Path, metavar="SITE", help="the site's folder (site.toml and the rest)")
    parser.add_argument("step", nargs="?", choices=(*STEPS, "certificate"), help="what is done now")
    parser.add_argument("--by", metavar="PERSON", help="who does it; the PIN is asked for (or EDGE_AGENT_PIN)")
    parser.add_argument("--of", default="", metavar="ITEM", help="which item, as listed: bump/gas-ch4")
    parser.add_argument("--value", type=float, help="the gas in the bottle; a figure that is entered")
    parser.add_argument("--point", metavar="X,Y", help="the surveyed point, metres on the plan: --point=-3,2.5")
    parser.add_argument("--wearable", default="", metavar="ID", help="that stands there")
    result = parser.add_mutually_exclusive_group()
    result.add_argument("--passed", dest="passed", action="store_true", default=None)
    result.add_argument("--failed", dest="passed", action="store_false", default=None)
    parser.add_argument("--days", type=float, help="how long a safety officer lets a measured failure be")
    parser.add_argument("--note", default="", help="more words; why something is not done")
    parser.add_argument("--into", type=Path, metavar="FOLDER", help="where the certificate is written (JSON, PDF)")
    return parser
