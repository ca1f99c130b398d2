"""Renders every piece of the box's voice anew: `python -m edge_agent.ops.voice.render FOLDER OUT [PIECE...]`.

FOLDER holds what `firmware_configs/voices/README.md` says how to get: the weights and the voices of Kokoro-82M
(Apache-2.0), and misaki. Nothing of it is needed on a box, and nothing is fetched here.
"""

import argparse
import hashlib
import importlib
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import onnxruntime as ort  # type: ignore[import-untyped]

from edge_agent.decide.rules.table import RULES
from edge_agent.decide.speech import pieces
from edge_agent.domain.words import Words
from edge_agent.ops.voice.manifest import Piece, read, write
from edge_agent.settings.one_book import one_book

ROOT = Path(__file__).resolve().parents[3]
BOOKS = ROOT / "zones" / "rulebooks"
RATE_HZ = 24_000
MODEL = "kokoro-v1.0.int8.onnx"
SPEAKERS = {"zh": "zf_xiaoxiao.bin", "en": "af_heart.bin"}
SHA256 = {
    MODEL: "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
    "zf_xiaoxiao.bin": "03adb5d5e3ddd88b047954e974e651cb0a4b524c985057e5d872e962c7be1169",
    "af_heart.bin": "d583ccff3cdca2f7fae535cb998ac07e9fcb90f09737b9a41fa2734ec44a8f0b",
}
# What is not understood as it is written: of one or two syllables, an abbreviation, or like its opposite.
GAS = {"zh": "气体为", "en": "gas: "}
SPOKEN = {
    "求救": "有人求救",
    "氨": "氨气",
    "苯": "苯蒸气",
    "SOS": "S O S",
    "n-hexane": "hexane",
    "Unauthorised person inside": "A person who is not allowed is inside",  # not "an authorised person"
}
SILENCE = 0.02  # of full scale: what is softer at the ends is cut
MARGIN_S = 0.06
PEAK = 0.89  # -1 dBFS
BITS_PER_S = 24_000

Sound = npt.NDArray[np.float32]


