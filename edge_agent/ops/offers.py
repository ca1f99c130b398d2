"""The worker that takes a model which the centre offers through the gate: never while work is under way.

Its file is put into the folder `offered` of the box's state, by its hash (`<sha256>.zip`): over the network or by
a stick, whoever brings it need not be trusted.
"""

import hashlib
import logging
import shutil
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from edge_agent.clock import Clock
from edge_agent.domain.asked import Asked
from edge_agent.domain.centre_model import MOST_BYTES, ModelOffer
from edge_agent.domain.centre_record import CentreRecord
from edge_agent.domain.noted import ModelSettled
from edge_agent.domain.permit import Permit
from edge_agent.domain.words import Words, WordsError
from edge_agent.ops.folders import OFFERED
from edge_agent.sense.camera.manifest import ModelError
from edge_agent.sense.camera.proof import accepted, offered
from edge_agent.sense.camera.proof.offered import Offered
from edge_agent.sense.camera.proof.swap import named
from edge_agent.settings.site import Settings

log = logging.getLogger(__name__)

LOOK_S = 5.0
JUDGED_S = 600.0  # two models on a slow board, each on every drawn picture
MOST_FILES = 20


Known = tuple[Mapping[str, CentreRecord], Mapping[str, Permit]]


class NotTaken(WordsError):  # noqa: N818 (a refusal, not an error of ours)
    """Why the offer is refused."""


class Eyes(Protocol):
    """What judges the cameras: counts its beginnings, and can be made to begin anew."""

    begun: int
    refused: Words

    def reload(self) -> None:
        """Begin anew."""


class Offers:
    """A worker of the supervisor, on a box with cameras."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        eyes: Eyes,
        known: Callable[[], Known],
        ask: Callable[[Asked], object],
    ) -> None:
        """`known` gives the centre's copies and the permits; `ask` takes what is for the record."""
        self._settings, self._clock, self._eyes, self._known, self._ask = settings, clock, eyes, known, ask
        self._folder = settings.state_folder / OFFERED
        self._settled = 0  # version that was answered since this start; the record says it over restarts

    def run(self, stop: threading.Event) -> None:
        """Look until `stop`."""
        while not stop.wait(LOOK_S):
            self.look(stop)

    def look(self, stop: threading.Event) -> None:
        """Take the offer as far as it can be taken now."""
        record = self._known()[0].get("model")
        if record is None or record.model is None or record.live is not None or record.version == self._settled:
            return
        offer = record.model
        file = self._folder / f"{offer.sha256}.zip"
        if not file.is_file() or self._busy():
            return
        try:
            self._unpack(offer, file)
            if self._busy():
                return  # somebody began meanwhile; the next look goes on
            if not self._judged(offer, stop):
                return
        except (NotTaken, ModelError) as fault:
            self._answer(record, fault.words)
        except OSError as fault:  # a full disk says nothing against the model: tried again
            log.warning("the offered model %s: %s", offer.name, fault)
        else:
            self._answer(record, None)

    def _busy(self) -> bool:
        """Whether anybody is at work, may still be inside, or watches what his work may have lit."""
        return any(permit.busy for permit in self._known()[1].values())

    def _unpack(self, offer: ModelOffer, file: Path) -> None:
        """The models folder in the file, if it is the one that was signed for. Raises NotTaken, ModelError."""
        if file.stat().st_size != offer.size or _sha256(file) != offer.sha256:
            raise NotTaken(
                Words("文件与签名清单不符（大小或 SHA-256）", "the file is not the one that was signed for")
            )
        into = self._folder / offer.sha256
        shutil.rmtree(into, ignore_errors=True)
        into.mkdir(parents=True)
        try:
            with zipfile.ZipFile(file) as packed:
                for member in _members(packed):
                    with packed.open(member) as source, (into / member.filename).open("wb") as target:
                        shutil.copyfileobj(source, target)
        except zipfile.BadZipFile as fault:
            raise NotTaken(Words("不是可用的 zip 文件", f"no zip that can be read: {fault}")) from fault
        named(into, offer.name)

    def _judged(self, offer: ModelOffer, stop: threading.Event) -> bool:
        """Let the gate judge it; False where the box ends meanwhile. Raises NotTaken: the live one goes on."""
        cameras = self._settings.site.cameras
        instead_of = {id_: cameras[id_].model for id_ in offer.cameras}
        if any(id_ not in self._live() for id_ in offer.cameras):
            raise NotTaken(Words("没有可比较的现用模型", "there is no live model to compare it with"))
        before = offered.read(self._folder)
        offered.write(self._folder, Offered(name=offer.name, sha256=offer.sha256, instead_of=instead_of))
        begun, until_s = self._eyes.begun, self._clock.monotonic() + JUDGED_S
        self._eyes.reload()
        wanted = named(self._folder / offer.sha256, offer.name).entry.sha256
        while self._clock.monotonic() < until_s and (self._eyes.begun == begun or not self._eyes.refused):
            if self._eyes.begun != begun and all(self._live()[id_] == wanted for id_ in instead_of):
                return True
            if stop.wait(0.1):
                return False
        never = Words("画面分析程序未能以此模型启动", "the program that judges did not begin with it")
        why = never if self._eyes.begun == begun else self._eyes.refused or never
        self._back(before)
        raise NotTaken(why)

    def _live(self) -> dict[str, str]:
        """The weights that judge each camera, by their hash."""
        cameras = accepted.read(self._settings.state_folder / "models").cameras
        return {id_: one.entry.sha256 for id_, one in cameras.items()}

    def _back(self, before: Offered | None) -> None:
        """As it was before the offer."""
        if before is None:
            (self._folder / offered.FILE).unlink(missing_ok=True)
        else:
            offered.write(self._folder, before)
        self._eyes.reload()

    def _answer(self, record: CentreRecord, why: Words | None) -> None:
        assert record.model is not None  # noqa: S101 (`look` saw it)
        self._settled = record.version
        self._ask(
            ModelSettled(
                id=f"model-{record.version}",
                at_s=self._clock.monotonic(),
                version=record.version,
                name=record.model.name,
                sha256=record.model.sha256,
                reasons=() if why is None else (why,),
            )
        )


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _members(packed: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    """The files of a models folder; nothing that could land anywhere else, or fill the disk."""
    found = packed.infolist()
    strange = [
        one.filename for one in found if Path(one.filename).name != one.filename or one.filename.startswith(".")
    ]
    if strange or len(found) > MOST_FILES or sum(one.file_size for one in found) > 2 * MOST_BYTES:
        raise NotTaken(
            Words(
                "zip 内只能是一个模型文件夹的文件，不含子文件夹",
                "the zip must hold the files of one models folder",
            )
        )
    yield from found
