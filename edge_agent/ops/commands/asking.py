"""Commands that speak for a person, or to and as the centre: request, sign, consume."""

import argparse
import json
import sys
import time
from typing import TYPE_CHECKING

from edge_agent.ops import request_arguments, sign_arguments
from edge_agent.ops.commands.common import EX_UNAVAILABLE, ROOT, told
from edge_agent.ops.consume import arguments as consume_arguments
from edge_agent.settings.load import load

if TYPE_CHECKING:
    from edge_agent.ops.commands.common import Commands


def add(commands: "Commands") -> None:
    """The commands of this family."""
    request_arguments.add(commands).set_defaults(command=_request)
    sign_arguments.add(commands).set_defaults(command=_sign)
    consume_arguments.add(commands).set_defaults(command=_consume)


def _request(args: argparse.Namespace) -> int:
    from edge_agent.ops.request import listed, request  # noqa: PLC0415

    settings = load(args.site, ROOT)
    found = listed(settings, args)
    if found:
        sys.stdout.writelines(f"{line}\n" for line in found)
        return 0
    answer = request(settings, args, time.time(), told)
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return 0 if answer["accepted"] else EX_UNAVAILABLE


def _sign(args: argparse.Namespace) -> int:
    from edge_agent.ops import sign  # noqa: PLC0415

    return sign.run(args, time.time())


def _consume(args: argparse.Namespace) -> int:
    from edge_agent.ops.consume import consumer  # noqa: PLC0415

    return consumer.run(args)
