"""What the agent tells the process that speaks Sparkplug: one JSON line on its stdin, whose end ends it."""

from edge_agent.settings.site_brokers import BrokerTable


class SparkplugConfig(BrokerTable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The SCADA's broker, and all else that it needs. The password stays in its file: this line may be logged."""

    runtime: str  # folder of live.json, which is all that it reads
    kept: str  # file that keeps the newest bdSeq
    group: str
    node: str
    primary_host: str | None = None
