"""How this unit shows a broker who it is, and how it knows the broker."""

import ssl
from pathlib import Path
from typing import Protocol

import paho.mqtt.client as paho


class Login(Protocol):
    """What the settings say of a broker's log-in."""

    @property
    def username(self) -> str | None:
        """None: nobody asks."""

    @property
    def password_file(self) -> str | None:
        """Where the password stands."""

    @property
    def ca(self) -> str | None:
        """Whose certificates are believed; None: plain TCP."""


def identify(client: paho.Client, login: Login) -> None:
    """User name, password from its file, and the CA; with a CA there is no way back to plain text.

    Raises OSError for a file that cannot be read.
    """
    if login.username is not None:
        password = Path(login.password_file).read_text().strip() if login.password_file else None
        client.username_pw_set(login.username, password)
    if login.ca is not None:
        context = ssl.create_default_context(cafile=login.ca)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        client.tls_set_context(context)
