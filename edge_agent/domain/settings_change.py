"""Other settings, as somebody asks for them: which files, what is another then, what would be lost."""

from msgspec import Struct

from edge_agent.domain.device import DeviceRecord
from edge_agent.domain.words import Words


class Loss(Struct, frozen=True, kw_only=True):
    """What people at work in an area ("": anywhere) would be guarded by no more, or otherwise than they began."""

    area: str
    words: Words


class OtherFile(Struct, frozen=True, kw_only=True):
    """A file of the settings that is taken together with another."""

    file: str
    sha256: str
    before: str


class SettingsChange(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Another text of one file of the settings: with all the others it has passed `edge-agent check`."""

    file: str
    sha256: str  # of the new text
    before: str  # of the one that it replaces
    changes: tuple[Words, ...]  # what is another now
    areas: tuple[str, ...] = ()  # that are new or another
    removed: tuple[str, ...] = ()  # areas that are no more
    losses: tuple[Loss, ...] = ()
    also: tuple[OtherFile, ...] = ()
    voids: tuple[Words, ...] = ()  # trials of the commissioning that are worth nothing with it
    swapped: tuple[DeviceRecord, ...] = ()  # other devices under the same ids, each with what is vouched for of it
    shown_to_others: tuple[str, ...] = ()  # keys by which a secret of before would be shown to somebody else
    interlocks_off: tuple[str, ...] = ()  # outputs ("module/output") that may fall with it: who asks has agreed
