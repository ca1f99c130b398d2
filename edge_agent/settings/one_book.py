"""One rulebook by itself, without the site that would use it: checked as far as that goes."""

from pathlib import Path

from edge_agent.domain.rulebook import Rulebook
from edge_agent.settings import limits, loosening
from edge_agent.settings.books import Books
from edge_agent.settings.bundle import Bundle, Names
from edge_agent.settings.fault import BadSettings
from edge_agent.settings.hole import HOLE, judged
from edge_agent.settings.tightening import tightening
from edge_agent.settings.toml_files import Files


def one_book(path: Path, root: Path) -> Rulebook:
    """The whole book in a file; raises BadSettings. Books that it extends lie beside it or in zones/rulebooks/."""
    files = Files(root)
    books = Books(root, path.parent, files)
    book, base = books.book(path)
    name = files.name(path)
    bundle = Bundle(
        folder=path.parent,
        root=root,
        names=Names(site="", areas="", persons="", rulebook=name),
        site=HOLE,  # who may sign is the site's matter: those checks end at this hole
        areas=HOLE,
        persons=HOLE,
        rulebook=book,
        base=base,
        gas_profiles=HOLE,
        mqtt_profiles=HOLE,
        opcua_profiles=HOLE,
        relay_profiles=HOLE,
        weather_profiles=HOLE,
        wearable_profiles=HOLE,
        models=HOLE,
    )
    checks = (*limits.CHECKS, *loosening.CHECKS, tightening)
    found = [fault for check in checks for fault in judged(check(bundle))]
    faults = (*files.faults, *books.faults, *books.soft, *found)
    if faults:
        raise BadSettings(faults)
    return book
