"""How long a log-in by badge takes, from the line on the socket to the answer (ledger 4-10: 1.3 s at most).

A desk runs on its real socket before a brain that says nothing to it: a log-in is the desk's matter alone. 500
people have badges; some of them share the hint of the one who logs in, and are tried before him. Each log-in comes
with a key as a browser makes it, and one signed form follows. The floor is one bare verification of the same hash.
`python -m tests.bench log_in`
"""

import hashlib
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from edge_agent.domain.person import Person, Role
from edge_agent.tell.who.hashing import HASHER, matches
from edge_agent.tell.who.proof import hint
from tests.bench.table import SPREAD, show, spread
from tests.support.desk_site import Browser, Site, running

PEOPLE = 500
TIMES = 40
BADGE = "04:7C:2A:91:55:80"
SHARE = 2  # who have the same hint, besides: with 500 people one in eight has one such


def people() -> dict[str, Person]:
    """One hash for all that are not tried: making 500 would take longer than everything else here."""
    filler = HASHER.hash("nobody's")
    known = {
        f"p{number}": Person(
            id=f"p{number}",
            name=f"P {number}",
            roles=(Role.WORKER,),
            badge_hash=filler,
            badge_hint=hashlib.sha256(str(number).encode()).hexdigest()[:3],
        )
        for number in range(PEOPLE)
    }
    for number in range(SHARE):
        known[f"p{number}"] = replace(known[f"p{number}"], badge_hint=hint(BADGE))
    known["li"] = replace(
        known["p1"], id="li", name="Li", badge_hash=HASHER.hash(BADGE), pin_hash=HASHER.hash("83051")
    )
    return known


def timed(what: Callable[[], Any], times: int) -> list[float]:
    """Seconds of each time."""
    spent = []
    for _ in range(times):
        began_s = time.perf_counter()
        what()
        spent.append(time.perf_counter() - began_s)
    return spent


def measure(folder: Path, times: int) -> dict[str, list[float]]:
    """Every way, so many times, over the socket of a desk that runs in `folder`."""
    site = running(Site(folder))
    site.persons = people()
    hashed, browser = site.persons["li"].badge_hash, Browser()

    def by(**fields: Any) -> None:
        answer = Browser().log_in(site, **fields)
        assert answer["who"]["id"] == "li", answer

    def signed() -> None:
        assert browser.ask(site)["accepted"]

    found = {
        "log-in by id and badge": timed(lambda: by(person="li", badge=BADGE), times),
        f"log-in by badge alone, {SHARE} others are tried first": timed(lambda: by(badge=BADGE), times),
        "log-in by id and PIN": timed(lambda: by(person="li", pin="83051"), times),
    }
    browser.log_in(site, badge=BADGE)
    found["a signed form, without what the brain takes"] = timed(signed, times)
    found["floor: one bare verification"] = timed(lambda: matches(hashed, BADGE), times)
    site.stop.set()
    site.thread.join()
    return found


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        rows = [spread(name, spent) for name, spent in measure(Path(folder), TIMES).items()]
    title = f"Log-in over the desk's socket, in ms ({PEOPLE} people; argon2id 19 MiB, 2 passes, 1 lane)"
    show(title, SPREAD, rows, "argon2-cffi", "cryptography")


if __name__ == "__main__":
    main()
