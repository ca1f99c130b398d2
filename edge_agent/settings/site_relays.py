"""site.toml's tables of what acts and what closes: relay modules, their outputs and contacts."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from edge_agent.domain.words import Words
from edge_agent.settings.site_lines import At
from edge_agent.settings.site_values import Host, Id, PollSeconds, Port, TimeoutSeconds, UnitId

# `profile` of a relay table that is no module: the lines of a chip of this board (act/gpio_relay.py).
GPIO = "gpio"
# A line by the name that the board gives it, which survives a new kernel, or by its number on the chip ("17").
Line = Annotated[str, Meta(min_length=1, max_length=64)]


class ContactTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[relays.<id>.contacts.<name>]: a digital input of the relay module.

    A "stop_button" is normally closed: open, or unreadable, means stop (a cut wire stops the work).
    A "feedback" is the mirror contact of an output's contactor: closed = the load has power, the siren sounds.
    A "hook" is closed while the harness of whoever wears `tag` is hooked to something; he may have two. A
    "breathing" one is closed while he wears his breathing apparatus (the pressure switch of its demand valve).
    A "cabinet" of rescue gear in `area` stands open to everybody: opened, it is told and shown, and stops nothing.
    A "backup" is closed while the back-up supply of this module's "mains" carries the load: its delay is measured.
    An "interlock" (door, panel lock), an "earth_clamp", a "light_curtain", a "flood" or
    level switch, a "siren_line" (its monitoring relay) and the "mains" of the box's supply are closed while all is
    well; open, or unreadable, is the unsafe side.

    `normal` = "open" is for a switch that closes when something is wrong. A cut wire then looks like all being
    well, so that the site writes `break_unseen = true`: whoever signs the settings has read it. The unsafe side is
    told at once, the safe one when it has stood for `settle_s`.

    Of a module it is an `input`, of this board a `line`: a closed contact reads "low" there (it pulls to ground),
    or "high". The resistor that holds the line otherwise, so that a cut wire is open, is the chip's or outside it.
    """

    input: Annotated[int, Meta(ge=0, le=63)] | None = None
    line: Line | None = None
    closed_at: Literal["low", "high"] | None = None
    pull: Literal["chip", "outside"] | None = None
    kind: Literal[
        "feedback",
        "stop_button",
        "interlock",
        "earth_clamp",
        "light_curtain",
        "flood",
        "siren_line",
        "mains",
        "hook",
        "breathing",
        "cabinet",
        "backup",
    ]
    name: Words | None = None  # what it is, for people
    of: Id | None = None  # the output whose feedback this is
    tag: Id | None = None  # the wearable of whoever hangs on this hook, or wears this apparatus
    area: Id | None = None  # where this cabinet stands
    normal: Literal["closed", "open"] = "closed"
    break_unseen: bool = False
    settle_s: Annotated[float, Meta(ge=0, le=30)] = 0.0

    def well(self, closed: bool | None) -> bool:  # noqa: FBT001 (what was read)
        """Whether this is what it reads while all is well; never, where it could not be read."""
        return closed is (self.normal == "closed")


class OutputTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[relays.<id>.outputs.<name>]: one coil and what it does on site.

    A "siren" sounds in pulses to stop work and without a break to leave; "evacuate" is a sounder of its own, or
    a siren's second tone, that sounds only when people must leave. An "interlock" holds while the gauges that trip
    it are known to be within their limits: it goes into the enabling circuit of the plant's own control, so that
    people start again there what it stopped. A "heartbeat" goes on and off once in
    `period_s` while the brain steps and every stop was seen to be done: for a watchdog relay outside.
    """

    coil: Annotated[int, Meta(ge=0, le=63)] | None = None  # of a module
    line: Line | None = None  # of this board
    on_at: Literal["low", "high"] | None = None  # the level of the line while it is on; "high" if nothing is said
    does: Literal["permissive", "interlock", "siren", "evacuate", "beacon", "amber", "heartbeat"]
    period_s: Annotated[float, Meta(ge=0.8, le=10)] | None = None  # of a heartbeat, and of nothing else


class RelayTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[relays.<id>]: one relay module, written by a profile of firmware_configs/relays/.

    `profile` = "gpio": the lines of `chip` of this board (its label, or a device file). Needs the extra [gpio].
    `profile` = "log_only": nothing is wired yet.
    With a `bus` ("field_broker" or an [opcua] server) it has contacts and no outputs: what they are is published,
    or served, by a profile of firmware_configs/mqtt or opcua that measures contacts; `node` is its part of the
    topic or node, and `poll_s` how often it says something new.
    """

    name: Words
    areas: tuple[Id, ...] = ()  # where its siren is heard
    bus: Id | None = None
    node: At | None = None
    poll_s: PollSeconds = 1.0
    host: Host | None = None  # of a module
    chip: Annotated[str, Meta(min_length=1, max_length=128)] | None = None
    port: Port = 502
    unit_id: UnitId = 1
    profile: Id
    timeout_s: TimeoutSeconds = 0.5
    watchdog_s: Annotated[float, Meta(ge=0.5, le=5)] = 2.0
    outputs: dict[Id, OutputTable] = {}
    contacts: dict[Id, ContactTable] = {}

    @property
    def at(self) -> str:
        """The module's host; "" of what is no module (settings/relay_lines.py asks every module for one)."""
        return self.host or ""
