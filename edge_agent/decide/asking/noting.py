"""What is only for the record: turned away, logged in, evidence kept, messages that gave way."""

from collections.abc import Mapping
from typing import assert_never

from msgspec import to_builtins
from msgspec.structs import replace

from edge_agent.decide.state import Draft
from edge_agent.domain.noted import (
    EvidenceKept,
    EvidenceSent,
    LoggedIn,
    MessagesDropped,
    ModelSettled,
    NoticeTold,
    OnRecord,
    Rejected,
    UpdateSettled,
)
from edge_agent.domain.outcome import Priority
from edge_agent.domain.request import Answer
from edge_agent.domain.words import Words, joined

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
UNVERIFIED = Words("号码未核实", "the number is unverified")
NOTICES: Mapping[str, Words] = {
    "sent": Words(
        "已向 {name}（{number}）发送短信：第 {about} 条事件", "{name} ({number}) was sent event {about}"
    ),
    "arrived": Words(
        "{name}（{number}）已收到第 {about} 条事件的短信", "event {about} arrived at {name} ({number})"
    ),
    "failed": Words(
        "{name}（{number}）：第 {about} 条事件的短信发送失败",
        "event {about} could not be sent to {name} ({number})",
    ),
    "unanswered": Words(
        "{name}（{number}）：第 {about} 条事件的短信没有回执",
        "no receipt from {name} ({number}) of event {about}",
    ),
    "needless": Words(
        "中心已收到第 {about} 条事件，不再向 {name}（{number}）发送短信",
        "the centre's broker has event {about}: {name} ({number}) is sent nothing",
    ),
}


def note(draft: Draft, item: OnRecord) -> None:
    """What is only for the record."""
    match item:
        case Rejected():
            of_message = {"code": item.code, "message": item.message, "sha256": item.sha256}
            data = {"origin": item.origin, "words": to_builtins(item.reason)}
            data |= {key: said for key, said in of_message.items() if said}
            draft.event("request.rejected", item.person or item.origin, Priority.MEDIUM, data)
        case LoggedIn():
            data = {"proof": item.proof.value, "panel": item.panel}
            draft.event("person.logged_in", item.person, Priority.LOW, data)
        case EvidenceKept():
            data = {key: said for key, said in to_builtins(item).items() if key not in UNTOLD}
            draft.event("evidence.kept", item.permit or "unit", Priority.LOW, data)
            draft.answers.append(Answer(request=item.id, accepted=True))
        case EvidenceSent():
            data = {key: said for key, said in to_builtins(item).items() if key not in UNTOLD}
            altered = any(file.fate == "altered" for file in item.files)
            priority = Priority.HIGH if altered else Priority.LOW
            draft.event("evidence.sent", item.permit or "unit", priority, data)
            draft.answers.append(Answer(request=item.id, accepted=True))
        case MessagesDropped():
            data = {key: said for key, said in to_builtins(item).items() if key not in UNTOLD}
            told = DROPPED[item.kind].filled(count=item.count, first=item.first_seq, last=item.last_seq)
            priority = Priority.HIGH if item.kind == "event" else Priority.LOW
            draft.event("messages.dropped", "unit", priority, data | {"words": to_builtins(told)})
            draft.answers.append(Answer(request=item.id, accepted=True))
        case NoticeTold():
            told = NOTICES[item.state].filled(name=item.name, number=item.number, about=item.about)
            told = told if item.verified else told.then(UNVERIFIED)
            data = {key: said for key, said in to_builtins(item).items() if key not in UNTOLD}
            priority = Priority.HIGH if item.state in {"failed", "unanswered"} else Priority.LOW
            draft.event("notice.told", "unit", priority, data | {"words": to_builtins(told)})
            draft.answers.append(Answer(request=item.id, accepted=True))
        case ModelSettled():
            _settle_model(draft, item)
        case UpdateSettled():
            _settle_update(draft, item)
        case _:
            assert_never(item)


def _settle_update(draft: Draft, item: UpdateSettled) -> None:
    """What became of the version that the centre ordered; an older order says nothing of the newest."""
    record = draft.centre.get("update")
    if record is not None and record.version == item.version:
        draft.centre = {**draft.centre, "update": replace(record, live=item.passed)}
    said = Words(f"版本 {item.release} 已启用", f"version {item.release} runs now")
    if not item.passed:
        said = joined(
            (Words(f"版本 {item.release} 未启用", f"version {item.release} was not kept"), *item.reasons)
        )
    data = {key: told for key, told in to_builtins(item).items() if key not in UNTOLD}
    data |= {"words": to_builtins(said)}
    draft.event("update.settled", "unit", Priority.MEDIUM if item.passed else Priority.HIGH, data)
    draft.answers.append(Answer(request=item.id, accepted=True))


def _settle_model(draft: Draft, item: ModelSettled) -> None:
    """The gate has judged what the centre offered; an older offer than the newest says nothing of that one."""
    record = draft.centre.get("model")
    if record is not None and record.version == item.version:
        draft.centre = {**draft.centre, "model": replace(record, live=not item.reasons)}
    said = Words(f"模型 {item.name} 已启用", f"the model {item.name} judges now")
    if item.reasons:
        said = joined((Words(f"模型 {item.name} 未启用", f"the model {item.name} was refused"), *item.reasons))
    data = {key: told for key, told in to_builtins(item).items() if key not in UNTOLD}
    data |= {"live": not item.reasons, "words": to_builtins(said)}
    draft.event("model.settled", "unit", Priority.MEDIUM, data)
    draft.answers.append(Answer(request=item.id, accepted=True))
