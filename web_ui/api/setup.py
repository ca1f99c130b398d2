"""What this box still needs, for whoever fits it: judged anew at each look (web_ui/setup.py)."""

from functools import cache
from pathlib import Path

from flask import Flask, Response

from edge_agent.domain.guide import Offers, WorkKind
from edge_agent.ops.folders import DATABASE
from edge_agent.store.errors import StoreError
from edge_agent.store.load import Wanted
from edge_agent.store.reader import Reader as Store
from edge_agent.tell.live import LIVE_S
from edge_agent.tell.live_file import WORKS
from web_ui import setup
from web_ui.api.files import whole
from web_ui.api.plan import FILE, read
from web_ui.api.speak import said
from web_ui.errors import Trouble
from web_ui.parts import Parts
from web_ui.people import People
from web_ui.picture import Reader

TEMPLATE = Path(__file__).resolve().parents[2] / "zones" / "new-site" / FILE
NEWEST = 500  # events of permits that are looked through

Places = frozenset[tuple[str, tuple[tuple[float, float], ...]]]


def install(app: Flask, parts: Parts, reader: Reader, people: People) -> None:
    """GET /setup."""

    @app.get("/api/v1/setup")
    def setup_now() -> Response:
        """Every step of a new box, and how it stands."""
        return said(setup.judged(_seen(parts, reader, people)))


def _seen(parts: Parts, reader: Reader, people: People) -> setup.Seen:
    picture = reader.look()
    live = picture.live
    fresh = live is not None and reader.age_s(live, picture.seen_s) <= LIVE_S
    known = [one for one in people.all().values() if not one.denied]
    roles = {role for one in known for role in one.roles}
    roles |= {office for one in known if one.qualification for office in one.qualification.signs_as}
    return setup.Seen(
        live=live if fresh else None,
        name=parts.site.site.name,
        areas=_areas(parts.folders.site / FILE),
        template=_template(),
        roles=frozenset(roles),
        works=_works(parts.folders.runtime),
        trials=_trials(parts.folders.state),
        tried=_tried(parts.folders.state),
    )


def _areas(file: Path) -> Places | None:
    try:
        return frozenset((one.id, one.corners) for one in read(file).areas)
    except Trouble:
        return None


@cache
def _template() -> Places:
    return _areas(TEMPLATE) or frozenset()


def _works(runtime: Path) -> tuple[WorkKind, ...] | None:
    try:
        return whole(runtime / WORKS, "E-NO-GUIDES", Offers).works
    except Trouble:
        return None


def _trials(state: Path) -> tuple[setup.Trial, ...] | None:
    try:
        with Store.open(state / DATABASE) as store:
            found = store.recent(NEWEST, Wanted(types=setup.TOLD_BY))
    except StoreError:
        return None
    return setup.trials((one.subject, one.type) for one in reversed(found))


def _tried(state: Path) -> dict[str, bool | None] | None:
    """How the last test of each output ended."""
    try:
        with Store.open(state / DATABASE) as store:
            found = store.recent(NEWEST, Wanted(type=setup.TRIED))
    except StoreError:
        return None
    rows = [row for one in reversed(found) for row in one.data.get("sirens", ())]
    return {str(row["siren"]): row["heard"] for row in rows}