def main() -> None:
    """Render all pieces, or those that are named, and write the manifest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("piece", nargs="*")
    asked = parser.parse_args()
    books = [one_book(path, ROOT) for path in sorted(BOOKS.glob("*.toml"))]
    wanted = pieces(RULES, books)
    speak = Kokoro(asked.folder)
    known = read(asked.out) if (asked.out / "manifest.json").is_file() else {}
    for name, words in wanted.items():
        if asked.piece and name not in asked.piece:
            continue
        if not asked.piece and name in known and known[name].words == words:
            continue
        known[name] = _rendered(speak, name, words, asked.out)
        write(asked.out, {one: known[one] for one in wanted if one in known})
        sys.stdout.write(f"{name} {known[name].duration_s}\n")
        sys.stdout.flush()


def _rendered(speak: "Kokoro", name: str, words: Words, out: Path) -> Piece:
    lasts, hashes = {}, {}
    for language, text in (("zh", words.zh), ("en", words.en)):
        sound = _levelled(speak(said(name, text, language), language))
        path = out / language / f"{name}.opus"
        path.parent.mkdir(parents=True, exist_ok=True)
        _encode(sound, path)
        lasts[language] = round(len(sound) / RATE_HZ, 2)
        hashes[language] = hashlib.sha256(path.read_bytes()).hexdigest()
    return Piece(words=words, duration_s=lasts, sha256=hashes)


def said(name: str, text: str, language: str) -> str:
    """What is spoken for these words: a name of one or two syllables alone is not understood."""
    text = SPOKEN.get(text, text)
    return f"{GAS[language]}{text}" if name.startswith("gas.") else text


class Kokoro:
    """The synthesiser: text and language to samples."""

    def __init__(self, folder: Path) -> None:
        """Raises ValueError where a file is another one than these pieces were made with."""
        for name, wanted in SHA256.items():
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != wanted:
                raise ValueError(f"{folder / name}: not the file that firmware_configs/voices/README.md names")
        self._session = ort.InferenceSession(str(folder / MODEL), providers=["CPUExecutionProvider"])
        self._vocab: dict[str, int] = json.loads((folder / "vocab.json").read_text("utf-8"))["vocab"]
        self._styles = {
            language: np.fromfile(folder / file, dtype=np.float32).reshape(-1, 1, 256)
            for language, file in SPEAKERS.items()
        }
        self._sounds: dict[str, Callable[[str], str]] = {"zh": _chinese(), "en": _english}

    def __call__(self, text: str, language: str) -> Sound:
        """The samples of one piece, `RATE_HZ` of them a second. Raises ValueError where a sound is not known."""
        sounds = self._sounds[language](text)
        unknown = {one for one in sounds if one not in self._vocab}
        if unknown:
            raise ValueError(f"{text}: no sound for {unknown}")
        tokens = [self._vocab[one] for one in sounds]
        feed = {
            "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
            "style": self._styles[language][len(tokens)],
            "speed": np.array([0.9], dtype=np.float32),
        }
        found: Sound = np.asarray(self._session.run(None, feed)[0]).squeeze()
        return found


def _chinese() -> Callable[[str], str]:
    """Characters to sounds by misaki: words by jieba, syllables with tone by pypinyin."""
    told = importlib.import_module("misaki.zh").ZHG2P()

    def sounds(text: str) -> str:
        said = told(re.sub(r"\s+", "，", text) + "。")
        return str(said[0] if isinstance(said, tuple) else said)

    return sounds


# How eSpeak's letters differ from those that Kokoro was trained on (misaki's table for en-us, Apache-2.0).
AS_TRAINED = (
    *(
        ("\u200d", ""),
        ("\u0361", ""),
        ("ʲ", "j"),
        ("r", "ɹ"),
        ("x", "k"),
        ("ɬ", "l"),
        ("ɐ", "ə"),
        ("ɚɹ", "əɹ"),
        ("ɚ", "əɹ"),
    ),
    *(("ɜːɹ", "ɜɹ"), ("ɜː", "ɜɹ"), ("ː", ""), ("eɪ", "A"), ("aɪ", "I"), ("aʊ", "W"), ("oʊ", "O")),  # noqa: RUF001
    *(("ɔɪ", "Y"), ("tʃ", "ʧ"), ("dʒ", "ʤ")),
)


def _english(text: str) -> str:
    """Letters to sounds by the program espeak-ng, clause by clause."""
    command = ["espeak-ng", "-q", "--ipa=3", "-v", "en-us"]
    clauses = [clause.strip() for clause in re.split(r"[,:;.]", text) if clause.strip()]
    said = [subprocess.run([*command, one], capture_output=True, text=True, check=True).stdout for one in clauses]  # noqa: S603
    sounds = ", ".join(" ".join(one.split()) for one in said) + "."
    for before, after in AS_TRAINED:
        sounds = sounds.replace(before, after)
    return re.sub("(.)\u0329", r"ᵊ\1", sounds)  # a consonant that makes a syllable


def _levelled(sound: Sound) -> Sound:
    """Without silence at the ends, as loud as the others."""
    loud = np.flatnonzero(np.abs(sound) > SILENCE * np.abs(sound).max())
    margin = round(MARGIN_S * RATE_HZ)
    kept = sound[max(0, loud[0] - margin) : loud[-1] + margin]
    level: Sound = (kept * (PEAK / np.abs(kept).max())).astype(np.float32)
    return level


def _encode(sound: Sound, path: Path) -> None:
    with av.open(str(path), "w", format="ogg") as file:
        stream = file.add_stream("libopus", rate=RATE_HZ)
        stream.bit_rate = BITS_PER_S
        frame = av.AudioFrame.from_ndarray(sound.reshape(1, -1), format="flt", layout="mono")
        frame.sample_rate = RATE_HZ
        stream.layout = "mono"
        for packet in (*stream.encode(frame), *stream.encode(None)):
            file.mux(packet)


if __name__ == "__main__":
    main()
