"""Logging in: somebody shows once who they are, and signs from then on with a key of their browser."""

from msgspec import Struct

from edge_agent.clock import Clock
from edge_agent.domain.person import Person, Proof
from edge_agent.domain.words import Words
from edge_agent.tell.desk_filing import Filing, Persons
from edge_agent.tell.desk_line import LogIn
from edge_agent.tell.who.keys import LASTS_S, Keys, read_public
from edge_agent.tell.who.proof import UNPROVED, WRONG, WRONG_ENTRY, Verifier
from edge_agent.tell.who.throttle import Wrong
from edge_agent.tell.who.who import Who, who

OVER = Words(
    "您在本机的查看期限已过：请由管理员重新登记",
    "your time to look here is over: an administrator must enter you anew",
)
WHOSE_PIN = Words("请同时输入编号（只刷工牌则不需要）", "a PIN needs its id beside it; a badge alone does without")


class LoggedIn(Struct, frozen=True, kw_only=True):
    """Who it is, under which key, and until when."""

    accepted: bool = True
    who: Who
    key: str
    until_utc: float


class LogIns:
    """Who may have a key."""

    def __init__(self, clock: Clock, verifier: Verifier, keys: Keys, filing: Filing, persons: Persons) -> None:
        """`persons` are those known now."""
        self._clock, self._verifier, self._keys = clock, verifier, keys
        self._filing, self._persons = filing, persons

    def log_in(self, said: LogIn) -> LoggedIn:
        """A key for whoever proves who they are. Raises Wrong."""
        public = read_public(said.key)
        person, proof = self._counted(said)
        if person.denied is not None:
            why = person.denied
            raise Wrong(Words(f"{person.name} 禁止作业：{why}", f"{person.name} may not act here: {why}"))
        utc = self._clock.instant().utc
        if person.over_at(utc):
            raise Wrong(OVER)
        key = self._keys.add(person, public, proof, panel=said.panel)
        self._filing.logged_in(person.id, proof, panel=said.panel)
        until_utc = utc + LASTS_S
        if person.reads_only and person.valid_until_utc is not None:
            until_utc = min(until_utc, person.valid_until_utc)
        return LoggedIn(who=who(person), key=key.id, until_utc=until_utc)

    def _counted(self, said: LogIn) -> tuple[Person, Proof]:
        """How well each way of logging in works is counted; what was not really tried is not."""
        way = f"log_in/{(Proof.PIN if said.badge is None else Proof.BADGE).value}"
        try:
            proved = self._proved(said)
        except Wrong as wrong:
            if wrong.counts:
                self._filing.tried(way, held=False)
            raise
        self._filing.tried(way, held=True)
        return proved

    def _proved(self, said: LogIn) -> tuple[Person, Proof]:
        persons = self._persons()
        if said.person:
            return self._named(persons.get(said.person), said)
        if said.badge is not None and said.pin is None:
            return self._verifier.whose(persons.values(), said.badge), Proof.BADGE
        raise Wrong(UNPROVED if said.pin is None else WHOSE_PIN)

    def _named(self, person: Person | None, said: LogIn) -> tuple[Person, Proof]:
        """With an id: an unknown one and a wrong PIN sound alike, so that nobody finds out who works here."""
        try:
            if person is None:
                self._verifier.nobody()
            else:
                return person, self._verifier.prove(person, said.pin, said.badge)
        except Wrong as wrong:
            if wrong.words == WRONG:
                raise Wrong(WRONG_ENTRY, counts=True) from None
            raise
