"""A shelf of drawn pictures: figures with a coloured hat and vest, and labels that are right."""

from pathlib import Path

import cv2
import numpy as np
import pytest

BLUE, GREEN, RED = (255, 0, 0), (0, 255, 0), (0, 0, 255)
SETS = """
[drawn]
folder = "drawn"
origin = "drawn by a test"
licence = "Apache-2.0"
labelled = ["person", "hardhat", "vest", "no_hardhat", "no_vest"]

[heads]
folder = "heads"
share = 0.5
origin = "drawn by a test"
licence = "Apache-2.0"
labelled = ["hardhat", "no_hardhat"]
hardhat_box = "head"

[judge]
folder = "drawn"
use = "judge"
origin = "drawn by a test"
licence = "Apache-2.0"
labelled = ["person", "hardhat", "vest"]
"""


def yolo(label: int, box: tuple[int, int, int, int], width: int, height: int) -> str:
    x1, y1, x2, y2 = box
    numbers = ((x1 + x2) / 2 / width, (y1 + y2) / 2 / height, (x2 - x1) / width, (y2 - y1) / height)
    return " ".join([str(label), *(f"{number:.6f}" for number in numbers)])


def drawn(number: int) -> tuple[np.ndarray, list[str]]:
    """One figure on a wall; every second wears a hat, every third a vest."""
    rng = np.random.default_rng(number)
    picture = rng.integers(90, 140, (200, 260, 3), dtype=np.uint8)
    x, y = int(rng.integers(5, 150)), int(rng.integers(5, 40))
    cv2.rectangle(picture, (x, y), (x + 60, y + 140), BLUE, -1)
    hat, vest = (x + 15, y, x + 45, y + 25), (x + 8, y + 40, x + 52, y + 90)
    cv2.rectangle(picture, hat[:2], hat[2:], GREEN if number % 2 else (40, 60, 90), -1)
    cv2.rectangle(picture, vest[:2], vest[2:], RED if number % 3 else (120, 60, 60), -1)
    lines = [yolo(0, (x, y, x + 60, y + 140), 260, 200)]
    lines += [yolo(1 if number % 2 else 3, hat, 260, 200), yolo(2 if number % 3 else 4, vest, 260, 200)]
    return picture, lines


@pytest.fixture
def shelf_folder(tmp_path: Path) -> Path:
    """DIR/sets.toml, DIR/drawn and DIR/heads with six pictures each."""
    folder = tmp_path / "shelf"
    for name in ("drawn", "heads"):
        (folder / name / "images").mkdir(parents=True)
        (folder / name / "labels").mkdir()
        for number in range(6):
            picture, lines = drawn(number)
            cv2.imwrite(str(folder / name / "images" / f"{number}.png"), picture)
            chosen = lines if name == "drawn" else lines[1:2]
            (folder / name / "labels" / f"{number}.txt").write_text("\n".join(chosen) + "\n", "ascii")
    (folder / "sets.toml").write_text(SETS, "utf-8")
    return folder
