"""What is only for the record: turned away, logged in, evidence kept, messages that gave way."""

from collections.abc import Mapping
from typing import assert_never

from msgspec import to_builtins

from edge_agent.decide.state import Draft
from edge_agent.domain.outcome import Priority
from edge_agent.domain.request import Answer, EvidenceKept, LoggedIn, MessagesDropped, Rejected
from edge_agent.domain.words import Words

UNTOLD = frozenset({"id", "at_s", "type"})  # of evidence: what the event itself says
# What gave way on its way to the centre (store/room.py).
DROPPED: Mapping[str, Words] = {
    "telemetry": Words(
        "{count} 条待发的实时数据因空间不足被丢弃",
        "{count} messages with measured values gave way unsent: no room",
    ),
    "again": Words(
        "{count} 条重发的事件因空间不足暂不重发（记录仍在）",
        "{count} events that were to be told again gave way: no room; the records keep them",
    ),
    "event": Words(
        "{count} 条待发事件（第 {first} 至 {last} 条之间）因空间不足未发送，本机记录仍保存",
        "{count} events between {first} and {last} gave way unsent: no room; the records of this unit keep them",
    ),
}


def note(draft: Draft, item: Rejected | LoggedIn | EvidenceKept | MessagesDropped) -> None:
    """What is only for the record."""
    match item:
        case Rejected():
            data = {"origin": item.origin, "words": to_builtins(item.reason)}
            draft.event("request.rejected", item.person or item.origin, Priority.MEDIUM, data)
        case LoggedIn():
            data = {"proof": item.proof.value, "panel": item.panel}
            draft.event("person.logged_in", item.person, Priority.LOW, data)
        case EvidenceKept():
            data = {key: said for key, said in to_builtins(item).items() if key not in UNTOLD}
            draft.event("evidence.kept", item.permit or "unit", Priority.LOW, data)
            draft.answers.append(Answer(request=item.id, accepted=True))
        case MessagesDropped():
            data = {key: said for key, said in to_builtins(item).items() if key not in UNTOLD}
            told = DROPPED[item.kind].filled(count=item.count, first=item.first_seq, last=item.last_seq)
            priority = Priority.HIGH if item.kind == "event" else Priority.LOW
            draft.event("messages.dropped", "unit", priority, data | {"words": to_builtins(told)})
            draft.answers.append(Answer(request=item.id, accepted=True))
        case _:
            assert_never(item)
