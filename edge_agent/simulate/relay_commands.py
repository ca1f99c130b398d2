"""What a relay module can be told to do; the vocabulary is explained in `relay.py`."""

from edge_agent.simulate.control import Command


class PressStop(Command, frozen=True, kw_only=True, tag="press_stop"):
    """Somebody hits the stop button."""


class ReleaseStop(Command, frozen=True, kw_only=True, tag="release_stop"):
    """Somebody unlocks the stop button."""


class Weld(Command, frozen=True, kw_only=True, tag="weld"):
    """A contactor sticks where it is."""

    coil: int = 0


class Unweld(Command, frozen=True, kw_only=True, tag="unweld"):
    """The contactor is mended."""

    coil: int = 0


class Stick(Command, frozen=True, kw_only=True, tag="stick"):
    """An output stays as it is whatever is written, and reads back as it is."""

    coil: int = 0


class Lie(Command, frozen=True, kw_only=True, tag="lie"):
    """An output stays as it is, and reads back as it was written."""

    coil: int = 0


class Mend(Command, frozen=True, kw_only=True, tag="mend"):
    """An output follows again from the next write on."""

    coil: int = 0


class HalfOpen(Command, frozen=True, kw_only=True, tag="half_open"):
    """The connections that stand are never answered again; new ones are."""


class Input(Command, frozen=True, kw_only=True, tag="input"):
    """Set a digital input by hand."""

    input: int
    closed: bool


class Ignore(Command, frozen=True, kw_only=True, tag="ignore"):
    """Requests are not read any more."""


class Resume(Command, frozen=True, kw_only=True, tag="resume"):
    """Requests are read again."""


class CutPower(Command, frozen=True, kw_only=True, tag="cut_power"):
    """The coupler loses its supply."""


class RestorePower(Command, frozen=True, kw_only=True, tag="restore_power"):
    """The supply comes back."""


class Status(Command, frozen=True, kw_only=True, tag="status"):
    """Tell the state of everything."""
