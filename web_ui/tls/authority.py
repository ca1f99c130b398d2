"""The box's own certificate authority: made once, on the box; phones and panels are told to trust it.

It may vouch for private addresses, local names and what the box was called when it was made (name constraints,
RFC 5280 4.2.1.10): whoever stole its key could still not pretend to be a bank. ECDSA P-256, because every phone
understands it.
"""

import datetime as dt
import ipaddress
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from msgspec import Struct

from edge_agent.clock import EARLIEST_UTC
from edge_agent.store.folder import put
from web_ui.tls.names import Names

CA_DAYS = 3653  # ten years
SERVER_DAYS = 397  # browsers refuse longer ones even of an authority that a person trusted by hand
RENEW_DAYS = 30
DAY_S = 86400.0
PRIVATE = (
    "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10",
    "::1/128", "fc00::/7", "fe80::/10",
)  # fmt: skip
LOCAL_ENDS = ("localhost", "local", "lan", "internal", "home.arpa")  # RFC 6761, 6762, 8375; never public

CA_CERT, CA_KEY = "ca.crt", "ca.key"
CERT, KEY = "server.crt", "server.key"


class Pair(Struct, frozen=True, kw_only=True):
    """A certificate chain and its key, as files."""

    cert: Path
    key: Path


class Authority(Struct, frozen=True, kw_only=True):
    """The box's own authority, loaded."""

    cert: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        """The certificate, for whoever is to trust it."""
        return self.cert.public_bytes(serialization.Encoding.PEM)

    def vouches(self, names: Names) -> tuple[Names, tuple[str, ...]]:
        """The names that it may vouch for, and those that lie outside its constraints."""
        limits = self.cert.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
        ends = [one.value for one in limits if isinstance(one, x509.DNSName)]
        nets = [one.value for one in limits if isinstance(one, x509.IPAddress)]
        hosts = tuple(host for host in names.hosts if any(host == end or host.endswith(f".{end}") for end in ends))
        addresses = tuple(
            text for text in names.addresses if any(_within(ipaddress.ip_address(text), net) for net in nets)
        )
        kept = Names(hosts, addresses)
        return kept, tuple(sorted(names.all - kept.all))


def _within(address: ipaddress.IPv4Address | ipaddress.IPv6Address, net: object) -> bool:
    return isinstance(net, ipaddress.IPv4Network | ipaddress.IPv6Network) and (
        address.version == net.version and address in net
    )


def fingerprint(pem: bytes) -> str:
    """SHA-256 in groups, as phones and browsers show it."""
    return x509.load_pem_x509_certificate(pem).fingerprint(hashes.SHA256()).hex(":").upper()


def authority(folder: Path, unit: str, names: Names, now_utc: float) -> Authority:
    """The authority kept in `folder`, made there when there is none or its time is over."""
    try:
        kept = _load(folder)
    except FileNotFoundError:
        kept = None
    if kept is not None and kept.cert.not_valid_after_utc.timestamp() > now_utc:
        return kept
    return _make(folder, unit, names, now_utc)


def _load(folder: Path) -> Authority:
    key = serialization.load_pem_private_key((folder / CA_KEY).read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{folder / CA_KEY} is no ECDSA key: remove {CA_KEY} and {CA_CERT} to make new ones")
    return Authority(cert=x509.load_pem_x509_certificate((folder / CA_CERT).read_bytes()), key=key)


def _make(folder: Path, unit: str, names: Names, now_utc: float) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    # The number tells two authorities of one box apart in a phone's list.
    number = x509.random_serial_number()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"edge_agent {unit} {number % 10000:04}")])
    ends = [*LOCAL_ENDS, *(host for host in names.hosts if not host.endswith(LOCAL_ENDS))]
    nets = [ipaddress.ip_network(net) for net in PRIVATE]
    addresses = [ipaddress.ip_address(text) for text in names.addresses]
    outside = [ipaddress.ip_network(one) for one in addresses if not any(_within(one, net) for net in nets)]
    allowed = [*(x509.DNSName(end) for end in ends), *(x509.IPAddress(net) for net in (*nets, *outside))]
    cert = (
        _begun(now_utc, CA_DAYS)
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(number)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(sign=False), critical=True)
        .add_extension(x509.NameConstraints(allowed, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    made = Authority(cert=cert, key=key)
    _keep(folder / CA_KEY, _pem(key))
    _keep(folder / CA_CERT, made.pem)
    return made


def issue(folder: Path, mine: Authority, names: Names, now_utc: float) -> Pair:
    """The server's certificate for these names: the one that is kept if it still fits, else a new one."""
    pair = Pair(cert=folder / CERT, key=folder / KEY)
    if _fits(pair, mine, names, now_utc):
        return pair
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names.hosts[0][:64])])
    # Never longer than its authority.
    left_days = (mine.cert.not_valid_after_utc.timestamp() - now_utc) / DAY_S
    cert = (
        _begun(now_utc, min(SERVER_DAYS, int(left_days)))
        .subject_name(subject)
        .issuer_name(mine.cert.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(sign=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(_alternatives(names)), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(mine.key.public_key()), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(mine.key, hashes.SHA256())
    )
    _keep(pair.key, _pem(key))
    _keep(pair.cert, cert.public_bytes(serialization.Encoding.PEM) + mine.pem)
    return pair


def _fits(pair: Pair, mine: Authority, names: Names, now_utc: float) -> bool:
    """Whether the kept certificate is of this authority, for these names, and good for a while."""
    try:
        cert = x509.load_pem_x509_certificate(pair.cert.read_bytes())
        key = serialization.load_pem_private_key(pair.key.read_bytes(), None)
        cert.verify_directly_issued_by(mine.cert)
    except (OSError, ValueError, TypeError, InvalidSignature, x509.InvalidVersion):
        return False
    for_now = cert.not_valid_before_utc.timestamp() <= now_utc
    for_long = now_utc < cert.not_valid_after_utc.timestamp() - RENEW_DAYS * DAY_S
    said = cert.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    same = set(said) == set(_alternatives(names)) and key.public_key() == cert.public_key()
    return for_now and for_long and same


def _alternatives(names: Names) -> list[x509.GeneralName]:
    hosts: list[x509.GeneralName] = [x509.DNSName(host) for host in names.hosts]
    return hosts + [x509.IPAddress(ipaddress.ip_address(text)) for text in names.addresses]


def _begun(now_utc: float, days: int) -> x509.CertificateBuilder:
    """A day back, because phones' clocks differ; never before the box could know the date at all."""
    begins = dt.datetime.fromtimestamp(max(now_utc, EARLIEST_UTC) - DAY_S, dt.UTC)
    builder = x509.CertificateBuilder()
    return builder.not_valid_before(begins).not_valid_after(begins + dt.timedelta(days=days))


def _usage(*, sign: bool) -> x509.KeyUsage:
    """A server signs its handshakes; an authority signs certificates and nothing else."""
    return x509.KeyUsage(
        digital_signature=sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not sign,
        crl_sign=not sign,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _keep(file: Path, content: bytes) -> None:
    """Whole or not at all, for this user alone from the first byte."""
    put(file, content, 0o600)
