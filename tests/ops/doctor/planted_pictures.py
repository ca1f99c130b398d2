"""Faults of what the box sees with: a camera's own, and a model that judges no more."""

import hashlib
import re
import shutil

from msgspec.structs import replace

from edge_agent.settings.site import Settings
from edge_agent.simulate.handle import Simulator
from tests.ops.doctor.conftest import ROOT
from tests.ops.doctor.planted_box import Bench

CHUNK = 4096
NAME = re.compile(rb"[A-Za-z_./0-9]{6}")


def camera(bench: Bench, options: tuple[str, ...] = (), said: str = "") -> Settings:
    running = bench.held.enter_context(Simulator("camera", "--synthetic", "2", *options))
    if said:
        running.command(said)
    table = replace(bench.field.settings.site.cameras["cam-1"], url=f"rtsp://127.0.0.1:{running.port}/live")
    return bench.field.only(cameras={"cam-1": table})


def blind_model(bench: Bench) -> Settings:
    """Its file is whole and entered as it is, and most of its numbers are nought: only pictures show that."""
    settings = camera(bench)
    bench.root = bench.folder / "release"
    (bench.root / "models").mkdir(parents=True)
    for file in (ROOT / "models").iterdir():
        if file.is_file():
            shutil.copy(file, bench.root / "models" / file.name)
    shutil.copytree(ROOT / "firmware_configs", bench.root / "firmware_configs")
    name = settings.site.cameras["cam-1"].model
    manifest = bench.root / "models" / "manifest.toml"
    text = manifest.read_text("utf-8")
    section = text[text.index(f"[{name}]") :]
    file = re.search(r'^file = "(.+)"$', section, re.MULTILINE)
    assert file is not None
    weights = bench.root / "models" / file[1]
    old, content = hashlib.sha256(weights.read_bytes()).hexdigest(), bytearray(weights.read_bytes())
    whole = bytes(content)
    for at in range(CHUNK, len(content) - 2 * CHUNK, CHUNK):
        if not NAME.search(whole, at - CHUNK, at + 2 * CHUNK):  # numbers alone, nothing of the graph
            content[at : at + CHUNK] = bytes(CHUNK)
    weights.write_bytes(content)
    manifest.write_text(text.replace(old, hashlib.sha256(content).hexdigest()), "utf-8")
    return settings
