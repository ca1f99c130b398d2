"""What a phone must load before it shows anything is small, and nothing comes from elsewhere."""

import gzip
import json
import re
from pathlib import Path

import pytest

import web_ui

BUILT = Path(web_ui.__file__).parent / "built"
MOST_BYTES = 120_000  # gzipped: two seconds of a poor phone link on a site
LARGEST_PART = 200_000  # bytes, not even gzipped
ADDRESS = re.compile(rb"""(?:src|href|import|url)\s*[=(]?\s*["'(](https?:)?//""")


def built() -> list[Path]:
    files = [path for path in BUILT.rglob("*") if path.is_file()]
    assert files, f"{BUILT} is empty: run make pages"
    return files


def first_load() -> dict[str, int]:
    """The page, what it names, what those import at once, and the larger of the two languages; gzipped bytes."""
    wanted = {"index.html"}
    words = sorted(BUILT.glob("assets/words-*.js"), key=lambda path: path.stat().st_size)
    wanted.add(str(words[-1].relative_to(BUILT)))
    todo = ["index.html"]
    while todo:
        one = BUILT / todo.pop()
        text = one.read_text("utf-8")
        found = {name.lstrip("/") for name in re.findall(r'(?:src|href)="(/[^"]+)"', text)}
        found |= {f"assets/{name}" for name in re.findall(r'(?:from|import)\s*"\./([^"]+)"', text)}
        todo += [name for name in found - wanted if name.endswith(".js")]
        wanted |= found
    return {name: len(gzip.compress((BUILT / name).read_bytes())) for name in wanted}


def test_the_first_load_is_small() -> None:
    sizes = first_load()
    assert len(sizes) >= 5  # page, icon, script, style, words
    assert sum(sizes.values()) <= MOST_BYTES, json.dumps(sizes, indent=2)


@pytest.mark.parametrize("kind", ["html", "js", "css"])
def test_nothing_is_loaded_from_elsewhere(kind: str) -> None:
    files = [path for path in built() if path.suffix == f".{kind}"]
    assert files
    assert [(path.name, found[0]) for path in files if (found := ADDRESS.findall(path.read_bytes()))] == []


def test_the_page_has_no_inline_script_or_style() -> None:
    """So that the content security policy needs no 'unsafe-inline'."""
    page = (BUILT / "index.html").read_text("utf-8")
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\bon\w+=|\bstyle=", page) == []


def test_what_is_loaded_when_it_is_opened_is_small_too() -> None:
    """Each part of the pages for itself, as it lies there: charts, map, cameras."""
    parts = {path.name: path.stat().st_size for path in built() if path.suffix in {".js", ".css"}}
    assert len(parts) > 20
    assert {name: size for name, size in parts.items() if size > LARGEST_PART} == {}
