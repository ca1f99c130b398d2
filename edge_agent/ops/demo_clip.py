"""The demo's film, made once: people walking, out of Debian's opencv-doc, as H.264 that a camera would send.

`python -m edge_agent.ops.demo_clip` prints where it lies. The package (274 MB when installed) is fetched by
apt into a temporary folder and one file is taken out of it; nothing is installed and no right is needed.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
from av.container import OutputContainer
from av.video.frame import PictureType
from av.video.stream import VideoStream

PACKAGE: Final = "opencv-doc"
MEMBER: Final = "./usr/share/doc/opencv-doc/examples/data/vtest.avi"
SIZE_PX: Final = (768, 576)
RATE_HZ: Final = 10
FETCH_LIMIT_S: Final = 900.0

# A key frame every second and no B-frames: what surveillance cameras send, and a reader may join anywhere.
ENCODER: Final = {"preset": "veryfast", "crf": "21", "bf": "0", "x264-params": "keyint=10:scenecut=0"}


class ClipError(Exception):
    """The clip cannot be had; says why and what to do."""


def cached_clip() -> Path:
    """Where the clip lies once it is made: $XDG_CACHE_HOME (or ~/.cache), edge-agent/vtest.mp4."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    cache = Path(given) if given.startswith("/") else Path.home() / ".cache"
    return cache / "edge-agent" / "vtest.mp4"


def demo_clip() -> Path:
    """The clip's path; makes it first when it is not there yet (about 10 s and the download). Raises ClipError."""
    clip = cached_clip()
    if not clip.exists():
        make_clip(clip)
    return clip


def make_clip(clip: Path) -> None:
    """Fetch the film, transcode it beside `clip`, look through it, and only then give it its name."""
    clip.parent.mkdir(parents=True, exist_ok=True)
    part = clip.with_name(f"{clip.stem}.{os.getpid()}.part")  # two makers at once do each other no harm
    try:
        with tempfile.TemporaryDirectory(prefix="edge-agent-clip-") as name:
            scratch = Path(name)
            written = transcode(take_film(fetch_package(scratch), scratch / "vtest.avi"), part)
        readable = count_frames(part)
        if readable != written or written == 0:
            raise ClipError(f"{written} frames were written to {part}, {readable} can be read: is the disk full?")
        part.replace(clip)
    finally:
        part.unlink(missing_ok=True)


def fetch_package(folder: Path) -> Path:
    """The .deb file of PACKAGE, downloaded into `folder`; refreshes a package list of its own if need be."""
    for tool in ("apt-get", "dpkg-deb"):
        if shutil.which(tool) is None:
            raise ClipError(
                f"{tool} is missing: the demo's film comes out of Debian's package {PACKAGE}. "
                f"On another system put any H.264 film with people at {cached_clip()}"
            )
    said = _apt(folder, ["download", PACKAGE])
    if not _deb_in(folder):
        # No or outdated package lists, and no right to refresh those of the machine: use private ones.
        for part in ("lists/partial", "cache/archives/partial"):
            (folder / part).mkdir(parents=True)
        private = ["-o", f"Dir::State::Lists={folder}/lists", "-o", f"Dir::Cache={folder}/cache"]
        said = "; ".join(
            filter(None, (_apt(folder, [*private, *words]) for words in (["update"], ["download", PACKAGE])))
        )
    deb = _deb_in(folder)
    if deb is None:
        raise ClipError(
            f"apt could not download {PACKAGE}, which holds the demo's film: {said or 'no reason given'}. "
            f"Check that `apt-get update` and `apt-get download {PACKAGE}` work, then run it again"
        )
    return deb


def _apt(folder: Path, words: list[str]) -> str:
    """Run apt-get in `folder`; its complaints."""
    # As root, apt would hand the download to its user _apt, who may not write here: stay who we are.
    command = ["apt-get", "-q", "-o", "APT::Sandbox::User=", *words]
    env = {**os.environ, "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(  # noqa: S603 -- fixed words, no shell
            command, cwd=folder, env=env, check=False, capture_output=True, text=True, timeout=FETCH_LIMIT_S
        )
    except subprocess.TimeoutExpired:
        return f"nothing came within {FETCH_LIMIT_S:.0f} s"
    return "; ".join(line.strip(" .") for line in done.stderr.splitlines() if line.startswith(("E:", "W: Failed")))


def _deb_in(folder: Path) -> Path | None:
    return next(iter(folder.glob(f"{PACKAGE}_*.deb")), None)


def take_film(deb: Path, film: Path) -> Path:
    """Write the one file out of the package, without unpacking the rest."""
    with (
        film.open("wb") as out,
        subprocess.Popen(  # noqa: S603 -- fixed words, no shell
            ["dpkg-deb", "--fsys-tarfile", str(deb)],  # noqa: S607 -- wherever this system keeps it
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as package,
    ):
        # dpkg-deb ends by SIGPIPE when tar has what it wants; only tar's word counts.
        taken = subprocess.run(  # noqa: S603
            ["tar", "--extract", "--to-stdout", "--occurrence=1", MEMBER],  # noqa: S607
            stdin=package.stdout,
            stdout=out,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    if taken.returncode != 0 or film.stat().st_size == 0:
        raise ClipError(f"{deb.name} does not hold {MEMBER}; the demo needs opencv-doc of Debian 12 or 13")
    return film


def transcode(film: Path, clip: Path) -> int:
    """Write `film` to `clip` as H.264 in MP4: SIZE_PX, RATE_HZ, evenly timed. Returns how many frames."""
    written = 0
    with av.open(str(film)) as source, av.open(str(clip), "w", format="mp4") as target:
        stream = _h264(target)
        for frame in source.decode(video=0):
            picture = frame.reformat(*SIZE_PX, format="yuv420p")
            picture.pict_type = PictureType.NONE  # the film's own key frames must not become ours
            picture.pts, picture.time_base = written, Fraction(1, RATE_HZ)
            target.mux(stream.encode(picture))
            written += 1
        target.mux(stream.encode(None))
    return written


def _h264(target: OutputContainer) -> VideoStream:
    stream: VideoStream = target.add_stream("libx264", rate=RATE_HZ, options=ENCODER)
    stream.width, stream.height = SIZE_PX
    stream.pix_fmt = "yuv420p"
    stream.codec_context.time_base = Fraction(1, RATE_HZ)
    return stream


def count_frames(clip: Path) -> int:
    """How many frames decode: the proof that the clip is whole."""
    with av.open(str(clip)) as source:
        return sum(1 for _ in source.decode(video=0))


def main() -> int:
    """Print the path, or in plain words what is missing (exit 1)."""
    try:
        print(demo_clip())  # noqa: T201 -- the answer of this command
    except (ClipError, OSError, av.FFmpegError) as error:
        print(f"demo clip: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
