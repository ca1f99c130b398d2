"""site.toml's tables of how field devices are reached: Modbus lines and OPC UA servers."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from edge_agent.settings.site_values import Host, Port, TimeoutSeconds

# A name that survives a restart is best: /dev/serial/by-id/...
SERIAL_PORT = r"^/dev/[A-Za-z0-9/_.:-]+$"


class BusTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[buses.<id>]: one Modbus gateway or line; one worker per bus.

    "modbus_tcp" and "modbus_rtu_tcp" (a serial server that passes RTU frames through) stand at `host` and
    `port`; "modbus_rtu" is the serial port `device` of this box, at `baud`, `parity` and `stop_bits`.
    """

    kind: Literal["modbus_tcp", "modbus_rtu_tcp", "modbus_rtu"]
    host: Host | None = None
    port: Port = 502
    device: Annotated[str, Meta(pattern=SERIAL_PORT, max_length=128)] | None = None
    baud: Literal[1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200] = 9600
    parity: Literal["N", "E", "O"] = "N"
    stop_bits: Literal[1, 2] = 1
    timeout_s: TimeoutSeconds = 0.5


class OpcUaTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[opcua.<id>]: one OPC UA server, asked at opc.tcp://host:port/path. Needs the extra [opcua].

    With a `security` other than "none" this box shows `certificate`, made out to itself and trusted at the server,
    and believes no server but the one of `server_certificate`. Relative paths begin at the site's folder.
    """

    host: Host
    port: Port = 4840
    path: Annotated[str, Meta(max_length=128)] = ""
    security: Literal["none", "sign", "sign_and_encrypt"] = "sign_and_encrypt"
    certificate: str | None = None
    private_key: str | None = None
    server_certificate: str | None = None
    username: str | None = None
    password_file: str | None = None
    timeout_s: Annotated[float, Meta(ge=0.2, le=5)] = 2.0


# Where a device is found that hangs on no Modbus bus: its part of an MQTT topic, or a node of an OPC UA server.
At = Annotated[str, Meta(min_length=1, max_length=128)]
FIELD_BROKER = "field_broker"  # as a device's `bus`: it publishes on the broker of that table
