"""What the families of commands share: where the files lie that come with the program, exit codes, the clock."""

import argparse
import sys
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING

from edge_agent.clock import SystemClock
from edge_agent.domain.words import Words
from edge_agent.settings.site import Settings

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 (it has no public name)

Command = Callable[[argparse.Namespace], int]

EX_USAGE, EX_UNAVAILABLE, EX_CONFIG = 64, 69, 78  # sysexits.h
ROOT = Path(__file__).resolve().parents[3]  # holds firmware_configs/, zones/, models/
PUBLIC_KEYS = ("--key", "--recipient", "--secrets-for", "--signed-by")


def with_site(command: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """The command, which wants a site's folder."""
    command.add_argument("site", type=Path, metavar="SITE", help="the site's folder (site.toml and the rest)")
    return command


def keys_glued(words: Iterable[str]) -> list[str]:
    """A public key may begin with "-", which argparse takes for an option: `--key -a` becomes `--key=-a`."""
    found: list[str] = []
    for word in words:
        if found and found[-1] in PUBLIC_KEYS and word.startswith("-"):
            found[-1] = f"{found[-1]}={word}"
        else:
            found.append(word)
    return found


def clock_of(settings: Settings) -> SystemClock:
    """The machine's clock, trusted as the site says."""
    return SystemClock(declared=settings.site.clock.source == "declared")


def told(words: Words) -> None:
    """Say it where failures are said."""
    sys.stderr.write(f"{words.zh} / {words.en}\n")


def of_records(command: Command) -> Command:
    """The command, which says so where the records cannot be read."""

    @wraps(command)
    def read(args: argparse.Namespace) -> int:
        from edge_agent.store.errors import StoreError  # noqa: PLC0415

        try:
            return command(args)
        except StoreError as fault:
            sys.stderr.write(f"{fault}\n")
            return EX_UNAVAILABLE

    return read
