"""What other settings do to each permit: the box begins anew with them. Pure; told before anybody signs."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from edge_agent.domain.outcome import Output
from edge_agent.domain.permit import TERMINAL, Permit, State
from edge_agent.domain.settings_change import SettingsChange
from edge_agent.domain.words import Words
from edge_agent.fuse.relays import Wanted

HALTED = frozenset({State.PAUSED, State.SUSPENDED})


class Effect(Struct, frozen=True, kw_only=True):
    """What becomes of one permit, or ("") of what else the box holds. `refused`: the change must wait for it.

    `outputs` are interlock outputs ("module/output") that fall: who answers for the plant agrees to each first.
    """

    permit: str
    outputs: tuple[str, ...] = ()
    state: State | None = None
    refused: bool
    words: Words


def effects(
    permits: Iterable[Permit], change: SettingsChange, interlocks: tuple[str, ...] = ()
) -> tuple[Effect, ...]:
    """Every permit that notices, and the interlock outputs that hold now; none where nothing is open or held."""
    of_permits = (effect for one in permits for effect in _effects(one, change))
    besides = (*_closed(change), *change.voids, *_shown_to_others(change))
    void = (Effect(permit="", refused=False, words=words) for words in besides)
    return (*of_permits, *_fall(interlocks), *void)


def _closed(change: SettingsChange) -> Iterator[Words]:
    """Detectors of which nobody has tested what they are from now on."""
    for record in change.swapped:
        id_ = record.id
        if record.bump_tested_utc is None or record.calibration_due_utc is None:
            yield Words(
                f"{id_} 的冲击测试和标定记录将作废：保存后须重新测试并登记",
                f"this voids the bump test and the calibration of {id_}: test it anew and enter it",
            )


def _shown_to_others(change: SettingsChange) -> Iterator[Words]:
    if change.shown_to_others:
        yield shown_words(change.shown_to_others)


def shown_words(keys: tuple[str, ...]) -> Words:
    """What would become of passwords and keys that were entered for somebody else, and who may have it so."""
    listed = ", ".join(keys)
    return Words(
        f"{listed}：已有的密码或密钥将发给另一对象。请在同一次修改中重新输入，或由管理员办理",
        f"{listed}: a password or key of before would be shown to somebody else. "
        "Enter it anew in this same change, or have an administrator make it",
    )


def interlocks_on(outputs: Mapping[str, Wanted]) -> tuple[str, ...]:
    """The interlock outputs ("module/output") that hold."""
    return tuple(key for key, one in outputs.items() if one.action.output is Output.INTERLOCK and one.action.on)


def _fall(interlocks: tuple[str, ...]) -> Iterator[Effect]:
    """What they let run stops with the box, and is let run again by people alone (rules/interlocks.py)."""
    if interlocks:
        yield Effect(permit="", refused=False, words=fall_words(interlocks), outputs=interlocks)


def fall_words(interlocks: tuple[str, ...]) -> Words:
    """What is off with the box's start, and for how long."""
    listed = ", ".join(interlocks)
    return Words(
        f"联锁输出 {listed} 将断开，所联锁的设备停止：重启后须有人确认报警 ENV-18 才恢复",
        f"{listed} will fall, the plant behind stops: off until somebody acknowledges ENV-18 after the start",
    )


def not_agreed(interlocks: tuple[str, ...]) -> Words:
    """Why what was asked is not done, and how to agree to it."""
    said = fall_words(interlocks)
    return Words(
        f"{said.zh}。对装置负责的人须先明确同意",
        f"{said.en}. Somebody who answers for the plant must agree to that first",
    )


def _effects(permit: Permit, change: SettingsChange) -> Iterator[Effect]:
    id_, area = permit.ticket.id, permit.ticket.area
    lost = [one for one in change.losses if one.area in {"", area}]
    halted = permit.state in HALTED and not permit.leaving and permit.embers is None
    if permit.state in TERMINAL and not permit.busy:
        return
    if area in change.removed:
        yield _effect(
            permit, Words(f"区域 {area} 上有作业票 {id_}", f"the area {area} is that of the open ticket {id_}")
        )
    elif permit.busy and not halted:
        yield _effect(
            permit,
            Words(
                f"作业票 {id_} 正在进行：重启会使其暂停，请先停止或结束作业",
                f"{id_} is under way: the box starts anew and would pause it; stop or end the work first",
            ),
        )
    elif halted and any(cause.evacuate for cause in permit.causes):
        yield _effect(
            permit,
            Words(
                f"作业票 {id_} 正在撤离：此时不得重启，请待警报解除",
                f"{id_} is being evacuated: the box does not start anew now; wait until the alarm is over",
            ),
        )
    else:
        yield from _lost(permit, tuple(one.words for one in lost), halted=halted)


def _lost(permit: Permit, lost: tuple[Words, ...], *, halted: bool) -> Iterator[Effect]:
    """Stopped work stays so, and never loses what it began with. What has not begun is judged anew."""
    id_ = permit.ticket.id
    for one in lost:
        if halted:
            zh, en = (
                f"作业票 {id_} 中途将失去保护：{one.zh}；请先结束作业",
                f"{id_} would lose: {one.en}; end it first",
            )
        else:
            zh, en = f"作业票 {id_} 尚未开始：{one.zh}", f"{id_} has not begun: {one.en}"
        yield _effect(permit, Words(zh, en), refused=halted)
    if halted and not lost:
        yield _effect(
            permit,
            Words(
                f"作业票 {id_} 保持暂停：恢复前须重新签到、签字和复测",
                f"{id_} stays paused: check-in, signatures and re-test are needed anew before it resumes",
            ),
            refused=False,
        )


def _effect(permit: Permit, words: Words, *, refused: bool = True) -> Effect:
    return Effect(permit=permit.ticket.id, state=permit.state, refused=refused, words=words)
