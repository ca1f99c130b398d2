"""The strict reader of a profile of `firmware_configs/`: every fault with file, key, what is wrong, remedy."""

import tomllib
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from edge_agent.domain.words import Words
from edge_agent.settings.fault import BadSettings, Fault, nearest, shown

T = TypeVar("T", bound=Struct)

ADD_IT = Words("请补上", "add it")
SEE_ANOTHER = Words("参照同目录下的其他配置", "see another profile of this folder for the form")
MEND_TOML = Words("改正所指的行", "mend the line that is named")


def read(root: Path, folder: Path, name: str, shape: type[T]) -> T:
    """The profile `<root>/<folder>/<name>.toml` as a `shape`; raises BadSettings with all its faults."""
    path = root / folder / f"{name}.toml"
    file = str(folder / f"{name}.toml")
    known = {entry.stem for entry in (root / folder).glob("*.toml")}
    if name not in known:
        problem = Words(f"没有名为 {name} 的配置", f"no such profile: {name}")
        raise BadSettings((Fault(file=file, key="", problem=problem, remedy=nearest(name, known)),))
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        problem = Words(f"不是可读的 TOML: {error}", f"is not readable TOML: {error}")
        raise BadSettings((Fault(file=file, key="", problem=problem, remedy=MEND_TOML),)) from None
    faults = tuple(_faults(file, raw, shape))
    if faults:
        raise BadSettings(faults)
    return msgspec.convert(raw, shape, str_keys=True)


def _faults(file: str, raw: dict[str, Any], shape: type[Struct]) -> list[Fault]:
    """One fault for each top-level key that does not fit (msgspec stops at the first within a key)."""
    fields = {field.encode_name: field for field in msgspec.structs.fields(shape)}
    found = [
        Fault(
            file=file,
            key=key,
            problem=Words("没有这个键", "no such key"),
            remedy=nearest(key, fields),
            value=shown(raw[key], key),
        )
        for key in raw
        if key not in fields
    ]
    for key, field in fields.items():
        if key not in raw:
            if field.required:
                found.append(Fault(file=file, key=key, problem=Words("缺失", "is missing"), remedy=ADD_IT))
            continue
        try:
            msgspec.convert(raw[key], field.type, str_keys=True)
        except msgspec.ValidationError as error:
            wrong, _, where = str(error).partition(" - at `$")
            found.append(
                Fault(
                    file=file,
                    key=key + where.rstrip("`"),
                    problem=Words(wrong, wrong),
                    remedy=SEE_ANOTHER,
                    value=shown(raw[key], key),
                )
            )
    return found
