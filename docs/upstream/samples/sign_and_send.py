"""Signs one message to a unit as JWS (EdDSA) and publishes it. Python 3.9 and newer; `cryptography`, `paho-mqtt`.

python sign_and_send.py TYPE BODY.json VERSION KEY.pem KID SITE UNIT [HOST PORT]

TYPE is the end of the topic (permit, cmd, person, ...). VERSION of a permit is the ticket's own; of anything else
a number that rises: date +%s%3N. Without HOST the message is printed. In earnest give the client your broker's CA
(`tls_set`) and a login.
"""

import base64
import json
import sys
import time
import uuid
from pathlib import Path

import paho.mqtt.client as mqtt
from cryptography.hazmat.primitives.serialization import load_pem_private_key

HOURS = 24  # how long the unit may take it


def base64url(raw: bytes) -> str:
    """As JOSE writes it: without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(kind: str, body: object, version: int, pem: bytes, kid: str, site: str, unit: str) -> str:
    """The message, JWS compact (RFC 7515, RFC 8037). Nothing but alg and kid may stand in its header."""
    now = time.time()
    payload = {
        "id": str(uuid.uuid4()),  # never used twice
        "version": version,
        "type": kind,
        "issued_at": now,
        "expires_at": now + HOURS * 3600,
        "site": site,
        "unit": unit,
        "body": body,
    }
    header = {"alg": "EdDSA", "kid": kid}
    signing = ".".join(base64url(json.dumps(part).encode()) for part in (header, payload))
    signature = load_pem_private_key(pem, password=None).sign(signing.encode())
    return f"{signing}.{base64url(signature)}"


def publish(topic: str, message: str, host: str, port: int) -> None:
    """QoS 1, and only done when the broker says that it has it."""
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    client.connect(host, port)
    client.loop_start()
    client.publish(topic, message, qos=1).wait_for_publish(10)
    client.disconnect()
    client.loop_stop()


def main() -> None:
    """The arguments stand above."""
    kind, body, version, key, kid, site, unit, *broker = sys.argv[1:]
    content = json.loads(Path(body).read_text("utf-8"))
    message = signed(kind, content, int(version), Path(key).read_bytes(), kid, site, unit)
    if not broker:
        print(message)
        return
    host, port = broker
    publish(f"edge/{site}/{unit}/dn/{kind}", message, host, int(port))


if __name__ == "__main__":
    main()
