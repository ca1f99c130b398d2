"""Forms become requests: filed with the brain, which decides; turned-away ones are filed for the record."""

import itertools
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass

from edge_agent.clock import Clock
from edge_agent.domain.figures import Tries
from edge_agent.domain.noted import LoggedIn, Rejected, Tally
from edge_agent.domain.person import Person, PersonChange, Proof
from edge_agent.domain.request import Answer, Ask, Presence, Request
from edge_agent.domain.settings_change import SettingsChange
from edge_agent.domain.words import Words
from edge_agent.tell.desk_door import no
from edge_agent.tell.desk_form import Form
from edge_agent.tell.desk_look import AnyLook
from edge_agent.tell.desk_settings import SettingsForm
from edge_agent.tell.photos import NotKept, Photos
from edge_agent.tell.who.claim import ClaimCode
from edge_agent.tell.who.throttle import Remember

ANSWER_S = 5.0  # for the brain, which answers within a tick (0.2 s)
RECORD_EVERY_S = 1.0  # turned-away visitors are recorded at most this often: they must not fill the disk

NO_ANSWER = Words("没有答复，请求已撤回", "no answer from the brain: the request was withdrawn; look at the board")
STOP_UNSURE = Words("没有答复：请立即按下现场急停", "no answer from the brain: press the stop button on site now")


Persons = Callable[[], Mapping[str, Person]]
# Texts are checked with all the other settings; the brain is asked; then they are taken, or nothing is another.
# The last is the file of a whole site, where the form names one.
Change = Callable[[SettingsForm, Callable[[SettingsChange], Answer], bytes], Answer]
# A device is looked at for somebody, once the brain, which is asked, has put that on record.
Looking = Callable[[AnyLook | None, str, Callable[[], Answer]], Answer]
NO_LOOKS = Words("此处不能探查设备", "no device can be looked at from here")


def nobody_looks(_look: AnyLook | None, _person: str, _ask: Callable[[], Answer]) -> Answer:
    """Where there is no field."""
    return no(NO_LOOKS)


@dataclass(frozen=True)
class Behind:
    """What stands behind the desk. All are called from the desk's threads."""

    persons: Persons  # everybody known now, by id
    submit: Callable[[Request], "Future[Answer]"]  # the brain's inbox
    note: Callable[[Rejected | LoggedIn | Tally], object]  # for the record
    claim: ClaimCode  # of a box without an administrator
    remember: Remember  # wrong tries in a row by name, to be kept over a restart
    relist: Callable[[], object]  # the list of people for the pages, before a change of it is answered
    change: Change  # a file of the settings
    photos: Photos  # that people take with their phones
    look: Looking = nobody_looks  # at a device, before it is entered


def _nothing() -> None:
    """There is no picture to let go of."""


class Filing:
    """Files what people ask."""

    def __init__(self, clock: Clock, boot: str, behind: Behind) -> None:
        """`boot` tells the ids of this boot from those of others."""
        self._clock = clock
        self._boot = boot
        self._behind = behind
        self._numbers = itertools.count(1)
        self._recorded_s = self._told_s = -RECORD_EVERY_S
        self._counting = threading.Lock()
        self._ways: dict[str, Tries] = {}

    def file(
        self,
        form: Form,
        proof: Proof,
        *,
        record: PersonChange | None = None,
        presence: Presence | None = None,
        settings: SettingsChange | None = None,
    ) -> Answer:
        """To the brain and back. A request that nobody waits for any more is withdrawn, a stop never.

        A picture is on the disk before the brain hears of it; one that is refused goes again.
        """
        photo, let_go = None, _nothing
        if form.photo is not None and form.ask is Ask.RECTIFY:
            try:
                photo, let_go = self._behind.photos.keep(form.photo)
            except NotKept as fault:
                return no(fault.words)
        request = Request(
            id=self._next_id(),
            at_s=self._clock.monotonic(),
            ask=form.ask,
            person=form.person,
            proof=proof,
            permit=form.permit,
            alarm=form.alarm,
            samples=form.taken,
            people_inside=form.people_inside,
            about=form.concerns,
            tools=form.tools,
            rule=form.rule,
            wearable=form.wearable,
            for_s=form.for_s,
            drill=form.drill,
            presence=presence,
            record=record,
            report=None if form.report is None else form.report.report,
            ticket=None if form.ticket is None else form.ticket.ticket,
            settings=settings,
            photo=photo,
            commission=None if form.commission is None else form.commission.act,
            test=None if form.test is None else form.test.test,
            token=form.token,
            reason=form.reason,
        )
        answer = self._answered(request)
        if not answer.accepted:
            let_go()
        if answer.accepted and form.ask is Ask.PERSON:
            self._behind.relist()  # or who was just let in is nobody to the pages, for a moment
        return answer

    def _answered(self, request: Request) -> Answer:
        future = self._behind.submit(request)
        try:
            return future.result(ANSWER_S)
        except TimeoutError:
            if request.ask is Ask.STOP:
                return no(STOP_UNSURE, request.id)
            if future.cancel():
                return no(NO_ANSWER, request.id)
            return future.result(ANSWER_S)  # it was being answered at that very moment

    def turned_away(self, person: str, words: Words) -> None:
        """For the record, now and then."""
        now_s = self._clock.monotonic()
        if now_s - self._recorded_s >= RECORD_EVERY_S:
            self._recorded_s = now_s
            rejected = Rejected(id=self._next_id(), at_s=now_s, origin="desk", reason=words, person=person)
            self._behind.note(rejected)

    def logged_in(self, person: str, proof: Proof, *, panel: bool) -> None:
        """For the record."""
        now_s = self._clock.monotonic()
        told = LoggedIn(id=self._next_id(), at_s=now_s, person=person, proof=proof, panel=panel)
        self._behind.note(told)

    def tried(self, way: str, *, held: bool) -> None:
        """Somebody was to be shown in this way: counted for the figures of the day (ledger 4-28)."""
        with self._counting:
            self._ways[way] = self._ways.get(way, Tries()) + Tries(tried=1, held=int(held))

    def tell(self) -> None:
        """What was counted since it was last told, now and then."""
        now_s = self._clock.monotonic()
        with self._counting:
            if not self._ways or now_s - self._told_s < RECORD_EVERY_S:
                return
            ways, self._ways, self._told_s = self._ways, {}, now_s
        self._behind.note(Tally(id=self._next_id(), at_s=now_s, ways=ways))

    def _next_id(self) -> str:
        return f"desk-{self._boot[:8]}-{next(self._numbers)}"
