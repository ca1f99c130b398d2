"""What the agent tells the process that carries evidence away, and what comes back: one JSON line each."""

from msgspec import Struct

from edge_agent.settings.site_upload import UploadTable


class BackupSent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where sealed backups lie, and two small files of their own."""

    folder: str
    state: str  # what is under way, kept over a kill
    arrived: str  # the newest that the store has
    patience_s: float = 30.0  # for one call into the folder, which may be a share that hangs


class UploadConfig(UploadTable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The site's [upload], and where things lie. Secrets stay in their files: it may be logged."""

    store: str  # the agent's database, only read
    stills: str  # folder of pictures
    films: str  # folder of sealed films
    state: str  # what is under way, kept over a kill
    site: str
    unit: str
    backup: BackupSent | None = None  # None: backups stay where they are
