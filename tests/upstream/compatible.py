"""Is a newer schema still the same contract? Whoever built on the older one must not notice.

Upwards (the unit speaks): what was promised is still sent, and nothing has another type. Downwards (the unit
obeys): what was accepted is still accepted, and nothing more is asked for.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]
# Keywords that only ever make less valid; what the message is in words is not among them.
BOUNDS = ("minimum", "maximum", "minLength", "maxLength", "pattern", "const", "additionalProperties")


def broken(old: Schema, new: Schema, *, upward: bool) -> list[str]:
    """Every promise of `old` that `new` breaks, each with its place."""
    return list(_compare(old, new, old, new, "", upward=upward, seen=frozenset()))


def _compare(
    old: Any, new: Any, old_root: Schema, new_root: Schema, at: str, *, upward: bool, seen: frozenset[str]
) -> Iterator[str]:
    if "$ref" in old:
        if old["$ref"] in seen:
            return
        seen |= {old["$ref"]}
    old, new = _resolved(old, old_root), _resolved(new, new_root)
    here = at or "(the message)"
    yield from _types(old, new, here, upward=upward)
    yield from _values(old, new, here, upward=upward)
    yield from _bounds(old, new, here, upward=upward)
    yield from _required(old, new, here, upward=upward)
    for name, one in old.get("properties", {}).items():
        other = new.get("properties", {}).get(name)
        if other is None:
            yield f"{at}/{name}: is gone"
        else:
            yield from _compare(one, other, old_root, new_root, f"{at}/{name}", upward=upward, seen=seen)
    for key in ("items", "additionalProperties"):
        if isinstance(old.get(key), Mapping) and isinstance(new.get(key), Mapping):
            yield from _compare(old[key], new[key], old_root, new_root, f"{at}/*", upward=upward, seen=seen)
    yield from _choices(old, new, old_root, new_root, at, upward=upward, seen=seen)


def _resolved(part: Any, root: Schema) -> Schema:
    """A reference as what it refers to; `anyOf` with null as the other one that may be null."""
    while "$ref" in part:
        part = root["$defs"][part["$ref"].rpartition("/")[2]]
    kinds = part.get("anyOf", ())
    plain = [one for one in kinds if one != {"type": "null"}]
    if len(kinds) == 2 and len(plain) == 1:
        inner = _resolved(plain[0], root)
        types = inner.get("type", ())
        named = {types} if isinstance(types, str) else set(types)
        return {**inner, "type": sorted(named | {"null"})}
    return dict(part)


def _types(old: Schema, new: Schema, at: str, *, upward: bool) -> Iterator[str]:
    was, now = _set(old.get("type")), _set(new.get("type"))
    if upward and was and not now <= was:
        yield f"{at}: may now be {', '.join(sorted(now - was))}"
    if not upward and now and not was <= now:
        yield f"{at}: may no longer be {', '.join(sorted(was - now))}"


def _set(types: Any) -> set[str]:
    """All that the type lets through: an integer is a number too."""
    named = set() if types is None else {types} if isinstance(types, str) else set(types)
    return named | ({"integer"} if "number" in named else set())


def _values(old: Schema, new: Schema, at: str, *, upward: bool) -> Iterator[str]:
    """Closed enumerations; open ones (x-extensible-enum) may grow, and lose nothing that is still sent."""
    was, now = set(map(str, old.get("enum", ()))), set(map(str, new.get("enum", ())))
    if upward and was and not now <= was:
        yield f"{at}: may now say {', '.join(sorted(now - was))}"
    if upward and was and not now:
        yield f"{at}: may now say anything"
    if not upward and now and not was <= now:
        yield f"{at}: no longer takes {', '.join(sorted(was - now))}"
    if not upward and now and not was:
        yield f"{at}: takes only {', '.join(sorted(now))} now"
    gone = set(old.get("x-extensible-enum", ())) - set(new.get("x-extensible-enum", ()))
    if gone:
        yield f"{at}: no longer says {', '.join(sorted(gone))}"


def _bounds(old: Schema, new: Schema, at: str, *, upward: bool) -> Iterator[str]:
    for key in BOUNDS:
        was, now = old.get(key), new.get(key)
        if was == now or isinstance(was, Mapping) or isinstance(now, Mapping):
            continue
        if upward and was is None:
            continue  # more is promised
        if not upward and now is None:
            continue  # more is taken
        looser = _looser(key, was, now)
        if looser is not (not upward):
            yield f"{at}: {key} was {was}, is {now}"


def _looser(key: str, was: Any, now: Any) -> bool | None:
    """Whether more is valid now; None where nobody can say."""
    if was is None or now is None:
        return now is None
    if key in {"minimum", "minLength"}:
        return bool(now < was)
    if key in {"maximum", "maxLength"}:
        return bool(now > was)
    return None


def _required(old: Schema, new: Schema, at: str, *, upward: bool) -> Iterator[str]:
    was, now = set(old.get("required", ())), set(new.get("required", ()))
    if upward and was - now:
        yield f"{at}: may now lack {', '.join(sorted(was - now))}"
    if not upward and now - was:
        yield f"{at}: needs {', '.join(sorted(now - was))} now"


def _choices(
    old: Schema, new: Schema, old_root: Schema, new_root: Schema, at: str, *, upward: bool, seen: frozenset[str]
) -> Iterator[str]:
    """What depends on another member (an event's data on its type)."""
    later = {str(one["if"]): one["then"] for one in new.get("allOf", ())}
    for one in old.get("allOf", ()):
        which = str(one["if"])
        if which not in later:
            yield f"{at or '(the message)'}: {which} is gone"
            continue
        kind = one["if"]["properties"]["type"]["const"]
        then, now = one["then"], later[which]
        for name in then["properties"]:
            where = f"{at}[{kind}]/{name}"
            yield from _compare(
                then["properties"][name],
                now["properties"][name],
                old_root,
                new_root,
                where,
                upward=upward,
                seen=seen,
            )
