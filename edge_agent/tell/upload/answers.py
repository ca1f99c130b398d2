"""What an answer of a store or of a signer means for the file that is on its way. Pure."""

import re

from edge_agent.domain.words import Words
from edge_agent.tell.upload.door import Later, Reply

TOO_LARGE = 413
GONE = frozenset({404, 409, 410})
NOT_LET_IN = frozenset({401, 403})
BUSY = frozenset({408, 425, 429})
# Codes of S3 (Amazon S3 API Reference, "Error responses"): the bytes suffered on the way, or the clock is off.
AGAIN = frozenset({"XAmzContentSHA256Mismatch", "BadDigest", "IncompleteBody", "RequestTimeout", "SlowDown"})
CLOCK = frozenset({"RequestTimeTooSkewed"})


class Refused(Exception):  # noqa: N818 (a verdict of the store)
    """The store never takes this file."""

    def __init__(self, words: Words) -> None:
        """`words` say why."""
        super().__init__(words.en)
        self.words = words


class Anew(Exception):  # noqa: N818 (a state of the world)
    """What was begun is not known there any more: the file begins from its first part."""


def judged(reply: Reply, *, begun: bool = False) -> Reply:
    """The answer if it is good. Raises Later, Refused, or Anew (only of what was `begun`)."""
    if reply.good:
        return reply
    code, status = code_of(reply), reply.status
    named = f"{status} {code}".strip()
    if status in GONE and begun and code != "NoSuchBucket":
        raise Anew
    if status == TOO_LARGE or code == "EntityTooLarge":
        raise Refused(Words("文件太大，存储服务器不接收", "the store takes no file of this size"))
    if status // 100 == 3:  # noqa: PLR2004 (a redirect: what was signed for one address is not shown to another)
        to = reply.headers.get("location", "?").partition("?")[0]
        words = Words(f"存储地址已变更：{to}，请修改 upload.url", f"moved to {to}: enter that as upload.url")
        raise Later(words)
    if code in CLOCK:
        raise Later(
            Words("本机时钟与存储服务器不一致", "the store's clock and ours differ: see to the time server")
        )
    if code not in AGAIN and status in NOT_LET_IN:
        words = Words(
            f"存储服务器拒绝本机（{named}），请检查密钥和权限",
            f"the store does not let us in ({named}): check the keys and their rights",
        )
        raise Later(words)
    if code in AGAIN or status in BUSY or status // 100 == 5:  # noqa: PLR2004 (RFC 9110 15.6)
        raise Later(Words(f"存储服务器暂时不可用（{named}）", f"the store cannot take it now ({named})"))
    raise Later(Words(f"存储服务器不接受请求（{named}）", f"the store refuses the request ({named})"))


def code_of(reply: Reply) -> str:
    """S3's own code in an answer of trouble, or nothing."""
    return member(reply, "Code")[:64] if b"<Error>" in reply.body else ""


def member(reply: Reply, name: str) -> str:
    """The first element of that name in an answer; "" where there is none. No parser meets a stranger's XML."""
    found = re.search(rf"<{name}>([A-Za-z0-9._~+/=|:-]+)</{name}>", reply.body.decode("utf-8", "replace"))
    return "" if found is None else found[1]
