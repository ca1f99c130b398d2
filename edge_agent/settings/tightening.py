"""A site's own rulebook is nowhere looser than the one it is built on (docs/domain.md 2).

directions.py says which way is safe. The other way needs a signature: loosening.py.
"""

import itertools
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from edge_agent.domain.book_keys import below, found
from edge_agent.domain.gas_limits import GasLimits
from edge_agent.domain.gas_units import in_unit
from edge_agent.domain.limit import Limit
from edge_agent.domain.words import Words
from edge_agent.settings.bundle import Bundle, fault
from edge_agent.settings.directions import DIRECTIONS, IN_PLACE_OF, Direction
from edge_agent.settings.fault import Fault, shown
from edge_agent.settings.hole import judged, readable
from edge_agent.settings.loosening import furthest
from edge_agent.settings.standards import OF_A_LAW

NOTHING_SET = (None, "", ())
SIGN = {Direction.AT_MOST: "<=", Direction.AT_LEAST: ">="}


def tightening(bundle: Bundle) -> Iterator[Fault]:
    """Every value is as safe as in the book that this one extends, or in the one shipped for its standard."""
    base, own = bundle.base, bundle.rulebook
    if base is None:
        return
    another_law = base.standard != own.standard
    for name in own.__struct_fields__:
        # Gases and kinds of work are each law's own; its ceilings judge them.
        if not (another_law and (f"{name}." in OF_A_LAW or name == "standard")):
            yield from judged(_field(bundle, name, name, getattr(base, name), getattr(own, name)))


def _struct(bundle: Bundle, key: str, base: Any, own: Any) -> Iterator[Fault]:
    for name in base.__struct_fields__:
        yield from judged(_field(bundle, below(key, name), name, getattr(base, name), getattr(own, name)))


def _field(bundle: Bundle, key: str, name: str, base: Any, own: Any) -> Iterator[Fault]:
    """One field, by what kind of value it holds. `name` is its name in directions.py."""
    if DIRECTIONS.get(name) is Direction.FREE or isinstance(base, Words) or not readable(base, own):
        return
    if base is None and own is None:
        return
    if isinstance(base, Limit) or isinstance(own, Limit):
        yield from _limit(bundle, key, name, base, own)
    elif isinstance(base, dict):
        yield from _table(bundle, key, name, base, own)
    elif isinstance(base, Struct):
        yield from _struct(bundle, key, base, own)
    elif isinstance(base, tuple):
        yield from _list(bundle, key, name, base, own)
    else:
        yield from _plain(bundle, key, name, base, own)


def _limit(bundle: Bundle, key: str, name: str, base: Limit | None, own: Limit | None) -> Iterator[Fault]:
    if name in IN_PLACE_OF:
        base = base or found(bundle.base, IN_PLACE_OF[name])
        own = own or found(bundle.rulebook, IN_PLACE_OF[name])
    if base is None:
        return  # absent means none: to add one tightens
    if own is None:
        yield _dropped(bundle, key)
        return
    value = _same_unit(bundle, key, base, own)
    if value is None:
        problem = Words(f"单位与原值不同（{base.unit}）", f"cannot be compared with {base.value:g} {base.unit}")
        yield fault(bundle.names.rulebook, f"{key}.unit", own.unit, problem, _write_in(base.unit))
    elif _looser(DIRECTIONS.get(name, Direction.FIXED), base.value, value):
        yield _too_loose(bundle, f"{key}.value", name, own.value, f"{base.value:g} {base.unit}")


def _same_unit(bundle: Bundle, key: str, base: Limit, own: Limit) -> float | None:
    if own.unit == base.unit:
        return own.value
    gas = found(bundle.rulebook, key.rpartition(".")[0])
    return in_unit(own.value, own.unit, base.unit, gas) if isinstance(gas, GasLimits) else None


def _looser(direction: Direction, base: float, own: float) -> bool:
    match direction:
        case Direction.AT_MOST:
            return own > base
        case Direction.AT_LEAST:
            return own < base
        case _:
            return own != base


def _table(bundle: Bundle, key: str, name: str, base: dict[str, Any], own: dict[str, Any]) -> Iterator[Fault]:
    for entry, value in base.items():
        if entry in own:
            yield from judged(_field(bundle, below(key, entry), name, value, own[entry]))
        elif name != "works":  # a kind of work that a book does not have is not taken, which is safe
            yield _dropped(bundle, below(key, entry))
    if name == "works":
        types = {kind.partition(".")[0] for kind in base}
        for kind in sorted(own.keys() - base.keys()):
            if kind.partition(".")[0] in types:
                yield _new_level(bundle, below(key, kind), kind)


def _list(bundle: Bundle, key: str, name: str, base: tuple[Any, ...], own: tuple[Any, ...]) -> Iterator[Fault]:
    if any(isinstance(entry, Struct) for entry in base):
        for at, (old, new) in enumerate(itertools.zip_longest(base, own[: len(base)])):
            where = f"{key}[#{at + 1}]"
            yield from iter((_dropped(bundle, where),)) if new is None else _field(bundle, where, name, old, new)
        return
    missing = [entry for entry in base if entry not in own]
    if missing:
        who = ", ".join(missing)
        problem = Words(f"缺少 {who}，而原手册要求", f"leaves out {who}, which {_of(bundle)} asks for")
        yield fault(bundle.names.rulebook, key, None, problem, Words(f"请加上 {who}", f"add {who}"))


def _plain(bundle: Bundle, key: str, name: str, base: Any, own: Any) -> Iterator[Fault]:
    direction = DIRECTIONS.get(name, Direction.FIXED)
    if direction is Direction.FIXED and name in DIRECTIONS:
        loose = base not in NOTHING_SET and own != base
    elif isinstance(base, bool):
        loose = base and not own
    else:
        loose = _looser(direction, base, own)
    if loose:
        yield _too_loose(bundle, key, name, own, shown(base, key))


def _of(bundle: Bundle) -> str:
    return str(bundle.base.name) if bundle.base is not None else ""


def _too_loose(bundle: Bundle, key: str, name: str, own: Any, base: str) -> Fault:
    direction = DIRECTIONS.get(name, Direction.FIXED)
    must = f"{SIGN.get(direction, '=')} {base}"
    problem = Words(f"比 {_of(bundle)} 宽松", f"looser than {_of(bundle)}")
    if direction is Direction.FIXED or not isinstance(own, float):
        problem = Words(f"与 {_of(bundle)} 不同", f"differs from {_of(bundle)}")
    remedy = Words(f"应 {must}", f"must be {must}")
    if furthest(key.removesuffix(".value")) is not None:
        remedy = Words(
            f"{remedy.zh}；放宽须有安全员签字的 [[loosened]]",
            f"{remedy.en}; to loosen it a safety officer signs a [[loosened]] row (edge-agent loosen)",
        )
    return fault(bundle.names.rulebook, key, own, problem, remedy)


def _dropped(bundle: Bundle, key: str) -> Fault:
    problem = Words(f"{_of(bundle)} 有此项，此处没有", f"is in {_of(bundle)} and missing here")
    return fault(bundle.names.rulebook, key, None, problem, Words("请补上", "put it back"))


def _new_level(bundle: Bundle, key: str, kind: str) -> Fault:
    type_ = kind.partition(".")[0]
    problem = Words(f"{type_} 的级别由标准规定", f"the levels of {type_} are the standard's")
    remedy = Words("请另起作业类型名", "give the kind of work a name of its own, like tank_cleaning")
    return fault(bundle.names.rulebook, key, None, problem, remedy)


def _write_in(unit: str) -> Words:
    return Words(f"请用 {unit}", f"write it in {unit}")
