"""What is said about an item on dictionary pages and in the codebook only: its variables and kinds of missing."""

from __future__ import annotations

from typing import Final

from evaltools.language import Language
from evaltools.schema import Item, Questionnaire, variables
from evaltools.schema.describing import fields_of
from evaltools.schema.missing import Missing, missing_label

MANY_NAMES: Final = 24
"""So many variable names are listed; of more, only the first and the last."""


def variable_names(item: Item, questionnaire: Questionnaire) -> tuple[str, ...]:
    """The columns of data that an item gives."""
    own = {field.name for field in fields_of(item, questionnaire)}
    return tuple(variable.name for variable in variables(questionnaire) if variable.field.name in own)


def names_text(names: tuple[str, ...]) -> str:
    """Variable names as code, shortened where there are very many."""
    shown = names if len(names) <= MANY_NAMES else (*names[:3], "…", names[-1])
    return ", ".join(name if name == "…" else f"`{name}`" for name in shown)


def missing_text(kinds: tuple[Missing, ...], language: Language) -> str:
    """What may be answered instead of a value, with codes."""
    return "; ".join(f"{missing_label(kind, language)} ({int(kind)})" for kind in kinds)
