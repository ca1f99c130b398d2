"""The people of one post and what they carry: they begin, sit, stroll, go to the toilet, pause and finish."""

import itertools
import math
from collections import Counter
from collections.abc import Callable

from msgspec import Struct

from edge_agent.domain.delivery import TicketDelivery
from edge_agent.domain.outcome import Event
from edge_agent.domain.permit import PauseClass, Permit, State
from edge_agent.domain.person import Proof
from edge_agent.domain.request import Answer, Ask, Request
from edge_agent.domain.ticket import Ticket
from edge_agent.domain.words import Words
from tests.soak.draw import log_normal, wait_s
from tests.soak.play import TICK_S, Play
from tests.soak.sources import Camera, Detector, Pit, RelayModule, Tag, Wifi, Yard
from tests.soak.yard import Post, samples, ticket

AT_WORK = frozenset({State.ACTIVE, State.FIRE_WATCH})
STOPPED = frozenset({State.PAUSED, State.SUSPENDED, State.RESUME_CHECK})
GIVES_UP_S = 1800.0
AGAIN_S = 20.0


class Pause(Struct, frozen=True, kw_only=True):
    """One stop by a rule that nobody planted."""

    permit: str
    kind: str
    at_s: float
    rule: str
    code: str
    blame: str
    words: str


