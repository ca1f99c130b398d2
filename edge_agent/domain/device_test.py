"""A device's test by a named person: a bump test that the box measures, a certificate that is entered."""

from typing import Literal

from msgspec import Struct


class DeviceTest(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What somebody does. "bump": the box measures from now on; "vouch": what a person has seen or read.

    `level` is what the bottle says, in the unit that the board shows; `expires` and `calibration_due` are the
    site's own days ("2027-05-31").
    """

    do: Literal["bump", "vouch"]
    device: str
    level: float | None = None
    lot: str = ""  # of the bottle
    expires: str = ""
    self_test_ok: bool | None = None  # of "vouch": what its own test shows
    calibration_due: str = ""
    certificate: str = ""  # number of the calibration certificate


class BumpTest(Struct, frozen=True, kw_only=True):
    """A bump test under way: what was put on, by whom, and what the detector has shown since."""

    by: str
    level: float
    unit: str
    lot: str
    expires: str
    within_pct: float  # of the bottle's value
    began_s: float
    began_utc: float
    until_s: float
    from_level: float  # before the gas
    nearest: float | None = None  # to the bottle's value
    said_s: float | None = None  # when its last word was measured
    met: int = 0  # so many words in a row that show the gas
    over_s: float | None = None  # since when it is over, and its gas still stands at the detector
    doubted: bool = False  # it showed what the bottle does not explain: from then on its gas is gas
