"""A copy of what the settings are read from: the demo site, rulebooks, profiles, and a small model."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[2]
SITE = Path("zones") / "demo-tank"
MODEL = b"not a model, but a file with a hash"


def copy_root(to: Path) -> Path:
    """Everything that `load` reads, under `to`; the model is a few bytes, so that checks stay quick.

    The voices are most of the files there, and settings name none of them.
    """
    for part in ("zones", "firmware_configs"):
        shutil.copytree(REPOSITORY / part, to / part, ignore=shutil.ignore_patterns("state", "runtime", "voices"))
    (to / "models").mkdir()
    (to / "models" / "tiny.onnx").write_bytes(MODEL)
    digest = hashlib.sha256(MODEL).hexdigest()
    manifest = f'[ppe-nano-third]\nfile = "tiny.onnx"\nsha256 = "{digest}"\n'
    (to / "models" / "manifest.toml").write_text(manifest)
    return to


def toml(value: Any) -> str:
    """A value as inline TOML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        # TOML's basic strings are JSON's, but for DEL, which must be escaped, and lone surrogates
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    return repr(value)


def write_toml(path: Path, table: dict[str, Any]) -> None:
    """The table as a file, one key of the top table per line."""
    path.write_text(
        "\n".join(f"{json.dumps(key)} = {toml(value)}" for key, value in table.items()), encoding="utf-8"
    )
