"""Checks of works beside each other: no row of the law's matrix is left out, and peers are other boxes."""

from collections.abc import Iterator

from edge_agent.domain.cite import cited
from edge_agent.domain.words import Words
from edge_agent.domain.work_limits import Conflict
from edge_agent.settings.believed import point
from edge_agent.settings.bundle import Bundle, fault
from edge_agent.settings.ceilings import CONFLICTS, DECK_UP_TO_M
from edge_agent.settings.fault import Fault
from edge_agent.settings.hole import judged
from edge_agent.settings.site_itself import PeerTable

DECK = "deck"


def matrix(bundle: Bundle) -> Iterator[Fault]:
    """Every pair that the law keeps apart is kept apart at least as far."""
    for first, second, near, metres, lifted, clause in CONFLICTS:
        rows = [row for row in bundle.rulebook.conflicts if {row.first, row.second} == {first, second}]
        if not any(_holds(row, near, metres, lifted) for row in rows):
            far = f" <= {metres:g} m" if metres else ""
            problem = Words(
                f"缺少或放宽了 {first} 与 {second}{far}", f"{first} x {second}{far} is missing or loosened"
            )
            remedy = Words(f"请按 {cited(clause).zh} 恢复 block", f"block it again after {clause}")
            yield fault(bundle.names.rulebook, "conflicts", None, problem, remedy)


def _holds(row: Conflict, near: str, metres: float, lifted: str) -> bool:
    far = 0.0 if row.within_m is None else row.within_m.value
    lifts = {"linked"} if row.linked_ok else set()
    lifts |= {row.unless} if row.unless else set()
    high = row.unless == DECK and (row.unless_up_to_m is None or row.unless_up_to_m.value > DECK_UP_TO_M)
    return row.effect == "block" and row.near == near and far >= metres and lifts <= {lifted} and not high


def peers(bundle: Bundle) -> Iterator[Fault]:
    """Each peer is another box, named once."""
    seen = {str(bundle.site.site.unit)}
    for table in bundle.site.peers:
        yield from judged(_other(bundle, table, seen))


def _other(bundle: Bundle, table: PeerTable, seen: set[str]) -> Iterator[Fault]:
    unit = table.unit
    if unit in seen:
        problem = Words("就是本机，或写了两次", "is this box itself, or stands twice")
        remedy = Words("每台其他主机写一次", "name each other box once")
        yield fault(bundle.names.site, "peers", unit, problem, remedy)
    seen.add(unit)
    yield from point(bundle, f"peers[{unit}].ed25519", table.ed25519)


CHECKS = (matrix, peers)
