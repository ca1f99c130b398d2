"""A file from a real HTTP server: from where it broke off, only what was signed for, never beyond the disk."""

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from edge_agent.tell.fetch import getting
from edge_agent.tell.fetch.getting import get
from edge_agent.tell.fetch.wire import HERE, LATER, WRONG, FetchConfig, Fetched
from edge_agent.tell.upload.door import Door
from tests.support.model_server import ModelServer

CONTENT = os.urandom(300_000)


def tried(server: ModelServer, folder: Path, **changes: Any) -> Fetched:
    config = FetchConfig(
        **{
            "url": server.url,
            "sha256": hashlib.sha256(CONTENT).hexdigest(),
            "size": len(CONTENT),
            "target": str(folder / "m.zip"),
            "plain": True,
            "most_kbit_s": 1_000_000,
        }
        | changes
    )
    return get(config, Door(config, silent_s=20.0))


def test_it_goes_on_from_where_it_broke_off(tmp_path: Path) -> None:
    with ModelServer(CONTENT) as server:
        server.cuts = [100_000, 50_000]
        assert [tried(server, tmp_path).how for _ in range(3)] == [LATER, LATER, HERE]
        assert server.asked == ["", "bytes=100000-", "bytes=150000-"]
    assert (tmp_path / "m.zip").read_bytes() == CONTENT
    assert [path.name for path in tmp_path.iterdir()] == ["m.zip"]


def test_a_server_that_knows_no_ranges_sends_it_whole_again(tmp_path: Path) -> None:
    with ModelServer(CONTENT, ranges=False) as server:
        server.cuts = [100_000]
        assert [tried(server, tmp_path).how for _ in range(2)] == [LATER, HERE]
    assert (tmp_path / "m.zip").read_bytes() == CONTENT


@pytest.mark.parametrize("other", [CONTENT[:-1] + b"!" * 2, CONTENT + b"more" * 100_000, CONTENT[::-1]])
def test_what_was_not_signed_for_never_gets_the_name_and_not_a_byte_more_is_taken(
    tmp_path: Path, other: bytes
) -> None:
    with ModelServer(other) as server:
        assert tried(server, tmp_path).how == WRONG
        assert list(tmp_path.iterdir()) == [], "and the next try begins anew"


def test_a_shorter_file_than_what_is_here_is_another_one(tmp_path: Path) -> None:
    (tmp_path / "m.part").write_bytes(CONTENT[:-10])
    with ModelServer(CONTENT[:1000]) as server:
        assert tried(server, tmp_path).how == LATER
        server.content = CONTENT
        assert tried(server, tmp_path).how == HERE
    assert (tmp_path / "m.zip").read_bytes() == CONTENT


@pytest.mark.parametrize(("status", "words"), [(404, "no such file"), (403, "does not let us in"), (503, "now")])
def test_what_the_server_says_is_told_in_words(tmp_path: Path, status: int, words: str) -> None:
    with ModelServer(CONTENT) as server:
        server.status = status
        told = tried(server, tmp_path)
    assert (told.how, words in told.words.en) == (LATER, True), told


def test_nobody_there_no_plain_http_and_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ModelServer(CONTENT) as server:
        assert "plain http" in tried(server, tmp_path, plain=False).words.en
        monkeypatch.setattr(getting, "RESERVE_BYTES", 1 << 60)
        assert "no room" in tried(server, tmp_path).words.en
        monkeypatch.undo()
        assert server.asked == []
    assert "listens" in tried(server, tmp_path).words.en or "refused" in tried(server, tmp_path).words.en
