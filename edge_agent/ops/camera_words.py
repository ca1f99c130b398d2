"""What the commands of `edge-agent camera` have in common: how they speak, and a camera that is not there."""

import sys

from edge_agent.domain.words import Words
from edge_agent.settings.site import Settings


def say(words: Words, indent: int = 0) -> None:
    """Chinese, and English below it; once where both are the same."""
    lead = "  " * indent
    en = "" if words.en == words.zh else f"{lead}  {words.en}\n"
    sys.stdout.write(f"{lead}{words.zh}\n{en}")
    sys.stdout.flush()


def no_such(settings: Settings, camera: str) -> Words:
    """That the site has no such camera, and which it has."""
    known = ", ".join(sorted(settings.site.cameras)) or "-"
    return Words(f"本站没有摄像机 {camera}（有：{known}）", f"this site has no camera {camera} (it has: {known})")
