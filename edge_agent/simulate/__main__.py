"""`python -m edge_agent.simulate <kind> [options]`: one simulator as a process of its own."""

import argparse
import importlib
import sys

from edge_agent.simulate import control

# Kind -> module, imported only when played: the camera's libraries take a second to load.
KINDS = {
    "gas-gateway": "gas_gateway",
    "relay": "relay",
    "wearables": "wearables",
    "wise": "wise",
    "opcua": "opcua",
    "camera": "camera",
    "onvif": "onvif",
}


def main(argv: list[str]) -> int:
    """Play the kind that is named first; see each module's docstring for its commands."""
    if not argv or argv[0] not in KINDS:
        sys.stderr.write(f"usage: python -m edge_agent.simulate {{{','.join(KINDS)}}} [options]\n")
        return 64
    module = importlib.import_module(f"edge_agent.simulate.{KINDS[argv[0]]}")
    parser = argparse.ArgumentParser(
        prog=f"edge_agent.simulate {argv[0]}",
        description=module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to serve on (or the broker's)")
    parser.add_argument("--port", type=int, default=0, help="0 = any free port")
    module.options(parser)
    try:
        player = module.build(parser.parse_args(argv[1:]))
    except (OSError, ValueError) as reason:  # msgspec's errors are ValueErrors
        sys.stderr.write(f"simulate {argv[0]}: {reason}\n")
        return 78
    return control.run(player)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
