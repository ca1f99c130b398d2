"""A release from small packages: judged by others' programs, and the same packages give the same bytes."""

import json
import subprocess
from pathlib import Path

import pytest
from joserfc.jwk import OKPKey

from edge_agent.ops.release.manifest import SEAL, BadRelease, opened, proved
from tests.ops.release.package import package, release, tree

OTHER = OKPKey.generate_key("Ed25519")


@pytest.fixture(scope="module")
def key(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("key") / "maker.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", str(path)], check=True)
    return path


@pytest.fixture(scope="module")
def debs(tmp_path_factory) -> list[Path]:
    folder = tmp_path_factory.mktemp("debs")
    return [
        package(tree(folder / name, machine=name), folder / f"edge-agent_0.1.0_{name}.deb")
        for name in ("amd64", "arm64")
    ]


@pytest.fixture(scope="module")
def made(debs, key, tmp_path_factory) -> Path:
    into = tmp_path_factory.mktemp("made")
    done = release(debs, key, into)
    assert done.returncode == 0, done.stderr
    return into / "edge-agent-0.1.0"


def test_the_bill_of_materials_is_cyclonedx_by_its_own_schema(made) -> None:
    from cyclonedx.schema import SchemaVersion  # noqa: PLC0415 - takes a second, of every process that collects
    from cyclonedx.validation.json import JsonStrictValidator  # noqa: PLC0415

    text = (made / "sbom.cdx.json").read_text("utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    parts = {one["bom-ref"]: one for one in json.loads(text)["components"]}
    wheel = parts["pkg:pypi/apsw@3.54.1?arch=arm64"]
    assert wheel["hashes"] == [{"alg": "SHA-256", "content": "a" * 64}]
    assert wheel["properties"] == [{"name": "edge-agent:carries", "value": "libfoo.so.1"}]
    assert {"pkg:deb/debian/python3.11", "pkg:deb/debian/mosquitto"} <= parts.keys()
    assert "pkg:generic/edge-agent-model/ppe-small/judge.onnx" in parts
    assert parts["pkg:npm/preact@11.2.0"]["licenses"] == [{"expression": "MIT"}]


def test_licences_are_told_in_their_own_words(made) -> None:
    text = (made / "LICENCES.txt").read_text("utf-8")
    assert "Do what you like." in text
    assert "apsw: libfoo.so.1" in text


def test_sums_and_signature_hold_for_who_has_only_common_tools(made, key, tmp_path) -> None:
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=made, check=True)
    public = tmp_path / "public.pem"
    subprocess.run(["openssl", "pkey", "-in", str(key), "-pubout", "-out", str(public)], check=True)
    command = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", str(public)]
    files = ["-in", str(made / "SHA256SUMS"), "-sigfile", str(made / "SHA256SUMS.sig")]
    assert subprocess.run([*command, *files], check=False, capture_output=True).returncode == 0


def test_the_seal_holds_by_the_makers_key_alone(made, key) -> None:
    public = OKPKey.import_key(key.read_bytes())
    found = opened((made / SEAL).read_bytes(), [OTHER, public])
    assert (found.version, found.downgrade, found.records) == ("0.1.0", False, {"agent": 1, "history": 1})
    file = found.package("aarch64")
    proved(made / file.name, file)
    for keys in ([OTHER], []):
        with pytest.raises(BadRelease):
            opened((made / SEAL).read_bytes(), keys)
    with pytest.raises(BadRelease):
        found.package("riscv64")


def test_a_changed_byte_is_found(made, key, tmp_path) -> None:
    public = OKPKey.import_key(key.read_bytes())
    sealed = bytearray((made / SEAL).read_bytes())
    file = opened(bytes(sealed), [public]).package("x86_64")
    sealed[len(sealed) // 2] ^= 1
    with pytest.raises(BadRelease):
        opened(bytes(sealed), [public])
    content = bytearray((made / file.name).read_bytes())
    content[100] ^= 1
    (tmp_path / file.name).write_bytes(content)
    with pytest.raises(BadRelease, match="not the one that was signed for"):
        proved(tmp_path / file.name, file)


def test_the_same_packages_give_the_same_release(debs, key, made, tmp_path) -> None:
    assert release(debs, key, tmp_path).returncode == 0
    names = sorted(path.name for path in made.iterdir())
    assert [(tmp_path / made.name / name).read_bytes() for name in names] == [
        (made / name).read_bytes() for name in names
    ]
    for bundle in made.parent.glob("*.tar"):
        assert (tmp_path / bundle.name).read_bytes() == bundle.read_bytes()


def test_packages_with_other_units_are_no_release(debs, key, tmp_path) -> None:
    other = package(tree(tmp_path / "tree", machine="arm64", unit="[Unit]\n#\n"), tmp_path / "other.deb")
    done = release([debs[0], other], key, tmp_path)
    assert done.returncode != 0
    assert "differ in their units" in done.stderr
