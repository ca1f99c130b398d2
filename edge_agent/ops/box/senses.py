"""What a box senses: its buses and brokers, its cameras with the models that are offered for them, its films."""

from collections.abc import Iterator

from edge_agent.domain.ports import Source
from edge_agent.field.film import key
from edge_agent.ops.box.core import Core, Worker
from edge_agent.ops.fetching import Fetching
from edge_agent.ops.folders import FILMS
from edge_agent.ops.offers import Offers
from edge_agent.sense.build import sources
from edge_agent.sense.camera.build import vision
from edge_agent.sense.camera.filming.orders import FilmDesk, FilmOrder
from edge_agent.sense.camera.vision import Vision
from edge_agent.settings.site import Settings


def senses(core: Core, films: FilmDesk | None) -> tuple[list[Source], list[Worker]]:
    """Every source, and who changes the model that judges. Raises ModelError."""
    found = sources(core.settings, core.clock, core.root)
    runtime = core.settings.runtime_folder
    eyes = vision(core.settings, core.clock, core.root / "models", runtime, films)
    return (found, []) if eyes is None else ([*found, eyes], list(_offered(core, eyes)))


def _offered(core: Core, eyes: Vision) -> Iterator[Worker]:
    brain, fetch = core.brain, core.settings.site.fetch
    offers = Offers(core.settings, core.clock, eyes, lambda: (brain.state.centre, brain.state.permits), brain.ask)
    yield "offered models", offers.run
    if fetch is not None:
        fetching = Fetching(core.settings, fetch, core.clock, lambda: brain.state.centre, brain.ask)
        yield "offered models' files", fetching.run


def films_of(settings: Settings) -> FilmDesk | None:
    """Where films go, if the site keeps any. Raises FilmKeyError."""
    table = settings.site.recording
    if table is None:
        return None
    sealed_with = key.read(settings.folder / table.key_file)
    folder, reserve = settings.state_folder / FILMS, round(table.reserve_gb * 1e9)
    return FilmDesk(FilmOrder(folder=str(folder), key=sealed_with, reserve_bytes=reserve))
