"""What a form of other settings may say: files' new texts, or small changes of them."""

from typing import Annotated

from msgspec import Meta, Struct

from edge_agent.settings.edits import Edit
from edge_agent.tell.desk_parts import Sha256
from edge_agent.tell.desk_types import Maybe

SETTINGS_FILE = r"^(areas|site)\.toml$|^rulebooks/[a-z0-9][a-z0-9_-]{0,62}\.toml$"


class FileForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another text of one file of the settings, or changes of it, drawn up from the one with the hash `before`."""

    file: Annotated[str, Meta(pattern=SETTINGS_FILE)]
    text: Annotated[str, Meta(min_length=1, max_length=48 * 1024)] | None = None
    edits: Annotated[tuple[Edit, ...], Meta(max_length=100)] = ()
    before: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class SettingsForm(FileForm, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file, and `also` others that are taken with it or not at all."""

    also: Annotated[tuple[FileForm, ...], Meta(max_length=100)] = ()
    # A whole site that came in parts (desk_parts.py): then the files name only what stood there before it.
    upload: Sha256 | None = None
    probe: Maybe = ""  # with check_only: look also at this detector, as the changed settings have it
    check_only: bool = False  # say what is wrong with it, or what would be another; change nothing
    interlocks_off: Annotated[
        tuple[Annotated[str, Meta(max_length=130)], ...], Meta(max_length=100)
    ] = ()  # agreed
