"""The kinds of store that a site may name."""

import time

from edge_agent.settings.site_upload import UploadTable
from edge_agent.tell.upload.door import Door
from edge_agent.tell.upload.presigned import Presigned
from edge_agent.tell.upload.s3 import S3
from edge_agent.tell.upload.way import Way


def way_of(table: UploadTable, door: Door, *, site: str, unit: str) -> Way:
    """The one of this table."""
    if table.kind == "s3":
        return S3(table, door, f"{site}/{unit}", time.time)
    return Presigned(table, door, f"edge/{site}/{unit}")
