"""Whether somebody has shown who he is, well enough for what he asks, and whether he may ask it there."""

from edge_agent.decide.asking.case import Reasons
from edge_agent.decide.fitness import record_fault
from edge_agent.domain.named import Named
from edge_agent.domain.person import Person, Proof
from edge_agent.domain.request import Ask, Request
from edge_agent.domain.words import Words


class Shown(Named):
    """How somebody must have shown who he is."""

    NOTHING = "nothing"
    LOGGED_IN = "logged_in"  # the key of a log-in is enough
    FRESH = "fresh"  # PIN or badge, given for this very request


# What begins danger, goes on with it, or lets something be needs a proof of its own: a phone that lies about
# unlocked must not do it. Each further request of the box gets its row here.
NEEDS: dict[Ask, Shown] = {
    Ask.STOP: Shown.NOTHING,
    Ask.CHECK_IN: Shown.LOGGED_IN,
    Ask.CHECK_OUT: Shown.LOGGED_IN,
    Ask.HERE: Shown.LOGGED_IN,
    Ask.ENTER: Shown.LOGGED_IN,
    Ask.LEAVE: Shown.LOGGED_IN,
    Ask.CONTACT: Shown.LOGGED_IN,
    Ask.WEAR: Shown.LOGGED_IN,
    Ask.CONFIRM: Shown.LOGGED_IN,
    Ask.ACCEPT_CHANGE: Shown.LOGGED_IN,
    Ask.ACKNOWLEDGE: Shown.LOGGED_IN,
    Ask.HANDOVER: Shown.LOGGED_IN,
    Ask.RETEST: Shown.LOGGED_IN,
    Ask.END_WORK: Shown.LOGGED_IN,
    Ask.REPORT: Shown.LOGGED_IN,
    Ask.START: Shown.FRESH,
    Ask.RESUME: Shown.FRESH,
    Ask.CLOSE: Shown.FRESH,
    Ask.REVOKE: Shown.FRESH,
    Ask.OVERRIDE: Shown.FRESH,
    Ask.SHELVE: Shown.FRESH,
    Ask.DRILL: Shown.FRESH,
    Ask.END_DRILL: Shown.FRESH,
    Ask.TICKET: Shown.FRESH,
    Ask.APPROVE: Shown.FRESH,
    Ask.PERSON: Shown.FRESH,
    Ask.SETTINGS: Shown.FRESH,
    Ask.TRY: Shown.FRESH,
    Ask.SEEN: Shown.FRESH,
    Ask.LOOK: Shown.LOGGED_IN,
    Ask.LET_READ: Shown.FRESH,
    Ask.END_READING: Shown.LOGGED_IN,  # a program that reads too much is shut out without a PIN
    Ask.WALK: Shown.FRESH,
    Ask.COMMISSION: Shown.FRESH,
    Ask.DEVICE_TEST: Shown.FRESH,
    Ask.FILM: Shown.FRESH,
    Ask.PICTURE: Shown.LOGGED_IN,
    Ask.RECTIFY: Shown.LOGGED_IN,
    Ask.VERIFY: Shown.FRESH,
    Ask.JUDGE: Shown.FRESH,
}
READS_ONLY = Words("外部检查员只可查看和叫停", "an outside inspector looks, and may stop work: nothing else")
FRESH = frozenset({Proof.PIN, Proof.BADGE})
ENOUGH: dict[Shown, frozenset[Proof]] = {
    Shown.NOTHING: frozenset(Proof),
    Shown.LOGGED_IN: FRESH | {Proof.KEY},
    Shown.FRESH: FRESH,
}
# A signed message from the centre may stop, withdraw and play a drill; to start or resume, somebody is on site.
FROM_AFAR = frozenset({Ask.STOP, Ask.REVOKE, Ask.DRILL})
# What rests on who somebody is: not by somebody for whom nobody vouches any more. What only makes things safer
# (stop, withdraw, count people out, report) stays open to him.
VOUCHED = frozenset(
    {
        Ask.START,
        Ask.RESUME,
        Ask.CLOSE,
        Ask.CHECK_IN,
        Ask.RETEST,
        Ask.WEAR,
        Ask.CONFIRM,
        Ask.OVERRIDE,
        Ask.SHELVE,
        Ask.HANDOVER,
        Ask.DRILL,
        Ask.TICKET,
        Ask.APPROVE,
        Ask.PERSON,
        Ask.SETTINGS,
        Ask.TRY,
        Ask.SEEN,
        Ask.LOOK,
        Ask.LET_READ,
        Ask.WALK,
        Ask.COMMISSION,
        Ask.DEVICE_TEST,
        Ask.FILM,
        Ask.VERIFY,
        Ask.JUDGE,
    }
)


def unentitled(request: Request, person: Person | None, utc: float) -> Reasons:
    """Why this person has not shown well enough who he is for what he asks."""
    if request.proof is Proof.SIGNED:
        far = Words(
            "远程指令不能代替现场人员", "a remote message alone is not enough: somebody on site must decide this"
        )
        if request.ask not in FROM_AFAR:
            return (far,)
        return _unvouched(request, person, utc) if request.ask in VOUCHED and person is not None else ()
    if (
        request.proof is Proof.CLAIM and request.ask is Ask.PERSON
    ):  # roster.py asks whether it is still to be claimed
        return ()
    if request.ask is Ask.STOP:  # anybody may stop, named or not
        return ()
    if person is None:
        who = request.person
        return (Words(f"人员 {who} 不在名册中", f"{who} is not on this site's list of people"),)
    return (READS_ONLY,) if person.reads_only else _unshown(request, person, utc)


def _unshown(request: Request, person: Person, utc: float) -> Reasons:
    if person.denied is None and request.proof not in ENOUGH[NEEDS[request.ask]]:
        return (_asked_for(request.proof),)
    return _unvouched(request, person, utc)


def _unvouched(request: Request, person: Person, utc: float) -> Reasons:
    if person.denied is not None:
        why = person.denied
        return (Words(f"{person.name} 禁止作业：{why}", f"{person.name} may not act here: {why}"),)
    return tuple(record_fault(person, utc)) if request.ask in VOUCHED else ()


def _asked_for(proof: Proof) -> Words:
    if proof is Proof.KEY:
        return Words(
            "此项须当场再次输入 PIN 或刷工牌", "logged in is not enough for this: give the PIN or badge once more"
        )
    return Words("需要工牌或密码", "a badge or PIN is needed")


def out_of_place(request: Request, person: Person | None, area: str) -> Reasons:
    """Why this person's roles do not hold where the permit is. A stop is anybody's, everywhere.

    What the centre signed it answers for: whom it names need not be known here.
    """
    if request.ask is Ask.STOP or request.proof is Proof.SIGNED or person is None or person.holds_in(area):
        return ()
    return (
        Words(
            f"{person.name} 的权限不含区域 {area}：请由该区域的人员办理",
            f"{person.name} is not entitled in the area {area}: somebody of that area must do this",
        ),
    )
