"""The tables of the agent's database, whole and in one place.

The models are bound to no database: every query names the connection it runs on, so that one process
can hold the writer and readers of several files without a global.
"""

from zlib import crc32

from msgspec import Struct
from peewee import (
    BlobField,
    BooleanField,
    CompositeKey,
    DatabaseProxy,
    FloatField,
    IntegerField,
    Model,
    TextField,
)
from playhouse.sqlite_ext import AutoIncrementField  # type: ignore[import-untyped]


class Layout(Struct, frozen=True, kw_only=True):
    """What one file of the agent's holds."""

    application_id: int  # says whose file this is (PRAGMA application_id)
    schema: int  # PRAGMA user_version
    tables: tuple[type[Model], ...]


class Table(Model):
    """STRICT tables: SQLite refuses a value of the wrong type instead of keeping it."""

    class Meta:
        """Deliberately bound to nothing."""

        database = DatabaseProxy()
        strict_tables = True


class Audit(Table):
    """Every record of the hash chain; `n` counts from 1 without gaps."""

    n = IntegerField(primary_key=True)
    kind = TextField()
    body = BlobField()
    prev_hash = TextField()
    hash = TextField()


class EventIndex(Table):
    """Which audit row holds which event; `seq` counts events only, from 1 without gaps."""

    seq = IntegerField(primary_key=True)
    n = IntegerField(unique=True)
    priority = IntegerField()
    type = TextField()
    subject = TextField()
    at_utc = FloatField()

    class Meta:
        """Named as what it lists."""

        table_name = "event"


class EventVoice(Table):
    """What envelopes say beside the event, from this number on: one row where it changes (a start, the clock)."""

    first_seq = IntegerField(primary_key=True)
    boot = TextField()
    trusted = BooleanField()
    demo = BooleanField()

    class Meta:
        """Beside the events."""

        table_name = "event_voice"


class Outbox(Table):
    """What the broker has not acknowledged yet.

    Ids are never used twice (AUTOINCREMENT): the forwarder tells rows apart by them while acknowledged
    ones are still being deleted.
    """

    id = AutoIncrementField()
    seq = IntegerField(null=True)
    priority = IntegerField()
    topic = TextField()
    payload = BlobField()
    retain = BooleanField()

    class Meta:
        """In the order in which the forwarder takes them."""

        indexes = ((("priority", "id"), False), (("topic",), False))


class Document(Table):
    """One frozen value as JSON under its key; `crc` finds bytes that changed on the disk."""

    key = TextField(primary_key=True)
    json = BlobField()
    crc = IntegerField()


class PermitDocument(Document):
    """domain.permit.Permit by ticket id."""

    class Meta:
        """One table per kind of value."""

        table_name = "permit"


class AlarmDocument(Document):
    """domain.outcome.Alarm by alarm key."""

    class Meta:
        """One table per kind of value."""

        table_name = "alarm"


class PersonDocument(Document):
    """domain.person.Person by id: people who came by dn/person."""

    class Meta:
        """One table per kind of value."""

        table_name = "person"


class DeviceDocument(Document):
    """domain.device.DeviceRecord by id: records that came by dn/device."""

    class Meta:
        """One table per kind of value."""

        table_name = "device"


class CentreDocument(Document):
    """domain.centre_record.CentreRecord by id: copies of the centre's."""

    class Meta:
        """One table per kind of value."""

        table_name = "centre_record"


class RectificationDocument(Document):
    """domain.rectification.Rectification by id: what is to be put right, and lately was."""

    class Meta:
        """One table per kind of value."""

        table_name = "rectification"


class CountsDocument(Document):
    """domain.figures.Counts, under one key: what is counted over days."""

    class Meta:
        """One table per kind of value."""

        table_name = "counts"


class CommissioningDocument(Document):
    """domain.commissioning.Commissioning, under one key."""

    class Meta:
        """One table per kind of value."""

        table_name = "commissioning"


class Meta(Table):
    """Small facts: which boot wrote last, the head of the chain, wrong-PIN counts."""

    key = TextField(primary_key=True)
    value = TextField()


class DownlinkSeen(Table):
    """The newest message obeyed about each subject ("permit/P-1"): against replay and rollback."""

    subject = TextField(primary_key=True)
    version = IntegerField()
    message = TextField()

    class Meta:
        """As the design names it."""

        table_name = "downlink_seen"


class GasMinute(Table):
    """One minute of one gas channel (store/history.py); `low`, `high` null and `numbers` 0: it told no number."""

    channel = TextField()
    minute = IntegerField()  # of UTC, since 1970
    low = FloatField(null=True)
    high = FloatField(null=True)
    total = FloatField()  # of its numbers
    numbers = IntegerField()
    seconds = IntegerField()  # so much of the minute is known about
    worst = TextField()  # the letter of the worst quality in it (tell/live_curves.py)

    class Meta:
        """One channel's minutes lie side by side: that is how they are read."""

        table_name = "gas_minute"
        primary_key = CompositeKey("channel", "minute")
        without_rowid = True


AGENT = Layout(
    application_id=0x65644761,  # "edGa"
    schema=1,
    tables=(
        Audit,
        EventIndex,
        EventVoice,
        Outbox,
        PermitDocument,
        AlarmDocument,
        PersonDocument,
        DeviceDocument,
        CentreDocument,
        RectificationDocument,
        CountsDocument,
        CommissioningDocument,
        Meta,
        DownlinkSeen,
    ),
)
HISTORY = Layout(application_id=0x65644768, schema=1, tables=(GasMinute,))  # "edGh"


def checksum(json: bytes) -> int:
    """CRC-32 of a document's bytes: against a failing card, not against people."""
    return crc32(json)
