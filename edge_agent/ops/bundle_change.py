"""Gives files of the settings other texts: checked as `edge-agent check` does, decided by the brain, taken.

The texts lie beside the files before anybody is asked, so that what is accepted can be taken by renames; what they
replace stays as `<file>.last-good`. The box then starts anew with them. Should it end between the brain's word and
the renames, the next start finds both and finishes (bundle_files.py).
"""

import secrets
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from edge_agent.decide.settings_effect import Effect, effects, interlocks_on
from edge_agent.domain.permit import Permit
from edge_agent.domain.request import Answer
from edge_agent.domain.settings_change import Loss, OtherFile, SettingsChange
from edge_agent.domain.words import Words, WordsError, same
from edge_agent.fuse.relays import Wanted
from edge_agent.ops import bundle_files as files
from edge_agent.ops import bundle_told as told
from edge_agent.ops import bundle_whole as restored
from edge_agent.ops import checking
from edge_agent.ops.bundle_files import digest, finish, go_on
from edge_agent.ops.bundle_logins import CameraLogins, untried
from edge_agent.settings import load as settings
from edge_agent.settings.camera_logins import Login
from edge_agent.settings.edits import EMPTY, Edit, edited
from edge_agent.settings.fault import BadSettings, Fault
from edge_agent.settings.losing import losses
from edge_agent.settings.secret_files import SECRETS
from edge_agent.settings.shown_secrets import elsewhere
from edge_agent.settings.site import Settings
from edge_agent.settings.swapping import swapped
from edge_agent.store.folder import write
from edge_agent.tell.desk_settings import FileForm, SettingsForm
from edge_agent.tell.live_setup import Probed

__all__ = ["Bundle", "Checked", "finish", "go_on"]

MOST_FAULTS = 40  # told at once: an answer has its bounds, and a broken file breaks everything
ELSEWHERE = Words(
    "此文件刚被他人修改，请重新载入后再改",
    "somebody else has changed this file meanwhile: load it anew and change that",
)
UNKNOWN_NOW = Words("现用设置无法读取", "the settings of now cannot be read")


class Checked(Answer, frozen=True, kw_only=True):
    """An answer with what pages show beside its words: each fault at its key, line by line, permit by permit."""

    faults: tuple[Fault, ...] = ()
    diff: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    probed: Probed | None = None  # what the detector said that was to be looked at


class _Text(Struct, frozen=True, kw_only=True):
    """What a file says now, and what it is to say; `hidden` are new files that hold a secret, by their names."""

    name: str
    before: bytes
    after: bytes
    hidden: dict[str, bytes]
    logins: frozenset[str] = frozenset()  # cameras whose login was typed


