"""What vision costs beside others on one film: CPU seconds per 1000 inferred frames, each above its own floor.

The others run YOLO11n with the weights it is born with, which sees nothing: they are spared the work that people
make. Ours is the shipped model in the real pair of programs, with tracks, areas, health and stills; a model that
sees nothing would not pass the gate. So each stands beside the floor of its own model in the same run (one
process that decodes and runs the session, bench_vision), and what is compared is what each adds to a picture.
The others need an environment of their own: `python3 -m venv P; P/bin/pip install torch torchvision ultralytics
lap trackers onnx onnxruntime` (AGPL-3.0, gigabytes, no part of this product; torch and torchvision must be of one
release, and `.track()` needs lap); then `make bench PEERS=P/bin/python`.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from edge_agent.ops.demo_clip import cached_clip
from tests.bench.bench_vision import FASTEST_FPS, SHIPPED, WARM_UP, Which, film_rate, floor_apart, pipeline
from tests.bench.table import show

LOOPS = Path(__file__).with_name("peer_loops.py")
SIZE = 416
NAMES = {
    "plain": "plain loop: cv2, ONNX Runtime, suppression",
    "trackers": "the same + trackers' ByteTrack",
    "ultralytics": "Ultralytics YOLO(.onnx).track()",
}
MANIFEST = """
[peer]
file = "peer.onnx"
sha256 = "{digest}"
card = "none: made for this comparison"
licence = "AGPL-3.0"
input_name = "images"
input = [{size}, {size}]
colour = "rgb"
scale = "0-1"
letterbox = "centre"
pad = 114
output_name = "output0"
head = "ultralytics"
strides = [8, 16, 32]
labels = [{labels}]
score_threshold = 0.35
nms_iou = 0.5
"""


def entered(folder: Path) -> None:
    """A models folder with the peer's model."""
    digest = hashlib.sha256((folder / "peer.onnx").read_bytes()).hexdigest()
    labels = ", ".join(f'"{name}"' for name in ("person", *(f"other_{at}" for at in range(1, 80))))
    text = MANIFEST.format(digest=digest, size=SIZE, labels=labels)
    (folder / "manifest.toml").write_text(text, encoding="utf-8")


def floor(which: Which, clip: Path, every: int, count: int) -> float:
    """Of two runs in processes of their own."""
    return (floor_apart(clip, every, count, which) + floor_apart(clip, every, count, which)) / 2


def ours(clip: Path, every: int, count: int) -> float:
    """The real pair of programs."""
    fps = film_rate(clip) / every
    real = pipeline(clip, fps, count, patience_s=60 + 4 * (count + WARM_UP) / fps)
    return sum(cost for name, cost in real.cost.items() if name != "agent's thread")


def row(name: str, cost: float, least: float, note: str = "") -> tuple[str, ...]:
    """What one costs, beside the floor of its model."""
    return name, f"{least:.1f}", f"{cost:.1f}", f"{cost - least:.1f}", f"{cost / least:.2f}", note


def main() -> int:
    """Print the table; without the others' environment say how to make one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", default=os.environ.get("PEERS", ""))
    parser.add_argument("--clip", type=Path, default=cached_clip())
    parser.add_argument("--count", type=int, default=300)
    told = parser.parse_args()
    if not told.python:
        sys.stdout.write("Vision beside others: left out; PEERS names no interpreter that has them (--help)\n")
        return 0
    if not told.clip.exists():
        sys.stderr.write(f"bench peers: {told.clip} is not there: run the demo once, or name a film by --clip\n")
        return 2
    every = max(1, -int(-film_rate(told.clip) // FASTEST_FPS))
    with tempfile.TemporaryDirectory(prefix="edge-agent-peers-") as scratch:
        folder = Path(scratch)
        run = [told.python, str(LOOPS)]
        subprocess.run([*run, "export", "peer.onnx", str(SIZE)], check=True, capture_output=True, cwd=folder)
        entered(folder)
        least = floor(SHIPPED, told.clip, every, told.count)
        rows = [row(f"ours, {SHIPPED.name}", ours(told.clip, every, told.count), least, "wanted: <= 1.15")]
        least = floor(Which(folder, "peer"), told.clip, every, told.count)
        for kind, name in NAMES.items():
            words = [kind, "peer.onnx", str(SIZE), str(told.clip.resolve()), str(every), str(told.count)]
            done = subprocess.run([*run, *words], check=False, capture_output=True, text=True, cwd=folder)
            if done.returncode:
                why = (done.stderr.strip().splitlines() or ["no word"])[-1]
                rows.append((name, f"{least:.1f}", "-", "-", "-", f"does not run in that environment: {why[:60]}"))
                continue
            rows.append(row(name, float(done.stdout.split()[-1]), least))
    head = ("", "floor", "CPU s", "above it", "ratio", "")
    title = f"Vision beside others, CPU s per 1000 inferred frames ({told.clip.name}, {SIZE} px)"
    show(title, head, rows, "onnxruntime", "av", "opencv-python-headless")
    return 0


if __name__ == "__main__":
    sys.exit(main())
