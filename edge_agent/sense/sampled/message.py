"""One JSON message of a sensor -> its named values, by JSON Pointer (RFC 6901). Pure."""

from typing import Any

import msgspec

from edge_agent.domain.words import Words
from edge_agent.sense.sampled.profile import SampledProfile
from edge_agent.sense.sampled.values import Raw, Sampled, Unreadable, utc_of

LONGEST_MESSAGE = 64 * 1024


def read(payload: bytes, profile: SampledProfile) -> Sampled:
    """The values that the profile asks for; one that is not there is None. Raises Unreadable."""
    if len(payload) > LONGEST_MESSAGE:
        raise Unreadable(Words(f"报文 {len(payload)} 字节，过长", f"{len(payload)} bytes: too long"))
    try:
        tree = msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(Words("报文不是 JSON", f"the message is no JSON: {error}")) from None
    found = {name: _scalar(found_at(tree, at)) for name, at in profile.places.items()}
    form = profile.time.form if profile.time is not None else ""
    return Sampled(values=found, source_utc=utc_of(found.get("time"), form))


def found_at(tree: Any, pointer: str) -> Any:
    """What lies at a JSON Pointer; None if nothing does."""
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(tree, dict):
            tree = tree.get(name)
        elif isinstance(tree, list) and name.isdecimal() and int(name) < len(tree):
            tree = tree[int(name)]
        else:
            return None
    return tree


def _scalar(found: Any) -> Raw:
    """A number, text or truth; a table or list is no value."""
    if isinstance(found, bool | str):
        return found
    return float(found) if isinstance(found, int | float) else None
