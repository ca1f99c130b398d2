"""The certificates that site.toml names: each is there, can be read, and does not run out within a month."""

import ssl
from collections.abc import Iterator
from pathlib import Path

from cryptography import x509

from edge_agent.clock import Clock, Instant
from edge_agent.domain.words import Words
from edge_agent.field import system_words
from edge_agent.ops.doctor.finding import Finding, Layer, fault, fine, unseen
from edge_agent.settings.site import Settings

PART = "certificates"
SOON_DAYS = 30  # time to order one and to come by
DAY_S = 86_400.0
RENEW = Words(
    "请在到期前更换文件；下次连接即生效，无需重启",
    "replace the file before that day: the next connection uses it, no restart is needed",
)
ITS_KEY = Words(
    "请放入与证书成对的密钥，仅本程序可读", "put the key there that belongs to it, readable by the agent alone"
)
NO_DATE = Words(
    "时钟未同步，无法判断证书是否到期", "the clock is not synchronised: whether they have run out nobody can say"
)


def named(settings: Settings) -> dict[str, Path]:
    """Every certificate that a table names, by its key."""
    site = settings.site
    tables = {
        "uplink": site.uplink,
        "second_uplink": site.second_uplink,
        "field_broker": site.field_broker,
        "sparkplug": site.sparkplug,
        "upload": site.upload,
    }
    files = {
        f"{table}.{key}": name
        for table, of in tables.items()
        if of is not None
        for key, name in (("ca", of.ca), ("client_cert", of.client_cert))
    }
    files["board.cert"] = site.board.cert
    return {key: settings.folder / name for key, name in files.items() if name is not None}


def look(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """One finding for each that cannot be read, has run out or soon will; else that all are fine."""
    now = clock.instant()
    if not now.trusted:
        yield unseen(PART, "no_date", NO_DATE)
        return
    found = [one for key, path in named(settings).items() for one in _looked(key, path, now)]
    found += [one for key, cert, private in _pairs(settings) for one in _matched(key, cert, private)]
    yield from found
    if not found:
        yield fine(PART, Words("证书均在有效期内", "every certificate is valid for a month and longer"))


def _pairs(settings: Settings) -> Iterator[tuple[str, Path, Path]]:
    """Each certificate that this box shows, with its private key."""
    site = settings.site
    for table in ("uplink", "second_uplink", "field_broker", "sparkplug", "upload"):
        of = getattr(site, table)
        if of is not None and of.client_cert is not None and of.client_key is not None:
            yield f"{table}.client_key", settings.folder / of.client_cert, settings.folder / of.client_key
    if site.board.cert is not None and site.board.key is not None:
        yield "board.key", settings.folder / site.board.cert, settings.folder / site.board.key


def _matched(key: str, cert: Path, private: Path) -> Iterator[Finding]:
    """A key that is not the certificate's, or cannot be used, opens nothing."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_cert_chain(cert, private, password="")
    except ssl.SSLError as wrong:
        if wrong.reason == "KEY_VALUES_MISMATCH":
            says = Words(
                f"{private.name} 不是 {cert.name} 的密钥", f"{private.name} is not the key of {cert.name}"
            )
            yield fault(key, Layer.SETTINGS, "other_key", says, ITS_KEY)
    except OSError as wrong:
        why = system_words.of(wrong)
        says = Words(f"{private.name} 无法读取：{why.zh}", f"{private.name} cannot be read: {why.en}")
        yield fault(key, Layer.SETTINGS, "key_unreadable", says, ITS_KEY)


def _looked(key: str, path: Path, now: Instant) -> Iterator[Finding]:
    try:
        every = x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as why:
        says = Words(
            f"{path.name} 不是可用的证书：{why}", f"{path.name} is no certificate that can be used: {why}"
        )
        yield fault(key, Layer.SETTINGS, "certificate_unusable", says, RENEW)
        return
    ends = min(one.not_valid_after_utc for one in every)
    left_days = (ends.timestamp() - now.utc) / DAY_S
    day = f"{ends:%Y-%m-%d}"
    if left_days < 0:
        says = Words(
            f"{path.name} 已于 {day} 到期，不再被接受", f"{path.name} ran out on {day}: nobody takes it any more"
        )
        yield fault(key, Layer.SETTINGS, "certificate_over", says, RENEW)
    elif left_days < SOON_DAYS:
        says = Words(f"{path.name} 将于 {day} 到期", f"{path.name} runs out on {day}, in {left_days:.0f} days")
        yield fault(key, Layer.VALUE, "certificate_ends", says, RENEW)
