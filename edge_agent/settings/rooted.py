"""Relative paths of site.toml: they begin at the site's folder, wherever the agent was started."""

from pathlib import Path
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.settings.site import Site

T = TypeVar("T", bound=Struct)

FILES = (
    "ca",
    "password_file",
    "keys_file",
    "token_file",
    "client_cert",
    "client_key",
    "certificate",
    "private_key",
    "server_certificate",
)


def rooted(site: Site, folder: Path) -> Site:
    """The same site with whole paths in the tables of brokers and servers."""
    return replace(
        site,
        uplink=_whole(site.uplink, folder),
        second_uplink=None if site.second_uplink is None else _whole(site.second_uplink, folder),
        field_broker=_whole(site.field_broker, folder),
        sparkplug=None if site.sparkplug is None else _whole(site.sparkplug, folder),
        upload=None if site.upload is None else _whole(site.upload, folder),
        fetch=None if site.fetch is None else _whole(site.fetch, folder),
        opcua={name: _whole(table, folder) for name, table in site.opcua.items()},
    )


def _whole(table: T, folder: Path) -> T:
    named = {key: value for key in FILES if isinstance(value := getattr(table, key, None), str)}
    return replace(table, **{key: str((folder / value).resolve()) for key, value in named.items()})
