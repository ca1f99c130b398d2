"""site.toml's tables of how people are told and served: pages, voice, the sirens' test, short messages, phones."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from edge_agent.domain.person import Role
from edge_agent.settings.site_lines import SERIAL_PORT
from edge_agent.settings.site_values import Host, HostName, Port


class HttpTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[field_http]: where phones and a Traccar server send positions to; `token_file` holds what they must show.

    Plain HTTP: the address belongs to the field's own network. A relative path begins at the site's folder.
    """

    host: Host
    port: Port
    token_file: Annotated[str, Meta(min_length=1, max_length=512)]


class BoardTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[board]: where the people's pages listen: https on `port`; on `enrol_port` (http) how to trust them.

    `names` are names and addresses of this box that it cannot know itself; `cert` and `key` are the site's
    own certificate, without which the box makes one (a relative path begins at the site's folder).
    """

    host: Host = "0.0.0.0"  # noqa: S104 (phones come from the site's network; every page asks for a log-in)
    port: Port = 8443
    enrol_port: Port = 8080
    names: tuple[HostName, ...] = ()
    cert: str | None = None
    key: str | None = None


class PrivacyTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[privacy]: who may see faces. Others see masked pictures; each look without the mask is on record."""

    raw_for: tuple[Role, ...] = (Role.SAFETY_OFFICER, Role.ADMIN)


class SirenTestTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[siren_test]: every day at this time of the site each siren sounds for `lasts_s`, told `told_s` before."""

    at: Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    lasts_s: Annotated[float, Meta(ge=3, le=5)] = 3.0  # its feedback is judged after 2 s
    told_s: Annotated[float, Meta(ge=30, le=600)] = 60.0


class VoiceTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[voice]: the box speaks on a sound device (its name in `aplay -L`), in one language after the other."""

    device: Annotated[str, Meta(min_length=1, max_length=128)] = "default"
    languages: Annotated[tuple[Literal["zh", "en"], ...], Meta(min_length=1, max_length=2)] = ("zh", "en")


class ShortMessagesTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[short_messages]: a modem for what is critical while the centre cannot be reached; people are dn/contacts.

    A critical event that the broker has not got for `after_s` goes to those whose role it names, `per_hour` at
    most to one number; without a receipt within `receipt_s` the second number is tried. `mode` "text" is for
    modems that know no units (PDU); anything but plain letters goes as a unit all the same.
    """

    device: Annotated[str, Meta(pattern=SERIAL_PORT)]
    baud: Annotated[int, Meta(ge=1200, le=4_000_000)] = 115200
    mode: Literal["pdu", "text"] = "pdu"
    language: Literal["zh", "en"] = "zh"
    after_s: Annotated[float, Meta(ge=1, le=600)] = 30.0
    receipt_s: Annotated[float, Meta(ge=1, le=3600)] = 120.0
    per_hour: Annotated[int, Meta(ge=1, le=60)] = 10
