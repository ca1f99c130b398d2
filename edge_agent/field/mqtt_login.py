"""How this unit shows a broker who it is, and how it knows the broker."""

import ssl
from pathlib import Path
from typing import Protocol

import paho.mqtt.client as paho


class Login(Protocol):
    """What the settings say of a broker's log-in ([uplink], [field_broker], [sparkplug])."""

    @property
    def username(self) -> str | None:
        """None: nobody asks."""

    @property
    def password_file(self) -> str | None:
        """Where the password stands."""

    @property
    def ca(self) -> str | None:
        """Whose certificates are believed; None: plain TCP."""

    @property
    def client_cert(self) -> str | None:
        """What this unit shows of itself; None: nothing."""

    @property
    def client_key(self) -> str | None:
        """The key of that certificate."""


def identify(client: paho.Client, login: Login) -> None:
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
