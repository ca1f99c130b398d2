"""What a release is made of, as CycloneDX 1.6 writes it (https://cyclonedx.org/docs/1.6/json/)."""

import time
import uuid
from collections.abc import Iterable
from typing import Any

from edge_agent.ops.release.contents import Part

NAMES = {"pypi": "library", "npm": "library", "deb": "library", "model": "machine-learning-model"}


def sbom(version: str, made_utc: float, parts: Iterable[Part]) -> dict[str, Any]:
    """The document. The same parts give the same bytes, its number among them."""
    root = f"pkg:generic/edge-agent@{version}"
    found = sorted((_component(part) for part in parts), key=lambda one: str(one["bom-ref"]))
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{root}#{made_utc:.0f}')}",
        "version": 1,
        "metadata": {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(made_utc)),
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": "edge-agent",
                "version": version,
                "licenses": [{"expression": "Apache-2.0"}],
                "purl": root,
            },
        },
        "components": found,
        "dependencies": [{"ref": root, "dependsOn": [one["bom-ref"] for one in found]}],
    }


def _component(part: Part) -> dict[str, Any]:
    purl = _purl(part)
    told: dict[str, Any] = {"type": NAMES[part.kind], "bom-ref": purl, "name": part.name, "purl": purl}
    if part.version:
        told["version"] = part.version
    if part.hashes:
        told["hashes"] = [{"alg": name, "content": text} for name, text in sorted(part.hashes.items())]
    if part.licence:
        told["licenses"] = [{"expression": part.licence} if part.spdx else {"license": {"name": part.licence}}]
    if part.carries:
        told["properties"] = [{"name": "edge-agent:carries", "value": name} for name in part.carries]
    return told


def _purl(part: Part) -> str:
    where = {"model": "generic/edge-agent-model", "deb": "deb/debian"}.get(part.kind, part.kind)
    version = f"@{part.version}" if part.version else ""
    arch = f"?arch={part.machine}" if part.machine else ""
    return f"pkg:{where}/{part.name.replace('@', '%40')}{version}{arch}"
