"""How this unit shows a broker who it is, and how it knows the broker."""

import ssl
from pathlib import Path

import paho.mqtt.client as paho

from edge_agent.settings.site_brokers import BrokerTable


def identify(client: paho.Client, login: BrokerTable) -> None:
    """User name, password, CA and certificate, read anew each time: what is replaced counts from then on.

    With a CA there is no way back to plain text. Raises OSError (ssl.SSLError too) for a file that cannot be used.
    """
    if login.username is not None:
        password = Path(login.password_file).read_text("utf-8").strip() if login.password_file else None
        client.username_pw_set(login.username, password)
    if login.ca is not None:
        context = ssl.create_default_context(cafile=login.ca)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if login.client_cert is not None:
            context.load_cert_chain(login.client_cert, login.client_key, password="")  # never asks at a console
        client.tls_set_context(context)
