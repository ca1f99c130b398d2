"""Reads one site's settings bundle: `load` gives it checked, or refuses with every fault; `check` lists them."""

from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from edge_agent.domain.words import Words
from edge_agent.settings import (
    believed,
    brokers,
    buses,
    calibration,
    camera_logins,
    detectors,
    gauges,
    hours,
    limits,
    line_load,
    loosening,
    network,
    parts,
    people,
    places,
    relay_lines,
    shadowing,
    simops,
    uploads,
    vision_parts,
    vouching,
    wiring,
)
from edge_agent.settings.books import BOOK, Books
from edge_agent.settings.bundle import AreasFile, Bundle, Names, PersonsFile, no_such
from edge_agent.settings.devices import derived
from edge_agent.settings.fault import BadSettings, Fault
from edge_agent.settings.hole import HOLE, Unread, judged, readable
from edge_agent.settings.reader import Reader
from edge_agent.settings.rooted import rooted
from edge_agent.settings.site import Settings, Site
from edge_agent.settings.site_relays import GPIO
from edge_agent.settings.tightening import tightening
from edge_agent.settings.toml_files import Files

T = TypeVar("T", bound=Struct)

# Relay "profiles" without a module: what would be switched is only logged, or the lines of this board.
NO_MODULE: tuple[str, ...] = ("log_only", GPIO)

# Whose profiles lie in a folder of another name: what speaks in named values may be any kind of device.
SPOKEN = ("gas", "gauges", "weather", "relays")
TABLES = {"gas": ("gas", "gauges"), "mqtt": SPOKEN, "opcua": SPOKEN}

CHECKS = (
    *hours.CHECKS,
    *shadowing.CHECKS,
    *buses.CHECKS,
    *wiring.CHECKS,
    *relay_lines.CHECKS,
    *detectors.CHECKS,
    *gauges.CHECKS,
    *line_load.CHECKS,
    *parts.CHECKS,
    *vision_parts.CHECKS,
    *network.CHECKS,
    *believed.CHECKS,
    *brokers.CHECKS,
    *uploads.CHECKS,
    *camera_logins.CHECKS,
    *places.CHECKS,
    *calibration.CHECKS,
    *simops.CHECKS,
    *people.CHECKS,
    *vouching.CHECKS,
    *limits.CHECKS,
    *loosening.CHECKS,
)


def load(folder: Path, root: Path) -> Settings:
    """The bundle of the site in `folder`; raises BadSettings with every fault.

    `root` holds firmware_configs/, zones/rulebooks/ and models/.
    """
    bundle, files, faults = _examined(folder, root)
    if faults:
        raise BadSettings(tuple(faults))
    return Settings(
        folder=folder,
        site=rooted(bundle.site, folder),
        areas=bundle.areas,
        persons=bundle.persons,
        rulebook=bundle.rulebook,
        devices=derived(bundle.site, bundle.rulebook),
        records=vouching.records(bundle.site),
        local_time=hours.local_time(bundle.site),
        digest=files.digest,
    )


def check(folder: Path, root: Path) -> list[Fault]:
    """Every fault of the bundle, in the order of the files; empty means that `load` will give it."""
    try:
        return _examined(folder, root)[2]
    except BadSettings as bad:
        return list(bad.faults)


def _examined(folder: Path, root: Path) -> tuple[Bundle, Files, list[Fault]]:
    files = Files(root)
    if not folder.is_dir():
        problem = Words("没有这个文件夹", "no such folder")
        remedy = Words("请给出站点文件夹，如 zones/demo-tank", "name a site's folder, like zones/demo-tank")
        raise BadSettings((Fault(file=str(folder), key="", problem=problem, remedy=remedy),))
    reading = _Reading(folder, root, files)
    bundle = reading.bundle()
    found = [fault for one in CHECKS for fault in judged(one(bundle))]
    told = {(fault.file, fault.key) for fault in found}
    # What the law refuses anyway needs no second word.
    found += [fault for fault in judged(tightening(bundle)) if (fault.file, fault.key) not in told]
    soft = [fault for fault in reading.soft if (fault.file, fault.key) not in told]
    order = {name: at for at, name in enumerate(msgspec.structs.astuple(bundle.names))}
    faults = [*files.faults, *reading.faults, *soft, *found]
    return bundle, files, sorted(faults, key=lambda fault: order.get(fault.file, len(order)))