class Crew:
    """One post. `pauses`, `not_begun` and `asked` are what came of it."""

    def __init__(self, play: Play, yard: Yard, post: Post) -> None:
        """Everybody is in place; nothing has begun."""
        wifi = yard.wifi
        self.weather = yard.weather
        self.neighbour = yard.neighbour
        self.play = play
        self.post = post
        self.wifi = wifi
        self.pauses: list[Pause] = []
        self.not_begun: list[Words] = []
        self.refused: Counter[str] = Counter()  # requests refused, by what was asked
        self.detectors = {gas: Detector(play, post.detector(gas), gas) for gas in post.gases}
        self.beside = {gas: Detector(play, source, gas) for source, gas in post.beside.items()}
        self.tags = {person: self._tag(wifi, person) for person in (*post.guards, *post.workers)}
        self.visitor = Tag(play, wifi, post.visitor, (post.x_m + 60.0, 5.0), 1.0)
        self.camera = Camera(play, wifi, post)
        self.relay = RelayModule(play, post)
        self.pit = Pit(play, post)
        self.guard = post.guards[0]
        self.helpless = False  # nobody presses, acknowledges or goes anywhere any more
        self.amends: Callable[[Ticket], Ticket] = lambda ticket: ticket  # planted: another ticket than usual
        self.number = ""
        self._numbers = itertools.count(1)
        self._requests = itertools.count(1)
        self.reasons: tuple[Words, ...] = ()
        self._on_break = False
        play.listeners.append(self._hear)

    def _tag(self, wifi: Wifi, person: str) -> Tag:
        post = self.post
        if person in post.workers:
            return Tag(self.play, wifi, person, self._outside(person), None)
        tag = Tag(self.play, wifi, person, (post.x_m + 1.0, 1.0), None if post.wristband else 1.0)
        tag.scale = 0.5
        if person != self.post.guards[0]:
            tag.place = (post.x_m + 90.0, 0.0)  # the relief waits elsewhere
        return tag

    def deaf(self, *, wired: bool) -> bool:
        """Whether an ordinary hiccup keeps some source of this post (`wired`: on a wire) from being heard now."""
        wires = (*self.detectors.values(), *self.beside.values(), self.relay)
        sources = wires if wired else (*wires, self.wifi, self.camera)
        return any(source.out_until_s > self.play.now_s - TICK_S for source in sources)

    # --- the permit -----------------------------------------------------------------------------------

    def begin(self, lasts_s: float) -> None:
        """A ticket arrives, and people do what the box asks of them until work is under way."""
        play = self.play
        self.number = f"{self.post.name}-{next(self._numbers)}"
        number = self.number
        end_utc = play.utc + lasts_s + GIVES_UP_S + 7200
        arrives = self.amends(ticket(self.post, play.settings.rulebook, play.utc - 60, end_utc, number))
        give_up_s = play.now_s + GIVES_UP_S
        play.after(
            3.0, lambda: play.ask(TicketDelivery(id=self._id(), at_s=play.now_s, ticket=arrives), self._note)
        )
        play.after(12.0, lambda: self._try_start(number, give_up_s, lasts_s))

    @property
    def permit(self) -> Permit | None:
        """The permit as the box has it."""
        return self.play.decision.state.permits.get(self.number)

    @property
    def state(self) -> State | None:
        """Where it stands."""
        return None if self.permit is None else self.permit.state

    def _try_start(self, number: str, give_up_s: float, lasts_s: float) -> None:
        play = self.play
        if self.state is State.ACTIVE:
            self._under_way(number, lasts_s)
            return
        if self.permit is None or play.now_s > give_up_s:
            self.not_begun += self.reasons or (Words("未知", "nobody said why"),)
            play.after(60.0, lambda: self.begin(lasts_s))
            return
        self.reasons = ()
        self._prepare()
        book = play.settings.rulebook
        for capacity in (*book.start_signers, *book.works[self.post.kind].start_also):
            self.ask(Ask.START, self._who(capacity))
        play.after(
            2.0 if self.state is State.ACTIVE else AGAIN_S, lambda: self._try_start(number, give_up_s, lasts_s)
        )

    def _prepare(self) -> None:
        """The guard shows himself at the point, and a tester samples where gas matters."""
        permit = self.permit
        if permit is None or permit.guard is None or permit.state in STOPPED:
            self.ask(Ask.CHECK_IN, self.guard)
        work = self.play.settings.rulebook.works[self.post.kind]
        old = permit is None or permit.retest is None or self.play.now_s - permit.retest.at_s > 1200
        if (work.sampled or work.watched) and (old or (permit is not None and permit.state in STOPPED)):
            self.ask(Ask.RETEST, "tester-1", samples=samples(self.play.utc - 20))

    def _under_way(self, number: str, lasts_s: float) -> None:
        """Work begins: people go in, and the day takes its course."""
        play = self.play
        work = play.settings.rulebook.works[self.post.kind]
        self._go_in()
        if work.contact_s is not None:
            self._every(number, work.contact_s.value * 0.6, self._call_inside)
        self._every(number, 1.0, self._move, drawn=lambda: log_normal(play.rng, 60.0, 1.0, most=1800))
        self._every(number, 1.0, self._relieve, drawn=lambda: wait_s(play.rng, 7200))
        if work.inside_max_s is not None:
            self._every(number, work.inside_max_s.value * 0.7, self._rest)
        self._every(number, 1.0, self._break, drawn=lambda: 3600 + wait_s(play.rng, 3600))
        play.after(lasts_s, lambda: self._finish(number))

    def _every(
        self, number: str, period_s: float, does: Callable[[], None], drawn: Callable[[], float] | None = None
    ) -> None:
        """Something that comes again and again as long as this permit is open."""

        def happens() -> None:
            if self.number == number and self.state in AT_WORK | STOPPED and not self.helpless:
                does()
                self.play.after(period_s if drawn is None else drawn(), happens)

        self.play.after(period_s if drawn is None else drawn(), happens)

    def _rest(self) -> None:
        """Nobody stays inside too long: out, and in again after a quarter of an hour."""
        if self.state is not State.ACTIVE:
            return
        number = self.number
        self._everybody_out()

        def back() -> None:
            if self.number == number and self.state is State.ACTIVE and not self.helpless:
                self._go_in()

        self.play.after(900.0, back)

    def _call_inside(self) -> None:
        permit = self.permit
        if permit is not None and permit.inside:
            self.ask(Ask.CONTACT, self.guard, about=tuple(inside.person for inside in permit.inside))

    # --- the guard at his post ------------------------------------------------------------------------

    def _move(self) -> None:
        """He sits down, or walks to somewhere within his post."""
        rng, tag = self.play.rng, self.tags[self.guard]
        tag.sitting = rng.random() < 0.6
        away_m, bearing = rng.uniform(0.5, 12.0), rng.uniform(-math.pi / 2, math.pi / 2)  # outside the mouth
        tag.place = (self.post.x_m + away_m * math.cos(bearing), away_m * math.sin(bearing))

    def _relieve(self) -> None:
        """The other guard comes and checks in; only then the first one leaves."""
        if self.state is not State.ACTIVE or self._on_break:
            return
        old, new = self.guard, next(person for person in self.post.guards if person != self.guard)
        coming = self.tags[new]
        coming.place, coming.sitting = (self.post.x_m + 1.0, 2.0), False
        number = self.number

        def shows_himself(tries: int) -> None:
            if self.helpless:
                return
            if self.number != number or self.state is not State.ACTIVE:
                coming.place = (self.post.x_m + 90.0, 0.0)
                return
            if self.ask(Ask.CHECK_IN, new).accepted:
                self.guard = new
                self.play.after(20.0, leaves)
            elif tries:
                self.play.after(15.0, lambda: shows_himself(tries - 1))
            else:
                coming.place = (self.post.x_m + 90.0, 0.0)

        def leaves() -> None:
            if self.guard != old and not self.helpless:
                self.tags[old].place = (self.post.x_m + 90.0, 0.0)

        self.play.after(60.0, lambda: shows_himself(8))

    def _hand_over(self, number: str) -> None:
        """The guard checks in for the new shift, and the shift lead goes through the list with him."""
        if self.number != number or self.helpless or self.state not in AT_WORK | STOPPED:
            return
        settings, permit = self.play.settings, self.permit
        shift = settings.local_time.shift_at(self.play.utc)
        if permit is None or shift is None or {permit.guard_shift, permit.handed_over} == {shift.id}:
            return
        self.ask(Ask.CHECK_IN, self.guard)
        self.ask(Ask.HANDOVER, "lead-1", about=tuple(settings.rulebook.handover))
        self.play.after(45.0, lambda: self._hand_over(number))

    # --- breaks and the end ---------------------------------------------------------------------------

    def _break(self) -> None:
        if self.state is not State.ACTIVE:
            return
        self._everybody_out()
        self._on_break = True
        self.ask(Ask.STOP, self.post.holder, reason="break")
        number = self.number
        self.play.after(self.play.rng.uniform(600, 1500), lambda: self._try_resume(number))

    def _try_resume(self, number: str) -> None:
        """Everybody whose signature may be asked for signs, as often as it takes."""
        if self.number != number or self.state not in STOPPED:
            return
        permit = self.permit
        lasts = permit is not None and permit.end_at_s - self.play.now_s > 60
        self._everybody_out()
        self._prepare()
        for capacity in self._resume_signers():
            if self.state in STOPPED:
                self.ask(Ask.RESUME, self._who(capacity))
        if self.state is State.ACTIVE:
            self._on_break = False
            self._go_in()
        elif lasts:
            # A check-in or a test of the next try must not lie behind the last one's clean minute.
            self.play.after(75.0, lambda: self._try_resume(number))

    def _resume_signers(self) -> tuple[str, ...]:
        book, permit = self.play.settings.rulebook, self.permit
        classes = {cause.pause_class for cause in permit.causes} if permit is not None else set()
        wanted = classes or {PauseClass.MANUAL}
        named = [capacity for one in PauseClass if one in wanted for capacity in book.resume_signers[one.value]]
        return tuple(dict.fromkeys((*named, "safety_officer")))

    @property
    def inside(self) -> tuple[float, float]:
        """Within the place of the work."""
        return (self.post.x_m - 8.0, 0.0)

    def _outside(self, person: str) -> tuple[float, float]:
        return (self.post.x_m + 3.0, 3.0 + self.post.workers.index(person))

    def _go_in(self) -> None:
        """The guard counts them in, and they go."""
        if self.play.settings.rulebook.works[self.post.kind].confined:
            self.ask(Ask.ENTER, self.guard, about=self.post.workers, tools=2)
        self.camera.at_work = True
        for person in self.post.workers:
            self.tags[person].place = self.inside

    def _everybody_out(self) -> None:
        """They come out, and are counted out with their tools."""
        permit = self.permit
        self.camera.at_work = False
        for person in self.post.workers:
            self.tags[person].place = self._outside(person)
        if permit is not None and permit.inside:
            inside = tuple(one.person for one in permit.inside)
            self.ask(Ask.LEAVE, self.guard, about=inside, tools=permit.tools_inside)

    def _finish(self, number: str) -> None:
        """Out, fire watch where there is one, closed; and after a while the next ticket."""
        if self.number != number or self.permit is None:
            return
        if self.state in STOPPED:
            self.play.after(300.0, lambda: self._finish(number))
            return
        self._everybody_out()
        watch = self.play.settings.rulebook.works[self.post.kind].fire_watch_s
        if watch is not None and self.state is State.ACTIVE:
            self.ask(Ask.END_WORK, self.post.holder)
            self.play.after(watch.value + 30, lambda: self._finish(number))
            return
        for capacity in self.play.settings.rulebook.close_signers:
            self.ask(Ask.CLOSE, self._who(capacity), people_inside=0, tools=0)
        again = self.state in AT_WORK
        self.play.after(60.0, lambda: self._finish(number) if again else self._next())

    def _next(self) -> None:
        self._on_break = False
        self.tags[self.guard].place = (self.post.x_m + 1.0, 1.0)
        self.begin(self.play.rng.uniform(5400, 14400))

    # --- hearing and asking ---------------------------------------------------------------------------

    def _hear(self, event: Event) -> None:
        if event.subject != self.number or self.helpless:
            return
        rng, play = self.play.rng, self.play
        if event.type == "alarm.raised":
            code = str(event.data["code"])
            reaction_s = log_normal(rng, 8.0, 0.6, most=45.0)
            if code == "GRD-20":  # a new shift has begun: the guard and the shift lead come to it when they can
                play.after(
                    log_normal(rng, 300.0, 0.8, most=1200.0), lambda number=self.number: self._hand_over(number)
                )
            elif code.startswith("GRD") and rng.random() > 1 / 20:
                play.after(reaction_s, self._here)
            play.after(reaction_s + 5, self._acknowledge)
        if event.type == "permit.paused" and event.data["from"] in {
            s.value for s in (*AT_WORK, State.RESUME_CHECK)
        }:
            self._note_pause(event)
            number = self.number
            play.after(120.0, lambda: self._try_resume(number))

    def _here(self) -> None:
        """He presses at the panel; where the box wants more than a press, he taps his badge there."""
        if self.state in AT_WORK and not self.helpless and not self.ask(Ask.HERE, self.guard).accepted:
            self.ask(Ask.CHECK_IN, self.guard)

    def _acknowledge(self) -> None:
        if self.state in AT_WORK | STOPPED and not self.helpless:
            self.ask(Ask.ACKNOWLEDGE, self.guard)

    def _note_pause(self, event: Event) -> None:
        causes = event.data["causes"]
        first = causes[-1] if causes else {}
        self.pauses.append(
            Pause(
                permit=self.number,
                kind=self.post.kind,
                at_s=event.at_s,
                rule=str(first.get("rule", "?")),
                code=str(first.get("code", "?")),
                blame=str(first.get("blame", "?")),
                words=str(event.data.get("words", {}).get("en", "")),
            )
        )

    def ask(self, ask: Ask, person: str, **more: object) -> Answer:
        """Somebody on site asks, with his badge; the answer comes from the step that takes it."""
        given: list[Answer] = []
        asked = Request(
            id=self._id(),
            at_s=self.play.now_s,
            ask=ask,
            person=person,
            proof=Proof.BADGE,
            permit=self.number,
            **more,  # type: ignore[arg-type]
        )
        self.play.ask(asked, given.append)
        self._note(given[0])
        if not given[0].accepted:
            self.refused[ask.value] += 1
        return given[0]

    def _note(self, answer: Answer) -> None:
        if not answer.accepted:
            self.reasons = answer.reasons

    def _id(self) -> str:
        return f"{self.post.name}-r{next(self._requests)}"

    def _who(self, capacity: str) -> str:
        """The person who fills this capacity here."""
        named = {"holder": self.post.holder, "guard": self.guard, "safety_officer": "safety-1"}
        named |= {"shift_lead": "lead-1", "area_owner": "owner-1", "tester": "tester-1"}
        return named[capacity]
