"""What the consumer tells units of what it keeps (dn/ack), signed: whatever is missing, they tell again."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from uuid import uuid4

from edge_agent.domain.delivery import CentreAck
from edge_agent.tell import messages, signing

EVERY_S = 5.0  # never more often: each costs the unit a commit
SAME_S = 61.0  # the same number is said again after this: the unit then tells again what follows it
VALID_S = 600.0


class Acks:
    """Remembers what was said last, to whom."""

    def __init__(self, key: Path, kid: str) -> None:
        """`key`: private Ed25519 in PEM, known to the unit as `kid`. Raises OSError, JoseError, ValueError."""
        self._key, self._kid = signing.private_key(key.read_text(encoding="utf-8")), kid
        self._said: dict[str, tuple[int, float]] = {}
        self._look_s = 0.0

    def due(
        self, upto: Callable[[], Mapping[str, int]], now_utc: float, now_s: float
    ) -> Iterator[tuple[str, bytes]]:
        """Topic and message for each unit that is to be told now."""
        if now_s < self._look_s:
            return
        self._look_s = now_s + EVERY_S
        for source, seq in upto().items():
            said, at_s = self._said.get(source, (-1, 0.0))
            if seq == said and now_s - at_s < SAME_S:
                continue
            self._said[source] = (seq, now_s)
            _, site, unit = source.split("/")
            payload = signing.envelope(
                CentreAck(acked_seq=seq),
                message=str(uuid4()),
                version=int(now_utc * 1000),
                issued_at=now_utc,
                expires_at=now_utc + VALID_S,
                site=site,
                unit=unit,
            )
            yield messages.down_topic(site, unit, "ack"), signing.sign(payload, self._key, self._kid)
