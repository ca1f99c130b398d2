"""Checks of how the box shows itself to brokers: passwords and certificates, and by which way they travel."""

from collections.abc import Iterator

from edge_agent.domain.words import Words
from edge_agent.settings.bundle import Bundle, fault
from edge_agent.settings.endpoints import is_loopback
from edge_agent.settings.fault import Fault
from edge_agent.settings.hole import judged
from edge_agent.settings.secret_files import sent, usable
from edge_agent.settings.site_brokers import BrokerTable


def logins(bundle: Bundle) -> Iterator[Fault]:
    """What is secret is in a file of its own that only the agent can read, and travels only over TLS."""
    yield from judged(_login(bundle, "uplink", bundle.site.uplink))
    if bundle.site.second_uplink is not None:
        yield from judged(_login(bundle, "second_uplink", bundle.site.second_uplink))
        yield from judged(_other_way(bundle))
    yield from judged(_login(bundle, "field_broker", bundle.site.field_broker))
    if bundle.site.sparkplug is not None:
        yield from judged(_login(bundle, "sparkplug", bundle.site.sparkplug))


def _other_way(bundle: Bundle) -> Iterator[Fault]:
    """Two ways that are one help nobody."""
    one, two = bundle.site.uplink, bundle.site.second_uplink
    if two is not None and (one.host, one.port, one.interface) == (two.host, two.port, two.interface):
        problem = Words("与 [uplink] 是同一条路", "is the same way as [uplink]")
        remedy = Words(
            "请填写另一服务器，或 interface（如 wwan0）", "name another broker, or its interface (like wwan0)"
        )
        yield fault(bundle.names.site, "second_uplink.host", two.host, problem, remedy)


def _login(bundle: Bundle, key: str, table: BrokerTable) -> Iterator[Fault]:
    yield from usable(bundle, f"{key}.ca", table.ca, secret=False)
    yield from usable(bundle, f"{key}.client_cert", table.client_cert, secret=False)
    yield from usable(bundle, f"{key}.client_key", table.client_key, secret=True)
    yield from sent(bundle, f"{key}.password_file", table.password_file)
    yield from _certificate(bundle, key, table)
    yield from _password(bundle, key, table)


def _password(bundle: Bundle, key: str, table: BrokerTable) -> Iterator[Fault]:
    if table.password_file is None:
        return
    if table.username is None:
        problem = Words("有密码而无用户名", "a password without a user name")
        yield fault(bundle.names.site, f"{key}.username", None, problem, Words("请填写 username", "add username"))
    if table.ca is None and not is_loopback(table.host):
        problem = Words("密码将以明文传输", "missing: the password would travel in the clear")
        remedy = Words("请填写中心的 CA 证书以启用 TLS", "name the CA certificate: it makes the connection TLS")
        yield fault(bundle.names.site, f"{key}.ca", None, problem, remedy)


def _certificate(bundle: Bundle, key: str, table: BrokerTable) -> Iterator[Fault]:
    """Certificate, key and CA go together: one alone would be shown to nobody, without a word."""
    shown = {"client_cert": table.client_cert, "client_key": table.client_key}
    if not any(shown.values()):
        return
    for field, name in {**shown, "ca": table.ca}.items():
        if name is None:
            problem = Words("缺少：客户端证书不会被使用", "missing: the client certificate would not be used")
            remedy = Words(
                "client_cert、client_key、ca 三者须同时填写", "name client_cert, client_key and ca together"
            )
            yield fault(bundle.names.site, f"{key}.{field}", None, problem, remedy)


def no_centre(bundle: Bundle) -> Iterator[Fault]:
    """A site that says it has no centre names nothing that only a centre does."""
    site = bundle.site
    if site.uplink.centre:
        return
    asked = {
        "second_uplink": site.second_uplink,
        "short_messages": site.short_messages,  # whom to call is known from the centre alone (dn/contacts)
        "upload": site.upload,
        "fetch": site.fetch,
        "downlink.keys": site.downlink.keys,
    }
    for key, table in asked.items():
        if table:
            problem = Words("与 [uplink] centre = false 矛盾", "cannot be while [uplink] says centre = false")
            remedy = Words("删除其中之一", "take one of the two out")
            yield fault(bundle.names.site, key, None, problem, remedy)


CHECKS = (logins, no_centre)
