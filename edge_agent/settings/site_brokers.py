"""site.toml's tables of MQTT: the centre, the field, a SCADA, and whose signed messages are obeyed."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from edge_agent.settings.site_values import Host, Id, Interface, Port, TopicLevel


class KeyTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[[downlink.keys]]: one Ed25519 public key (32 bytes, base64url) whose messages are obeyed."""

    kid: Annotated[str, Meta(min_length=1, max_length=64)]
    ed25519: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{43}=?$")]


class RulebookKeyTable(KeyTable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[[rulebook_keys]]: the public key by which one safety officer signs for looser limits."""

    person: Id


class DownlinkTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[downlink]: whose signed messages are obeyed.

    `drills`: whether the centre may play a drill here, too; without it only people on site may.
    """

    keys: tuple[KeyTable, ...]
    drills: bool = False


class BrokerTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[uplink] and [field_broker]: an MQTT broker. `ca` makes it TLS; there is no fallback to plain.

    `client_cert` with `client_key` (PEM, the key without a password) is what the box shows a broker that asks.
    """

    host: Host
    port: Port
    keepalive_s: Annotated[int, Meta(ge=5, le=600)] = 15
    username: str | None = None
    password_file: str | None = None
    ca: str | None = None
    client_cert: str | None = None
    client_key: str | None = None


class UplinkTable(BrokerTable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[uplink]: the centre's broker; `interface` (eth0) where only that one may be used to reach it."""

    centre: bool = True  # False: this site has no centre; nobody is looked for there, and nobody is missed
    interface: Interface | None = None


class SecondUplinkTable(UplinkTable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[second_uplink]: taken when [uplink] has been lost for `after_s`: another broker, or the same by a modem.

    Each `back_s` the first is looked at, and taken again once it answers.
    """

    after_s: Annotated[float, Meta(ge=1, le=600)] = 15.0
    back_s: Annotated[float, Meta(ge=1, le=3600)] = 60.0


def login(table: BrokerTable) -> dict[str, Any]:
    """What any broker's table says of the way to it, for a configuration that is one too."""
    return {name: getattr(table, name) for name in BrokerTable.__struct_fields__}


class SparkplugTable(BrokerTable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[sparkplug]: the broker where a SCADA listens, and as what (Sparkplug B 3.0); `node` is the unit by default.

    With a `primary_host` nothing is said until that host's STATE is online.
    """

    group: TopicLevel
    node: TopicLevel | None = None
    primary_host: TopicLevel | None = None
