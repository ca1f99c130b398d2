"""The certificate as it is handed over: JSON that the unit's key signed, and a PDF in Chinese and English.

`certificate` of the JSON is for reading; what counts is `jws` over the very same bytes (Ed25519, RFC 7515, 8037).
"""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256

import msgspec
import rfc8785
from joserfc.jwk import OKPKey

from edge_agent.decide.commissioning_items import items
from edge_agent.domain.commissioning import Certificate, Trial
from edge_agent.domain.words import Words
from edge_agent.ops.export.paper import Cover, Loud, sheet
from edge_agent.settings.site import Settings
from edge_agent.tell.signing import public_text, sign

SCHEMA = "edge_agent.commissioning.v1"
TITLE = Words("监护主机投运证书", "Commissioning certificate of a guarding unit")
HEADS = (
    "项目\nitem", "结果\nresult", "数值\nvalue", "限值\nlimit", "依据\nclause",
    "时间\nwhen", "人员\nwho", "说明\nnote",
)  # fmt: skip
WIDTHS = (34, 19, 18, 16, 26, 22, 22, 33)  # of 190 mm
RESULTS = {
    "passed": Words("通过", "passed"),
    "failed": Words("未通过", "failed"),
    "not_done": Words("未做", "NOT DONE"),
}
SUPPLEMENT = Words(
    "本机为补充措施，不代替经认证的气体检测和安全系统。",
    "The unit is a supplementary measure; it replaces no certified gas detection or safety system.",
)


NO_CENTRE = Words(
    "本站声明没有中心：上行不作测试，无人在远处知悉报警。",
    "The site declares that it has no centre: the uplink is not tried, and nobody far away is told of an alarm.",
)
LET_BE = Words("例外：测得未通过", "EXCEPTION: measured FAILED")


def as_json(certificate: Certificate, key: OKPKey) -> bytes:
    """Signed by the unit."""
    told = {"schema": SCHEMA, **msgspec.to_builtins(certificate)}
    public = public_text(key)
    jws = sign(rfc8785.dumps(told), key, public).decode()
    return msgspec.json.format(msgspec.json.encode({"certificate": told, "key": public, "jws": jws}), indent=1)


def as_pdf(certificate: Certificate, signed: bytes, settings: Settings, persons: dict[str, str]) -> bytes:
    """To be printed and filed beside the signed JSON, whose SHA-256 it names. Raises NoFont."""
    not_done = [one for one in certificate.trials if one.outcome == "not_done"]
    names = ", ".join(one.key for one in not_done) or "-"
    site = settings.site.site
    lines = (
        ("证书 certificate", certificate.number),
        ("站点 site", f"{site.name.zh} / {site.name.en} ({certificate.site})"),
        ("主机 unit", certificate.unit),
        ("签发 issued", f"{_when(certificate.issued_utc, settings)}  {_who(certificate.by, persons)}"),
        ("有效至 valid until", _when(certificate.valid_until_utc, settings)),
        ("未做 not done", names),
        *_let_be(certificate, settings, persons),
        *(() if settings.site.uplink.centre else (("中心 centre", f"{NO_CENTRE.zh} {NO_CENTRE.en}"),)),
        ("设置 settings", certificate.settings),
        ("签名文件 signed file", f"SHA-256 {sha256(signed).hexdigest()}"),
        ("主机公钥 unit's public key", str(msgspec.json.decode(signed)["key"])),
        ("声明 statement", f"{SUPPLEMENT.zh} {SUPPLEMENT.en}"),
        *((("演示 DEMO", "演示限值，不提供保护 demo limits, nothing is protected"),) if settings.demo else ()),
    )
    known = items(settings)
    rows = tuple(_row(one, settings, persons, _name(one, known)) for one in certificate.trials)
    return sheet(Cover(title=TITLE, lines=lines), HEADS, WIDTHS, rows)


def _name(trial: Trial, known: object) -> Words:
    item = known.get(trial.key) if isinstance(known, dict) else None
    return Words(trial.key, trial.key) if item is None else item.name


def _row(trial: Trial, settings: Settings, persons: dict[str, str], name: Words) -> tuple[str, ...]:
    result = RESULTS[trial.outcome]
    how = (
        "" if trial.outcome == "not_done" else "\n本机测量\nmeasured" if trial.measured else "\n人员填写\nentered"
    )
    return (
        name.zh if name.zh == name.en else f"{name.zh}\n{name.en}",
        f"{result.zh} {result.en}{how}" if trial.excepted is None else Loud(f"{LET_BE.zh}\n{LET_BE.en}"),
        _figure(trial.value, trial.unit) if trial.excepted is None else Loud(_figure(trial.value, trial.unit)),
        _figure(trial.limit, trial.unit),
        trial.clause,
        _when(trial.at_utc, settings),
        "\n".join(_who(one, persons) for one in _people(trial)),
        _told(trial),
    )


def _told(trial: Trial) -> str:
    said = "\n".join((trial.note, *_pictures(trial)))
    return said if trial.excepted is None else Loud(f"{said}; {trial.excepted.reason}")


def _pictures(trial: Trial) -> Iterator[str]:
    """What was seen, by the beginnings of the pictures' hashes; the signed file has them whole."""
    if trial.files:
        yield f"照片 stills, SHA-256: {', '.join(digest[:8] for digest in trial.files.values())}"


def _let_be(certificate: Certificate, settings: Settings, persons: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Each measured failure that a safety officer lets be, on the cover: nobody may overlook it."""
    for one in certificate.trials:
        if one.excepted is not None:
            until, who = _when(one.excepted.until_utc, settings), _who(one.excepted.by, persons)
            figure = f"{_figure(one.value, one.unit)} / {_figure(one.limit, one.unit)}"
            yield (
                "例外 EXCEPTION",
                Loud(
                    f"{one.key}: {LET_BE.zh} {LET_BE.en} {figure}; 至 until {until}; {who}: {one.excepted.reason}"
                ),
            )


def _people(trial: Trial) -> Iterator[str]:
    yield trial.by
    if trial.second:
        yield trial.second


def _figure(value: float | None, unit: str) -> str:
    return "-" if value is None else f"{value:g} {unit}".strip()


def _who(id_: str, persons: dict[str, str]) -> str:
    return persons.get(id_, id_)


def _when(utc: float, settings: Settings) -> str:
    local: datetime = settings.local_time.local(utc)
    return f"{local:%Y-%m-%d %H:%M}"
