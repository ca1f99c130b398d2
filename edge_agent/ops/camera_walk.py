"""`edge-agent camera walk`: a technician walks before a camera, the box measures, and keeps the certificate.

The camera is opened a second time and judged by programs of its own, so that the running box is not asked; it
judges meanwhile as well, and the walk shows what both together manage.
"""

import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec

from edge_agent.clock import Clock
from edge_agent.domain.observation import Observation, Sighting
from edge_agent.domain.words import Words
from edge_agent.ops.camera_words import no_such, say
from edge_agent.sense.camera import board, manifest, walk
from edge_agent.sense.camera.runtimes.wanted import Wanted
from edge_agent.sense.camera.vision import Folders, Vision
from edge_agent.settings import camera_logins
from edge_agent.settings.site import Settings
from edge_agent.settings.site_cameras import CameraTable
from edge_agent.store.folder import put

WALKS = "walks"  # in the state folder
EX_USAGE = 64  # sysexits.h
EX_DATA = 65
SHADES = " ░▒▓█"
ALONE = Words(
    "请一人走遍摄像机应看到的每一处，始终留在画面内；其他人离开画面",
    "one person walks everywhere the camera must see, and stays in the picture; everybody else leaves it",
)
BLIND = Words(
    "摄像机没有画面可用，请先看 edge-agent camera probe",
    "there was no picture that could be judged: see edge-agent camera probe first",
)


class _Walked:
    """Every judged picture once."""

    def __init__(self) -> None:
        self.looks: list[walk.Look] = []

    def hear(self, said: Observation) -> None:
        """A Deliver."""
        one = walk.look(said) if isinstance(said, Sighting) else None
        if one is not None and (not self.looks or one.at_s > self.looks[-1].at_s + 1e-6):
            self.looks.append(one)


def walked(  # noqa: PLR0913 (where, what, who, how long)
    settings: Settings, root: Path, camera: str, *, by: str, seconds: float, clock: Clock
) -> int:
    """Measure for so long, say what was found, keep it. 0 if the camera sees what it must."""
    table = camera_logins.tables(settings.folder, settings.site).get(camera)
    if table is None:
        say(no_such(settings, camera))
        return EX_USAGE
    say(ALONE)
    models = root / "models"
    wanted = Wanted(runtime=settings.site.vision.runtime, threads=settings.site.vision.threads)
    found = _Walked()
    with tempfile.TemporaryDirectory(prefix="edge-agent-walk-") as scratch:
        accepted = settings.state_folder / "models"
        if accepted.is_dir():
            shutil.copytree(accepted, Path(scratch) / "accepted")  # read, and never written by a walk
        folders = Folders(
            models, Path(scratch), wanted, accepted=Path(scratch) / "accepted",
            guard_colour=settings.site.vision.guard_colour, pipelines=board.pipelines(settings, root),
        )  # fmt: skip
        vision = Vision({camera: table}, clock, folders, clock_declared=settings.site.clock.source == "declared")
        stop = threading.Event()
        timer = threading.Timer(seconds, stop.set)
        timer.start()
        vision.run(found.hear, stop)
    if not found.looks:
        say(BLIND)
        return EX_DATA
    instant = clock.instant()
    made = walk.certificate(
        tuple(found.looks), camera, table.areas, by=by, utc=instant.utc, clock_trusted=instant.trusted,
        of=of(root, table),
    )  # fmt: skip
    keep(settings.state_folder, made)
    for words in described(made):
        say(words)
    return 0 if made.passed else EX_DATA


def of(root: Path, table: CameraTable) -> str:
    """What a walk before this camera would be of, as it is entered now."""
    return walk.key(manifest.model(root / "models", table.model).sha256, table.fps, table.areas)


def keep(state_folder: Path, made: walk.Certificate) -> None:
    """Write the certificate, whole or not at all."""
    folder = state_folder / WALKS
    folder.mkdir(parents=True, exist_ok=True)
    put(folder / f"{made.camera}.json", msgspec.json.format(msgspec.json.encode(made), indent=1))


def void(state_folder: Path, camera: str) -> None:
    """The camera was turned: what was walked was another view."""
    (state_folder / WALKS / f"{camera}.json").unlink(missing_ok=True)


def due(settings: Settings, root: Path) -> Iterator[Words]:
    """A sentence for each camera with areas that nobody has walked as it is now, or that did not pass."""
    if settings.demo:
        return  # a film walks there
    for name, table in settings.site.cameras.items():
        if not table.areas:
            continue
        how = f"edge-agent camera walk {settings.folder.name} {name}"
        made = kept(settings.state_folder, name)
        wanted = of(root, table)
        if made is None or made.key != wanted:
            why = (
                Words("未做走测", "no walk test") if made is None else Words("走测已失效", "its walk test is void")
            )
            yield Words(f"{name}：{why.zh}，请运行 {how}", f"{name}: {why.en}: run {how}")
        elif not made.passed:
            blind = ", ".join(made.faults)
            yield Words(
                f"{name}：走测未通过（{blind}），请运行 {how}", f"{name}: walk test failed ({blind}): run {how}"
            )


def kept(state_folder: Path, camera: str) -> walk.Certificate | None:
    """The camera's certificate; None if there is none, or none that can be read."""
    try:
        return msgspec.json.decode((state_folder / WALKS / f"{camera}.json").read_bytes(), type=walk.Certificate)
    except (OSError, msgspec.MsgspecError):
        return None


def described(made: walk.Certificate) -> Iterator[Words]:
    """The picture as shades (dark: always seen there; a dot: nobody walked there), then what it says."""
    for row in range(walk.ROWS):
        cells = made.cells[row * walk.COLUMNS : (row + 1) * walk.COLUMNS]
        line = "".join(
            "· " if not cell.looks else SHADES[round(cell.rate * (len(SHADES) - 1))] * 2 for cell in cells
        )
        yield Words(line, line)
    for part in made.areas:
        few = part.looks < walk.LOOKS_LEAST
        yield Words(
            f"{part.name}：{part.looks} 帧中看到 {part.seen} 帧" + ("，走得不够" if few else ""),
            f"{part.name}: seen in {part.seen} of {part.looks} pictures" + (", walked too little" if few else ""),
        )
    yield Words(
        f"最长 {made.blind_s:.1f} 秒未看到人；结果延迟 95 % 在 {made.age_p95_s:.2f} 秒内",
        f"longest time unseen {made.blind_s:.1f} s; 95 % of the words came within {made.age_p95_s:.2f} s",
    )
    if made.crowded:
        yield Words(
            f"{made.crowded} 帧有多人，未计", f"{made.crowded} pictures with several people were not counted"
        )
    yield Words("通过", "passed") if made.passed else Words("未通过", "failed")
