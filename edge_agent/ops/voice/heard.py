"""What this site may have to say and nobody has spoken: for `edge-agent check`. Guarding goes on without it."""

from collections.abc import Iterator
from pathlib import Path

from edge_agent.act.voice.recorded import VOICES
from edge_agent.decide.rules.table import RULES
from edge_agent.decide.speech import pieces
from edge_agent.domain.words import Words
from edge_agent.settings.site import Settings


def notes(site: Settings, root: Path) -> Iterator[Words]:
    """Pieces that are not there, if the site has a voice."""
    if site.site.voice is None:
        return
    gone = [
        f"{language}/{piece}"
        for language in site.site.voice.languages
        for piece in pieces(RULES, [site.rulebook])
        if not (root / VOICES / language / f"{piece}.opus").is_file()
    ]
    if gone:
        listed = ", ".join(gone[:5])
        yield Words(
            f"语音缺 {len(gone)} 段（{listed}），播报时略去：从发布包恢复，或按 {VOICES}/README.md 生成",
            f"{len(gone)} pieces of the voice are missing ({listed}) and left out: restore them from the release, "
            f"or render them as {VOICES}/README.md says",
        )
