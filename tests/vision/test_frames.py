"""The frame buffer: the newest picture wins, and half a picture is never taken for a whole one."""

import os
import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest

from edge_agent.sense.camera import frames
from edge_agent.sense.camera.frames import FrameReader, FrameWriter


@pytest.fixture
def fd() -> Iterator[int]:
    descriptor = frames.create("cam-1")
    yield descriptor
    os.close(descriptor)


def plain(value: int, width: int = 40, height: int = 30) -> np.ndarray:
    return np.full((height, width * 3), value, np.uint8)


def test_nothing_written_is_no_frame(fd: int) -> None:
    reader = FrameReader(fd)
    assert reader.newest().seq == 0
    assert reader.unseen(0) is None


def test_a_frame_arrives_whole_with_its_times(fd: int) -> None:
    FrameWriter(fd).write(plain(7), 12.5, 3.25)
    frame = FrameReader(fd).unseen(0)
    assert frame is not None
    assert (frame.seq, frame.arrived_s, frame.pts_s) == (1, 12.5, 3.25)
    assert frame.picture.shape == (30, 40, 3)
    assert (frame.picture == 7).all()


def test_a_stream_without_time_has_none(fd: int) -> None:
    FrameWriter(fd).write(plain(7), 1.0, None)
    frame = FrameReader(fd).unseen(0)
    assert frame is not None
    assert frame.pts_s is None


def test_only_the_newest_is_handed_out_and_only_once(fd: int) -> None:
    writer, reader = FrameWriter(fd), FrameReader(fd)
    for value in (1, 2, 3):
        writer.write(plain(value), float(value), None)
    frame = reader.unseen(0)
    assert frame is not None
    assert (frame.seq, int(frame.picture[0, 0, 0])) == (3, 3)
    assert reader.unseen(3) is None


def test_a_frame_holds_for_one_more_picture_and_no_longer(fd: int) -> None:
    writer, reader = FrameWriter(fd), FrameReader(fd)
    writer.write(plain(1), 1.0, None)
    frame = reader.unseen(0)
    assert frame is not None
    writer.write(plain(2), 2.0, None)
    assert reader.held(frame)
    assert (frame.picture == 1).all()
    writer.write(plain(3), 3.0, None)
    assert not reader.held(frame)


def test_a_slot_being_written_is_no_frame(fd: int) -> None:
    FrameWriter(fd).write(plain(1), 1.0, None)
    at = frames._slot(1)
    os.pwrite(fd, (3).to_bytes(8, "little"), at)  # as if the writer had been killed at work
    assert FrameReader(fd).unseen(0) is None
    FrameWriter(fd).write(plain(2), 2.0, None)
    FrameWriter(fd).write(plain(3), 3.0, None)  # the slot of the accident is used again
    frame = FrameReader(fd).unseen(0)
    assert frame is not None
    assert (frame.seq, int(frame.picture[5, 5, 0])) == (3, 3)


def test_a_new_writer_goes_on_counting(fd: int) -> None:
    FrameWriter(fd).write(plain(1), 1.0, None)
    assert FrameWriter(fd).write(plain(2), 2.0, None) == 2


WRITER = """
import os, sys
import numpy as np
from edge_agent.sense.camera.frames import FrameWriter

writer, rows = FrameWriter(int(sys.argv[1])), np.zeros((1, 3), np.uint8)
print(flush=True)
while True:
    writer.write(rows, float(writer._seq + 1), None)
"""


def test_a_number_is_seen_whole_or_not_at_all_while_another_program_writes_and_is_killed(fd: int) -> None:
    """Never fewer than before, never with the arrival of another: each of it once made a camera blind."""
    reader, last = FrameReader(fd), 0
    for _ in range(5):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(fd)], pass_fds=(fd,), stdout=subprocess.PIPE
        ) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            until = last + 2000
            try:
                while last < until:
                    newest = reader.newest()
                    assert newest.seq >= last
                    assert newest.arrived_s == float(newest.seq)
                    last = newest.seq
            finally:
                writer.kill()
    assert FrameWriter(fd).write(plain(1), 1.0, None) >= last


def test_a_count_that_begins_again_is_no_reason_to_be_blind(fd: int) -> None:
    reader = FrameReader(fd)
    FrameWriter(fd).write(plain(9), 9.0, None)
    frame = reader.unseen(after=90_000)
    assert frame is not None
    assert frame.seq == 1


def test_the_size_may_change_between_pictures(fd: int) -> None:
    writer, reader = FrameWriter(fd), FrameReader(fd)
    writer.write(plain(1, 40, 30), 1.0, None)
    writer.write(plain(2, 64, 48), 2.0, None)
    frame = reader.unseen(0)
    assert frame is not None
    assert frame.picture.shape == (48, 64, 3)


def test_a_picture_larger_than_the_buffer_is_refused(fd: int) -> None:
    with pytest.raises(ValueError, match="larger"):
        FrameWriter(fd).write(np.zeros((1300, 1300 * 3), np.uint8), 1.0, None)


@pytest.mark.parametrize(
    ("size", "passed_on"),
    [((640, 480), (640, 480)), ((1920, 1080), (1280, 720)), ((1080, 1920), (720, 1280)), ((9000, 2), (1280, 1))],
)
def test_pictures_are_reduced_never_enlarged(size: tuple[int, int], passed_on: tuple[int, int]) -> None:
    assert frames.reduced(*size) == passed_on
