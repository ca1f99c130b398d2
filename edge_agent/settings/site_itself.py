"""site.toml's tables of the site and its box: who it is, its days, its folders, its neighbours, its power."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from edge_agent.domain.device import DeviceStatus
from edge_agent.domain.rulebook import Moment
from edge_agent.domain.words import Words
from edge_agent.settings.site_values import Clock, Degrees, Id


class SiteTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[site]: who this box is, which rulebook it obeys, where the site's metres begin."""

    id: Id
    unit: Id
    name: Words
    rulebook: Id
    origin_lat: Annotated[float, Meta(ge=-90, le=90)]
    origin_lon: Degrees
    rotation_deg: Degrees = 0.0
    timezone: Annotated[str, Meta(min_length=1, max_length=64)] = "Asia/Shanghai"  # a name of the IANA database
    video_required: bool = False  # every job is watched by camera, whatever its ticket and its kind of work ask


class ShiftTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[[shifts]]: one shift of every day, from `begins` (site time) until the next one's beginning."""

    id: Id
    name: Words
    begins: Clock


Day = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEK: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class UpgradeTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[upgrade]: nights, rest days and holidays (site time), when the rules of the higher kind of work hold.

    What a site does not say is taken strictly. `working_days` are rest days that are worked in exchange for
    others; `never` is a DEMO site's, which plays at any hour.
    """

    night_begins: Clock = "18:00"
    night_ends: Clock = "06:00"
    rest_days: tuple[Weekday, ...] = ("saturday", "sunday")
    holidays: tuple[Day, ...] = ()
    working_days: tuple[Day, ...] = ()
    never: bool = False


class PeerTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[[peers]]: another box of this site, whose works may stand beside ours; heard over the field broker.

    `ed25519` is the public half of its own key: only what it signed is taken. `leave_with` says who leaves here
    when people leave there: everybody ("site", also where nothing is said), whoever is in the same area, nobody.
    """

    unit: Id
    name: Words
    ed25519: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{43}=?$")]
    leave_with: Literal["site", "area", "never"] = "site"


class FoldersTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[folders]: `state` survives a reboot (database, journal); `runtime` need not (live picture).

    `web` is the people's pages' own (sessions, certificates): their service may write nowhere else.

    A relative path begins at the site's folder: ask Settings for the whole path.
    """

    state: str = "/var/lib/edge-agent"
    runtime: str = "/run/edge-agent"
    web: str = "/var/lib/edge-agent-web"


class ClockTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[clock]: "kernel" trusts the kernel's sync flag; "declared" is a demo site's own word."""

    source: Literal["kernel", "declared"] = "kernel"


class RecordTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[records.<device>]: what is vouched for of a device; a newer word of the centre (dn/device) replaces it."""

    status: DeviceStatus
    calibration_due: Moment | None = None
    bump_tested: Moment | None = None  # the last one that passed
    self_test_ok: bool | None = None
    valid_until: Moment | None = None


class ShadowTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[[shadow]]: what is only written down and not done, until when, on whose word. It protects nobody.

    `what` is the kind of work ("hot.special") or the rule; the whole site needs none.
    """

    scope: Literal["site", "kind", "rule"]
    what: str = ""
    until: Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")]
    by: Id
    reason: Annotated[str, Meta(min_length=1, max_length=200)]

    @property
    def until_utc(self) -> float:
        """The second from which everything is real again."""
        return datetime.fromisoformat(self.until).timestamp()


class PowerTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[power]: `ups` = "kernel": the kernel knows the battery behind the box (/sys/class/power_supply).

    "nut": the UPS `ups_name` of Network UPS Tools, whose `upsd` listens at `host` and `port`. A supply that only
    closes a contact is a `mains` contact of a relay module; both may be there.
    """

    ups: Literal["none", "kernel", "nut"] = "none"
    host: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._:-]{1,253}$")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=1, le=65535)] = 3493
    ups_name: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,64}$")] = "ups"
