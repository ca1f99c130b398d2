"""Gives files of the settings other texts: checked as `edge-agent check` does, decided by the brain, taken.

The texts lie beside the files before anybody is asked, so that what is accepted can be taken by renames; what they
replace stays as `<file>.last-good`. The box then starts anew with them. Should it end between the brain's word and
the renames, the next start finds both and finishes (bundle_files.py).
"""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec.structs import replace

from edge_agent.decide.settings_effect import Effect, effects, interlocks_on
from edge_agent.domain.permit import Permit
from edge_agent.domain.request import Answer
from edge_agent.domain.settings_change import SettingsChange
from edge_agent.domain.words import Words, WordsError
from edge_agent.field import system_words
from edge_agent.fuse.relays import Wanted
from edge_agent.ops import bundle_files as files
from edge_agent.ops import bundle_told as told
from edge_agent.ops import bundle_whole as restored
from edge_agent.ops.bundle_examined import Examined, examined
from edge_agent.ops.bundle_logins import CameraLogins, untried
from edge_agent.ops.bundle_texts import Text, hidden, texts_of
from edge_agent.settings.camera_logins import Login
from edge_agent.settings.fault import Fault
from edge_agent.settings.site import Settings
from edge_agent.store.folder import write
from edge_agent.tell.desk_settings import SettingsForm
from edge_agent.tell.live_setup import Probed

MOST_FAULTS = 40  # told at once: an answer has its bounds, and a broken file breaks everything


class Checked(Answer, frozen=True, kw_only=True):
    """An answer with what pages show beside its words: each fault at its key, line by line, permit by permit."""

    faults: tuple[Fault, ...] = ()
    diff: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    probed: Probed | None = None  # what the detector said that was to be looked at


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
                texts = tuple(texts_of(form, whole, self._folder, self._logins))
            except WordsError as wrong:
                return Checked(request="", accepted=False, reasons=(wrong.words,))
            except OSError as fault:
                return _unwritable(fault)
            found = examined(self._folder, self._root, texts)
            if not isinstance(found, Examined):
                return _faulty(found[:MOST_FAULTS])
            change = replace(found.change, interlocks_off=form.interlocks_off)
            seen = self._seen(texts, change)
            if form.check_only:
                return self._looked(_with_left(seen, whole), found.new, form.probe)
            try:
                return self._asked(texts, change, seen, ask)
            except OSError as fault:
                return _unwritable(fault)

    def _looked(self, seen: Checked, new: Settings, id_: str) -> Checked:
        """With what the detector says that was to be looked at, if any."""
        return replace(seen, probed=self._look(new, id_)) if id_ and self._look is not None else seen

    def _asked(
        self,
        texts: tuple[Text, ...],
        change: SettingsChange,
        seen: Checked,
        ask: Callable[[SettingsChange], Answer],
    ) -> Answer:
        laid, secrets = {one.name: one.after for one in texts}, hidden(texts)
        self._lay(laid, secrets)
        answer = ask(change)
        if answer.accepted:
            files.take(self._folder, tuple(laid))
            self._begin_anew()
        else:
            self._drop(laid, secrets)
        return Checked(
            request=answer.request, accepted=answer.accepted, reasons=answer.reasons, effects=seen.effects
        )

    def _lay(self, laid: Mapping[str, bytes], secrets: Mapping[str, bytes]) -> None:
        """Texts beside the files, and the secrets that they name: all of it, or nothing stays. Raises OSError."""
        try:
            for name, secret in secrets.items():
                file = self._folder / name
                file.parent.mkdir(mode=0o700, exist_ok=True)
                write(file, secret, files.CLOSED)
            files.lay(self._folder, laid)
        except OSError:
            self._drop(laid, secrets)
            raise

    def _drop(self, laid: Mapping[str, bytes], secrets: Mapping[str, bytes]) -> None:
        """The texts first: while one names a secret, that one stays."""
        files.drop(self._folder, laid)
        for name in secrets:
            (self._folder / name).unlink(missing_ok=True)

    def _seen(self, texts: tuple[Text, ...], change: SettingsChange) -> Checked:
        diff = told.fitting(line for one in texts for line in told.lines(one.name, one.before, one.after))
        touching = effects(self._permits().values(), change, interlocks_on(self._outputs()))
        return Checked(request="", accepted=True, reasons=change.changes, diff=diff, effects=touching)


def _with_left(seen: Checked, whole: bytes) -> Checked:
    """With what a whole site's file has beside it and nobody takes from there."""
    return replace(seen, reasons=(*restored.left(whole), *seen.reasons)) if whole else seen


def _faulty(shown: list[Fault]) -> Checked:
    return Checked(
        request="",
        accepted=False,
        reasons=tuple(_told(one) for one in shown),
        faults=tuple(_named(one) for one in shown),
    )


def _unwritable(fault: OSError) -> Answer:
    why, where = system_words.of(fault), fault.filename or ""
    says = Words(f"设置未能写入（{why.zh}）{where}", f"the settings cannot be written ({why.en}) {where}")
    return Checked(request="", accepted=False, reasons=(Words(says.zh.strip(), says.en.strip()),))


def _named(fault: Fault) -> Fault:
    return replace(fault, file=Path(fault.file).name)


def _told(fault: Fault) -> Words:
    short = _named(fault)
    return Words(short.line("zh"), short.line("en"))
