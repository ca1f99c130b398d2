"""The shapes of the API that are about films: which there are, how long they stay."""

from msgspec import Struct

from edge_agent.field.film.rules import Rules


class FilmListed(Struct, frozen=True, kw_only=True):
    """One film, by its file alone. `open`: it is being written, or its hash is not in the records yet."""

    name: str
    permit: str
    camera: str
    kind: str
    began_utc: float
    ended_utc: float
    size: int
    marked: bool
    open: bool


class Films(Struct, frozen=True, kw_only=True):
    """The newest first; `more`: there are older ones. `rules` null: the box keeps none, or does not say."""

    films: tuple[FilmListed, ...]
    more: bool
    rules: Rules | None
