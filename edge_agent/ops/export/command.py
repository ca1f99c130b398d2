"""`edge-agent export`: reads the records beside the running agent, writes one sealed file."""

import argparse
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from edge_agent.clock import Instant
from edge_agent.domain.words import Words
from edge_agent.ops.export import bundle, paper
from edge_agent.ops.export.scope import NOTHING, Scope, around
from edge_agent.ops.export.table import Telling, names, table
from edge_agent.ops.folders import DATABASE, EVIDENCE
from edge_agent.ops.unit_key import unit_key
from edge_agent.settings.site import Settings
from edge_agent.store.errors import StoreError
from edge_agent.store.load import Wanted
from edge_agent.store.reader import Reader
from edge_agent.tell.evidence import MASKED
from edge_agent.tell.signing import public_text

EX_DATAERR, EX_UNAVAILABLE, EX_CANTCREAT = 65, 69, 73  # sysexits.h
TITLE = Words("作业监护记录", "Record of guarded work")


def export(  # noqa: PLR0913 (by name)
    settings: Settings, scope: Scope, into: Path, instant: Instant, *, raw: bool, root: Path
) -> int:
    """Write the bundle; `root` holds the program's words.

    Returns 65 where nothing is of the scope or a record cannot be read, 69 without records, 73 without a file.
    """
    try:
        with Reader.open(settings.state_folder / DATABASE) as records:
            chosen = bundle.choose(records.audit(), scope)
    except StoreError as fault:
        return _said(EX_UNAVAILABLE, f"{fault}")
    except msgspec.MsgspecError as fault:
        return _said(EX_DATAERR, f"记录读不出 / a record cannot be read: {fault}; edge-agent verify")
    if not chosen.events:
        return _said(EX_DATAERR, "没有符合条件的记录 / no record is of what was asked for")
    half = into.with_name(f".{into.name}.part")
    try:
        with zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED) as file:
            telling = Telling(local=settings.local_time, names=names(root))
            told = _told(settings, scope, chosen, instant, raw=raw)
            count = _fill(bundle.Bundle(file), settings, chosen, told, telling)
        half.replace(into)
    except (OSError, paper.NoFont) as fault:
        half.unlink(missing_ok=True)
        return _said(EX_CANTCREAT, f"{into}: {fault}")
    sys.stdout.write(f"{into}: {len(chosen.events)} 条记录、{count} 个证据文件，已签名\n")
    sys.stdout.write(f"  {len(chosen.events)} records, {count} files of evidence, signed\n")
    return 0


def scope_of(settings: Settings, args: argparse.Namespace) -> Scope:
    """What was asked for; of an event the minutes around it. One that is not there gives an empty scope."""
    if args.event is None:
        return Scope(permit=args.permit, person=args.person, from_utc=args.from_utc, to_utc=args.to_utc)
    try:
        with Reader.open(settings.state_folder / DATABASE) as records:
            found = records.recent(1, Wanted(seq=args.event))
    except StoreError:  # told when the records are read for the bundle
        found = ()
    return around(found[0]) if found else NOTHING


def _told(
    settings: Settings, scope: Scope, chosen: bundle.Chosen, instant: Instant, *, raw: bool
) -> dict[str, Any]:
    """What the bundle says of itself."""
    site = settings.site.site
    return {
        "source": f"edge/{site.id}/{site.unit}",
        "demo": settings.demo,
        "made": _utc(instant.utc),
        "clocktrust": "trusted" if instant.trusted else "untrusted",
        "scope": msgspec.to_builtins(scope),
        "raw_pictures": raw,
        "records": {"asked": len(chosen.events), "first": chosen.rows[0][0].n, "last": chosen.rows[-1][0].n},
        "head": {"n": chosen.last_n, "hash": chosen.head},
    }


def _fill(
    out: bundle.Bundle, settings: Settings, chosen: bundle.Chosen, told: dict[str, Any], telling: Telling
) -> int:
    """How many files of evidence are in it."""
    key = unit_key(settings.state_folder)
    evidence = list(bundle.pictures(settings.state_folder / EVIDENCE, chosen.events, raw=told["raw_pictures"]))
    stills = [path for path in evidence if path.name.endswith(MASKED)]
    out.add(bundle.RECORDS, bundle.lines(chosen))
    out.add(bundle.TABLE, table(chosen.events, telling))
    out.add(bundle.PAPER, paper.paper(_cover(settings, told, key), chosen.events, stills, telling))
    for path in evidence:
        out.add(f"{bundle.PICTURES}/{path.name}", path.read_bytes())
    out.seal(told, key)
    return len(evidence)


def _cover(settings: Settings, told: dict[str, Any], key: Any) -> paper.Cover:
    site, records = settings.site.site, told["records"]
    asked = (
        ", ".join(f"{name} {_asked(name, value)}" for name, value in told["scope"].items()) or "全部 everything"
    )
    return paper.Cover(
        title=TITLE,
        lines=(
            ("站点 site", f"{site.name.zh} / {site.name.en} ({site.id}, {site.unit})"),
            ("范围 asked for", asked),
            ("记录 records", f"{records['asked']} (第 {records['first']} 至 {records['last']} 条 rows)"),
            ("制作 made", f"{told['made']} UTC ({told['clocktrust']})"),
            ("链头 head of the chain", f"{told['head']['n']}: {told['head']['hash']}"),
            ("公钥 public key", public_text(key)),
            *((("演示 DEMO", "演示限值，不提供保护 demo limits, nothing is protected"),) if told["demo"] else ()),
        ),
    )


def _asked(name: str, value: Any) -> str:
    return _utc(value) if name.endswith("_utc") else str(value)


def _utc(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _said(code: int, words: str) -> int:
    sys.stderr.write(f"{words}\n")
    return code
