"""Other texts of the settings, looked at with the whole bundle before anybody is asked: faults, or the changes."""

import tempfile
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.domain.settings_change import Loss, OtherFile, SettingsChange
from edge_agent.domain.words import Words
from edge_agent.ops import bundle_files as files
from edge_agent.ops import bundle_told as told
from edge_agent.ops import checking
from edge_agent.ops.bundle_files import digest
from edge_agent.ops.bundle_texts import Text, hidden
from edge_agent.settings import load as settings
from edge_agent.settings.fault import BadSettings, Fault
from edge_agent.settings.losing import losses
from edge_agent.settings.secret_files import SECRETS
from edge_agent.settings.shown_secrets import elsewhere
from edge_agent.settings.site import Settings
from edge_agent.settings.swapping import swapped
from edge_agent.store.folder import write

UNKNOWN_NOW = Words("现用设置无法读取", "the settings of now cannot be read")


class Examined(Struct, frozen=True, kw_only=True):
    """The settings with the texts in them, and what would be another."""

    new: Settings
    change: SettingsChange


def examined(site: Path, root: Path, texts: tuple[Text, ...]) -> Examined | list[Fault]:
    """Every fault of the whole bundle with these texts in it; where there is none, what would be another.

    In a folder of its own, in which all else is the site's.
    """
    with tempfile.TemporaryDirectory(prefix="edge-agent-check-") as scratch:
        folder = Path(scratch) / site.name
        _mirror(site, folder)
        for name, text in [(one.name, one.after) for one in texts] + list(hidden(texts).items()):
            file = folder / name
            file.parent.mkdir(exist_ok=True)
            file.unlink(missing_ok=True)
            write(file, text, files.CLOSED)
        found = checking.faults(folder, root)
        if found:
            return found
        new = settings.load(folder, root)
        entered = tuple(folder / name for name in hidden(texts))
        return Examined(new=new, change=_with_losses(site, root, texts, new, entered))


def _with_losses(
    site: Path, root: Path, texts: tuple[Text, ...], new: Settings, entered: tuple[Path, ...]
) -> SettingsChange:
    """What is another, and what people would lose; where nobody can tell, everything."""
    change, typed = _change(texts), frozenset[str]().union(*(one.logins for one in texts))
    try:
        old = settings.load(site, root)
    except BadSettings:
        shown = elsewhere(None, new, entered, typed)
        return replace(change, losses=(Loss(area="", words=UNKNOWN_NOW),), shown_to_others=shown)
    return replace(
        change,
        losses=losses(old, new),
        swapped=swapped(old, new),
        voids=told.voids(old, new),
        shown_to_others=elsewhere(old, new, entered, typed),
    )


def _change(texts: tuple[Text, ...]) -> SettingsChange:
    """What is another. All texts are good."""
    first, *others = texts
    drawn = next((one for one in texts if one.name == told.AREAS), None)
    touched, removed = ((), ()) if drawn is None else told.areas(drawn.before, drawn.after)
    return SettingsChange(
        file=first.name,
        sha256=digest(first.after),
        before=digest(first.before),
        changes=told.bounded(words for one in texts for words in told.changes(one.name, one.before, one.after)),
        areas=touched,
        removed=removed,
        also=tuple(
            OtherFile(file=one.name, sha256=digest(one.after), before=digest(one.before)) for one in others
        ),
    )


def _mirror(site: Path, folder: Path) -> None:
    """Every file of the site under its name; its folders are the copy's own, so that files may be added."""
    folder.mkdir()
    for one in site.iterdir():
        if one.name in {SECRETS, "rulebooks"} and one.is_dir():
            _mirror(one, folder / one.name)
        else:
            (folder / one.name).symlink_to(one.resolve())
