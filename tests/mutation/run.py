"""What the worker processes of a mutation run share: one judge, made once before they are forked."""

from tests.mutation.change import Mutant
from tests.mutation.judge import Judge

_JUDGES: list[Judge] = []


def prepare() -> None:
    """Make the judge."""
    _JUDGES.append(Judge())


def noticed_by(mutant: Mutant) -> str | None:
    """Ask it."""
    return _JUDGES[0].noticed_by(mutant)