class Bundle:
    """The settings of one site, as they may be changed. Called from the desk's threads."""

    def __init__(  # noqa: PLR0913, PLR0917 (whom it asks)
        self,
        folder: Path,
        root: Path,
        begin_anew: Callable[[], object],
        permits: Callable[[], Mapping[str, Permit]] = dict,
        look: Callable[[Settings, str], Probed] | None = None,
        outputs: Callable[[], Mapping[str, Wanted]] = dict,
        took: Callable[[str, Login], bool] = untried,
    ) -> None:
        """`begin_anew` lets the box start with what was taken; `permits` and `outputs` are those of this moment.

        `look` asks a detector, as other settings have it; `took`: whether a camera has lately taken a log-in.
        """
        self._folder, self._root, self._begin_anew, self._permits = folder, root, begin_anew, permits
        self._look, self._outputs = look, outputs
        self._logins = CameraLogins(folder, took)
        self._lock = threading.Lock()

    def change(self, form: SettingsForm, ask: Callable[[SettingsChange], Answer], whole: bytes = b"") -> Answer:
        """What is wrong with the texts, or what the brain says to them. Accepted: they are the files' now.

        `whole` is the file of a whole site, where the form names one.
        """
        with self._lock:
            try:
                texts = tuple(self._texts(form, whole))
            except WordsError as wrong:
                return Checked(request="", accepted=False, reasons=(wrong.words,))
            except OSError as fault:
                return _unwritable(fault)
            found, change, new = self._examined(texts)
            if change is None or new is None:
                shown = found[:MOST_FAULTS]
                reasons = tuple(_told(one) for one in shown)
                return Checked(request="", accepted=False, reasons=reasons, faults=tuple(map(_named, shown)))
            change = replace(change, interlocks_off=form.interlocks_off)
            seen = self._seen(texts, change)
            if form.check_only:
                return self._looked(_with_left(seen, whole), new, form.probe)
            try:
                return self._asked(texts, change, seen, ask)
            except OSError as fault:
                return _unwritable(fault)

    def _looked(self, seen: Checked, new: Settings, id_: str) -> Checked:
        """With what the detector says that was to be looked at, if any."""
        return replace(seen, probed=self._look(new, id_)) if id_ and self._look is not None else seen

    def _asked(
        self,
        texts: tuple[_Text, ...],
        change: SettingsChange,
        seen: Checked,
        ask: Callable[[SettingsChange], Answer],
    ) -> Answer:
        laid, hidden = {one.name: one.after for one in texts}, _hidden(texts)
        for name, secret in hidden.items():
            file = self._folder / name
            file.parent.mkdir(mode=0o700, exist_ok=True)
            write(file, secret, files.CLOSED)
        files.lay(self._folder, laid)
        answer = ask(change)
        if answer.accepted:
            files.take(self._folder, tuple(laid))
            self._begin_anew()
        else:
            files.drop(self._folder, laid)
            for name in hidden:
                (self._folder / name).unlink()
        return Checked(
            request=answer.request, accepted=answer.accepted, reasons=answer.reasons, effects=seen.effects
        )

    def _texts(self, form: SettingsForm, whole: bytes) -> Iterator[_Text]:
        """Raises WordsError and OSError."""
        if form.upload is None:
            yield from (self._text(one) for one in (form, *form.also))
            return
        seen = {one.file: one.before for one in (form, *form.also)}
        for name, (before, after) in restored.others(self._folder, whole).items():
            if digest(before) != seen.get(name, digest(b"")):
                raise WordsError(ELSEWHERE)
            yield _Text(name=name, before=before, after=after, hidden={})

    def _text(self, form: FileForm) -> _Text:
        """Raises WordsError and OSError."""
        before = files.text_of(self._folder / form.file)
        if digest(before) != form.before:
            raise WordsError(ELSEWHERE)
        if form.text is not None:
            return _Text(name=form.file, before=before, after=form.text.encode(), hidden={})
        hidden: dict[str, bytes] = {}
        text = before.decode(errors="replace") or EMPTY
        logins = tuple(one for one in form.edits if one.do == "login")
        edits = tuple(_put_apart(one, hidden) for one in form.edits if one.do != "login")
        after = edited(text, edits)
        if logins:
            after = self._logins.put(after, logins, hidden)
        typed = frozenset(str(one.at[1]) for one in logins)
        return _Text(name=form.file, before=before, after=after.encode(), hidden=hidden, logins=typed)

    def _examined(self, texts: tuple[_Text, ...]) -> tuple[list[Fault], SettingsChange | None, Settings | None]:
        """Every fault of the whole bundle with these texts in it; where there is none, what would be another.

        In a folder of its own, in which all else is the site's.
        """
        with tempfile.TemporaryDirectory(prefix="edge-agent-check-") as scratch:
            folder = Path(scratch) / self._folder.name
            _mirror(self._folder, folder)
            for name, text in [(one.name, one.after) for one in texts] + list(_hidden(texts).items()):
                file = folder / name
                file.parent.mkdir(exist_ok=True)
                file.unlink(missing_ok=True)
                write(file, text, files.CLOSED)
            found = checking.faults(folder, self._root)
            if found:
                return found, None, None
            new = settings.load(folder, self._root)
            entered = tuple(folder / name for name in _hidden(texts))
            return [], self._change(texts, new, entered), new

    def _change(self, texts: tuple[_Text, ...], new: Settings, entered: tuple[Path, ...]) -> SettingsChange:
        """What is another, and what people would lose; where nobody can tell, everything."""
        change, typed = _change(texts), frozenset[str]().union(*(one.logins for one in texts))
        try:
            old = settings.load(self._folder, self._root)
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

    def _seen(self, texts: tuple[_Text, ...], change: SettingsChange) -> Checked:
        diff = told.fitting(line for one in texts for line in told.lines(one.name, one.before, one.after))
        touching = effects(self._permits().values(), change, interlocks_on(self._outputs()))
        return Checked(request="", accepted=True, reasons=change.changes, diff=diff, effects=touching)


def _with_left(seen: Checked, whole: bytes) -> Checked:
    """With what a whole site's file has beside it and nobody takes from there."""
    return replace(seen, reasons=(*restored.left(whole), *seen.reasons)) if whole else seen


def _mirror(site: Path, folder: Path) -> None:
    """Every file of the site under its name; its folders are the copy's own, so that files may be added."""
    folder.mkdir()
    for one in site.iterdir():
        if one.name in {SECRETS, "rulebooks"} and one.is_dir():
            _mirror(one, folder / one.name)
        else:
            (folder / one.name).symlink_to(one.resolve())


def _hidden(texts: Iterable[_Text]) -> dict[str, bytes]:
    return {name: secret for one in texts for name, secret in one.hidden.items()}


def _put_apart(edit: Edit, hidden: dict[str, bytes]) -> Edit:
    """A secret goes into a file of a new name, and the key names that. Raises WordsError."""
    if edit.do != "secret":
        return edit
    if not isinstance(edit.value, str) or not edit.value.strip():
        raise WordsError(Words("密钥或密码为空", "the password or key is empty"))
    key = "-".join(str(one) for one in edit.at)[:80].replace("/", "-").replace(".", "-")
    name = f"{SECRETS}/{key}-{secrets.token_hex(4)}"
    hidden[name] = edit.value.encode()
    return replace(edit, do="set", value=name)


def _change(texts: tuple[_Text, ...]) -> SettingsChange:
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


def _unwritable(fault: OSError) -> Answer:
    return Checked(request="", accepted=False, reasons=(same(f"{fault.filename}: {fault.strerror}"),))


def _named(fault: Fault) -> Fault:
    return msgspec.structs.replace(fault, file=Path(fault.file).name)


def _told(fault: Fault) -> Words:
    short = _named(fault)
    return Words(short.line("zh"), short.line("en"))
