"""A new box becomes somebody's: once, by the code that it shows whoever stands before it. No default password."""

from msgspec import Struct

from edge_agent.decide.asking.roster import CLAIMED
from edge_agent.domain.person import PersonChange, Proof, Role
from edge_agent.domain.request import Answer, Ask
from edge_agent.domain.words import Words
from edge_agent.tell.desk_filing import Filing, Persons
from edge_agent.tell.desk_form import Form
from edge_agent.tell.desk_line import Claim
from edge_agent.tell.who.claim import ClaimCode
from edge_agent.tell.who.register import Register
from edge_agent.tell.who.throttle import Throttle, Wrong
from edge_agent.tell.who.who import Who, who

WRONG_CODE = Words(
    "启用码不对：请看主机控制台或 claim-code 文件",
    "this is not the claim code: the box shows it on its console, and in its file claim-code",
)


class Claimed(Struct, frozen=True, kw_only=True):
    """Whose the box is now."""

    accepted: bool = True
    who: Who


class Owner:
    """Who may claim the box."""

    def __init__(
        self, code: ClaimCode, throttle: Throttle, filing: Filing, persons: Persons, register: Register
    ) -> None:
        """`persons` are those known now."""
        self._code, self._throttle, self._filing, self._persons = code, throttle, filing, persons
        self._register = register

    @property
    def claimed(self) -> bool:
        """Whether somebody administers the box."""
        return any(person.administers for person in self._persons().values())

    def claim(self, said: Claim) -> Claimed | Answer:
        """The brain decides: of two who claim at once one is refused. Raises Wrong."""
        if self.claimed:
            raise Wrong(CLAIMED)
        self._throttle.check("box/claim", WRONG_CODE, self._code.matches, said.code)
        known = self._persons().get(said.person.id)
        roles = (*(() if known is None else known.roles), Role.ADMIN)
        change = PersonChange(
            id=said.person.id, name=said.person.name, roles=roles, areas=(), language=said.language
        )
        change = self._register.hashed(change, said.pin, None)
        answer = self._filing.file(Form(ask=Ask.PERSON, person=change.id), Proof.CLAIM, record=change)
        if not answer.accepted:
            return answer
        self._code.forget()
        return Claimed(who=who(change.of(known)))
