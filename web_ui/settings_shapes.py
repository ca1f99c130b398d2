"""The shapes of the settings' pages: what a table may hold, what stands there, and what a change would do."""

from typing import Any

from msgspec import Struct

from edge_agent.domain.words import NOTHING, Words
from edge_agent.settings.describe import Kind
from edge_agent.settings.directions import Direction
from edge_agent.tell.desk_parts import At, Data, Sha256, Size
from edge_agent.tell.live_setup import Probed
from web_ui.api.ask import Heard


class SettingsField(Struct, frozen=True, kw_only=True):
    """One key of the settings: what may stand there, and what people call it (edge_agent/settings/describe.py)."""

    key: str
    kind: Kind
    required: bool
    default: Any
    choices: tuple[str | int, ...]
    least: float | None
    most: float | None
    above: float | None
    spelt: Words
    unit: str
    secret: bool
    refers: str
    called: Words
    help: Words
    fields: tuple["SettingsField", ...]


class Term(Struct, frozen=True, kw_only=True):
    """What is called how in both languages, and what is meant by it here."""

    called: Words
    means: Words


class Glossary(Struct, frozen=True, kw_only=True):
    """Every term, in the order of its file."""

    terms: tuple[Term, ...]


class LimitRule(Struct, frozen=True, kw_only=True):
    """A rule that a limit belongs to."""

    code: str
    title: Words


class BookLimit(Struct, frozen=True, kw_only=True):
    """One limit of the rulebook. `way`: at most or at least its value without a signature; fixed: not to be moved.

    `at` are the keys to it from the outside in; `signed_to`: how far a safety officer's signature may loosen it.
    """

    key: str
    at: tuple[str, ...]
    about: Words
    value: float
    usual: float | None  # as the standard's own book has it; None: it has none
    unit: str
    clause: Words
    way: Direction
    listed: bool  # it stands in a list, which is changed in the file
    signed_to: float | None
    rules: tuple[LimitRule, ...]  # which compare with it; none: it is read elsewhere, or only by people's pages


class BookLimits(Struct, frozen=True, kw_only=True):
    """The rulebook's limits; `sha256` is site.toml's, `next_name` that of the book which the next change makes."""

    sha256: str
    name: str
    version: str
    title: Words
    loosened: int  # signed rows of this book, which another one does not take over
    next_name: str
    next_version: str
    next_title: Words
    limits: tuple[BookLimit, ...]


class SettingsFile(Struct, frozen=True, kw_only=True):
    """One file of the bundle, as it stands there. Secrets lie in files of their own, which are never sent."""

    file: str
    sha256: str
    text: str


class Settings(Struct, frozen=True, kw_only=True):
    """site.toml with all that it may hold; `known` are the ids that fit into keys, by whose they are."""

    sha256: str
    values: dict[str, Any]
    fields: tuple[SettingsField, ...]
    known: dict[str, tuple[str, ...]]


class SettingsFiles(Struct, frozen=True, kw_only=True):
    """A backup of the bundle without people and secrets."""

    site: str
    unit: str
    made_utc: float
    files: tuple[SettingsFile, ...]


class SettingsFault(Struct, frozen=True, kw_only=True):
    """One thing to mend, and the key at which it belongs."""

    file: str
    key: str
    problem: Words
    remedy: Words
    value: str = ""


class PermitEffect(Struct, frozen=True, kw_only=True):
    """What becomes of one permit, or ("") of what else the box holds; `refused`: the change must wait for it.

    `outputs` are interlock outputs that fall: sent back as `interlocks_off` by who agrees to that.
    """

    permit: str
    outputs: tuple[str, ...] = ()
    state: str | None = None
    refused: bool
    words: Words = NOTHING


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a file that is larger than one form: the whole's SHA-256 and size, and where it stands in it."""

    sha256: Sha256
    size: Size
    at: At
    data: Data  # base64


class PartAnswer(Heard, frozen=True, kw_only=True):
    """How many bytes of the file the agent has: the next part begins there."""

    request: str = ""
    have: int = 0
    whole: bool = False


class SettingsAnswer(Heard, frozen=True, kw_only=True):
    """What the agent says to a change, or to the wish to know what it would do."""

    faults: tuple[SettingsFault, ...] = ()
    diff: tuple[str, ...] = ()
    effects: tuple[PermitEffect, ...] = ()
    probed: Probed | None = None
