"""What a table of the settings may hold, for forms: kinds, ranges, choices and defaults, as the Structs say."""

from typing import Any, Literal

import msgspec
from msgspec import NODEFAULT, Struct, inspect

from edge_agent.domain.words import NOTHING, Words
from edge_agent.settings.reading_words import PATTERNS
from edge_agent.settings.site import Site

Kind = Literal[
    "text", "whole", "number", "flag", "choice", "choices", "texts", "words", "table", "tables", "rows", "data"
]
# Files that hold a secret: a form sets what stands in them, and never shows it.
SECRETS = frozenset({"password_file", "token_file", "keys_file", "private_key", "client_key", "key_file", "key"})
# By the end of a key: its unit, as people write it.
UNITS = (
    ("_kbit_s", "kbit/s"), ("mbps", "Mbit/s"), ("fps", "1/s"), ("_per_hour", "1/h"), ("_minutes", "min"),
    ("_pct", "%"), ("_deg", "°"), ("_lat", "°"), ("_lon", "°"), ("_gb", "GB"), ("_mb", "MiB"), ("_h", "h"),
    ("_s", "s"), ("_m", "m"),
)  # fmt: skip
# Whose ids fit into a key, by its path without ids, or by its last word.
REFERS = {
    "site.rulebook": "rulebooks", "area": "areas", "relays.areas": "areas", "bus": "buses",
    "gas.profile": "profiles.gas", "weather.profile": "profiles.weather", "relays.profile": "profiles.relays",
    "gauges.profile": "profiles.gas", "wearables.profile": "profiles.wearables", "vision.board": "profiles.boards",
    "relays.contacts.tag": "wearables", "cameras.recorded_by": "nvrs", "cameras.model": "models",
    "gas.gas": "gases",
}  # fmt: skip


class Field(Struct, frozen=True, kw_only=True):
    """One key: what may stand there. `fields` are those of a table, or of each entry of "tables" and "rows".

    "tables" have an id each, "rows" stand in a list, "data" is anything else, as JSON.
    """

    key: str
    kind: Kind
    required: bool
    default: Any = None
    choices: tuple[str | int, ...] = ()
    least: float | None = None
    most: float | None = None
    above: float | None = None  # more than, not as much as
    spelt: Words = NOTHING  # how it must be written
    unit: str = ""
    secret: bool = False
    refers: str = ""
    fields: tuple["Field", ...] = ()


def site_fields() -> tuple[Field, ...]:
    """Every table of site.toml, in its order."""
    return _fields(Site, "")


def _fields(kind: type[Struct], path: str) -> tuple[Field, ...]:
    told = inspect.type_info(kind)
    assert isinstance(told, inspect.StructType)  # noqa: S101 (a Struct is one)
    return tuple(_field(one, f"{path}.{one.encode_name}".lstrip(".")) for one in told.fields)


def _field(one: inspect.Field, path: str) -> Field:
    default = None if one.default is NODEFAULT else msgspec.to_builtins(one.default)
    key = one.encode_name
    made = _of(one.type, path)
    return msgspec.structs.replace(
        made,
        key=key,
        required=one.required,
        default=default if made.kind not in {"table", "tables", "rows"} else None,
        unit=next((unit for end, unit in UNITS if key.endswith(end)), "")
        if made.kind in {"whole", "number"}
        else "",
        secret=key in SECRETS and made.kind == "text",
        refers=REFERS.get(path) or REFERS.get(key, ""),
    )


def _of(kind: inspect.Type, path: str) -> Field:  # noqa: C901, PLR0911, PLR0912 (a line per kind)
    match kind:
        case inspect.Metadata():
            return _of(kind.type, path)
        case inspect.UnionType():
            return _of(next(one for one in kind.types if not isinstance(one, inspect.NoneType)), path)
        case inspect.StructType(cls=cls) if cls is Words:
            return _plain("words")
        case inspect.StructType():
            return _plain("table", fields=_fields(kind.cls, path))
        case inspect.DictType() if isinstance(kind.value_type, inspect.StructType):
            return _plain("tables", fields=_fields(kind.value_type.cls, path))
        case inspect.VarTupleType() if isinstance(kind.item_type, inspect.StructType):
            return _plain("rows", fields=_fields(kind.item_type.cls, path))
        case inspect.VarTupleType():
            inside = _of(kind.item_type, path)
            if inside.kind == "choice":
                return _plain("choices", choices=inside.choices)
            return _plain("texts" if inside.kind == "text" else "data", spelt=inside.spelt)
        case inspect.LiteralType():
            return _plain("choice", choices=tuple(kind.values))
        case inspect.EnumType():
            return _plain("choice", choices=tuple(one.value for one in kind.cls))
        case inspect.StrType():
            return _plain("text", spelt=PATTERNS.get(kind.pattern or "", NOTHING))
        case inspect.IntType() | inspect.FloatType():
            whole = isinstance(kind, inspect.IntType)
            return _plain("whole" if whole else "number", least=kind.ge, most=kind.le, above=kind.gt)
        case inspect.BoolType():
            return _plain("flag")
    return _plain("data")


def _plain(kind: Kind, **more: Any) -> Field:
    return Field(key="", kind=kind, required=False, **more)
