"""The desk: what people ask over the socket, and what each line gets (one JSON line in, one out).

Who asks is proved here, for the desk's threads (argon2 takes a tenth of a second and more, which the brain
must not spend: who/beside.py); a PIN, a badge or a key goes no further. The brain decides and answers in words.
Anybody may stop work (docs/domain.md 3), also nameless: a stop waits for no proof and is recorded as unproved.
"""

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from edge_agent.clock import Clock
from edge_agent.domain.person import Person, Proof, Role
from edge_agent.domain.request import Answer, Ask
from edge_agent.domain.words import Words, WordsError
from edge_agent.tell.desk_door import BUSY, Door, no
from edge_agent.tell.desk_filing import Behind, Filing
from edge_agent.tell.desk_form import Form, SignedForm
from edge_agent.tell.desk_line import (
    AskBox,
    Claim,
    Line,
    LogIn,
    LogOut,
    Part,
    Signed,
    StopNow,
    read_line,
    read_signed,
)
from edge_agent.tell.desk_parts import Parts
from edge_agent.tell.desk_settings import SettingsForm
from edge_agent.tell.who.at_screen import AtScreen
from edge_agent.tell.who.hashing import Hashing, Here
from edge_agent.tell.who.keys import FORGED, Gone, Key, Keys
from edge_agent.tell.who.log_in import LogIns
from edge_agent.tell.who.owner import Owner
from edge_agent.tell.who.proof import Verifier
from edge_agent.tell.who.register import Register
from edge_agent.tell.who.screen import ScreenCode
from edge_agent.tell.who.throttle import Throttle, Wrong

SOCKET = "requests.sock"

NOT_HIS_KEY = Words("登录的不是此人，请重新登录", "somebody else is logged in with this key: log in again")


NOT_A_FITTER = Words("须由仪表员或管理员查看", "only a technician or an administrator looks at a detector")
FITTERS = frozenset({Role.TECHNICIAN, Role.ADMIN})
# A check tells what stands in the settings, and takes the box its time: it is for those who may read them.
KEEPERS = FITTERS | {Role.SAFETY_OFFICER, Role.SHIFT_LEAD}
NOT_A_KEEPER = Words(
    "设置须由仪表员、管理员、安全员或当班班长查看",
    "settings are for technicians, administrators, safety officers and shift leads",
)