class _Reading:
    """Reads the bundle's files in a fixed order.

    The digest covers the site's files and its rulebook: what the brain decides by. Profiles and models
    say how the field is read, before the brain; they have digests of their own.
    """

    def __init__(self, folder: Path, root: Path, files: Files) -> None:
        """Nothing is read yet."""
        self.faults: list[Fault] = []
        self.soft: list[Fault] = []
        self._folder = folder
        self._root = root
        self._files = files
        self._books = Books(root, folder / "rulebooks", files)

    def bundle(self) -> Bundle:
        """Everything, as far as it can be read."""
        site = self._table(self._folder / "site.toml", Site)
        areas = self._table(self._folder / "areas.toml", AreasFile)
        persons = self._table(self._folder / "persons.toml", PersonsFile)
        rulebook_path = self._rulebook_path(site)
        rulebook, base = HOLE, None
        if rulebook_path is not None:
            rulebook, base = self._books.book(rulebook_path)
            self.faults += self._books.faults
            self.soft += self._books.soft
        named = self._files.name
        return Bundle(
            folder=self._folder,
            root=self._root,
            names=Names(
                site=named(self._folder / "site.toml"),
                areas=named(self._folder / "areas.toml"),
                persons=named(self._folder / "persons.toml"),
                rulebook="" if rulebook_path is None else named(rulebook_path),
            ),
            site=site,
            areas=areas.areas if readable(areas) else HOLE,
            persons=persons.persons if readable(persons) else HOLE,
            rulebook=rulebook,
            base=base,
            gas_profiles=self._profiles("gas", site),
            relay_profiles=self._profiles("relays", site),
            weather_profiles=self._profiles("weather", site),
            mqtt_profiles=self._profiles("mqtt", site),
            opcua_profiles=self._profiles("opcua", site),
            wearable_profiles=self._profiles("wearables", site),
            models=self._models(site),
        )

    def _table(self, path: Path, kind: type[T]) -> T:
        table = self._files.table(path)
        if table is None:
            return HOLE  # type: ignore[no-any-return]
        reader = Reader(self._files.name(path))
        read = reader.read(kind, table)
        self.faults += reader.faults
        self.soft += reader.soft
        return read

    def _rulebook_path(self, site: Site) -> Path | None:
        """The site's own rulebook first, then the shared one; a fault if neither exists."""
        try:
            name = str(site.site.rulebook)
        except Unread:
            return None
        known = self._books.paths
        if name in known:
            return known[name]
        file = self._files.name(self._folder / "site.toml")
        self.faults.append(no_such(file, "site.rulebook", name, BOOK, known))
        return None

    def _profiles(self, kind: str, site: Site) -> dict[str, dict[str, Any] | None]:
        """Every profile's id; the tables of those in use."""
        paths = {path.stem: path for path in sorted((self._root / "firmware_configs" / kind).glob("*.toml"))}
        built_in: dict[str, dict[str, Any] | None] = dict.fromkeys(NO_MODULE) if kind == "relays" else {}
        used = _used_profiles(site, TABLES.get(kind, (kind,)))
        return built_in | {
            name: self._files.table(path, counts=False) if name in used else None for name, path in paths.items()
        }

    def _models(self, site: Site) -> dict[str, Any]:
        """The manifest, read only where a camera needs it."""
        needs = readable(site) and readable(site.cameras) and bool(site.cameras)
        if not needs:
            return {}
        table = self._files.table(self._root / "models" / "manifest.toml", counts=False)
        return HOLE if table is None else table


def _used_profiles(site: Any, kinds: tuple[str, ...]) -> set[str]:
    if not readable(site):
        return set()
    tables = [getattr(site, kind) for kind in kinds]
    rows = [row for table in tables if readable(table) for row in table.values()]
    return {row.profile for row in rows if readable(row) and readable(row.profile)}
