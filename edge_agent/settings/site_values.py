"""Kinds of values that several tables of site.toml share, each with its range."""

from typing import Annotated

from msgspec import Meta

Id = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$", description="lower-case id")]
TOPIC_LEVEL = r"^[^/+#\x00-\x1f]{1,64}$"
TopicLevel = Annotated[str, Meta(pattern=TOPIC_LEVEL, description="one level of an MQTT topic")]
Host = Annotated[str, Meta(min_length=1, max_length=253)]
HostName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9.:-]{1,253}$")]  # or an address
Port = Annotated[int, Meta(ge=1, le=65535)]
PollSeconds = Annotated[float, Meta(ge=0.1, le=60)]
TimeoutSeconds = Annotated[float, Meta(ge=0.05, le=10)]
UnitId = Annotated[int, Meta(ge=0, le=247)]
Degrees = Annotated[float, Meta(ge=-180, le=180)]
Clock = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
INTERFACE = r"^[A-Za-z0-9_.-]{1,15}$"  # IFNAMSIZ - 1
Interface = Annotated[str, Meta(pattern=INTERFACE)]
