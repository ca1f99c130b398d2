"""What a site asks before any work starts, and by what its commissioning is judged."""

from typing import Annotated

from msgspec import Meta, Struct


class StartTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[start]: `commissioned` asks for a certificate that covers the unit and every device of the permit."""

    commissioned: bool = False


class CommissioningTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[commissioning]: the site's own limits of a trial, and for how long it counts.

    `bump_pct`: how far a detector may be from the bottle's value (OSHA SHIB 09-30-2013: usually 10 to 20 % of it).
    `survey_m`: how far from the surveyed point a wearable may be shown. `restart_s`: from power-off to guarding
    again. `ups_min`: what the back-up supply carries at least.
    """

    valid_days: Annotated[int, Meta(ge=1, le=3650)] = 365  # JJG: detectors are verified within a year
    bump_pct: Annotated[float, Meta(gt=0, le=50)] = 10.0
    survey_m: Annotated[float, Meta(gt=0, le=50)] = 3.0
    restart_s: Annotated[float, Meta(ge=1, le=3600)] = 120.0
    ups_min: Annotated[float, Meta(ge=1, le=1440)] = 30.0
