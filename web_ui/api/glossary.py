"""The terms of this trade in both languages, and what is meant by them on this box (ledger 1-10)."""

import tomllib
from functools import cache
from pathlib import Path

from flask import Flask, Response

from edge_agent.domain.words import Words
from web_ui.api.speak import said
from web_ui.settings_shapes import Glossary, Term

TERMS = Path(__file__).resolve().parents[1] / "fields" / "glossary.toml"


def install(app: Flask) -> None:
    """GET /glossary."""

    @app.get("/api/v1/glossary")
    def glossary() -> Response:
        """Every term."""
        return said(_glossary())


@cache
def _glossary() -> Glossary:
    rows = tomllib.loads(TERMS.read_text("utf-8"))["terms"]
    terms = (Term(called=Words(zh, en), means=Words(means_zh, means_en)) for zh, en, means_zh, means_en in rows)
    return Glossary(terms=tuple(terms))
