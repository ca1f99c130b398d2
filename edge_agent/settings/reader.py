"""Reads a TOML table into a frozen Struct and collects every fault instead of the first.

The Struct's annotations are the schema: names, types, ranges and patterns (msgspec.Meta). Unknown keys
are faults everywhere, because a misspelt key would otherwise fall back to a default in silence.
"""

import difflib
import functools
import math
import re
import unicodedata
from typing import Any, TypeVar

from msgspec import NODEFAULT, Struct, inspect

from edge_agent.domain.words import Words
from edge_agent.settings.fault import Fault, dotted, nearest, shown
from edge_agent.settings.hole import HOLE, readable
from edge_agent.settings.reading_words import (
    BOTH,
    LANGUAGES,
    PATTERNS,
    TYPES,
    other_schema,
    range_words,
    wanted,
)

T = TypeVar("T", bound=Struct)


@functools.cache
def _schema(kind: type[Struct]) -> inspect.Type:
    return inspect.type_info(kind)


class Reader:
    """Reads one file's tables. `faults` are final; `soft` ones yield to a better word on the same key."""

    def __init__(self, file: str) -> None:
        """`file` is the name that people will see."""
        self.file = file
        self.faults: list[Fault] = []
        self.soft: list[Fault] = []  # of values that could be read although their spelling is refused

    def read(self, kind: type[T], table: dict[str, Any]) -> T:
        """The table as `kind`; whatever is faulty in it is a hole (hole.py)."""
        value: T = self._any(_schema(kind), table, "")
        return value

    def fault(self, key: str, value: Any, problem: Words, remedy: Words, *, soft: bool = False) -> Any:
        """Note a fault and give the hole that stands for the value."""
        where = self.soft if soft else self.faults
        where.append(Fault(file=self.file, key=key, value=shown(value, key), problem=problem, remedy=remedy))
        return HOLE

    def _any(self, kind: inspect.Type, value: Any, key: str) -> Any:  # noqa: C901, PLR0911 (a line per kind)
        match kind:
            case inspect.Metadata():
                return self._any(kind.type, value, key)
            case inspect.UnionType():  # only "x or None" is used: TOML has no None, so x it is
                some = next(one for one in kind.types if not isinstance(one, inspect.NoneType))
                return self._any(some, value, key)
            case inspect.StructType():
                return self._struct(kind, value, key)
            case inspect.DictType():
                return self._dict(kind, value, key)
            case inspect.VarTupleType():
                return self._list(kind.item_type, value, key)
            case inspect.TupleType():
                return self._tuple(kind, value, key)
            case inspect.LiteralType():
                return self._choice(kind.values, value, key)
            case inspect.EnumType():
                chosen = self._choice(tuple(one.value for one in kind.cls), value, key)
                return kind.cls(chosen) if readable(chosen) else HOLE
            case inspect.StrType():
                return self._text(kind, value, key)
            case inspect.IntType() | inspect.FloatType():
                return self._number(kind, value, key)
            case inspect.BoolType():
                return value if isinstance(value, bool) else self._wrong_type(bool, value, key)
        raise TypeError(f"the reader has no words for {kind} yet: add them to {__name__}")

    def _struct(self, kind: inspect.StructType, value: Any, key: str) -> Any:
        if not isinstance(value, dict):
            return self._one_language(value, key) if kind.cls is Words else self._wrong_type(dict, value, key)
        fields = {field.encode_name: field for field in kind.fields}
        meant = self._unknown_keys(fields.keys(), value, key)
        read = {}
        for name, field in fields.items():
            if name in value:
                read[field.name] = self._any(field.type, value[name], dotted(key, name))
            elif name in meant:
                read[field.name] = HOLE
            elif field.required:
                read[field.name] = self._missing(field, dotted(key, name), kind.cls)
            elif field.default is not NODEFAULT:
                read[field.name] = field.default
            else:
                read[field.name] = field.default_factory()
        if kind.cls is Words:
            self._blank_words(value, key)
        return kind.cls(**read)

    def _unknown_keys(self, known: Any, table: dict[str, Any], key: str) -> set[str]:
        """Fault every key that means nothing; give back the absent keys that were probably meant."""
        meant: set[str] = set()
        for name, value in table.items():
            if name in known:
                continue
            free = [one for one in known if one not in table]
            meant.update(difflib.get_close_matches(name, free, n=1, cutoff=0.5))
            problem = Words("没有这个键", "unknown key")
            self.fault(dotted(key, name), value, problem, nearest(name, free or known))
        return meant

    def _one_language(self, value: Any, key: str) -> Any:
        problem = Words("没有分中英文", "is not in both languages")
        return self.fault(key, value, problem, Words(f"请{BOTH.zh}", f"write {BOTH.en}"))

    def _missing(self, field: inspect.Field, key: str, kind: type) -> Any:
        if kind is Words:
            return self.fault(key, {}, LANGUAGES[field.name], Words(f"请{BOTH.zh}", f"write {BOTH.en}"))
        belongs = wanted(field.type)
        return self.fault(
            key, {}, Words("缺少", "missing"), Words(f"请填写：{belongs.zh}", f"add it: {belongs.en}")
        )

    def _wrong_type(self, right: type, value: Any, key: str) -> Any:
        belongs, got = TYPES[right], TYPES.get(type(value), Words("日期或时间", "a date or time"))
        problem = Words(
            f"类型不对，现为{got.zh.split('，')[0]}", f"wrong type, this is {got.en.split(',', maxsplit=1)[0]}"
        )
        return self.fault(key, value, problem, Words(f"应为{belongs.zh}", f"write {belongs.en}"))

    def _dict(self, kind: inspect.DictType, value: Any, key: str) -> Any:
        if not isinstance(value, dict):
            return self._wrong_type(dict, value, key)
        for name in value:
            self._any(kind.key_type, name, dotted(key, name))
        return {name: self._any(kind.value_type, one, dotted(key, name)) for name, one in value.items()}

    def _list(self, item: inspect.Type, value: Any, key: str) -> Any:
        if not isinstance(value, list):
            return self._wrong_type(list, value, key)
        return tuple(self._any(item, one, item_key(key, at, one)) for at, one in enumerate(value))

    def _tuple(self, kind: inspect.TupleType, value: Any, key: str) -> Any:
        if not isinstance(value, list):
            return self._wrong_type(list, value, key)
        count = len(kind.item_types)
        if len(value) != count:
            problem = Words(f"有 {len(value)} 个数", f"has {len(value)} entries")
            return self.fault(key, value, problem, Words(f"应有 {count} 个", f"give exactly {count}"))
        pairs = zip(kind.item_types, value, strict=True)
        return tuple(self._any(one, part, item_key(key, at, part)) for at, (one, part) in enumerate(pairs))

    def _choice(self, allowed: tuple[Any, ...], value: Any, key: str) -> Any:
        # bool is an int to Python: `schema = true` must not pass for 1
        if any(value == one and type(value) is type(one) for one in allowed):
            return value
        if not isinstance(value, type(allowed[0])) or isinstance(value, bool):
            return self._wrong_type(type(allowed[0]), value, key)
        if key == "schema":  # a file of another program's time: nothing in it is guessed
            return self.fault(key, value, *other_schema(allowed))
        return self.fault(
            key,
            value,
            Words("不是允许的值", "not one of the allowed values"),
            nearest(str(value), map(str, allowed)),
        )

    def _text(self, kind: inspect.StrType, value: Any, key: str) -> Any:
        if not isinstance(value, str):
            return self._wrong_type(str, value, key)
        if any(unicodedata.category(letter) == "Cc" for letter in value):
            problem = Words("含有换行或控制字符", "holds a line break or control character")
            return self.fault(
                key, value, problem, Words("请写成一行普通文字", "write it as one line of plain text")
            )
        if len(value) < (kind.min_length or 0):
            return self.fault(key, value, Words("为空", "is empty"), Words("请填写", "fill it in"))
        if kind.max_length is not None and len(value) > kind.max_length:
            problem = Words(f"太长({len(value)} 个字符)", f"too long ({len(value)} characters)")
            most = kind.max_length
            return self.fault(key, value, problem, Words(f"最多 {most} 个字符", f"{most} characters at most"))
        if kind.pattern is not None and not re.search(kind.pattern, value):
            remedy = PATTERNS.get(kind.pattern, Words(f"应符合 {kind.pattern}", f"match {kind.pattern}"))
            self.fault(key, value, Words("写法不对", "not written as it must be"), remedy, soft=True)
        return value

    def _number(self, kind: inspect.IntType | inspect.FloatType, value: Any, key: str) -> Any:
        whole = isinstance(kind, inspect.IntType)
        if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
            return self._wrong_type(int if whole else float, value, key)
        if not whole and not math.isfinite(value):
            return self.fault(
                key, value, Words("不是有限的数", "not a finite number"), Words("请填写数字", "write a number")
            )
        if not _within(kind, value):
            must = range_words(kind)
            return self.fault(key, value, Words("超出范围", "out of range"), must)
        return value if whole else float(value)

    def _blank_words(self, value: dict[str, Any], key: str) -> None:
        for name in ("zh", "en"):
            if isinstance(value.get(name), str) and not value[name].strip():
                remedy = Words("请用中英文各写一遍", "say it in both languages, zh and en")
                self.fault(dotted(key, name), value[name], Words("为空", "is empty"), remedy)


def item_key(key: str, at: int, item: Any) -> str:
    """How a list's entry is called: by its own id, or by its place, counted from 1."""
    if isinstance(item, dict):
        name = next((item[one] for one in ("id", "kid") if isinstance(item.get(one), str)), None)
        if name:
            return f"{key}[{name}]"
    return f"{key}[#{at + 1}]"


def _within(kind: inspect.IntType | inspect.FloatType, value: float) -> bool:
    return (
        (kind.ge is None or value >= kind.ge)
        and (kind.gt is None or value > kind.gt)
        and (kind.le is None or value <= kind.le)
        and (kind.lt is None or value < kind.lt)
    )