class Turned(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A refusal with what the pages need beside the words; `log_in`: the log-in is over, show that page."""

    request: str
    accepted: bool
    reasons: tuple[Words, ...]
    wait_s: float | None = None
    log_in: bool = False


class Done(Struct, frozen=True, kw_only=True):
    """Nothing more to say."""

    accepted: bool = True


class Desk:
    """Listens on `<runtime>/requests.sock`, mode 0660. `run` belongs to a supervised thread."""

    def __init__(  # noqa: PLR0913, PLR0917 (what a desk stands on)
        self,
        path: Path,
        clock: Clock,
        boot: str,
        behind: Behind,
        wrong: Mapping[str, int] | None = None,
        hashing: Hashing | None = None,
    ) -> None:
        """`wrong` is what `behind.remember` was told before the restart. Nothing listens before `run`.

        `hashing`: who makes hashes; the desk's own threads where nobody is named.
        """
        self._behind = behind
        self._hashing = hashing or Here()
        self._boot = boot
        throttle = Throttle(clock.monotonic, wrong or {}, behind.remember)
        self._verifier = Verifier(throttle, self._hashing)
        self.filing = Filing(clock, boot, behind)
        self.keys = Keys(clock.monotonic, behind.persons)
        self._log_ins = LogIns(clock, self._verifier, self.keys, self.filing, behind.persons)
        self._register = Register(behind.persons, self._hashing)
        self._owner = Owner(behind.claim, throttle, self.filing, behind.persons, self._register)
        self.screen = ScreenCode(clock.monotonic)
        self._at_screen = AtScreen(clock, self.screen, throttle, self.filing)
        self._parts = Parts(clock.monotonic)
        self._door = Door(path, self.attend)

    def run(self, stop: threading.Event) -> None:
        """Serve until `stop`. Raises OSError when the socket cannot be made."""
        try:
            self._door.run(stop)
        finally:
            self._hashing.close()

    def attend(self, line: bytes, crowded: bool) -> Any:  # noqa: FBT001
        """What one line gets: the brain's answer, or why it never got that far."""
        said = read_line(line)
        if isinstance(said, Words):
            return no(said)
        if crowded and not _stops(said):
            return no(BUSY)
        try:
            return self._bare(said) if isinstance(said, Form) else self._do(said)
        except Wrong as wrong:
            if wrong.counts:
                self.filing.turned_away(_person(said), wrong.words)
            wait_s = None if wrong.wait_s is None else round(wrong.wait_s, 1)
            return Turned(
                request="",
                accepted=False,
                reasons=(wrong.words,),
                wait_s=wait_s,
                log_in=isinstance(wrong, Gone),
            )

    def _do(self, said: Line) -> Any:  # noqa: PLR0911 (one for each verb)
        match said:
            case LogIn():
                return self._log_ins.log_in(said)
            case LogOut():
                self.keys.drop(said.key)
                return Done()
            case Signed():
                return self._signed(said)
            case StopNow():
                return self.filing.file(Form(ask=Ask.STOP, permit=said.permit, reason=said.reason), Proof.NONE)
            case Claim():
                return self._owner.claim(said)
            case Part():
                return self._part(said)
            case AskBox():
                return self._box()

    def _bare(self, form: Form) -> Answer:
        """A form without a key, from the command line: its PIN or badge stands in it."""
        if form.ask is Ask.STOP:
            return self.filing.file(form, Proof.NONE)
        person = self._behind.persons().get(form.person)
        if person is None:
            words = Words(f"没有编号为 {form.person} 的人员", f"nobody here has the id {form.person}")
            self.filing.turned_away(form.person, words)
            return no(words)
        return self._file(form, self._verifier.prove(person, form.pin, form.badge))

    def _signed(self, said: Signed) -> Answer:
        """A form with a key. Whatever is wrong with the key, a stop is a stop."""
        form = read_signed(said.form)
        if isinstance(form, Words):
            return no(form)
        if form.ask is Ask.STOP:
            return self.filing.file(form, Proof.NONE)
        key, person = self._signer(said, form)
        proof = Proof.KEY
        if form.pin is not None or form.badge is not None:
            proof = self._verifier.prove(person, form.pin, form.badge)
        return self._file(form, proof, key)

    def _file(self, form: Form, proof: Proof, key: Key | None = None) -> Answer:
        """A new PIN or badge is hashed here, for somebody who has just shown who he is. Raises Wrong."""
        presence = self._at_screen.presence(form, proof, key)
        record = None if form.record is None else form.record.change
        if record is not None and proof is not Proof.KEY:
            record = self._register.hashed(record, form.new_pin, form.new_badge)
        if form.ask is Ask.SETTINGS and form.settings is not None:
            if not self._is_one_of(KEEPERS, form.person):
                return no(NOT_A_KEEPER)
            if form.settings.probe and not self._is_one_of(FITTERS, form.person):
                return no(NOT_A_FITTER)  # his questions would go onto the field's buses
            return self._changed(form, form.settings, proof)
        if form.ask is Ask.LOOK:
            return self._behind.look(form.look, form.person, lambda: self.filing.file(form, proof))
        return self.filing.file(form, proof, record=record, presence=presence)

    def _changed(self, form: Form, asked: SettingsForm, proof: Proof) -> Answer:
        """Other settings; a whole site's come from the parts that the same person sent under the hash."""
        try:
            whole = b"" if asked.upload is None else self._parts.whole(form.person, asked.upload)
        except WordsError as fault:
            return no(fault.words)
        answer = self._behind.change(asked, lambda change: self.filing.file(form, proof, settings=change), whole)
        if answer.accepted and asked.upload is not None and not asked.check_only:
            self._parts.drop(asked.upload)
        return answer

    def _part(self, said: Part) -> Any:
        """A part of a file, from somebody who may see settings. Raises Wrong."""
        person = self.keys.standing(said.key).person
        if not self._is_one_of(KEEPERS, person):
            return no(NOT_A_KEEPER)
        try:
            return self._parts.take(person, said.sha256, said.size, said.at, said.data)
        except WordsError as fault:
            return no(fault.words)

    def _is_one_of(self, roles: frozenset[Role], id_: str) -> bool:
        """Whether somebody has one of these roles, and is not denied."""
        person = self._behind.persons().get(id_)
        return person is not None and not roles.isdisjoint(person.roles) and person.denied is None

    def _signer(self, said: Signed, form: SignedForm) -> tuple[Key, Person]:
        """Who signed this form, the first time that it comes. Raises Wrong."""
        key = self.keys.signed(said.key, said.form, said.signature)
        if form.key != key.id:
            raise Wrong(FORGED)
        if form.person != key.person:
            raise Wrong(NOT_HIS_KEY)
        self.keys.count(key.id, form.count)
        person = self._behind.persons().get(key.person)
        if person is None:
            raise Gone
        return key, person

    def _box(self) -> Any:
        return {"claimed": self._owner.claimed, "boot": self._boot}


def _stops(said: Line | Form) -> bool:
    if isinstance(said, Signed):
        form = read_signed(said.form)
        return isinstance(form, SignedForm) and form.ask is Ask.STOP
    return isinstance(said, StopNow) or (isinstance(said, Form) and said.ask is Ask.STOP)


def _person(said: Line | Form) -> str:
    """Whom a line names, for the record of what was turned away."""
    return said.person if isinstance(said, LogIn | Form) else ""
