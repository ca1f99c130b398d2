"""Checks of where copies of evidence go and models come from: a way to be let in, no secret in the clear."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from edge_agent.domain.words import Words
from edge_agent.settings.bundle import Bundle, fault
from edge_agent.settings.fault import Fault
from edge_agent.settings.hole import judged
from edge_agent.settings.secret_files import sent, usable
from edge_agent.settings.site_upload import FetchTable, HttpTable, UploadTable

SENT = ("keys_file", "token_file")
OPEN = ("ca", "client_cert")
FILMS = frozenset({"masked_clips", "clips", "films"})


def upload(bundle: Bundle) -> Iterator[Fault]:
    """The table, if the site has one."""
    table = bundle.site.upload
    if table is not None:
        for field in (*OPEN, "client_key"):
            named = getattr(table, field)
            yield from judged(usable(bundle, f"upload.{field}", named, secret=field == "client_key"))
        for field in SENT:
            yield from judged(sent(bundle, f"upload.{field}", getattr(table, field)))
        yield from judged(_address(bundle, table))
        yield from judged(_let_in(bundle, table))
        yield from judged(_filmed(bundle, table))


def _address(bundle: Bundle, table: UploadTable) -> Iterator[Fault]:
    url = urlsplit(table.url)
    try:
        port = url.port
    except ValueError:
        port = 0
    if not url.hostname or port == 0:
        problem = Words("主机或端口写错", "bad host or port (1..65535)")
        remedy = Words("应如 https://主机/存储桶", "write it like https://host/bucket")
        yield fault(bundle.names.site, "upload.url", table.url, problem, remedy)
    if url.scheme == "http" and not table.plain:
        problem = Words("图片和密钥将以明文传输", "pictures would travel in the clear")
        remedy = Words("请用 https://；仅在试验中可用 plain = true", "use https://; only for a trial plain = true")
        yield fault(bundle.names.site, "upload.url", table.url, problem, remedy)
    if table.kind == "s3" and not url.path.strip("/"):
        problem = Words("没有存储桶", "names no bucket")
        remedy = Words("应如 https://主机/存储桶", "write it like https://host/bucket")
        yield fault(bundle.names.site, "upload.url", table.url, problem, remedy)


def fetch(bundle: Bundle) -> Iterator[Fault]:
    """[fetch], if the site has one."""
    table = bundle.site.fetch
    if table is None:
        return
    for field in (*OPEN, "client_key"):
        yield from judged(usable(bundle, f"fetch.{field}", getattr(table, field), secret=field == "client_key"))
    yield from judged(_pair(bundle, "fetch", table))
    yield from judged(_named(bundle, table))


def _named(bundle: Bundle, table: FetchTable) -> Iterator[Fault]:
    if not table.hosts:
        problem = Words("没有主机：什么都不会取", "names no host: nothing would be fetched")
        remedy = Words(
            "请填写主机名（可带端口），或删去 [fetch]", "name a host (or host:port), or take [fetch] out"
        )
        yield fault(bundle.names.site, "fetch.hosts", "[]", problem, remedy)


def _filmed(bundle: Bundle, table: UploadTable) -> Iterator[Fault]:
    films = [word for word in table.what if word in FILMS]
    if films and bundle.site.recording is None:
        problem = Words("没有 [recording]：什么都不会录", "there is no [recording]: nothing is filmed")
        remedy = Words("请填写 [recording]，或从 what 中删去", "enter [recording], or take it out of what")
        yield fault(bundle.names.site, "upload.what", ", ".join(films), problem, remedy)


def _let_in(bundle: Bundle, table: UploadTable) -> Iterator[Fault]:
    if table.kind == "s3" and table.keys_file is None:
        remedy = Words(
            "请把访问密钥和密钥各写一行存入文件（chmod 600）",
            "name a file (chmod 600) with the access key's id and its secret, one a line",
        )
        yield fault(bundle.names.site, "upload.keys_file", None, Words("缺少", "missing"), remedy)
    yield from _pair(bundle, "upload", table)


def _pair(bundle: Bundle, part: str, table: HttpTable) -> Iterator[Fault]:
    if (table.client_cert is None) != (table.client_key is None):
        missing = "client_cert" if table.client_cert is None else "client_key"
        problem = Words("缺少：客户端证书不会被使用", "missing: the client certificate would not be used")
        remedy = Words("client_cert 和 client_key 须同时填写", "name client_cert and client_key together")
        yield fault(bundle.names.site, f"{part}.{missing}", None, problem, remedy)


def backup(bundle: Bundle) -> Iterator[Fault]:
    """[backup] send needs somewhere to send to."""
    table = bundle.site.backup
    if table is not None and table.send and bundle.site.upload is None:
        problem = Words("没有 [upload]：备份无处可送", "there is no [upload]: the backup has nowhere to go")
        remedy = Words("请填写 [upload]，或删去 send", "enter [upload], or take send out")
        yield fault(bundle.names.site, "backup.send", "true", problem, remedy)


CHECKS = (upload, fetch, backup)
