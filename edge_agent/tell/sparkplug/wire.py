"""What the agent tells the process that speaks Sparkplug: one JSON line on its stdin, whose end ends it."""

from msgspec import Struct


class SparkplugConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that it needs. The password stays in its file: this line may be logged."""

    runtime: str  # folder of live.json, which is all that it reads
    kept: str  # file that keeps the newest bdSeq
    group: str
    node: str
    primary_host: str | None = None
    host: str
    port: int
    keepalive_s: int
    username: str | None = None
    password_file: str | None = None
    ca: str | None = None
    client_cert: str | None = None
    client_key: str | None = None
