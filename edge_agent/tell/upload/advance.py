"""One step of a file to the store: it begins, a part goes, after the last it ends; what is done is on the disk."""

from typing import BinaryIO

from msgspec.structs import replace

from edge_agent.domain.words import Words
from edge_agent.tell.upload.answers import Anew
from edge_agent.tell.upload.door import Later
from edge_agent.tell.upload.parcels import body_of
from edge_agent.tell.upload.progress import Kept, Mark
from edge_agent.tell.upload.way import Parcel, Way


class More(Exception):  # noqa: N818 (a state of the world)
    """A part of a file is there, and others are still to be sent: something more urgent may go between."""


NOT_FOUND = Words(
    "存储服务器上没有这个地址（404），请检查 upload.url", "404: nothing stands at upload.url: check it"
)


def advance(way: Way, kept: Kept, key: str, whole: Parcel, file: BinaryIO) -> None:
    """Returns when the store has all of it. Raises More while it has not, Later, Refused, Altered, OSError."""
    mark = kept.of(key)
    try:
        if not mark.etags:
            mark = Mark(upload=way.begin(whole))
        if len(mark.etags) < len(whole.parts):
            part = whole.parts[len(mark.etags)]
            etag = way.put(whole, mark.upload, part, body_of(file, part))
            mark = replace(mark, etags=(*mark.etags, etag))
            kept.mark(key, mark)
        if len(mark.etags) < len(whole.parts):
            raise More
        way.end(whole, mark.upload, mark.etags)
    except Anew:
        kept.mark(key, Mark())
        if not mark.etags:
            raise Later(NOT_FOUND) from None
        words = Words("上传已在服务器上失效，重新开始", "the store forgot what was begun: it is sent anew")
        raise Later(words) from None
