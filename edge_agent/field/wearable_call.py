"""How a wearer is called (it vibrates or rings): the table [call] of firmware_configs/wearables/<name>.toml.

In texts `{tag}` stands for the tag's id on its platform, `{site}` for what [positioning.call_at] of site.toml says
of the platform (an application's id), `{base64}` for the bytes of `data_hex`, where `{n}` is a figure from 1 to f,
another one each time.
"""

import base64
import tomllib
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

WEARABLE_FOLDER = Path("firmware_configs") / "wearables"
Text = Annotated[str, Meta(min_length=1, max_length=2000)]


class Receipt(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the platform tells when the device has it: `key` is true, and the tag is a level of the topic."""

    topic: Text
    level: Annotated[int, Meta(ge=1, le=20)]
    key: Text


class CallTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[call]: the MQTT message that calls the wearer, at most once in `every_s`.

    `with_uplink`: the device hears it only after it has spoken itself, perhaps minutes later.
    """

    topic: Text
    body: Text
    data_hex: Annotated[str, Meta(pattern=r"^([0-9A-Fa-f]|\{n\})+$")] | None = None
    every_s: Annotated[float, Meta(ge=2, le=3600)] = 10.0
    with_uplink: bool = False
    receipt: Receipt | None = None

    @property
    def of_the_site(self) -> bool:
        """Whether the site has to say something for it."""
        return "{site}" in self.topic + self.body

    def message(self, tag: str, site: str, count: int) -> tuple[str, bytes]:
        """Topic and text of the call number `count` of this tag."""
        figure = f"{(count - 1) % 15 + 1:x}"
        raw = bytes.fromhex((self.data_hex or "").replace("{n}", figure))
        said = {"{tag}": tag, "{site}": site, "{base64}": base64.b64encode(raw).decode()}
        topic, body = self.topic, self.body
        for name, text in said.items():
            topic, body = topic.replace(name, text), body.replace(name, text)
        return topic, body.encode()


def load(root: Path, name: str) -> CallTable | None:
    """The table of a profile that has been checked; None where its wearers cannot be called."""
    table: Any = tomllib.loads((root / WEARABLE_FOLDER / f"{name}.toml").read_text("utf-8")).get("call")
    return None if table is None else msgspec.convert(table, CallTable)
